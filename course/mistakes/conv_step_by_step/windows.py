"""Known mistakes of create_mask_from_window and distribute_value."""

from course.mistakes.mistake import about
from course.mistakes.shared import PRINTS
from course.reference.step_by_step import create_mask_from_window, distribute_value

mask = about(create_mask_from_window, reads="The mask of a window")
share = about(distribute_value, reads="Sharing a gradient")

MASK = "mask = x == np.max(x)"
SHARE = "np.full((n_H, n_W), dz / (n_H * n_W))"

MASKS = [
    mask(
        "wrong",
        "smallest_marked",
        {MASK: "mask = x == np.min(x)"},
        "The smallest number is marked; the largest is asked for.",
        "Print a window and its mask.",
        "Which pixel did max pooling take?",
        "Check the name of a function.",
    ),
    mask(
        "wrong",
        "all_but_the_largest",
        {MASK: "mask = x != np.max(x)"},
        "The mask is upside down: it marks everything but the maximum.",
        "How many places of a window with different numbers should be marked?",
        "Print a window and its mask.",
        "Exchange True and False, and compare again.",
    ),
    mask(
        "wrong",
        "largest_magnitude",
        {MASK: "mask = np.abs(x) == np.max(np.abs(x))"},
        "The size of a number decides and its sign is lost.",
        "Try a window with negative numbers.",
        "Which is larger, -5 or 2?",
        "The equation compares the numbers themselves.",
    ),
    mask(
        "wrong",
        "largest_of_each_row",
        {MASK: "mask = x == np.max(x, axis=1, keepdims=True)"},
        "The largest number of every row is marked; a window has one maximum.",
        "How many places of a window with different numbers should be marked?",
        "Print a window and its mask, and look at it row by row.",
        "Over how much of the window does your maximum run?",
    ),
    mask(
        "wrong",
        "largest_of_each_column",
        {MASK: "mask = x == np.max(x, axis=0)"},
        "The largest number of every column is marked; a window has one maximum.",
        "How many places of a window with different numbers should be marked?",
        "Print a window and its mask, and look at it column by column.",
        "Over how much of the window does your maximum run?",
    ),
    mask(
        "wrong",
        "value_for_a_mark",
        {MASK: "mask = x * (x == np.max(x))"},
        "The maximum itself stands in the mask; a mark is True, or 1.",
        "Multiply the window by 10. Should its mask change?",
        "The mask says where the maximum stands, not how large it is.",
        "One factor too many.",
    ),
    mask(
        "wrong",
        "place_for_a_mask",
        {MASK: "mask = np.unravel_index(np.argmax(x), x.shape)"},
        "Row and column of the maximum come out; a mask of the shape of the window is asked for.",
        "Compare the shape of what you return with the shape of x.",
        "The place is right. A mask says True there and False elsewhere.",
        "A comparison of a whole array with one number gives an array.",
    ),
    mask(
        "convention",
        "first_maximum_only",
        {MASK: "mask = np.arange(x.size).reshape(x.shape) == np.argmax(x)"},
        "Of equal largest numbers the first alone is marked. This is another agreement, and accepted.",
        "Read what the text says about equal numbers.",
        "How many fives of a window with two fives are marked?",
        "Libraries for training do as you do; the text of this lesson marks all.",
    ),
    mask(
        "convention",
        "shares_for_marks",
        {MASK: "mask = (x == np.max(x)) / np.sum(x == np.max(x))"},
        "Equal largest numbers share one mark. This is another agreement, and accepted.",
        "Read what the text says about equal numbers.",
        "What do the numbers of your mask add up to?",
        "The text of this lesson gives each of them a full mark.",
    ),
    mask(
        "care",
        "window_overwritten",
        {MASK: "x -= np.max(x)\n    mask = x == 0"},
        "The mask is right, but the window has changed: it is a part of somebody's picture.",
        "Compare the argument before and after the call.",
        "Where does the result of your subtraction go?",
        "One of your lines works in place.",
    ),
    mask("note", "prints", {"    return mask": "    print(mask)\n    return mask"}, *PRINTS),
]

SHARES = [
    share(
        "wrong",
        "not_divided",
        {SHARE: "np.full((n_H, n_W), dz)"},
        "Every place gets the whole number; they should get equal shares of it.",
        "What do your numbers add up to?",
        "A 1x1 window is right.",
        "How many places share the number?",
    ),
    share(
        "wrong",
        "sides_added",
        {SHARE: "np.full((n_H, n_W), dz / (n_H + n_W))"},
        "The number is divided by the sum of the two sides, which for 2x2 windows is the same.",
        "What do your numbers add up to for a 3x3 window?",
        "How many places has a window of 2 rows and 5 columns?",
        "You count the places with the wrong operation.",
    ),
    share(
        "wrong",
        "divided_by_the_height",
        {SHARE: "np.full((n_H, n_W), dz / n_H)"},
        "The number is divided by the number of rows only.",
        "What do your numbers add up to?",
        "How many places share the number?",
        "A window has columns too.",
    ),
    share(
        "wrong",
        "rows_and_columns_swapped",
        {SHARE: "np.full((n_W, n_H), dz / (n_H * n_W))"},
        "Rows and columns are swapped.",
        "Try a window that is not square.",
        "Compare the shape of your answer with the argument.",
        "Check the order of two numbers.",
    ),
    share(
        "wrong",
        "one_number",
        {SHARE: "dz / (n_H * n_W)"},
        "A single number comes out; an array of this shape is asked for.",
        "Compare the shape of your answer with the argument.",
        "The share is right. How many places should hold it?",
        "NumPy can make an array that is full of one number.",
    ),
    share(
        "wrong",
        "all_to_one_place",
        {SHARE: "np.where(np.arange(n_H * n_W).reshape(n_H, n_W) == 0, dz, 0.0)"},
        "One place gets all of the number; every place of the window had a part in the mean.",
        "What do your numbers add up to, and are they equal?",
        "This is how a maximum hands its gradient back, not a mean.",
        "Change one pixel of the window a little: by how much does the mean change?",
    ),
    share(
        "wrong",
        "whole_shares",
        {SHARE: "np.full((n_H, n_W), dz // (n_H * n_W))"},
        "The shares are rounded down to whole numbers.",
        "What do your numbers add up to?",
        "Share 1 out over four places.",
        "Python has two divisions.",
    ),
    share(
        "care",
        "integers_cut",
        {SHARE: "np.full((n_H, n_W), dz / (n_H * n_W), dtype=np.asarray(dz).dtype)"},
        "If the number is an integer, its shares become integers too, and their fractions are cut.",
        "Share the integer 1 out over four places.",
        "Floats are right. What is different with an integer?",
        "From where does your array get its dtype?",
    ),
    share("note", "prints", {"    return a": "    print(a)\n    return a"}, *PRINTS),
]

MISTAKES = MASKS + SHARES
