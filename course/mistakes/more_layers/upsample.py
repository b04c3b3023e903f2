"""Known mistakes of nearest-neighbour upsampling."""

from course.mistakes.mistake import about
from course.mistakes.shared import FLOAT32_LOST, INTEGERS_CUT
from course.reference.upsampling import upsample_nearest_backward, upsample_nearest_forward

forward = about(upsample_nearest_forward, reads="Upsampling")
backward = about(upsample_nearest_backward, reads="Upsampling")

OUT = "out = x.repeat(scale, axis=2).repeat(scale, axis=3)"
SQUARES = "squares = dout.reshape(N, C, H, scale, W, scale)"
DX = "dx = squares.sum(axis=(3, 5))"

MISTAKES = [
    forward(
        "wrong",
        "tiled",
        {OUT: "out = np.tile(x, (1, 1, scale, scale))"},
        "The whole picture is repeated, like tiles; each pixel should become a square.",
        "One pixel is right. Print a 2 x 2 picture.",
        "Which pixels of out come from x[0, 0, 0, 0]?",
        "NumPy has two functions that repeat: one repeats arrays, the other numbers.",
    ),
    forward(
        "wrong",
        "height_alone",
        {OUT: "out = x.repeat(scale, axis=2)"},
        "Only the height grows.",
        "Compare the shape of out with what the docstring says.",
        "A pixel becomes a square.",
        "Two axes have to grow.",
    ),
    forward(
        "wrong",
        "zeros_between",
        {OUT: "out = np.kron(x, np.eye(1, scale * scale).reshape(scale, scale))"},
        "Each pixel stands in the corner of its square, among zeros; the square should be full of it.",
        "Print a 2 x 2 picture.",
        "How many pixels of out come from one of x?",
        "i divided by scale, without the rest, says where to look.",
    ),
    forward(
        "wrong",
        "scale_2_always",
        {OUT: "out = x.repeat(2, axis=2).repeat(2, axis=3)"},
        "The scale is always 2.",
        "Try scale 3.",
        "One of your arguments has no influence on the answer.",
        "Look for a number that should be a name.",
    ),
    forward(
        "wrong",
        "channels_repeated",
        {OUT: "out = x.repeat(scale, axis=1).repeat(scale, axis=2)"},
        "The channels and the height grow; the height and the width should.",
        "Compare the shape of out with what the docstring says.",
        "Which axis is the width?",
        "Axes are counted from 0.",
    ),
    forward(
        "wrong",
        "height_and_width_exchanged",
        {OUT: "out = x.repeat(scale, axis=2).repeat(scale, axis=3).swapaxes(2, 3)"},
        "Rows and columns change places.",
        "Print a 2 x 2 picture.",
        "A larger picture has its corners where the small one had them.",
        "Look for what exchanges two axes.",
    ),
    forward(
        "note",
        "float32_lost",
        {OUT: "out = x.repeat(scale, axis=2).repeat(scale, axis=3).astype(float)"},
        *FLOAT32_LOST,
    ),
    backward(
        "wrong",
        "mean_for_sum",
        {DX: "dx = squares.mean(axis=(3, 5))"},
        "The gradients of a square are averaged; they should be added.",
        "By which factor is dx too small?",
        "One pixel changes scale x scale pixels. How much does the loss change?",
        "Parts of a gradient are added where a number was used several times.",
    ),
    backward(
        "wrong",
        "corner_alone",
        {DX: "dx = squares[:, :, :, 0, :, 0]"},
        "Only the first pixel of each square gives its gradient back.",
        "Compare the sum of dx with the sum of dout.",
        "How many pixels of out came from one of x?",
        "All of them have something to say.",
    ),
    backward(
        "wrong",
        "tiles",
        {SQUARES: "squares = dout.reshape(N, C, scale, H, scale, W)", DX: "dx = squares.sum(axis=(2, 4))"},
        "The gradient is added up as if the picture had been laid out as tiles.",
        "One pixel is right.",
        "Which pixels of out came from x[0, 0, 0, 0]?",
        "Rows i * scale to i * scale + scale - 1 belong together.",
    ),
    backward(
        "wrong",
        "height_alone",
        {DX: "dx = squares.sum(axis=3)[..., 0]"},
        "The gradients are added along the height only.",
        "Compare the sum of dx with the sum of dout.",
        "A pixel became a square, not a column.",
        "Two axes have to go by adding.",
    ),
    backward(
        "wrong",
        "scale_2_always",
        {DX: "dx = np.add.reduce([dout[:, :, p::scale, q::scale] for p in (0, 1) for q in (0, 1)])"},
        "Only two rows and two columns of each square are added, whatever the scale.",
        "Try scale 3.",
        "How many pixels has a square?",
        "Look for a number that should be a name.",
    ),
    backward(
        "care",
        "integers_cut",
        {DX: "dx = squares.sum(axis=(3, 5)).astype(x.dtype)"},
        *INTEGERS_CUT,
    ),
]
