"""Known mistakes of two_layer_net_scores."""

from course.mistakes.mistake import about
from course.mistakes.shared import FLOAT32_LOST, INTEGERS_CUT, PRINTS, PROBABILITIES_FOR_SCORES
from course.reference.nets import two_layer_net_scores

scores = about(two_layer_net_scores, reads="Scores")

HIDDEN = "np.maximum(0, X @ W1 + b1)"
OUT = "hidden @ W2 + b2"

MISTAKES = [
    scores(
        "wrong",
        "relu_forgotten",
        {HIDDEN: "X @ W1 + b1"},
        "The ReLU between the two layers is missing, so both layers together are one affine layer.",
        "Is any of your hidden numbers negative?",
        "Something that bends stands between the two matrix products.",
        "What does the equation do with X W1 + b1 before it becomes `hidden`?",
    ),
    scores(
        "wrong",
        "hidden_before_the_relu",
        {HIDDEN: "X @ W1 + b1", OUT: "np.maximum(0, hidden) @ W2 + b2"},
        "The scores are right, but the `hidden` that is returned has not been through the ReLU.",
        "Is any of your hidden numbers negative?",
        "Two numbers could be called hidden: one before the ReLU, one after it.",
        "The name `hidden` belongs to the result of the ReLU.",
    ),
    scores(
        "wrong",
        "relu_on_the_scores",
        {OUT: "np.maximum(0, hidden @ W2 + b2)"},
        "The scores went through a ReLU too: a score below 0 is lost.",
        "Is any of your scores negative? Should one be?",
        "Which layers of the net are followed by a ReLU?",
        "Count the max in the equations.",
    ),
    scores(
        "wrong",
        "relu_before_the_bias",
        {HIDDEN: "np.maximum(0, X @ W1) + b1"},
        "The bias of the first layer is added after the ReLU; it belongs inside.",
        "Try X of zeros and a negative bias: what should `hidden` be?",
        "The bias decides from where on a hidden unit speaks up.",
        "Look at where the bracket of the max closes.",
    ),
    scores(
        "wrong",
        "first_bias_forgotten",
        {HIDDEN: "np.maximum(0, X @ W1)"},
        "The bias of the first layer is never added.",
        "Feed an input of zeros: what should `hidden` be?",
        "Compare the equations with your code, term by term.",
        "One of the four parameters has no influence on your answer.",
    ),
    scores(
        "wrong",
        "second_bias_forgotten",
        {OUT: "hidden @ W2"},
        "The bias of the second layer is never added.",
        "Which scores come out when every hidden unit is 0?",
        "Compare the equations with your code, term by term.",
        "One of the four parameters has no influence on your answer.",
    ),
    scores(
        "wrong",
        "sigmoid_for_relu",
        {HIDDEN: "1 / (1 + np.exp(-(X @ W1 + b1)))"},
        "The hidden units are squashed by a sigmoid; the task asks for a ReLU.",
        "Can one of your hidden numbers be larger than 1?",
        "The net of this lesson bends its numbers in the simplest way there is.",
        "Read the first equation again: it needs no exponential.",
    ),
    scores(
        "wrong",
        "probabilities_for_scores",
        {f"scores = {OUT}": f"scores = np.exp({OUT})\n    scores /= scores.sum(axis=1, keepdims=True)"},
        *PROBABILITIES_FOR_SCORES,
    ),
    scores(
        "care",
        "integers_cut",
        {
            f"hidden = {HIDDEN}": "hidden = np.zeros((len(X), len(b1)), dtype=X.dtype)\n"
            f"    hidden[:] = {HIDDEN}"
        },
        *INTEGERS_CUT,
    ),
    scores("note", "float32_lost", {"X @ W1": "X.astype(float) @ W1"}, *FLOAT32_LOST),
    scores("note", "prints", {f"scores = {OUT}": f"scores = {OUT}\n    print(scores.shape)"}, *PRINTS),
]
