"""Known mistakes of the update rules that divide by the size of the gradients."""

from course.mistakes.mistake import about
from course.mistakes.shared import FLOAT32_LOST, PRINTS
from course.mistakes.two_layer_net.texts import (
    G_NOT_SQUARED,
    G_OVERWRITTEN,
    NOT_REMEMBERED,
    RATE_FORGOTTEN,
    ROOT_FORGOTTEN,
    STATE_NOT_RETURNED,
    UPHILL,
    WEIGHTS_EXCHANGED,
)
from course.reference import updates

rmsprop = about(updates.rmsprop, reads="Update rules")
adam = about(updates.adam, reads="Update rules")

START = "np.zeros_like(g) if state is None else state"

C = "c = 0.99 * c + 0.01 * g**2"
BELOW = "np.sqrt(c + 1e-8)"
RMSPROP_DX = f"-learning_rate * g / {BELOW}, c"

RMSPROP = [
    rmsprop(
        "wrong",
        "epsilon_outside",
        {BELOW: "(np.sqrt(c) + 1e-8)"},
        "The 1e-8 stands outside the root; here it belongs inside, which makes it 1e-4 when c is 0.",
        "All is right but for small gradients.",
        "The root of 1e-8 is 1e-4, a far larger number.",
        "Look at where the bracket of the root closes.",
    ),
    rmsprop(
        "wrong",
        "epsilon_missing",
        {BELOW: "np.sqrt(c)"},
        "Nothing keeps the root away from 0: a gradient of 0 gives nan, a small one too large a step.",
        "Try a gradient of 0.",
        "What is 0 / 0?",
        "A small number in the equation has no counterpart in your code.",
    ),
    rmsprop("wrong", "root_forgotten", {BELOW: "(c + 1e-8)"}, *ROOT_FORGOTTEN),
    rmsprop("wrong", "g_not_squared", {C: "c = 0.99 * c + 0.01 * g"}, *G_NOT_SQUARED),
    rmsprop("wrong", "weights_exchanged", {C: "c = 0.01 * c + 0.99 * g**2"}, *WEIGHTS_EXCHANGED),
    rmsprop(
        "wrong",
        "sum_for_average",
        {C: "c = c + g**2"},
        "The squares are added up for ever, so the steps become smaller and smaller.",
        "After a hundred equal gradients, how large should c be at most?",
        "Old gradients should fade.",
        "This is AdaGrad, an older rule: two factors are missing in the equation of c.",
    ),
    rmsprop("wrong", "not_remembered", {RMSPROP_DX: f"-learning_rate * g / {BELOW}, None"}, *NOT_REMEMBERED),
    rmsprop(
        "wrong",
        "divided_by_the_old_average",
        {C: "old, c = c, 0.99 * c + 0.01 * g**2", BELOW: "np.sqrt(old + 1e-8)"},
        "The step divides by the average of the step before; it should know this step's gradient already.",
        "Look at the very first step: it is far too long.",
        "Which comes first, the new c or the step?",
        "Exchange two lines.",
    ),
    rmsprop(
        "wrong",
        "one_average_for_all",
        {C: "c = 0.99 * c + 0.01 * np.mean(g**2)"},
        "All numbers share one average; each should have its own.",
        "A single number is right. Try two, one with far larger gradients.",
        "The point of this rule is that every number gets a step size of its own.",
        "c has the shape of g, and no two of its entries know of each other.",
    ),
    rmsprop("wrong", "uphill", {"state = -learning_rate * g /": "state = learning_rate * g /"}, *UPHILL),
    rmsprop("wrong", "rate_forgotten", {"state = -learning_rate * g /": "state = -g /"}, *RATE_FORGOTTEN),
    rmsprop("wrong", "state_not_returned", {"return dx, state": "return dx"}, *STATE_NOT_RETURNED),
    rmsprop(
        "care",
        "g_overwritten",
        {C: f"{C}\n    g *= -learning_rate", "state = -learning_rate * g /": "state = g /"},
        *G_OVERWRITTEN,
    ),
    rmsprop("note", "float32_lost", {START: START.replace("_like(g)", "(g.shape)")}, *FLOAT32_LOST),
    rmsprop("note", "prints", {C: f"{C}\n    print(c)"}, *PRINTS),
]

COUNT = "    t = t + 1\n"
M = "m = beta1 * m + (1 - beta1) * g\n"
C_ADAM = "c = beta2 * c + (1 - beta2) * g**2"
ADAM_DX = "-learning_rate * (m / (1 - beta1**t)) / (np.sqrt(c / (1 - beta2**t)) + 1e-8)"
ADAM_KEPT = "state = (m, c, t)"

