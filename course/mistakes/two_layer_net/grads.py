"""Known mistakes of two_layer_net_grads."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    DB_MEAN,
    FLOAT32_LOST,
    KEYS_WITH_A_D,
    PENALTY_GRADIENT_DOUBLED,
    PENALTY_GRADIENT_FORGOTTEN,
    PENALTY_GRADIENT_HALVED,
    PRINTS,
    WEIGHTS_OVERWRITTEN,
)
from course.reference.nets import two_layer_net_grads

grads = about(two_layer_net_grads, reads="Gradients")

MASK = "(hidden > 0)"
DHIDDEN = f"(dscores @ W2.T) * {MASK}"
DW1 = "X.T @ dhidden + reg * W1"
DW2 = "hidden.T @ dscores + reg * W2"
DB1 = "dhidden.sum(axis=0)"
DB2 = "dscores.sum(axis=0)"

MISTAKES = [
    grads(
        "wrong",
        "slope_one_at_zero",
        {MASK: "(hidden >= 0)"},
        "Hidden units that are 0 pass the gradient on, so the ReLU has no effect on the way back.",
        "Which entries of `dhidden` should be 0?",
        "After the ReLU nothing is below 0. Which entries does your comparison leave out, if any?",
        "What should your condition say about a hidden unit that is exactly 0?",
    ),
    grads(
        "wrong",
        "hidden_for_its_slope",
        {MASK: "hidden"},
        "The gradient is multiplied by the hidden unit; it should be multiplied by the slope of the ReLU.",
        "Make a hidden unit 10 times as large: should its gradient grow?",
        "What is the derivative of max(0, a) for a = 3, and for a = 5?",
        "A slope is 0 or 1 here.",
    ),
    grads(
        "wrong",
        "gradient_cut_at_zero",
        {DHIDDEN: "np.maximum(0, dscores @ W2.T)"},
        "The ReLU is applied to the gradient: all negative gradients are lost.",
        "Is any number in your `dhidden` negative? Should one be?",
        "Where the gradient passes was decided in the forward pass.",
        "Your condition asks the gradient; it should ask `hidden`.",
    ),
    grads(
        "wrong",
        "bias_forgotten_in_the_mask",
        {MASK: "(X @ W1 > 0)"},
        "Which hidden units were active is worked out again without the bias.",
        "With biases of 0 all is right.",
        "Compare where you let the gradient pass with where `hidden` is positive.",
        "The answer to your question is among the arguments already.",
    ),
    grads(
        "wrong",
        "penalty_doubled",
        {DW1: "X.T @ dhidden + 2 * reg * W1", DW2: "hidden.T @ dscores + 2 * reg * W2"},
        *PENALTY_GRADIENT_DOUBLED,
    ),
    grads(
        "wrong",
        "penalty_halved",
        {DW1: "X.T @ dhidden + 0.5 * reg * W1", DW2: "hidden.T @ dscores + 0.5 * reg * W2"},
        *PENALTY_GRADIENT_HALVED,
    ),
    grads(
        "wrong",
        "penalty_forgotten",
        {DW1: "X.T @ dhidden", DW2: "hidden.T @ dscores"},
        *PENALTY_GRADIENT_FORGOTTEN,
    ),
    grads(
        "wrong",
        "only_the_first_weights_penalised",
        {DW2: "hidden.T @ dscores"},
        "Only the gradient of `W1` knows of the regularisation; that of `W2` should too.",
        "With reg = 0 all is right.",
        "Compare your two lines for the weights.",
        "How many weight matrices are squared in the loss?",
    ),
    grads(
        "wrong",
        "biases_penalised",
        {DB1: f'{DB1} + reg * model["b1"]', DB2: f'{DB2} + reg * model["b2"]'},
        "The biases are regularised too; only the weights should be.",
        "With reg = 0 all is right.",
        "Which of the four parameters are squared in the loss?",
        "Multiply a bias by 10, and keep dscores: should its gradient change?",
    ),
    grads("wrong", "db_mean", {DB1: "dhidden.mean(axis=0)", DB2: "dscores.mean(axis=0)"}, *DB_MEAN),
    grads(
        "wrong",
        "divided_by_the_samples_again",
        {
            DHIDDEN: f"{DHIDDEN} / len(X)",
            DW2: "hidden.T @ dscores / len(X) + reg * W2",
            DB2: f"{DB2} / len(X)",
        },
        "The gradients are divided by the number of samples, which dscores has been already.",
        "One sample is right. Try two.",
        "By which factor do your gradients differ from the numerical ones?",
        "One 1/N comes from the mean in the loss. Who has taken care of it?",
    ),
    grads(
        "wrong",
        "db_as_a_row",
        {DB1: "dhidden.sum(axis=0, keepdims=True)", DB2: "dscores.sum(axis=0, keepdims=True)"},
        "The gradients of the biases have one axis too many: (1, H) for (H,).",
        "Compare the shapes of the gradients with those of the parameters.",
        "With (1, H) an update of b1 by broadcasting may turn b1 into a matrix without an error.",
        "The sum has an option that keeps the axis alive.",
    ),
    grads(
        "wrong",
        "db_over_units",
        {DB1: "dhidden.sum(axis=1)", DB2: "dscores.sum(axis=1)"},
        "The gradients of the biases are summed over the units; they should be summed over the samples.",
        "How many entries has the gradient of b1, and how many has b1?",
        "A bias is used once for every sample.",
        "Which axis of dscores counts the samples?",
    ),
    grads(
        "wrong",
        "weights_not_transposed",
        {"dscores @ W2.T": "dscores @ W2.reshape(W2.shape[::-1])"},
        "On the way back `W2` has the right shape, but its numbers stand in the wrong order.",
        "Shapes that fit are not yet numbers that fit.",
        "Print np.arange(6).reshape(2, 3) in the shape (3, 2), and its transpose: they differ.",
        "Which operation turns W2[h, c] into W2[c, h]?",
    ),
    grads(
        "wrong",
        "first_gradient_transposed",
        {DW1: "dhidden.T @ X + reg * W1.T"},
        "The gradient of `W1` is transposed.",
        "Compare the shapes of W1 and its gradient.",
        "A gradient has the shape of what it is the gradient of.",
        "(A B) transposed is B transposed times A transposed.",
    ),
    grads(
        "wrong",
        "keys_with_a_d",
        {f'"{name}":': f'"d{name}":' for name in ("W1", "b1", "W2", "b2")},
        *KEYS_WITH_A_D,
    ),
    grads(
        "wrong",
        "biases_left_out",
        {f'        "b1": {DB1},\n': "", f'        "b2": {DB2},\n': ""},
        "The biases have no gradients, so they would stay 0 for ever.",
        "Print the keys of the model and the keys of your dictionary.",
        "How many parameters has the net?",
        "Two of the equations have no line in your code.",
    ),
    grads(
        "care",
        "dscores_overwritten",
        {
            f'        "b2": {DB2},\n    }}': '        "b2": dscores[0],\n    }\n'
            '    for row in dscores[1:]:\n        grads["b2"] += row'
        },
        "The gradients are right, but the caller's `dscores` has changed after the call.",
        "Compare your inputs before and after the call.",
        "A second name for an array is not a second array.",
        "A row of an array is a view: what you add to it ends in the array.",
    ),
    grads(
        "care",
        "weights_overwritten",
        {"    grads = {": "    W1 *= reg\n    W1 += X.T @ dhidden\n    grads = {", DW1: "W1"},
        *WEIGHTS_OVERWRITTEN,
    ),
    grads("note", "float32_lost", {DW1: f"np.zeros(W1.shape) + {DW1}"}, *FLOAT32_LOST),
    grads("note", "prints", {"    grads = {": "    print(dhidden.shape)\n    grads = {"}, *PRINTS),
]
