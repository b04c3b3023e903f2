"""Known mistakes of step and perceptron_update."""

from course.mistakes.mistake import about
from course.mistakes.shared import PRINTS
from course.reference.perceptron import perceptron_update
from course.reference.perceptron import step as step_function

step = about(step_function, reads="A neuron")
update = about(perceptron_update, reads="Learning from mistakes")

FIRES = "np.where(z > 0, 1, 0)"
AT_THE_THRESHOLD = (
    "At exactly 0 the neuron should stay silent; yours fires.",
    "Try a weighted sum of exactly 0.",
    "Above 0 and from 0 on are two different things.",
    "Look at the sign of your comparison.",
)

OUTPUT = "1 if w @ x + b > 0 else 0"
ERROR = "target - output"
NEW_W = "    w = w + learning_rate * error * x\n"  # with its ends: the docstring holds the same equations
NEW_B = "    b = b + learning_rate * error\n"

MISTAKES = [
    step(
        "wrong",
        "minus_one_when_silent",
        {FIRES: "np.where(z > 0, 1, -1)"},
        "A silent neuron gives -1 here; this course uses 0.",
        "Which two numbers may come out?",
        "Both agreements exist in books. The docstring says which one holds here.",
        "Look at the value for sums that are not above 0.",
    ),
    step(
        "wrong",
        "sign_of_the_sum",
        {FIRES: "np.sign(z)"},
        "The sign comes out: three different values, where only 0 and 1 are asked for.",
        "Which two numbers may come out?",
        "What does your function give for -2?",
        "The function that you call knows minus, zero and plus.",
    ),
    step(
        "wrong",
        "upside_down",
        {FIRES: "np.where(z < 0, 1, 0)"},
        "The neuron fires for negative sums; it should for positive ones.",
        "What should come out for 3, and what does?",
        "A larger sum should make a neuron more likely to fire.",
        "Look at the direction of your comparison.",
    ),
    step(
        "wrong",
        "sum_passed_on",
        {FIRES: "np.maximum(0, z)"},
        "Positive sums come out as they are; the step has only two values.",
        "What should come out for 3, and what for 300?",
        "This is another activation, which comes later in the lesson.",
        "How large the sum is does not matter, only on which side of the threshold it lies.",
    ),
    step(
        "wrong",
        "threshold_at_one",
        {FIRES: "np.where(z > 1, 1, 0)"},
        "The threshold lies at 1; it should lie at 0, because the bias does the rest.",
        "Try a sum of 0.7.",
        "Where does the step sit on the axis?",
        "A neuron's own threshold is in its bias already.",
    ),
    step(
        "wrong",
        "one_answer_for_all",
        {FIRES: "np.where(np.any(z > 0), 1, 0)"},
        "One answer comes out for all sums together; each sum should have its own.",
        "How many numbers go in, and how many come out?",
        "The result has the shape of z.",
        "One of your functions makes a single number of many.",
    ),
    step("care", "fires_at_the_threshold", {FIRES: "np.where(z >= 0, 1, 0)"}, *AT_THE_THRESHOLD),
    step(
        "care",
        "sums_overwritten",
        {f"y = {FIRES}": "fires = z > 0\n    z[:] = 0\n    z[fires] = 1\n    y = z"},
        "The answer is right, but the caller's `z` has changed after the call.",
        "Compare z before and after the call.",
        "A second name for an array is not a second array.",
        "Write your zeros and ones into an array of your own.",
    ),
    step("note", "prints", {f"y = {FIRES}": f"y = {FIRES}\n    print(y)"}, *PRINTS),
    update(
        "wrong",
        "away_from_the_target",
        {ERROR: "output - target"},
        "The weights move the wrong way: after the step the sample is further from its target.",
        "Apply your rule twice to a sample that is taken for a 0 and should be a 1. Does its sum grow?",
        "When the target is 1 and the output 0, the sum has to grow.",
        "Look at the sign of the error.",
    ),
    update(
        "wrong",
        "learns_from_right_guesses_too",
        {ERROR: "target"},
        "Samples that are guessed right move the weights too; only mistakes should.",
        "Which samples should leave w and b as they are?",
        "A perceptron that is always right should never change.",
        "Your step does not depend on what the perceptron said.",
    ),
    update(
        "wrong",
        "sum_for_the_output",
        {OUTPUT: "w @ x + b"},
        "The error is taken from the weighted sum; it should be taken from the output, which is 0 or 1.",
        "Which three values can the error have?",
        "This is another rule, for a neuron without a step.",
        "Something stands between the weighted sum and the output.",
    ),
    update(
        "wrong",
        "bias_left_out_of_the_sum",
        {OUTPUT: "1 if w @ x > 0 else 0"},
        "The bias has no part in the output.",
        "With a bias of 0 all is right.",
        "Compare your weighted sum with the equation, term by term.",
        "What should a perceptron with w = (0, 0) and b = 1 say?",
    ),
    update(
        "wrong",
        "bias_not_moved",
        {NEW_B: ""},
        "The bias stays as it is; it should learn too.",
        "Compare b before and after a mistake.",
        "A bias is the weight of an input that is always 1.",
        "One of the two equations has no line in your code.",
    ),
    update(
        "wrong",
        "bias_moved_with_the_features",
        {NEW_B: "    b = b + learning_rate * error * x.sum()\n"},
        "The step of the bias depends on the features; it should depend on the error alone.",
        "Try a sample whose features are all 0.",
        "Which input does the bias belong to, if you think of it as a weight?",
        "That input is always 1.",
    ),
    update(
        "wrong",
        "weights_moved_without_the_features",
        {NEW_W: "    w = w + learning_rate * error\n"},
        "All weights move by the same amount; each should move with its own feature.",
        "Try a sample in which one feature is 0: should its weight move?",
        "A weight whose feature was 0 had no part in the mistake.",
        "One factor of the equation is missing.",
    ),
    update(
        "wrong",
        "rate_forgotten",
        {NEW_W: "    w = w + error * x\n", NEW_B: "    b = b + error\n"},
        "The learning rate has no influence.",
        "With a learning rate of 1 all is right.",
        "One of the arguments is never used.",
        "Half the learning rate should mean half the step.",
    ),
    update(
        "wrong",
        "bias_without_its_rate",
        {NEW_B: "    b = b + error\n"},
        "The learning rate is missing in the step of the bias.",
        "With a learning rate of 1 all is right.",
        "Compare your two lines.",
        "Half the learning rate should mean half the step, for b as well.",
    ),
    update(
        "wrong",
        "minus_one_when_silent",
        {OUTPUT: "1 if w @ x + b > 0 else -1"},
        "A silent perceptron counts as -1, so errors of 2 come up, and right guesses of 0 move the weights.",
        "Which three values can the error have?",
        "The targets are 0 and 1, so the outputs must be.",
        "What is your output when the sum is negative?",
    ),
    update("care", "fires_at_the_threshold", {OUTPUT: "1 if w @ x + b >= 0 else 0"}, *AT_THE_THRESHOLD),
    update(
        "care",
        "weights_overwritten",
        {
            NEW_W: "    w[:] = new = w + learning_rate * error * x\n    w = new\n",
        },
        "The answer is right, but the caller's `w` has changed after the call.",
        "Compare w before and after the call.",
        "A step that is written into w cannot be taken back, and whole numbers cannot hold it.",
        "Give the new weights an array of their own.",
    ),
    update("note", "prints", {NEW_W: f"    print(error)\n{NEW_W}"}, *PRINTS),
]
