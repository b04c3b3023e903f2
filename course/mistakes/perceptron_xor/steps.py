"""Known mistakes of weight_step."""

from course.mistakes.mistake import about
from course.mistakes.shared import FLOAT32_LOST, PRINTS
from course.reference.perceptron import weight_step

steps = about(weight_step, reads="Back-propagation")

DW = "-learning_rate * previous.T @ delta"
DB = "-learning_rate * delta.sum(axis=0)"

MISTAKES = [
    steps(
        "wrong",
        "uphill",
        {DW: DW[1:], DB: DB[1:]},
        "The step goes uphill: adding it makes the loss larger.",
        "A gradient points to where the loss grows.",
        "What is added to a weight whose gradient is positive?",
        "A sign is missing, in both lines.",
    ),
    steps(
        "wrong",
        "bias_uphill",
        {DB: DB[1:]},
        "The weights go downhill, but the biases go uphill.",
        "Compare your two lines.",
        "What is added to a bias whose error is positive?",
        "A sign is missing in one of them.",
    ),
    steps(
        "wrong",
        "rate_forgotten",
        {DW: "-previous.T @ delta", DB: "-delta.sum(axis=0)"},
        "The learning rate has no influence.",
        "Halve the learning rate: what happens to your step?",
        "One of the arguments is never used.",
        "The equations have three factors.",
    ),
    steps(
        "wrong",
        "means_for_sums",
        {DW: f"{DW} / len(delta)", DB: "-learning_rate * delta.mean(axis=0)"},
        "The steps are means over the samples; the equations have sums.",
        "One sample is right. Try two.",
        "There is one 1/N in the loss, and the errors hold it already.",
        "By which factor do your steps differ, and where does it come from?",
    ),
    steps(
        "wrong",
        "bias_mean",
        {DB: "-learning_rate * delta.mean(axis=0)"},
        "`db` is a mean where the equation has a sum.",
        "One sample is right. Try two.",
        "The matrix product sums over the samples. What does your line for db do?",
        "By which factor does db differ, and where does it come from?",
    ),
    steps(
        "wrong",
        "bias_as_a_row",
        {DB: "-learning_rate * delta.sum(axis=0, keepdims=True)"},
        "`db` has one axis too many: (1, H) for (H,).",
        "Compare the shape of db with that of a bias.",
        "A step has the shape of what it is added to.",
        "The sum has an option that keeps the axis alive.",
    ),
    steps(
        "wrong",
        "bias_over_neurons",
        {DB: "-learning_rate * delta.sum(axis=1)"},
        "`db` is summed over the neurons; it should be summed over the samples.",
        "How many entries has db, and how many neurons are there?",
        "A bias is used once for every sample.",
        "Which axis of delta counts the samples?",
    ),
    steps(
        "wrong",
        "bias_forgotten",
        {DB: "np.zeros(delta.shape[1])"},
        "The biases never move.",
        "What is db when all errors are 1?",
        "A bias is the weight of an input that is always 1.",
        "Take the equation of dW and put 1 for what went in.",
    ),
    steps(
        "wrong",
        "transposed",
        {DW: "-learning_rate * delta.T @ previous"},
        "`dW` is transposed.",
        "Compare the shape of dW with that of the weights, (D, H).",
        "A step has the shape of what it is added to.",
        "(A B) transposed is B transposed times A transposed.",
    ),
    steps(
        "wrong",
        "first_sample_only",
        {DW: "-learning_rate * np.outer(previous[0], delta[0])", DB: "-learning_rate * delta[0]"},
        "Only the first sample counts.",
        "One sample is right. Try two.",
        "A weight is used once for every sample.",
        "The equations have a sum over n.",
    ),
    steps(
        "wrong",
        "rate_twice",
        {DW: "-(learning_rate**2) * previous.T @ delta", DB: "-(learning_rate**2) * delta.sum(axis=0)"},
        "The learning rate is multiplied in twice.",
        "With a learning rate of 1 all is right.",
        "Halve the learning rate: what happens to your step?",
        "One such factor is enough.",
    ),
    steps(
        "care",
        "errors_overwritten",
        {f"dW = {DW}": "delta *= -learning_rate\n    dW = previous.T @ delta", DB: "delta.sum(axis=0)"},
        "The answer is right, but the caller's `delta` has changed after the call.",
        "Compare delta before and after the call.",
        "Operators that end in = write into the array on their left.",
        "The layer before still needs this error.",
    ),
    steps("note", "float32_lost", {DW: "-learning_rate * previous.T.astype(float) @ delta"}, *FLOAT32_LOST),
    steps("note", "prints", {f"dW = {DW}": f"dW = {DW}\n    print(dW)"}, *PRINTS),
]
