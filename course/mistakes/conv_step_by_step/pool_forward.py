"""Known mistakes of pool_forward."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    FLOAT32_LOST,
    INTEGERS_CUT,
    ONLY_SQUARE_IMAGES,
    OTHER_SAMPLES,
    OVER_CHANNELS,
    PRINTS,
    ROUNDED_UP,
    STRIDE_IGNORED,
    STRIDE_IS_WINDOW_SIZE,
)
from course.reference.step_by_step import pool_forward

forward = about(pool_forward, reads="Pooling")

POOL = 'pool = np.max if mode == "max" else np.mean'
DTYPE = 'dtype=A_prev.dtype if mode == "max" else np.result_type(A_prev, 1.0)'
SIZES = "output_size(n_H_prev, f, stride), output_size(n_W_prev, f, stride)"
PLACE = "h * stride, w * stride\n"
WINDOW = "A_prev[i, vert : vert + f, horiz : horiz + f]"
OUT = "A[i, h, w] = pool(window, axis=(0, 1))"

MISTAKES = [
    forward(
        "wrong",
        "always_the_maximum",
        {POOL: "pool = np.max"},
        "The maximum comes out in both modes.",
        "Mode 'max' is right.",
        "One of the arguments has no influence on your answer.",
        "Where does your code ask for the mode?",
    ),
    forward(
        "wrong",
        "always_the_mean",
        {POOL: "pool = np.mean", DTYPE: "dtype=np.result_type(A_prev, 1.0)"},
        "The mean comes out in both modes.",
        "Mode 'average' is right.",
        "One of the arguments has no influence on your answer.",
        "Where does your code ask for the mode?",
    ),
    forward(
        "wrong",
        "modes_exchanged",
        {POOL: 'pool = np.mean if mode == "max" else np.max', DTYPE: "dtype=np.result_type(A_prev, 1.0)"},
        "The modes are exchanged: 'max' gives the mean and 'average' the maximum.",
        "Call your function with the other mode and compare again.",
        "Both results are there, under the wrong names.",
        "Which branch is taken when the mode is 'max'?",
    ),
    forward(
        "wrong",
        "sum_for_mean",
        {POOL: POOL.replace("np.mean", "np.sum")},
        "In mode 'average' the sum of the window comes out; nothing is divided.",
        "Windows of 1x1 are right.",
        "Pool a picture in which all pixels are 5: what should come out?",
        "By how many numbers does a mean divide?",
    ),
    forward(
        "wrong",
        "divided_by_the_side",
        {POOL: 'pool = np.max if mode == "max" else lambda window, axis: window.sum(axis=axis) / f'},
        "In mode 'average' the sum is divided by the side of the window instead of its number of pixels.",
        "Windows of 1x1 are right.",
        "Pool a picture in which all pixels are 5: what should come out?",
        "How many pixels are there in a 3x3 window?",
    ),
    forward(
        "wrong",
        "never_below_zero",
        {POOL: 'pool = (lambda window, axis: np.max(window, axis, initial=0)) if mode == "max" else np.mean'},
        "In mode 'max' a window of negative numbers gives 0; it should give its largest number.",
        "Try a picture with negative numbers only.",
        "A search for the largest has to start somewhere.",
        "Is the number that you start from larger than some windows?",
    ),
    forward("wrong", "over_channels", {OUT: "A[i, h, w] = pool(window)"}, *OVER_CHANNELS),
    forward("wrong", "stride_ignored", {PLACE: "h, w\n"}, *STRIDE_IGNORED),
    forward("wrong", "stride_is_window_size", {PLACE: "h * f, w * f\n"}, *STRIDE_IS_WINDOW_SIZE),
    forward(
        "wrong",
        "window_of_the_stride",
        {WINDOW: "A_prev[i, vert : vert + stride, horiz : horiz + stride]"},
        "The windows are as large as the stride; their size is f.",
        "All is right when windows lie side by side, and wrong when they overlap or leave gaps.",
        "Two numbers describe a window along one axis: how long it is, and how far it moves.",
        "Which of the two says where a window ends?",
    ),
    forward(
        "wrong",
        "rounded_up",
        {SIZES: "-((f - n_H_prev) // stride) + 1, -((f - n_W_prev) // stride) + 1"},
        *ROUNDED_UP,
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
        {OUT: OUT.replace("h, w]", "w, h]")},
        "Rows and columns of the output are swapped.",
        "Transpose one channel of your output and compare again.",
        "Which loop runs over the rows?",
        "Check the order of two indices.",
    ),
    forward("care", "integers_cut", {DTYPE: "dtype=A_prev.dtype"}, *INTEGERS_CUT),
    forward("note", "float32_lost", {f", {DTYPE}": ""}, *FLOAT32_LOST),
    forward("note", "prints", {"    cache = ": "    print(A.shape)\n    cache = "}, *PRINTS),
]
