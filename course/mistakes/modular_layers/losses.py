"""Known mistakes of softmax_loss and svm_loss."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    DIVIDED_BY_CLASSES,
    FLOAT32_LOST,
    INTEGERS_CUT,
    LOG_OF_NOTHING,
    LOSS_NOT_DIVIDED,
    NEITHER_DIVIDED,
    NOT_SHIFTED,
    OVER_THE_BATCH,
    WHOLE_COLUMNS,
)
from course.reference.losses import softmax_loss, svm_loss

softmax = about(softmax_loss, reads="Softmax loss")
svm = about(svm_loss, reads="Hinge loss")

DX_NOT_DIVIDED = (
    "The loss is a mean, but its gradient was not divided by the number of samples.",
    "One sample is right. Try two.",
    "By which factor does dx differ from the numerical gradient?",
    "What stands before the sum in the loss also stands before its derivative.",
)
DIVIDED_TWICE = (
    "The gradient is divided by the number of samples twice.",
    "One sample is right. Try two.",
    "By which factor does dx differ from the numerical gradient?",
    "One 1/N comes from the mean. Where does your other one come from?",
)
SCORES_OVERWRITTEN = (
    "The answer is right, but the caller's scores have changed after the call.",
    "Compare x before and after the call.",
    "Operators that end in = write into the array on their left.",
    "Give the moved scores a name and an array of their own.",
)

SHIFT = "x - x.max(axis=1, keepdims=True)"
PICK = "-log_p[np.arange(N), y].mean()"
SUBTRACT_ONE = "dx[np.arange(N), y] -= 1"

SOFTMAX = [
    softmax("care", "not_shifted", {SHIFT: "x"}, *NOT_SHIFTED),
    softmax(
        "care",
        "shifted_by_the_largest_of_all",
        {SHIFT: "x - x.max()"},
        "All samples are shifted by the same number, so one with far smaller scores ends in log 0.",
        "Try one sample with scores near 1000 and one with scores near 0.",
        "Each sample may be shifted by a number of its own.",
        "Along which axis do you take the maximum?",
    ),
    softmax(
        "care",
        "log_of_an_underflowed_number",
        {PICK: "-np.log(np.exp(log_p)[np.arange(N), y]).mean()"},
        *LOG_OF_NOTHING,
    ),
    softmax("wrong", "loss_not_divided", {PICK: "-log_p[np.arange(N), y].sum()"}, *LOSS_NOT_DIVIDED),
    softmax("wrong", "dx_not_divided", {"    dx /= N\n": ""}, *DX_NOT_DIVIDED),
    softmax(
        "wrong",
        "neither_divided",
        {PICK: "-log_p[np.arange(N), y].sum()", "    dx /= N\n": ""},
        *NEITHER_DIVIDED,
    ),
    softmax("wrong", "dx_divided_twice", {"dx /= N": "dx /= N * N"}, *DIVIDED_TWICE),
    softmax(
        "wrong",
        "divided_by_classes",
        {PICK: "-log_p[np.arange(N), y].sum() / (N * C)"},
        *DIVIDED_BY_CLASSES,
    ),
    softmax(
        "wrong",
        "sign_of_the_loss",
        {PICK: "log_p[np.arange(N), y].mean()"},
        "The loss has the wrong sign.",
        "Is your loss ever positive?",
        "The logarithm of a probability is never positive; a loss is never negative.",
        "Compare the beginning of the equation with your line.",
    ),
    softmax(
        "wrong",
        "sign_of_the_gradient",
        {"dx /= N": "dx /= -N"},
        "The gradient points the wrong way.",
        "Take a small step against your gradient: does the loss go down?",
        "A larger score of the right class makes the loss smaller. Which sign does that give?",
        "All your numbers are right but for one factor.",
    ),
    softmax(
        "wrong",
        "one_not_subtracted",
        {f"    {SUBTRACT_ONE}\n": ""},
        "The gradient does not know which class is right.",
        "Which entries of dx should be negative?",
        "The sum of each row of dx should be 0. What is yours?",
        "The equation of dx has two terms inside its brackets.",
    ),
    softmax("wrong", "one_subtracted_in_whole_columns", {SUBTRACT_ONE: "dx[:, y] -= 1"}, *WHOLE_COLUMNS),
    softmax(
        "wrong",
        "loss_of_whole_columns",
        {PICK: "-log_p[:, y].mean()"},
        "The loss averages every sample's probabilities for everyone's labels.",
        "One sample is right. Try two with different labels.",
        "How many numbers do you average, and how many samples are there?",
        "Each row has one column of its own: you need one row number for each label.",
    ),
    softmax(
        "wrong",
        "one_loss_for_each_sample",
        {PICK: "-log_p[np.arange(N), y]"},
        "The loss is an array with one number for each sample; it should be one number.",
        "Look at the shape of your loss.",
        "Training needs one number to make smaller.",
        "What does the 1/N and the sum in the equation do with the samples?",
    ),
    softmax(
        "wrong",
        "over_the_batch",
        {
            SHIFT: "x - x.max(axis=0, keepdims=True)",
            "sum(axis=1, keepdims=True)": "sum(axis=0, keepdims=True)",
        },
        *OVER_THE_BATCH,
    ),
    softmax(
        "care",
        "scores_overwritten",
        {f"shifted = {SHIFT}": f"x -= {SHIFT[4:]}\n    shifted = x"},
        *SCORES_OVERWRITTEN,
    ),
    softmax(
        "note", "float32_lost", {"dx = np.exp(log_p)": "dx = np.exp(log_p).astype(float)"}, *FLOAT32_LOST
    ),
]

HINGE = "np.maximum(0, x - right[:, None] + 1)"
SLOPE = "dx = (margin > 0).astype(np.result_type(x, 1.0))"
RIGHT_CLASS = "dx[np.arange(N), y] -= dx.sum(axis=1)"
DIVIDE = "    dx /= N\n"

SVM = [
    svm(
        "wrong",
        "right_class_counted",
        {"    margin[np.arange(N), y] = 0\n": ""},
        "The right class has a margin too, and adds 1 to every sample's loss.",
        "By how much is your loss too large?",
        "The sum in the equation leaves one class out.",
        "What is x[n, c] - x[n, y[n]] + 1 for the right class itself?",
    ),
    svm(
        "wrong",
        "margin_of_zero",
        {HINGE: "np.maximum(0, x - right[:, None])"},
        "A wrong class costs only when it beats the right one; it should already cost when it comes close.",
        "Try scores that are all equal: the loss should be C - 1.",
        "The right class has to win by a margin.",
        "A number is missing in your margin.",
    ),
    svm(
        "wrong",
        "not_clipped",
        {HINGE: "x - right[:, None] + 1"},
        "Classes that are beaten by far make the loss smaller; they should cost nothing.",
        "Is your loss ever negative?",
        "A margin that is kept should count as 0.",
        "The hinge has a flat half.",
    ),
    svm(
        "wrong",
        "difference_inverted",
        {HINGE: "np.maximum(0, right[:, None] - x + 1)"},
        "The right class is punished for winning.",
        "Raise the score of the right class: does your loss go down?",
        "Which score stands first in the difference?",
        "Compare the two signs in your margin with the equation.",
    ),
    svm(
        "wrong",
        "squared",
        {"loss = margin.sum() / N": "loss = (margin**2).sum() / N"},
        "The margins are squared; this is another loss, which the task does not ask for.",
        "Your loss is right where every margin is 0 or 1.",
        "Does your gradient fit your loss?",
        "The equation adds the margins as they are.",
    ),
    svm(
        "wrong",
        "worst_class_only",
        {"margin.sum() / N": "margin.max(axis=1).sum() / N"},
        "Only the worst class of each sample counts; all of them should.",
        "With two classes all is right. Try three.",
        "How many margins can be positive at once?",
        "The equation has a sum over c.",
    ),
    svm("wrong", "loss_not_divided", {"margin.sum() / N": "margin.sum()"}, *LOSS_NOT_DIVIDED),
    svm("wrong", "dx_not_divided", {DIVIDE: ""}, *DX_NOT_DIVIDED),
    svm("wrong", "neither_divided", {"margin.sum() / N": "margin.sum()", DIVIDE: ""}, *NEITHER_DIVIDED),
    svm("wrong", "dx_divided_twice", {"dx /= N": "dx /= N * N"}, *DIVIDED_TWICE),
    svm("wrong", "divided_by_classes", {"margin.sum() / N": "margin.mean()"}, *DIVIDED_BY_CLASSES),
    svm(
        "wrong",
        "slope_everywhere",
        {SLOPE: "dx = (margin >= 0).astype(margin.dtype)\n    dx[np.arange(N), y] = 0"},
        "Every wrong class gets a gradient, also those that cost nothing.",
        "Try scores where the right class wins by far: what should dx be?",
        "After the margins are cut at 0, which of them fulfil your condition?",
        "Check a comparison.",
    ),
    svm(
        "wrong",
        "margin_for_slope",
        {SLOPE: "dx = margin.copy()"},
        "The gradient is as large as the margin; its size should not depend on the margin.",
        "Compare a margin of 1 with a margin of 3: how do their entries in dx differ?",
        "The hinge is a straight line above 0.",
        "What is the derivative of a straight line with slope 1?",
    ),
    svm(
        "wrong",
        "right_class_once",
        {RIGHT_CLASS: "dx[np.arange(N), y] -= 1"},
        "The right class gets -1/N once, however many margins are positive.",
        "With two classes all is nearly right. Try more.",
        "The sum of each row of dx should be 0. What is yours?",
        "In how many terms of the sum does the right score stand?",
    ),
    svm(
        "wrong",
        "right_class_without_gradient",
        {f"    {RIGHT_CLASS}\n": ""},
        "The right class gets no gradient.",
        "The sum of each row of dx should be 0. What is yours?",
        "Raise the score of the right class a little: does the loss change?",
        "The right score stands in every margin, with a sign.",
    ),
    svm(
        "care",
        "slope_at_the_hinge",
        {SLOPE: "dx = (x - right[:, None] + 1 >= 0).astype(margin.dtype)\n    dx[np.arange(N), y] = 0"},
        "A margin of exactly 0 gets a gradient; the task's text gives it none.",
        "All is right but where a margin is exactly 0.",
        "Try integer scores: the right class wins by exactly 1.",
        "What does your comparison say for 0?",
    ),
    svm(
        "care",
        "scores_overwritten",
        {HINGE: "x\n    margin -= right[:, None]\n    margin = np.maximum(0, margin + 1)"},
        *SCORES_OVERWRITTEN,
    ),
    svm(
        "care",
        "integers_cut",
        {SLOPE: "dx = np.zeros_like(x)\n    dx[margin > 0] = 1", "dx /= N": "dx[...] = dx / N"},
        *INTEGERS_CUT,
    ),
    svm("note", "float32_lost", {SLOPE: "dx = np.zeros((N, C))\n    dx[margin > 0] = 1"}, *FLOAT32_LOST),
]

MISTAKES = SOFTMAX + SVM
