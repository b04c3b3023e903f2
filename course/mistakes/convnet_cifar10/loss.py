"""Known mistakes of two_layer_convnet_loss."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    ABSOLUTE_VALUES,
    BIASES_PENALISED,
    FLOAT32_LOST,
    LOSS_NOT_DIVIDED,
    PENALTY_FORGOTTEN,
    PENALTY_WITHOUT_HALF,
    PRINTS,
)
from course.reference.convnet import two_layer_convnet_loss

loss = about(two_layer_convnet_loss, reads="Loss of a ConvNet")

DATA = "data_loss, dscores = softmax_loss(scores, y)"
HALF = "0.5 * reg * "
SQUARES = "(np.sum(W1**2) + np.sum(W2**2))\n"  # with its end: the docstring holds a similar sum
PENALTY = f" + {HALF}{SQUARES}"

MISTAKES = [
    loss(
        "wrong",
        "penalty_without_half",
        {f"data_loss + {HALF}": "data_loss + reg * "},
        *PENALTY_WITHOUT_HALF,
    ),
    loss("wrong", "penalty_forgotten", {PENALTY: "\n"}, *PENALTY_FORGOTTEN),
    loss(
        "wrong",
        "penalty_subtracted",
        {PENALTY: PENALTY.replace("+", "-", 1)},
        "The regularisation is subtracted: the larger the weights, the smaller your loss.",
        "At the beginning of training the loss should rise with reg. Does yours?",
        "A penalty is something to be paid.",
        "Check a sign.",
    ),
    loss(
        "wrong",
        "biases_penalised",
        {SQUARES: f'{SQUARES[:-2]} + np.sum(model["b1"] ** 2) + np.sum(model["b2"] ** 2))\n'},
        *BIASES_PENALISED,
    ),
    loss(
        "wrong",
        "only_the_filters_penalised",
        {SQUARES: "np.sum(W1**2)\n"},
        "Only `W1` is regularised; `W2` should be too.",
        "With reg = 0 all is right.",
        "Multiply W2 by 10, and keep the scores. Should the loss change?",
        "How many layers with weights has the net?",
    ),
    loss(
        "wrong",
        "only_the_affine_layer_penalised",
        {SQUARES: "np.sum(W2**2)\n"},
        "Only `W2` is regularised; `W1` should be too.",
        "With reg = 0 all is right.",
        "Multiply W1 by 10, and keep the scores. Should the loss change?",
        "How many layers with weights has the net?",
    ),
    loss(
        "wrong",
        "penalty_of_means",
        {SQUARES: "(np.mean(W1**2) + np.mean(W2**2))\n"},
        "The squares of the weights are averaged; they should be added up.",
        "With reg = 0 all is right.",
        "By which factor does your penalty change when a weight matrix gets twice as many rows?",
        "Which word stands in the equation: sum or mean?",
    ),
    loss(
        "wrong",
        "penalty_of_absolute_values",
        {SQUARES: "(np.sum(np.abs(W1)) + np.sum(np.abs(W2)))\n"},
        *ABSOLUTE_VALUES,
    ),
    loss(
        "wrong",
        "penalty_of_lengths",
        {SQUARES: "(np.linalg.norm(W1) + np.linalg.norm(W2))\n"},
        "The regularisation adds the lengths of the weights; it should add the squares of the lengths.",
        "Double the weights: by which factor should the second part of the loss grow?",
        "A norm has a root in it.",
        "The equation has no root.",
    ),
    loss(
        "wrong",
        "square_of_the_sum",
        {SQUARES: "(np.sum(W1) ** 2 + np.sum(W2) ** 2)\n"},
        "The weights are added before they are squared, so that positive and negative ones cancel.",
        "What should the penalty of the weights 1 and -1 be?",
        "A sum of squares is not the square of a sum.",
        "Look at where your exponent stands.",
    ),
    loss(
        "wrong",
        "penalty_divided_by_the_images",
        {SQUARES: f"{SQUARES[:-1]} / len(y)\n"},
        "The regularisation is divided by the number of images; only the loss of the data is a mean.",
        "One image is right. Try two.",
        "Should the penalty of the weights depend on how many images there are?",
        "Which part of the loss has the mean taken care of already?",
    ),
    loss("wrong", "loss_not_divided", {"loss = data_loss": "loss = len(y) * data_loss"}, *LOSS_NOT_DIVIDED),
    loss(
        "wrong",
        "dscores_not_divided",
        {DATA: f"{DATA}\n    dscores = dscores * len(y)"},
        "The loss is a mean, but its gradient is not divided by the number of images.",
        "One image is right. Try two.",
        "By which factor does dscores differ from the numerical gradient?",
        "softmax_loss has returned what is needed.",
    ),
    loss(
        "wrong",
        "dscores_divided_again",
        {DATA: f"{DATA}\n    dscores = dscores / len(y)"},
        "The gradient is divided by the number of images twice.",
        "One image is right. Try two.",
        "By which factor does dscores differ from the numerical gradient?",
        "softmax_loss has divided already.",
    ),
    loss(
        "wrong",
        "penalty_in_dscores",
        {DATA: f"{DATA}\n    dscores = dscores + reg * scores"},
        "The regularisation stands in the gradient of the scores; it does not depend on the scores.",
        "With reg = 0 all is right.",
        "Change a score and keep the weights: does the penalty change?",
        "The gradient of the penalty is added later, where the weights get theirs.",
    ),
    loss(
        "wrong",
        "softmax_before_the_loss",
        {
            DATA: "p = np.exp(scores - scores.max(axis=1, keepdims=True))\n"
            "    data_loss, dscores = softmax_loss(p / p.sum(axis=1, keepdims=True), y)"
        },
        "The softmax is taken twice: once by you, once inside softmax_loss.",
        "What does softmax_loss expect: scores or probabilities?",
        "How small can your loss become, when all its inputs lie between 0 and 1?",
        "Hand the scores on as they are.",
    ),
    loss(
        "wrong",
        "results_exchanged",
        {"return loss, dscores": "return dscores, loss"},
        "The two results come in the wrong order: the loss should be first.",
        "What is the shape of the first thing that you return?",
        "Every loss of the course returns its value and its gradient in the same order.",
        "Compare your last line with the docstring.",
    ),
    loss(
        "care",
        "weights_overwritten",
        {SQUARES: "(np.sum(W1**2) + np.sum(W2**2))\n    W1 *= 1 - reg\n"},
        "The answer is right, but the caller's `W1` has changed after the call.",
        "Compare the model before and after the call.",
        "Operators that end in = write into the array on their left.",
        "The name W1 is another word for an array that belongs to the model.",
    ),
    loss("note", "float32_lost", {DATA: f"{DATA}\n    dscores = dscores.astype(float)"}, *FLOAT32_LOST),
    loss("note", "prints", {DATA: f"{DATA}\n    print(data_loss)"}, *PRINTS),
]