ADAM = [
    adam(
        "wrong",
        "not_corrected",
        {ADAM_DX: "-learning_rate * m / (np.sqrt(c) + 1e-8)"},
        "The averages are not corrected for their start at 0.",
        "Look at the very first step: its size should be the learning rate.",
        "After one step m is only a tenth of g. Which division makes it g?",
        "The number of steps, t, should have a say in dx.",
    ),
    adam(
        "wrong",
        "only_m_corrected",
        {ADAM_DX: "-learning_rate * (m / (1 - beta1**t)) / (np.sqrt(c) + 1e-8)"},
        "Only `m` is corrected for its start at 0; `c` starts at 0 too.",
        "Look at the very first step: its size should be the learning rate.",
        "Two averages start at 0.",
        "One of the two betas does not stand in your dx.",
    ),
    adam(
        "wrong",
        "steps_not_counted",
        {ADAM_KEPT: "state = (m, c, 0)"},
        "The steps are not counted: every step is corrected as if it were the first.",
        "The first step is right. Look at the second one.",
        "Print t in three calls, one after the other.",
        "What becomes of the new t when your function ends?",
    ),
    adam(
        "wrong",
        "counted_too_late",
        {COUNT: "", ADAM_KEPT: "state = (m, c, t + 1)"},
        "The first step has t = 0, and its correction divides by 0.",
        "Look at the very first step.",
        "What is beta to the power of 0?",
        "Count the step before you use its number.",
    ),
    adam(
        "wrong",
        "corrected_averages_remembered",
        {
            ADAM_DX: "-learning_rate * m / (np.sqrt(c) + 1e-8)",
            f"    {C_ADAM}\n": f"    {C_ADAM}\n    m, c = m / (1 - beta1**t), c / (1 - beta2**t)\n",
        },
        "The corrected averages are kept, so the next step corrects them once more.",
        "The first step is right. Look at the second one.",
        "Does the equation of m speak of the corrected m?",
        "The corrected numbers need names of their own.",
    ),
    adam(
        "wrong",
        "betas_exchanged",
        {COUNT: f"{COUNT}    beta1, beta2 = beta2, beta1\n"},
        "The two betas are exchanged.",
        "The first step is right. Look at the second one.",
        "The average of the squares should change more slowly than that of the gradients.",
        "Which beta belongs to m, and which to c?",
    ),
    adam(
        "wrong",
        "epsilon_inside",
        {ADAM_DX: "-learning_rate * (m / (1 - beta1**t)) / np.sqrt(c / (1 - beta2**t) + 1e-8)"},
        "The 1e-8 stands inside the root; here it belongs outside.",
        "All is right but for small gradients.",
        "The root of 1e-8 is 1e-4, a far larger number.",
        "Look at where the bracket of the root closes; this rule differs from rmsprop there.",
    ),
    adam(
        "wrong",
        "root_forgotten",
        {ADAM_DX: "-learning_rate * (m / (1 - beta1**t)) / (c / (1 - beta2**t) + 1e-8)"},
        *ROOT_FORGOTTEN,
    ),
    adam("wrong", "g_not_squared", {C_ADAM: C_ADAM.removesuffix("**2")}, *G_NOT_SQUARED),
    adam(
        "wrong",
        "weights_exchanged",
        {M: "m = (1 - beta1) * m + beta1 * g\n", C_ADAM: "c = (1 - beta2) * c + beta2 * g**2"},
        *WEIGHTS_EXCHANGED,
    ),
    adam(
        "wrong",
        "g_for_m",
        {"(m / (1 - beta1**t))": "g"},
        "The step follows the gradient of this step alone; it should follow the average `m`.",
        "The first step is right. Look at the second one.",
        "Which of your two averages has no influence on dx?",
        "This is rmsprop with a correction; adam has a velocity too.",
    ),
    adam("wrong", "not_remembered", {ADAM_KEPT: "state = None"}, *NOT_REMEMBERED),
    adam("wrong", "uphill", {ADAM_DX: ADAM_DX[1:]}, *UPHILL),
    adam("wrong", "rate_forgotten", {ADAM_DX: ADAM_DX.replace("learning_rate * ", "")}, *RATE_FORGOTTEN),
    adam(
        "wrong",
        "epsilon_missing",
        {"(np.sqrt(c / (1 - beta2**t)) + 1e-8)": "np.sqrt(c / (1 - beta2**t))"},
        "Nothing keeps the root away from 0: a gradient of 0 gives nan.",
        "Try a gradient of 0.",
        "What is 0 / 0?",
        "A small number in the equation has no counterpart in your code.",
    ),
    adam("wrong", "state_not_returned", {"return dx, state": "return dx"}, *STATE_NOT_RETURNED),
    adam(
        "care",
        "g_overwritten",
        {
            M: "g *= 1 - beta1\n    m = beta1 * m + g\n",
            C_ADAM: "c = beta2 * c + (1 - beta2) * (g / (1 - beta1)) ** 2",
        },
        *G_OVERWRITTEN,
    ),
    adam("note", "float32_lost", {"(np.zeros_like(g), np": "(np.zeros(g.shape), np"}, *FLOAT32_LOST),
    adam("note", "prints", {ADAM_KEPT: f"{ADAM_KEPT}\n    print(t)"}, *PRINTS),
]

MISTAKES = RMSPROP + ADAM
