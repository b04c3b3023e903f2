"""Known mistakes of conv_forward."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    BIAS_FORGOTTEN,
    FLOAT32_LOST,
    INTEGERS_CUT,
    ONLY_SQUARE_IMAGES,
    OTHER_SAMPLES,
    STRIDE_IGNORED,
    STRIDE_IS_WINDOW_SIZE,
)
from course.reference.step_by_step import conv_forward

forward = about(conv_forward, reads="Convolution")

PLACE = "h * stride, w * stride\n"
SIZES = "output_size(n_H_prev, f, stride, pad), output_size(n_W_prev, f, stride, pad)"
PADDED = "np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))"
WINDOW = "A_prev_pad[i, vert : vert + f, horiz : horiz + f]"
STEP = "np.sum(a_slice_prev * W[..., c]) + b[0, 0, 0, c]"
OUT = "Z[i, h, w, c] = np.sum("
DTYPE = ", dtype=np.result_type(A_prev, W, b)"

MISTAKES = [
    forward("wrong", "bias_forgotten", {STEP: "np.sum(a_slice_prev * W[..., c])"}, *BIAS_FORGOTTEN),
    forward(
        "wrong",
        "one_bias_for_all_filters",
        {STEP: STEP.replace("0, c]", "0, 0]")},
        "Every filter gets the bias of the first one.",
        "One filter is right. Try two.",
        "How many biases are there, and how many do you use?",
        "Which index chooses the filter? It belongs in two places.",
    ),
    forward(
        "wrong",
        "one_filter_for_all_channels",
        {STEP: STEP.replace("W[..., c]", "W[..., 0]")},
        "All channels of the output are made with the first filter.",
        "One filter is right. Try two.",
        "With a bias of 0, are all channels of your output the same?",
        "Which index chooses the filter? It belongs in three places.",
    ),
    forward(
        "wrong",
        "filters_on_the_first_axis",
        {STEP: STEP.replace("W[..., c]", "W[c]")},
        "The filter is taken from the first axis of W; in this lesson the filters stand along the last one.",
        "Print the shape of what you take for one filter.",
        "One filter has the shape of a window: (f, f, n_C_prev).",
        "Read the shape of W again: which of its four axes counts the filters?",
    ),
    forward("wrong", "stride_ignored", {PLACE: "h, w\n"}, *STRIDE_IGNORED),
    forward("wrong", "stride_is_filter_size", {PLACE: "h * f, w * f\n"}, *STRIDE_IS_WINDOW_SIZE),
    forward(
        "wrong",
        "pad_ignored",
        {PADDED: "A_prev"},
        "The windows are cut from the picture without its border of zeros.",
        "Pad 0 is right. Try 1.",
        "Print the shapes of your windows: are they all the same?",
        "In which picture does a window at the border still find f rows and f columns?",
    ),
    forward(
        "wrong",
        "padded_on_one_side",
        {PADDED: "np.pad(A_prev, ((0, 0), (0, 2 * pad), (0, 2 * pad), (0, 0)))"},
        "All zeros lie below and to the right, so the windows see a shifted picture.",
        "Pad 0 is right. Try 1.",
        "The shape of the padded picture is right. Where does its first pixel stand?",
        "You have written a function that pads on all four sides.",
    ),
    forward(
        "wrong",
        "padding_counted_once",
        {SIZES: "(n_H_prev + pad - f) // stride + 1, (n_W_prev + pad - f) // stride + 1"},
        "The output is too small: the padding is counted on one side only.",
        "Pad 0 is right. Try 1.",
        "How many rows has a picture of 4 rows after padding with 1?",
        "Compare the formula of the output size with your code, term by term.",
    ),
    forward(
        "wrong",
        "rounded_up",
        {SIZES: "-((f - n_H_prev - 2 * pad) // stride) + 1, -((f - n_W_prev - 2 * pad) // stride) + 1"},
        "When the stride does not divide, the last window sticks out of the padded picture.",
        "Try a 5x5 picture, a 2x2 filter, stride 2 and no padding: how many windows are there?",
        "A window that sticks out is not used.",
        "In the formula of the output size the division rounds. In which direction?",
    ),
    forward("wrong", "first_sample_only", {WINDOW: WINDOW.replace("[i", "[0")}, *OTHER_SAMPLES),
    forward(
        "wrong",
        "only_square_images",
        {"for w in range(n_W)": "for w in range(n_H)"},
        *ONLY_SQUARE_IMAGES,
    ),
    forward(
        "wrong",
        "rows_and_columns_swapped",
        {OUT: OUT.replace("h, w", "w, h")},
        "Rows and columns of the output are swapped.",
        "Transpose one channel of your output and compare again.",
        "Which loop runs over the rows?",
        "Check the order of two indices.",
    ),
    forward(
        "wrong",
        "window_one_short",
        {WINDOW: "A_prev_pad[i, vert : vert + f - 1, horiz : horiz + f - 1]"},
        "The window is one row and one column too small.",
        "Print the shape of a window and the shape of a filter.",
        "Python leaves out the end of a slice by itself.",
        "How many rows has a[2:5]?",
    ),
    forward(
        "wrong",
        "sums_of_all_filters",
        {OUT: "Z[i, h, w] += np.sum("},
        "Every channel of the output is the sum over all filters.",
        "One filter is right. Try two.",
        "Each filter makes a channel of its own.",
        "Count the indices on the left of your assignment.",
    ),
    forward("care", "integers_cut", {DTYPE: ", dtype=A_prev.dtype"}, *INTEGERS_CUT),
    forward("note", "float32_lost", {DTYPE: ""}, *FLOAT32_LOST),
]
