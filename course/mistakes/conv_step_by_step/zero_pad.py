"""Known mistakes of zero_pad."""

from course.mistakes.mistake import about
from course.mistakes.shared import FLOAT32_LOST, PRINTS
from course.reference.step_by_step import zero_pad

pad = about(zero_pad, reads="Zero padding")

WIDTHS = "((0, 0), (pad, pad), (pad, pad), (0, 0))"
LINE = f"X_pad = np.pad(X, {WIDTHS})"
BY_HAND = (
    "m, n_H, n_W, n_C = X.shape\n    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C){dtype})\n    "
)

MISTAKES = [
    pad(
        "wrong",
        "every_axis_padded",
        {WIDTHS: "pad"},
        "Images and channels are padded too: there are more of them than before.",
        "Compare the shapes of X and X_pad, axis by axis.",
        "How many images are there after padding, and how many should there be?",
        "One number for all axes is one decision too few: each axis has its own.",
    ),
    pad(
        "wrong",
        "channels_padded",
        {WIDTHS: "((0, 0), (pad, pad), (pad, pad), (pad, pad))"},
        "The channels are padded too: an image gets channels that are all zeros.",
        "Compare the shapes of X and X_pad, axis by axis.",
        "A picture in three colours should still have three colours.",
        "Which axes does a window move along? Only these need a border.",
    ),
    pad(
        "wrong",
        "order_of_another_layout",
        {WIDTHS: "((0, 0), (0, 0), (pad, pad), (pad, pad))"},
        "The padding is right for another order of axes: width and channels are padded, the height is not.",
        "Compare the shapes of X and X_pad, axis by axis.",
        "In this lesson an image is height, width, channels, in this order.",
        "Which of the four axes is which? The docstring says it.",
    ),
    pad(
        "wrong",
        "only_the_height",
        {WIDTHS: "((0, 0), (pad, pad), (0, 0), (0, 0))"},
        "There are zeros above and below, but none to the left and right.",
        "Compare the shapes of X and X_pad, axis by axis.",
        "A picture has four sides.",
        "Which axis counts the columns?",
    ),
    pad(
        "wrong",
        "on_one_side_only",
        {WIDTHS: "((0, 0), (0, 2 * pad), (0, 2 * pad), (0, 0))"},
        "All zeros lie below and to the right; the picture should stand in the middle.",
        "The shape is right. Where does the first pixel stand?",
        "Along each axis, zeros are asked for at its beginning and at its end.",
        "The two numbers for an axis are not the same in your code.",
    ),
    pad(
        "wrong",
        "border_of_one",
        {WIDTHS: "((0, 0), (1, 1), (1, 1), (0, 0))"},
        "The border is one pixel wide, whatever pad is.",
        "Pad 1 is right. Try 0 and 3.",
        "One of the arguments has no influence on your answer.",
        "Look for a number in your code that should be a name.",
    ),
    pad(
        "wrong",
        "border_not_zero",
        {LINE: LINE[:-1] + ', mode="edge")'},
        "The border repeats the pixels beside it; it should hold zeros.",
        "The shape is right. Look at the numbers in the corners.",
        "There are several kinds of padding; this one continues the picture.",
        "With which number is your border filled?",
    ),
    pad(
        "wrong",
        "not_padded",
        {LINE: "X_pad = X"},
        "The images come back as they were, without a border.",
        "Compare the shapes of X and X_pad.",
        "Pad 0 is right.",
        "Does the name that you return hold what you have made?",
    ),
    pad(
        "wrong",
        "no_place_at_pad_0",
        {LINE: BY_HAND.format(dtype=", dtype=X.dtype") + "X_pad[:, pad:-pad, pad:-pad] = X"},
        "With pad 0 there is no place to put the images: the slice is empty.",
        "Pad 1 is right. Try 0.",
        "What does a[0:-0] give?",
        "Say where the slice ends by counting from the front.",
    ),
    pad(
        "note",
        "float32_lost",
        {LINE: BY_HAND.format(dtype="") + "X_pad[:, pad : pad + n_H, pad : pad + n_W] = X"},
        *FLOAT32_LOST,
    ),
    pad("note", "prints", {"    return X_pad": "    print(X_pad.shape)\n    return X_pad"}, *PRINTS),
]
