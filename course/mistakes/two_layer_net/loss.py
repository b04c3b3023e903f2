"""Known mistakes of two_layer_net_loss."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    DIVIDED_BY_CLASSES,
    FLOAT32_LOST,
    LOSS_NOT_DIVIDED,
)
from course.reference.nets import two_layer_net_loss

loss = about(two_layer_net_loss, reads="Loss")

SHIFT = "scores - scores.max(axis=1, keepdims=True)"
PICK = "-log_p[np.arange(N), y].mean()"
PENALTY = "0.5 * reg * (np.sum(W1**2) + np.sum(W2**2))"
SUBTRACT_ONE = "dscores[np.arange(N), y] -= 1"
DIVIDE = "    dscores /= N\n"

MISTAKES = [
    loss(
        "care",
        "not_shifted",
        {SHIFT: "scores"},
        "Large scores overflow: exp(1000) is infinite, and the loss becomes nan.",
        "Try a score of 1000.",
        "Adding the same number to all scores of a sample does not change its probabilities. Use that.",
        "Which number makes all exponents of a row harmless?",
    ),
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
        "A very unlikely right class has a probability that rounds to 0, and the loss becomes infinite.",
        "Try a right class whose score is 1000 below the largest.",
        "The loss is then about 1000, a harmless number. Which step on the way to it is not harmless?",
        "Do the logarithm with pen and paper first: log(exp(a) / b) is simpler than it looks.",
    ),
    loss(
        "wrong",
        "penalty_without_half",
        {PENALTY: PENALTY.replace("0.5 * ", "")},
        "The regularisation counts twice: the factor 0.5 in front of it is missing.",
        "With reg = 0 all is right.",
        "By how much does your loss differ, and how much is reg times the sum of squares?",
        "The equation has a number in front of reg; it makes the derivative reg W and not 2 reg W.",
    ),
    loss(
        "wrong",
        "penalty_forgotten",
        {f" + {PENALTY}": ""},
        "The regularisation is not added to the loss.",
        "With reg = 0 all is right.",
        "One of the arguments has no influence on your answer.",
        "The loss is a sum of two parts: one about the data, one about the weights.",
    ),
    loss(
        "wrong",
        "biases_penalised",
        {PENALTY: f'{PENALTY[:-1]} + np.sum(model["b1"] ** 2) + np.sum(model["b2"] ** 2))'},
        "The biases are regularised too; only the weights should be.",
        "With biases of 0 all is right.",
        "Multiply a bias by 10, and keep the scores. Should the loss change?",
        "Which of the four parameters stand in the equation of the loss?",
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
        "The regularisation adds absolute values; it should add squares.",
        "Double the weights: by which factor should the second part of the loss grow?",
        "There are two usual penalties for weights. Which one is this?",
        "Look at the small 2 in the equation.",
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
    loss(
        "wrong",
        "neither_divided",
        {PICK: "-log_p[np.arange(N), y].sum()", DIVIDE: ""},
        "Loss and gradient are sums over the samples; both should be means.",
        "One sample is right. Try the same sample twice: should the loss change?",
        "Your gradient fits your loss, so a gradient check is content. Compare the loss with the equation.",
        "Look for the 1/N, in both results.",
    ),
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
    loss(
        "wrong",
        "one_subtracted_in_whole_columns",
        {SUBTRACT_ONE: "dscores[:, y] -= 1"},
        "The 1 is subtracted for every sample in the columns of y, not for each sample in its own column.",
        "One sample is right. Try two with different labels.",
        "A colon means all rows.",
        "Each row has one column of its own: you need one row number for each label.",
    ),
    loss(
        "wrong",
        "over_the_batch",
        {
            SHIFT: "scores - scores.max(axis=0, keepdims=True)",
            "sum(axis=1, keepdims=True)": "sum(axis=0, keepdims=True)",
        },
        "The probabilities add up to 1 over the samples; they should over the classes.",
        "Which sums of the probabilities should be 1?",
        "A sample's probabilities may not depend on the other samples.",
        "Check your axes.",
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
