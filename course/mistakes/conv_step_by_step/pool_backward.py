"""Known mistakes of pool_backward."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    FLOAT32_LOST,
    INTEGERS_CUT,
    ONLY_SQUARE_IMAGES,
    OTHER_SAMPLES,
    STRIDE_IGNORED,
    STRIDE_IS_WINDOW_SIZE,
)
from course.reference.step_by_step import pool_backward

backward = about(pool_backward, reads="Back through pooling")

PLACE = "h * stride, w * stride\n"
BRANCH = 'if mode == "max":'
WINDOW = "window = A_prev[here]"
MAX = "dA_prev[here] += dA[i, h, w, c] * (window == np.max(window))"
MEAN = "dA_prev[here] += dA[i, h, w, c] / f**2"
DTYPE = "np.zeros(A_prev.shape, dtype=np.result_type(dA, 1.0))"

MISTAKES = [
    backward(
        "wrong",
        "always_as_a_maximum",
        {BRANCH: "if mode:"},
        "The gradient goes back as from a maximum in both modes.",
        "Mode 'max' is right.",
        "One of the arguments has no influence on your answer.",
        "The cache does not know the mode. Who does?",
    ),
    backward(
        "wrong",
        "always_as_a_mean",
        {BRANCH: "if not mode:"},
        "The gradient goes back as from a mean in both modes.",
        "Mode 'average' is right.",
        "One of the arguments has no influence on your answer.",
        "The cache does not know the mode. Who does?",
    ),
    backward(
        "wrong",
        "modes_exchanged",
        {BRANCH: 'if mode == "average":'},
        "The modes are exchanged.",
        "Call your function with the other mode and compare again.",
        "Both results are there, under the wrong names.",
        "Which branch is taken when the mode is 'max'?",
    ),
    backward(
        "wrong",
        "nothing_for_the_mean",
        {MEAN: "pass"},
        "In mode 'average' all gradients are 0.",
        "Mode 'max' is right.",
        "What does your code do in the other branch?",
        "Something is computed for each window; is it added to the window?",
    ),
    backward(
        "wrong",
        "overlap_overwritten",
        {MAX: MAX.replace("+=", "="), MEAN: MEAN.replace("+=", "=")},
        "Where two windows overlap, the last one overwrites what the others had put there.",
        "All is right as long as windows do not share a pixel.",
        "A pixel that is used twice influences the loss in two ways. What happens to its two gradients?",
        "Look at how you write into `dA_prev`: does what stood there before survive?",
    ),
    backward(
        "wrong",
        "mask_of_the_wrong_array",
        {WINDOW: "window = dA_prev[here]"},
        "The mask is made from the gradient; the maximum stood in the picture.",
        "Which pixels get something, and which were the largest?",
        "A window of zeros has a maximum too: it is everywhere.",
        "Two of your arrays have similar names.",
    ),
    backward(
        "wrong",
        "mask_of_the_first_channel",
        {WINDOW: "window = A_prev[(*here[:3], 0)]"},
        "All channels use the mask of the first one; each channel has its own.",
        "One channel is right. Try two.",
        "Pooling treats every channel as if it were alone.",
        "From which channel of the picture do you cut the window?",
    ),
    backward(
        "wrong",
        "first_sample_only",
        {WINDOW: "window = A_prev[0][here[1:]]"},
        *OTHER_SAMPLES,
    ),
    backward(
        "wrong",
        "times_the_maximum",
        {MAX: f"{MAX} * window"},
        "The gradient is multiplied by the maximum itself; its slope there is 1.",
        "Multiply A_prev by 10. Should dA_prev change?",
        "The output is a copy of one pixel. What is the derivative of a copy?",
        "Which factor does not belong there?",
    ),
    backward(
        "wrong",
        "to_every_pixel",
        {MAX: "dA_prev[here] += dA[i, h, w, c]"},
        "In mode 'max' every pixel of the window gets the full gradient; only the largest made the output.",
        "Change a pixel that is not the largest a little: does the output change?",
        "Compare the sum of dA_prev with the sum of dA.",
        "Where in the window was the maximum?",
    ),
    backward(
        "wrong",
        "mean_not_divided",
        {MEAN: "dA_prev[here] += dA[i, h, w, c]"},
        "In mode 'average' every pixel of the window gets the whole gradient; they should share it.",
        "Compare the sum of dA_prev with the sum of dA.",
        "Mode 'max' is right.",
        "You have written a function that shares a number out.",
    ),
    backward(
        "wrong",
        "shared_by_the_side",
        {MEAN: "dA_prev[here] += dA[i, h, w, c] / f"},
        "In mode 'average' the gradient is divided by the side of the window, not by its number of pixels.",
        "Compare the sum of dA_prev with the sum of dA.",
        "Mode 'max' is right.",
        "How many pixels are there in a 3x3 window?",
    ),
    backward(
        "wrong",
        "shared_by_the_stride",
        {MEAN: "dA_prev[here] += dA[i, h, w, c] / stride**2"},
        "In mode 'average' the stride says into how many shares the gradient is divided.",
        "All is right when the stride equals the size of the window.",
        "Two numbers describe a window along one axis: how long it is, and how far it moves.",
        "How many pixels are there in a window?",
    ),
    backward("wrong", "stride_ignored", {PLACE: "h, w\n"}, *STRIDE_IGNORED),
    backward("wrong", "stride_is_window_size", {PLACE: "h * f, w * f\n"}, *STRIDE_IS_WINDOW_SIZE),
    backward(
        "wrong",
        "only_square_images",
        {"for w in range(n_W)": "for w in range(n_H)"},
        *ONLY_SQUARE_IMAGES,
    ),
    backward(
        "convention",
        "first_of_equals",
        {
            MAX: "first = np.argmax(window) == np.arange(f * f).reshape(f, f)\n"
            "                        dA_prev[here] += dA[i, h, w, c] * first"
        },
        "Of equal largest numbers the first gets all of dA. This is another agreement, and accepted.",
        "Read what the text says about equal numbers.",
        "How many fives of a window with two fives get something?",
        "Libraries for training do as you do; the text of this lesson gives each the full gradient.",
    ),
    backward(
        "convention",
        "equals_share",
        {
            MAX: "mask = window == np.max(window)\n"
            "                        dA_prev[here] += dA[i, h, w, c] * mask / mask.sum()"
        },
        "Equal largest numbers share the gradient. This is another agreement, and accepted.",
        "Read what the text says about equal numbers.",
        "Compare the sum of dA_prev with the sum of dA.",
        "The text of this lesson gives each of them the full gradient.",
    ),
    backward(
        "care",
        "da_overwritten",
        {
            f"dA_prev = {DTYPE}": f'if mode == "average":\n        dA /= f * f\n    dA_prev = {DTYPE}',
            MEAN: "dA_prev[here] += dA[i, h, w, c]",
        },
        "The gradients are right, but the caller's `dA` has changed after the call.",
        "Compare your inputs before and after the call.",
        "In mode 'max' nothing is changed.",
        "Where does the result of your division go?",
    ),
    backward("care", "integers_cut", {DTYPE: "np.zeros_like(A_prev)"}, *INTEGERS_CUT),
    backward("note", "float32_lost", {DTYPE: "np.zeros(A_prev.shape)"}, *FLOAT32_LOST),
]
