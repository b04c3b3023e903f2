"""Known mistakes of max_pool_forward_naive and max_pool_backward_naive."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    FLOAT32_LOST,
    INTEGERS_CUT,
    ONLY_SQUARE_IMAGES,
    ONLY_SQUARE_WINDOWS,
    OTHER_SAMPLES,
    OVER_CHANNELS,
    OVER_SAMPLES,
    OVERLAP_OVERWRITTEN,
    PRINTS,
    ROUNDED_UP,
    STRIDE_IGNORED,
    STRIDE_IS_WINDOW_SIZE,
)
from course.reference.layers import max_pool_backward_naive, max_pool_forward_naive

forward = about(max_pool_forward_naive, reads="Max pooling")
backward = about(max_pool_backward_naive, reads="Max pooling")

PLACE = "i * stride, j * stride"
SIZES = "H_out, W_out = output_size(H, PH, stride), output_size(W, PW, stride)"
BOX = "top : top + PH, left : left + PW"
LARGEST = ".max(axis=(2, 3))"

FORWARD = [
    forward("wrong", "over_channels", {LARGEST: ".max(axis=(1, 2, 3))[:, None]"}, *OVER_CHANNELS),
    forward("wrong", "over_samples", {LARGEST: ".max(axis=(0, 2, 3))"}, *OVER_SAMPLES),
    forward(
        "wrong",
        "mean_for_maximum",
        {LARGEST: ".mean(axis=(2, 3))"},
        "The mean of each window comes out; its largest number is asked for.",
        "Are your outputs numbers of the image?",
        "This is the other kind of pooling.",
        "Which reduction takes one number of the window as it is?",
    ),
    forward(
        "wrong",
        "corner_for_maximum",
        {f"x[:, :, {BOX}]{LARGEST}": "x[:, :, top, left]"},
        "The first number of each window comes out; its largest is asked for.",
        "Windows of 1 x 1 are right.",
        "Your outputs are numbers of the image, but not the largest ones.",
        "Which pixels of a window does your code look at?",
    ),
    forward(
        "wrong",
        "never_below_zero",
        {LARGEST: ".max(axis=(2, 3), initial=0)"},
        "A window of negative numbers gives 0; it should give its largest number.",
        "Try an image with negative numbers only.",
        "A search for the largest has to start somewhere.",
        "Is the number that you start from larger than some windows?",
    ),
    forward(
        "wrong",
        "largest_magnitude",
        {f"x[:, :, {BOX}]": f"np.abs(x[:, :, {BOX}])"},
        "The size of a number decides and its sign is lost.",
        "Try an image with negative numbers only.",
        "Which is larger, -5 or 2?",
        "The equation compares the numbers themselves.",
    ),
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
    forward(
        "wrong",
        "rows_and_columns_swapped",
        {"out[:, :, i, j]": "out[:, :, j, i]"},
        "Rows and columns of the output are swapped.",
        "Transpose one image of your output and compare again.",
        "Which loop runs over the rows?",
        "Check the order of two indices.",
    ),
    forward("note", "float32_lost", {", dtype=x.dtype": ""}, *FLOAT32_LOST),
    forward("note", "prints", {"    cache = ": "    print(out.shape)\n    cache = "}, *PRINTS),
]

WINDOW = f"x[n, c, {BOX}]"
WINNER = "np.unravel_index(window.argmax(), window.shape)"
ADD = "dx[n, c, top + p, left + q] += dout[n, c, i, j]"
DTYPE = "np.zeros(x.shape, dtype=dout.dtype)"

BACKWARD = [
    backward("wrong", "overlap_overwritten", {ADD: ADD.replace("+=", "=")}, *OVERLAP_OVERWRITTEN),
    backward(
        "wrong",
        "spread_evenly",
        {ADD: f"dx[n, c, {BOX}] += dout[n, c, i, j] / (PH * PW)"},
        "The gradient is spread over the window; only the winner made the output.",
        "Change a pixel that is not the largest a little: does the output change?",
        "This is the way back through the other kind of pooling.",
        "All but one pixel of a window get nothing from it.",
    ),
    backward(
        "wrong",
        "to_every_pixel",
        {ADD: f"dx[n, c, {BOX}] += dout[n, c, i, j]"},
        "Every pixel of the window gets the full gradient; only the winner made the output.",
        "Change a pixel that is not the largest a little: does the output change?",
        "Compare the sum of dx with the sum of dout.",
        "Where in the window was the maximum?",
    ),
    backward(
        "care",
        "full_gradient_to_every_tie",
        {ADD: f"dx[n, c, {BOX}] += dout[n, c, i, j] * (window == window.max())"},
        "When several numbers of a window are equally large, each gets the full gradient; that is too much.",
        "Try an image of equal numbers, and compare the sum of dx with the sum of dout.",
        "Any rule for ties is fine that hands out dout exactly once.",
        "How many entries of your mask can be true?",
    ),
    backward(
        "wrong",
        "place_in_the_window_only",
        {ADD: "dx[n, c, p, q] += dout[n, c, i, j]"},
        "Everything lands in the image's first window.",
        "A single window is right. Try two.",
        "The winner's place is counted from the window's corner.",
        "Where does the window begin in the image?",
    ),
    backward(
        "wrong",
        "smallest_wins",
        {WINNER: WINNER.replace("argmax", "argmin")},
        "The smallest number of the window gets the gradient.",
        "Which pixel made the output?",
        "Print a window and the place that you chose.",
        "Check the name of a function.",
    ),
    backward(
        "wrong",
        "height_for_width",
        {WINNER: "divmod(window.argmax(), PH)"},
        "The winner's place is computed with the window's height; a flat index counts rows of its width.",
        "Try a window that is not square.",
        "Number the entries of a 2 x 3 window from 0 to 5: where does the second row begin?",
        "By which number do you have to divide a flat index to get the row?",
    ),
    backward(
        "wrong",
        "winner_swapped",
        {ADD: "dx[n, c, top + q, left + p] += dout[n, c, i, j]"},
        "Row and column of the winner are swapped inside the window.",
        "All is right when the winner stands on the window's diagonal.",
        "Which of the two numbers counts rows?",
        "Check the order of two indices.",
    ),
    backward(
        "wrong",
        "one_winner_for_all_channels",
        {WINDOW: f"x[n].max(axis=0)[{BOX}]"},
        "All channels share one winner; each channel has its own.",
        "One channel is right. Try two.",
        "Pooling treats every channel as if it were alone.",
        "In which array do you look for the winner, and how many axes has it?",
    ),
    backward("wrong", "first_sample_only", {WINDOW: f"x[0, c, {BOX}]"}, *OTHER_SAMPLES),
    backward(
        "wrong",
        "times_the_maximum",
        {ADD: f"{ADD} * window.max()"},
        "The gradient is multiplied by the maximum itself; its slope there is 1.",
        "Multiply x by 10. Should dx change?",
        "The output is a copy of one pixel. What is the derivative of a copy?",
        "Which factor does not belong there?",
    ),
    backward("wrong", "stride_ignored", {PLACE: "i, j"}, *STRIDE_IGNORED),
    backward("wrong", "stride_is_window_size", {PLACE: "i * PH, j * PW"}, *STRIDE_IS_WINDOW_SIZE),
    backward(
        "wrong",
        "only_square_windows",
        {WINDOW: WINDOW.replace("left + PW", "left + PH")},
        *ONLY_SQUARE_WINDOWS,
    ),
    backward("care", "integers_cut", {DTYPE: "np.zeros_like(x)"}, *INTEGERS_CUT),
    backward("note", "float32_lost", {DTYPE: "np.zeros(x.shape)"}, *FLOAT32_LOST),
]

MISTAKES = FORWARD + BACKWARD
