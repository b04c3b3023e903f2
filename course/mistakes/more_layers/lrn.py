"""Known mistakes of local response normalisation."""

from course.mistakes.mistake import about
from course.mistakes.shared import DOUT_OVERWRITTEN, FLOAT32_LOST, INTEGERS_CUT
from course.reference.normalisation import lrn_backward, lrn_forward

forward = about(lrn_forward, reads="Local response normalisation")
backward = about(lrn_backward, reads="Local response normalisation")

NEAR = "slice(max(0, c - n // 2), c + n // 2 + 1)"
SCALE = "scale[:, c] = k + alpha * np.sum(x[:, near] ** 2, axis=1)"
DTYPE = ", dtype=np.result_type(x, 1.0)"

WRAPS = (
    "The first channels look at the wrong neighbours: a slice that begins below 0 counts from the end.",
    "Channels in the middle are right. Look at channel 0.",
    "What does NumPy take for a beginning of -1?",
    "The beginning of your slice needs a lower limit.",
)
ONE_SHORT = (
    "The neighbourhood ends one channel too early.",
    "How many channels does your neighbourhood of a channel in the middle have?",
    "The end of a slice does not belong to it.",
    "Count for n = 3 and channel 2: which three channels are asked for?",
)
TWICE_AS_WIDE = (
    "The neighbourhood reaches n channels to either side; n is its whole width.",
    "How many channels does your neighbourhood of a channel in the middle have?",
    "n = 3 means the channel and one on either side.",
    "How far is it from the middle of n channels to their end?",
)

MISTAKES = [
    forward("wrong", "wraps_around", {NEAR: "slice(c - n // 2, c + n // 2 + 1)"}, *WRAPS),
    forward("wrong", "one_channel_short", {NEAR: "slice(max(0, c - n // 2), c + n // 2)"}, *ONE_SHORT),
    forward("wrong", "twice_as_wide", {NEAR: "slice(max(0, c - n), c + n + 1)"}, *TWICE_AS_WIDE),
    forward(
        "wrong",
        "squares_forgotten",
        {"x[:, near] ** 2": "x[:, near]"},
        "The neighbours themselves are added; their squares are asked for.",
        "Positive and negative neighbours cancel each other.",
        "The size of a number does not depend on its sign.",
        "Something is missing under the sum.",
    ),
    forward(
        "wrong",
        "alpha_divided_by_n",
        {SCALE: "scale[:, c] = k + alpha / n * np.sum(x[:, near] ** 2, axis=1)"},
        "`alpha` is divided by n, as some libraries do; the equation here does not.",
        "With n = 1 all is right.",
        "Is it a sum or a mean over the neighbours?",
        "Compare your factor before the sum with the equation.",
    ),
    forward(
        "wrong",
        "power_forgotten",
        {"x / scale**beta": "x / scale"},
        "`scale` is not raised to the power beta.",
        "With beta = 1 all is right.",
        "One of the four settings has no influence on your answer.",
        "Compare the line of out with the equation.",
    ),
    forward(
        "wrong",
        "k_forgotten",
        {SCALE: "scale[:, c] = alpha * np.sum(x[:, near] ** 2, axis=1)"},
        "`k` is missing in the sum.",
        "What comes out for an image of very small numbers?",
        "One of the four settings has no influence on your answer.",
        "What keeps the division from dividing by 0?",
    ),
    forward(
        "wrong",
        "over_pixels",
        {
            SCALE: "rows = slice(max(0, c - n // 2), c + n // 2 + 1)\n"
            "        scale[:, c] = k + alpha * np.sum(x[:, c : c + 1, rows] ** 2, axis=(1, 2))[:, None]"
        },
        "The neighbours are taken among the rows of a picture; here they are the channels at the same pixel.",
        "An image of one pixel shows it.",
        "Which axis does m stand on in the equation?",
        "The place (i, j) is the same for all neighbours.",
    ),
    forward("care", "integers_cut", {DTYPE: ", dtype=x.dtype"}, *INTEGERS_CUT),
    forward("note", "float32_lost", {DTYPE: ""}, *FLOAT32_LOST),
    backward("wrong", "wraps_around", {NEAR: "slice(c - n // 2, c + n // 2 + 1)"}, *WRAPS),
    backward("wrong", "one_channel_short", {NEAR: "slice(max(0, c - n // 2), c + n // 2)"}, *ONE_SHORT),
    backward("wrong", "twice_as_wide", {NEAR: "slice(max(0, c - n), c + n + 1)"}, *TWICE_AS_WIDE),
    backward(
        "wrong",
        "scale_as_constant",
        {"dx[:, c] -= 2 * alpha * beta * x[:, c] * np.sum(pull[:, near], axis=1)": "pass"},
        "Only the number above the line counts; it also stands below it, in the scale of its neighbours.",
        "For a very small alpha all is nearly right.",
        "Change one number of x. Which outputs change?",
        "There is a second term in the equation of dx.",
    ),
    backward(
        "wrong",
        "own_scale_alone",
        {"np.sum(pull[:, near], axis=1)": "pull[:, c]"},
        "The number's part in its own scale is there, its part in that of its neighbours is not.",
        "With n = 1 all is right.",
        "Change one number of x. Which outputs change?",
        "The second term is a sum over neighbours.",
    ),
    backward(
        "wrong",
        "factor_2_forgotten",
        {"2 * alpha * beta": "alpha * beta"},
        "The 2 that the derivative of a square brings is missing.",
        "Compare the second term with the numerical gradient: by which factor is it off?",
        "What is the derivative of a square?",
        "Look at the factors before the sum.",
    ),
    backward(
        "wrong",
        "same_power",
        {"scale ** (beta + 1)": "scale**beta"},
        "The power in the second term is beta; the derivative has made it one larger.",
        "The first term is right.",
        "What is the derivative of one over s to the power beta?",
        "The two terms have different powers of the scale.",
    ),
    backward(
        "wrong",
        "sign_of_the_second_term",
        {"dx[:, c] -= 2": "dx[:, c] += 2"},
        "The second term is added; a larger scale makes the output smaller.",
        "For a very small alpha all is nearly right.",
        "If a positive neighbour grows, does the output grow or shrink?",
        "Look at the sign between the two terms.",
    ),
    backward(
        "care",
        "dout_overwritten",
        {"dx = dout / scale**beta": "dx = dout\n    dx /= scale**beta"},
        *DOUT_OVERWRITTEN,
    ),
]
