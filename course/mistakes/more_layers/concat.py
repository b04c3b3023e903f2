"""Known mistakes of putting arrays side by side, and of splitting their gradient."""

from course.mistakes.mistake import about
from course.mistakes.shared import INTEGERS_CUT, PRINTS
from course.reference.regions import concat_backward, concat_forward

forward = about(concat_forward, reads="Concatenation")
backward = about(concat_backward, reads="Concatenation")

OUT = "out = np.concatenate(xs, axis=axis)"
ENDS = "ends = np.cumsum([x.shape[axis] for x in xs])"
SPLIT = "dxs = np.split(dout, ends[:-1], axis=axis)"

MISTAKES = [
    forward(
        "wrong",
        "axis_ignored",
        {OUT: "out = np.concatenate(xs, axis=1)"},
        "The arrays are always laid side by side along axis 1.",
        "Channels are right. Try another axis.",
        "One of your arguments has no influence on the answer.",
        "Who decides along which axis?",
    ),
    forward(
        "wrong",
        "first_two_alone",
        {OUT: "out = np.concatenate(xs[:2], axis=axis)"},
        "Only the first two arrays are put together.",
        "Two arrays are right. Try three.",
        "How many arrays may the list hold?",
        "Nothing in the task says that there are two.",
    ),
    forward(
        "wrong",
        "other_order",
        {OUT: "out = np.concatenate(xs[::-1], axis=axis)"},
        "The arrays come in the reverse order.",
        "A single array is right.",
        "Which array should stand first?",
        "Compare the first channel of out with that of xs[0].",
    ),
    forward(
        "wrong",
        "added_up",
        {OUT: "out = sum(x.sum(axis=axis, keepdims=True) for x in xs)"},
        "The arrays are added; they should stand side by side.",
        "Compare the shape of out with what the docstring says.",
        "Two arrays of 3 and 2 channels make one of 5.",
        "To put together is not to add up: no number of xs may get lost.",
    ),
    forward(
        "wrong",
        "new_axis",
        {OUT: "out = np.stack([xs[0]] * len(xs), axis=axis)"},
        "A new axis is made; the arrays should share one that they have.",
        "Compare the number of axes before and after.",
        "NumPy has two functions that join arrays.",
        "One of them joins along an axis that is there.",
    ),
    forward(
        "wrong",
        "interleaved",
        {
            OUT: "out = np.concatenate(xs, axis=axis)\n    out = out.take(np.argsort(np.concatenate("
            "[np.arange(x.shape[axis]) for x in xs]), kind='stable'), axis=axis)"
        },
        "The channels of the arrays alternate; first come all of xs[0], then all of xs[1].",
        "Arrays of one channel are right. Try two of two channels.",
        "Which channel should stand second, for xs[0] with two channels?",
        "Read the second sentence of the task once more.",
    ),
    forward("note", "prints", {OUT: f"{OUT}\n    print(out.shape)"}, *PRINTS),
    backward(
        "wrong",
        "equal_parts",
        {SPLIT: "dxs = np.array_split(dout, len(xs), axis=axis)"},
        "The gradient is split into equal parts; each array gets as many channels as it had.",
        "Arrays of the same size are right.",
        "How many channels had xs[0]?",
        "The sizes are in the cache.",
    ),
    backward(
        "wrong",
        "sizes_for_ends",
        {ENDS: "ends = [x.shape[axis] for x in xs]"},
        "The sizes of the arrays are taken for the places where they end.",
        "Two arrays are right. Try three.",
        "Where does the third array begin, when the first has 2 channels and the second 3?",
        "Ends add up.",
    ),
    backward(
        "wrong",
        "axis_ignored",
        {
            ENDS: "ends = np.cumsum([x.shape[1] for x in xs])",
            SPLIT: "dxs = np.split(dout, ends[:-1], axis=1)",
        },
        "The gradient is always split along axis 1.",
        "Channels are right. Try another axis.",
        "What does the second part of the cache say?",
        "Who decides along which axis?",
    ),
    backward(
        "wrong",
        "other_order",
        {SPLIT: f"{SPLIT}[::-1]"},
        "The parts come in the reverse order.",
        "A single array is right.",
        "Which part belongs to xs[0]?",
        "Compare the shapes of dxs with those of xs, one by one.",
    ),
    backward(
        "wrong",
        "all_to_all",
        {SPLIT: "dxs = [dout for x in xs]"},
        "Every array gets the whole gradient; each has a right to its own part.",
        "Compare the shapes of dxs with those of xs, one by one.",
        "Which numbers of out came from xs[0]?",
        "The way back takes apart what the way forward put together.",
    ),
    backward(
        "wrong",
        "one_part_too_many",
        {SPLIT: "dxs = np.split(dout, ends, axis=axis)"},
        "There is one part more than there were arrays: the last one is empty.",
        "Count the parts.",
        "In how many places do you cut a stick to get three pieces?",
        "The last end is no cut.",
    ),
    backward(
        "care",
        "integers_cut",
        {SPLIT: f"{SPLIT}\n    dxs = [dx.astype(x.dtype) for dx, x in zip(dxs, xs)]"},
        *INTEGERS_CUT,
    ),
]
