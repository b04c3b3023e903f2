"""Known mistakes of avg_pool_forward_naive and avg_pool_backward_naive."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    DOUT_OVERWRITTEN,
    FLOAT32_LOST,
    INTEGERS_CUT,
    ONLY_SQUARE_IMAGES,
    ONLY_SQUARE_WINDOWS,
    OVER_CHANNELS,
    OVER_SAMPLES,
    OVERLAP_OVERWRITTEN,
    ROUNDED_UP,
    STRIDE_IGNORED,
    STRIDE_IS_WINDOW_SIZE,
)
from course.reference.layers import avg_pool_backward_naive, avg_pool_forward_naive

forward = about(avg_pool_forward_naive, reads="Average pooling")
backward = about(avg_pool_backward_naive, reads="Average pooling")

PLACE = "i * stride, j * stride"
SIZES = "H_out, W_out = output_size(H, PH, stride), output_size(W, PW, stride)"
BOX = "top : top + PH, left : left + PW"
MEAN = ".mean(axis=(2, 3))"
OUT_DTYPE = ", dtype=np.result_type(x, 1.0)"

DIVIDED_BY_STRIDE = (
    "The sum is divided by the square of the stride; it should be divided by the size of the window.",
    "All is right when the window is as large as the stride, as in most examples.",
    "How many numbers stand in a window?",
    "A mean divides by the number of things that it averages.",
)
DIVIDED_BY_HEIGHT = (
    "The sum is divided by the square of the window's height: only square windows come out right.",
    "Try a window that is not square.",
    "How many numbers stand in a window of 2 x 3?",
    "A window has a height and a width.",
)
FLOOR_DIVISION = (
    "The division rounds down to whole numbers.",
    "Are all your results whole numbers?",
    "Python has two operators for division.",
    "Look at the slash.",
)

FORWARD = [
    forward("wrong", "divided_by_stride", {MEAN: ".sum(axis=(2, 3)) / stride**2"}, *DIVIDED_BY_STRIDE),
    forward("wrong", "divided_by_height", {MEAN: ".sum(axis=(2, 3)) / PH**2"}, *DIVIDED_BY_HEIGHT),
    forward("wrong", "floor_division", {MEAN: ".sum(axis=(2, 3)) // (PH * PW)"}, *FLOOR_DIVISION),
    forward(
        "wrong",
        "sum_for_mean",
        {MEAN: ".sum(axis=(2, 3))"},
        "The sum of each window comes out; its mean is asked for.",
        "Try an image of ones.",
        "By which factor are your numbers too large?",
        "The equation begins with a fraction.",
    ),
    forward(
        "wrong",
        "maximum_for_mean",
        {MEAN: ".max(axis=(2, 3))"},
        "The largest number of each window comes out; its mean is asked for.",
        "Change the smallest number of a window: should the output change?",
        "This is the other kind of pooling.",
        "Which reduction lets every number of the window have a say?",
    ),
    forward("wrong", "over_channels", {MEAN: ".mean(axis=(1, 2, 3))[:, None]"}, *OVER_CHANNELS),
    forward("wrong", "over_samples", {MEAN: ".mean(axis=(0, 2, 3))"}, *OVER_SAMPLES),
    forward("wrong", "stride_ignored", {PLACE: "i, j"}, *STRIDE_IGNORED),
    forward("wrong", "stride_is_window_size", {PLACE: "i * PH, j * PW"}, *STRIDE_IS_WINDOW_SIZE),
    forward("wrong", "only_square_windows", {BOX: "top : top + PH, left : left + PH"}, *ONLY_SQUARE_WINDOWS),
    forward(
        "wrong", "only_square_images", {"for j in range(W_out)": "for j in range(H_out)"}, *ONLY_SQUARE_IMAGES
    ),
    forward(
        "wrong",
        "rounded_up",
        {
            SIZES: "H_out, W_out = -((PH - H) // stride) + 1, -((PW - W) // stride) + 1",
        },
        *ROUNDED_UP,
    ),
    forward("care", "integers_cut", {OUT_DTYPE: ", dtype=x.dtype"}, *INTEGERS_CUT),
    forward("note", "float32_lost", {OUT_DTYPE: ""}, *FLOAT32_LOST),
]

SHARE = "dout[:, :, i, j] / (PH * PW)"
ADD = f"dx[:, :, {BOX}] += share[:, :, None, None]"
DX = "dx = np.zeros(x.shape, dtype=np.result_type(dout, 1.0))"

BACKWARD = [
    backward("wrong", "overlap_overwritten", {ADD: ADD.replace("+=", "=")}, *OVERLAP_OVERWRITTEN),
    backward(
        "wrong",
        "not_divided",
        {SHARE: "dout[:, :, i, j]"},
        "Every pixel of the window gets the full gradient; it should get its share.",
        "Compare the sum of dx with the sum of dout.",
        "Each pixel has only a part in the mean.",
        "The fraction of the forward pass stands in the backward pass too.",
    ),
    backward("wrong", "divided_by_stride", {SHARE: "dout[:, :, i, j] / stride**2"}, *DIVIDED_BY_STRIDE),
    backward("wrong", "divided_by_height", {SHARE: "dout[:, :, i, j] / PH**2"}, *DIVIDED_BY_HEIGHT),
    backward("wrong", "floor_division", {SHARE: "dout[:, :, i, j] // (PH * PW)"}, *FLOOR_DIVISION),
    backward(
        "wrong",
        "divided_by_image",
        {SHARE: "dout[:, :, i, j] / (H * W)"},
        "The gradient is divided by the size of the image; the mean was taken over a window.",
        "All is right when the window is the whole image.",
        "How many numbers had a part in one output?",
        "Which two sizes belong into the product?",
    ),
    backward(
        "wrong",
        "to_the_corner",
        {ADD: "dx[:, :, top, left] += share"},
        "Only the first pixel of each window gets its share.",
        "Compare the sum of dx with the sum of dout.",
        "All pixels of a window have the same part in its mean.",
        "How large is the piece of dx that you write into?",
    ),
    backward(
        "wrong",
        "to_the_maximum",
        {
            ADD: f"window = x[:, :, {BOX}]\n            dx[:, :, {BOX}] += dout[:, :, i, j, None, None] * ("
            "window == window.max(axis=(2, 3), keepdims=True))"
        },
        "The gradient goes to the largest number of the window; all numbers had the same part in the mean.",
        "Does dx depend on x? Should it?",
        "This is the way back through the other kind of pooling.",
        "Spread the gradient instead of sending it to one place.",
    ),
    backward(
        "wrong",
        "over_channels",
        {SHARE: "dout[:, :, i, j].sum(axis=1, keepdims=True) / (PH * PW)"},
        "The gradients of all channels are added, so all channels get the same.",
        "One channel is right. Try two.",
        "Pooling treats every channel as if it were alone.",
        "Over which axes may a gradient be summed here?",
    ),
    backward("wrong", "stride_ignored", {PLACE: "i, j"}, *STRIDE_IGNORED),
    backward("wrong", "stride_is_window_size", {PLACE: "i * PH, j * PW"}, *STRIDE_IS_WINDOW_SIZE),
    backward(
        "wrong", "only_square_windows", {ADD: ADD.replace("left + PW", "left + PH")}, *ONLY_SQUARE_WINDOWS
    ),
    backward(
        "care",
        "dout_overwritten",
        {DX: f"dout /= PH * PW\n    {DX}", SHARE: "dout[:, :, i, j]"},
        *DOUT_OVERWRITTEN,
    ),
    backward("care", "integers_cut", {DX: "dx = np.zeros_like(x)"}, *INTEGERS_CUT),
    backward("note", "float32_lost", {DX: "dx = np.zeros(x.shape)"}, *FLOAT32_LOST),
]

MISTAKES = FORWARD + BACKWARD
