"""Known mistakes of two_layer_net_loss."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    ABSOLUTE_VALUES,
    BIASES_PENALISED,
    DIVIDED_BY_CLASSES,
    FLOAT32_LOST,
    LOG_OF_NOTHING,
    LOSS_NOT_DIVIDED,
    NEITHER_DIVIDED,
    NOT_SHIFTED,
    OVER_THE_BATCH,
    PENALTY_FORGOTTEN,
    PENALTY_WITHOUT_HALF,
    WHOLE_COLUMNS,
)
from course.reference.nets import two_layer_net_loss

loss = about(two_layer_net_loss, reads="Loss")

SHIFT = "scores - scores.max(axis=1, keepdims=True)"
PICK = "-log_p[np.arange(N), y].mean()"
PENALTY = "0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))"
SUBTRACT_ONE = "dscores[np.arange(N), y] -= 1"
DIVIDE = "    dscores /= N\n"

MISTAKES = [
    loss("care", "not_shifted", {SHIFT: "scores"}, *NOT_SHIFTED),
    loss(
        "care",
        "shifted_by_the_largest_of_all",
        {SHIFT: "scores - scores.max()"},
        "All samples are shifted by the same number, so one with far smaller scores ends in log 0.",
        "Try one sample with scores near 1000 and one with scores near -1000.",
        "Each sample may be shifted by a number of its own.",
        "Along which axis do you take the maximum?",
    ),
    loss(
        "care",
        "log_of_an_underflowed_probability",
        {PICK: "-np.log(np.exp(log_p)[np.arange(N), y]).mean()"},
        *LOG_OF_NOTHING,
    ),
    loss("wrong", "penalty_without_half", {PENALTY: PENALTY.replace("0.5 * ", "")}, *PENALTY_WITHOUT_HALF),
    loss("wrong", "penalty_forgotten", {f" + {PENALTY}": ""}, *PENALTY_FORGOTTEN),
    loss(
        "wrong",
        "biases_penalised",
        {PENALTY: f'{PENALTY[:-1]} + np.sum(model["b1"] ** 2) + np.sum(model["b2"] ** 2))'},
        *BIASES_PENALISED,
    ),
    loss(
        "wrong",
        "only_the_first_weights_penalised",
        {PENALTY: "0.5 * reg * np.sum(W1**2)"},
        "Only `W1` is regularised; `W2` should be too.",
        "With reg = 0 all is right.",
        "Multiply W2 by 10, and keep the scores. Should the loss change?",
        "How many weight matrices has the net?",
    ),
    loss(
        "wrong",
        "penalty_of_absolute_values",
        {PENALTY: "0.5 * reg * (np.sum(np.abs(W1)) + np.sum(np.abs(W2)))"},
        *ABSOLUTE_VALUES,
    ),
    loss(
        "wrong",
        "penalty_divided_by_the_samples",
        {PENALTY: f"{PENALTY} / N"},
        "The regularisation is divided by the number of samples; only the loss of the data is a mean.",
        "One sample is right. Try two.",
        "Should the penalty of the weights depend on how many samples there are?",
        "Look for the 1/N: which part of the loss does it belong to?",
    ),
    loss("wrong", "loss_not_divided", {PICK: "-log_p[np.arange(N), y].sum()"}, *LOSS_NOT_DIVIDED),
    loss(
        "wrong",
        "dscores_not_divided",
        {DIVIDE: ""},
        "The loss is a mean, but its gradient was not divided by the number of samples.",
        "One sample is right. Try two.",
        "By which factor does dscores differ from the numerical gradient?",
        "What stands before the sum in the loss also stands before its derivative.",
    ),
    loss("wrong", "neither_divided", {PICK: "-log_p[np.arange(N), y].sum()", DIVIDE: ""}, *NEITHER_DIVIDED),
    loss(
        "wrong",
        "dscores_divided_twice",
        {"dscores /= N": "dscores /= N * N"},
        "The gradient is divided by the number of samples twice.",
        "One sample is right. Try two.",
        "By which factor does dscores differ from the numerical gradient?",
        "One 1/N comes from the mean. Where does your other one come from?",
    ),
    loss(
        "wrong",
        "divided_by_classes",
        {PICK: "-log_p[np.arange(N), y].sum() / (N * C)"},
        *DIVIDED_BY_CLASSES,
    ),
    loss(
        "wrong",
        "one_not_subtracted",
        {f"    {SUBTRACT_ONE}\n": ""},
        "The gradient does not know which class is right.",
        "Which entries of dscores should be negative?",
        "The sum of each row of dscores should be 0. What is yours?",
        "The equation of dscores has two terms inside its brackets.",
    ),
    loss("wrong", "one_subtracted_in_whole_columns", {SUBTRACT_ONE: "dscores[:, y] -= 1"}, *WHOLE_COLUMNS),
    loss(
        "wrong",
        "over_the_batch",
        {
            SHIFT: "scores - scores.max(axis=0, keepdims=True)",
            "sum(axis=1, keepdims=True)": "sum(axis=0, keepdims=True)",
        },
        *OVER_THE_BATCH,
    ),
    loss(
        "wrong",
        "sign_of_the_loss",
        {PICK: PICK[1:]},
        "The part of the loss that is about the data has the wrong sign.",
        "With reg = 0: is your loss ever positive?",
        "The logarithm of a probability is never positive; a loss is never negative.",
        "Compare the beginning of the equation with your line.",
    ),
    loss(
        "care",
        "scores_overwritten",
        {f"shifted = {SHIFT}": f"scores -= {SHIFT[9:]}\n    shifted = scores"},
        "The answer is right, but the caller's scores have changed after the call.",
        "Compare the scores before and after the call.",
        "Operators that end in = write into the array on their left.",
        "Give the moved scores a name and an array of their own.",
    ),
    loss("note", "float32_lost", {"np.exp(log_p)": "np.exp(log_p).astype(float)"}, *FLOAT32_LOST),
]
