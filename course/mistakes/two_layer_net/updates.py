"""Known mistakes of the update rules: sgd, momentum, rmsprop, nesterov, adam."""

from course.mistakes.mistake import about
from course.mistakes.shared import FLOAT32_LOST, PRINTS
from course.reference import updates

sgd, momentum, rmsprop, nesterov, adam = (
    about(rule, reads="Update rules")
    for rule in (updates.sgd, updates.momentum, updates.rmsprop, updates.nesterov, updates.adam)
)

UPHILL = (
    "The step goes along the gradient, uphill: the loss would grow.",
    "Take one step by hand, with g = 1: in which direction must the number move?",
    "The gradient points to where the loss grows.",
    "Check a sign.",
)
RATE_FORGOTTEN = (
    "The learning rate has no influence on the step.",
    "Halve the learning rate: what happens to your step?",
    "One of the arguments is never used.",
    "Compare the equation with your code, factor by factor.",
)
RATE_TWICE = (
    "The learning rate is multiplied in twice.",
    "Halve the learning rate: your step becomes 4 times smaller.",
    "How often does the learning rate stand in the equations?",
    "The velocity holds the learning rate already.",
)
RATE_ON_THE_MEMORY = (
    "The learning rate shrinks the old velocity too, so nearly nothing is remembered.",
    "The first step is right. Look at the second one.",
    "By which factor does one step without a gradient shrink your velocity?",
    "The learning rate belongs to the gradient alone.",
)
G_OVERWRITTEN = (
    "The step is right, but the caller's `g` has changed after the call.",
    "Compare g before and after the call.",
    "Operators that end in = write into the array on their left.",
    "Give the result a name and an array of its own.",
)
NOT_REMEMBERED = (
    "Every step begins anew: what should be remembered is not returned as the new state.",
    "The first step is right. Look at the second one.",
    "What a function does not return is lost when it ends.",
    "Look at the second value that you return: what will the next call need?",
)
STATE_NOT_RETURNED = (
    "Only the step is returned; the caller expects the step and the state.",
    "How many values does the docstring promise?",
    "All update rules are called in the same way, those that remember and those that do not.",
    "Return two values, even where the state is only passed on.",
)
MU_IGNORED = (
    "The momentum is always 0.9, whatever mu is.",
    "With mu = 0.9 all is right. Try mu = 0.5.",
    "One of the arguments is never used.",
    "Look for a number that should be a name.",
)
ROOT_FORGOTTEN = (
    "The gradient is divided by the average of its squares; the root of that average is asked for.",
    "Make all gradients 10 times as large: the step should stay nearly as it is.",
    "A gradient and the square of a gradient are not in the same unit.",
    "Something stands around c in the equation of dx.",
)
G_NOT_SQUARED = (
    "The average is taken of the gradients; it should be taken of their squares.",
    "Try a negative gradient.",
    "Can your c become negative? Should it?",
    "Look at the small 2 in the equation.",
)
WEIGHTS_EXCHANGED = (
    "The two weights of the average are exchanged, so it forgets nearly everything at each step.",
    "After a single step, how large should c be compared with the square of g?",
    "An average that changes slowly keeps most of what it was.",
    "Which of the two factors belongs to the old value?",
)

SGD_DX = "-learning_rate * g\n"  # with its end: the docstring holds the same equation

SGD = [
    sgd("wrong", "uphill", {SGD_DX: "learning_rate * g\n"}, *UPHILL),
    sgd("wrong", "rate_forgotten", {SGD_DX: "-g\n"}, *RATE_FORGOTTEN),
    sgd(
        "wrong",
        "rate_twice",
        {SGD_DX: "-(learning_rate**2) * g\n"},
        *RATE_TWICE[:3],
        "One factor before g is enough.",
    ),
    sgd(
        "wrong",
        "divided_by_the_rate",
        {SGD_DX: "-g / learning_rate\n"},
        "The gradient is divided by the learning rate; it should be multiplied by it.",
        "Halve the learning rate: what happens to your step?",
        "A small learning rate means small steps.",
        "Look at the operator beside the learning rate.",
    ),
    sgd(
        "wrong",
        "only_the_sign",
        {SGD_DX: "-learning_rate * np.sign(g)\n"},
        "All steps have the same size; a larger gradient should make a larger step.",
        "Double g: what happens to your step?",
        "Both the sign and the size of g have a say.",
        "The equation takes g as it is.",
    ),
    sgd(
        "wrong",
        "one_step_for_all",
        {SGD_DX: "-learning_rate * np.full_like(g, g.mean())\n"},
        "Every number makes the step of the average gradient; each should follow its own.",
        "Try a g whose numbers differ.",
        "A gradient says for each number by itself where to go.",
        "The equation has no sum and no mean.",
    ),
    sgd(
        "wrong",
        "steps_added_up",
        {"return dx, state": "state = dx if state is None else state + dx\n    return state, state"},
        "Each step contains all earlier ones; plain gradient descent remembers nothing.",
        "The first step is right. Look at the second one.",
        "Who adds the step to the parameters: your function, or the one that calls it?",
        "sgd needs no state.",
    ),
    sgd("wrong", "state_not_returned", {"return dx, state": "return dx"}, *STATE_NOT_RETURNED),
    sgd("care", "g_overwritten", {f"dx = {SGD_DX}": "g *= -learning_rate\n    dx = g\n"}, *G_OVERWRITTEN),
    sgd("note", "float32_lost", {SGD_DX: "-learning_rate * g.astype(float)\n"}, *FLOAT32_LOST),
    sgd("note", "prints", {"return dx, state": "print(dx)\n    return dx, state"}, *PRINTS),
]

START = "np.zeros_like(g) if state is None else state"
V = "v = mu * v - learning_rate * g\n"
V_KEPT = "dx, state = v, v"

MOMENTUM = [
    momentum("wrong", "uphill", {V: "v = mu * v + learning_rate * g\n"}, *UPHILL),
    momentum(
        "wrong",
        "memory_subtracted",
        {V: "v = -mu * v - learning_rate * g\n"},
        "The old velocity is subtracted, so that every step brakes the one before.",
        "The first step is right. Look at the second one.",
        "Gradients that agree should add up. What do yours do?",
        "Check the sign in front of the old velocity.",
    ),
    momentum("wrong", "rate_forgotten", {V: "v = mu * v - g\n"}, *RATE_FORGOTTEN),
    momentum("wrong", "rate_twice", {V_KEPT: "dx, state = learning_rate * v, v"}, *RATE_TWICE),
    momentum(
        "wrong",
        "rate_on_the_memory",
        {V: "v = learning_rate * (mu * v - g)\n"},
        *RATE_ON_THE_MEMORY,
    ),
    momentum(
        "wrong",
        "mu_on_the_gradient",
        {V: "v = mu * (v - learning_rate * g)\n"},
        "The gradient of this step is multiplied by mu too.",
        "Look at the very first step: should it depend on mu?",
        "mu says how much is kept of the old velocity.",
        "Look at what stands inside your brackets.",
    ),
    momentum(
        "wrong",
        "averaged",
        {V: "v = mu * v - (1 - mu) * learning_rate * g\n"},
        "The velocity is an average of the gradients; it should be a sum in which old ones fade.",
        "Look at the very first step: should it depend on mu?",
        "There are two kinds of momentum in books. Compare yours with the equation, factor by factor.",
        "A factor of 1 - mu has no place here.",
    ),
    momentum("wrong", "mu_ignored", {V: "v = 0.9 * v - learning_rate * g\n"}, *MU_IGNORED),
    momentum("wrong", "not_remembered", {V_KEPT: "dx, state = v, None"}, *NOT_REMEMBERED),
    momentum(
        "wrong",
        "gradient_remembered",
        {V_KEPT: "dx, state = v, g"},
        "The gradient is kept as the state; the velocity should be.",
        "The first step is right. Look at the second one.",
        "What does the next call take for its old velocity?",
        "Look at the second value that you return.",
    ),
    momentum(
        "wrong",
        "nesterov_instead",
        {
            V_KEPT: "dx, state = v + mu * (v + learning_rate * g), v",
            V: "old = v\n    v = mu * old - learning_rate * g\n",
        },
        "This looks ahead, as Nesterov's rule does; classical momentum is asked for.",
        "Look at the very first step: should it depend on mu?",
        "In classical momentum the step is the velocity itself.",
        "Do nothing to the velocity before you return it.",
    ),
    momentum("wrong", "state_not_returned", {"return dx, state": "return dx"}, *STATE_NOT_RETURNED),
    momentum("care", "g_overwritten", {V: "g *= learning_rate\n    v = mu * v - g\n"}, *G_OVERWRITTEN),
    momentum("note", "float32_lost", {START: START.replace("_like(g)", "(g.shape)")}, *FLOAT32_LOST),
    momentum("note", "prints", {V_KEPT: f"{V_KEPT}\n    print(v)"}, *PRINTS),
]

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

W = "w = mu * v - learning_rate * g\n"
W_KEPT = "dx, state = w + mu * (w - v), w"

NESTEROV = [
    nesterov(
        "wrong",
        "classical_momentum",
        {W_KEPT: "dx, state = w, w"},
        "This is classical momentum: the step is the velocity, without looking ahead.",
        "Look at the very first step: it should depend on mu.",
        "Compare the two equations of dx, here and in momentum.",
        "A part of the change of the velocity is added to the step.",
    ),
    nesterov(
        "wrong",
        "difference_reversed",
        {W_KEPT: "dx, state = w + mu * (v - w), w"},
        "The change of the velocity has the wrong sign.",
        "Look at the very first step: is it longer or shorter than that of momentum?",
        "A change is what is new minus what was old.",
        "Check a sign.",
    ),
    nesterov(
        "wrong",
        "added_to_the_old_velocity",
        {W_KEPT: "dx, state = v + mu * (w - v), w"},
        "The look ahead is added to the old velocity; the new one is asked for.",
        "Look at the very first step, where the old velocity is 0.",
        "Write down dx for v = 0: which terms are left?",
        "Two velocities have two names. Check which stands where.",
    ),
    nesterov(
        "wrong",
        "mu_only_once",
        {W_KEPT: "dx, state = w + (w - v), w"},
        "The whole change of the velocity is added; only mu times it should be.",
        "Try mu = 0: this rule should then be plain gradient descent.",
        "How often does mu stand in the equations?",
        "A factor in front of your bracket is missing.",
    ),
    nesterov(
        "wrong",
        "step_remembered",
        {W_KEPT: "dx = w + mu * (w - v)\n    state = dx"},
        "The step is kept as the state; the velocity should be.",
        "The first step is right. Look at the second one.",
        "Step and velocity are the same in classical momentum, not here.",
        "Look at the second value that you return.",
    ),
    nesterov("wrong", "not_remembered", {W_KEPT: "dx, state = w + mu * (w - v), None"}, *NOT_REMEMBERED),
    nesterov(
        "wrong",
        "mu_ignored",
        {W: "w = 0.9 * v - learning_rate * g\n", W_KEPT: W_KEPT.replace("mu", "0.9")},
        *MU_IGNORED,
    ),
    nesterov("wrong", "uphill", {W: "w = mu * v + learning_rate * g\n"}, *UPHILL),
    nesterov("wrong", "rate_forgotten", {W: "w = mu * v - g\n"}, *RATE_FORGOTTEN),
    nesterov(
        "wrong", "rate_twice", {W_KEPT: "dx, state = learning_rate * (w + mu * (w - v)), w"}, *RATE_TWICE
    ),
    nesterov("wrong", "rate_on_the_memory", {W: "w = learning_rate * (mu * v - g)\n"}, *RATE_ON_THE_MEMORY),
    nesterov("wrong", "state_not_returned", {"return dx, state": "return dx"}, *STATE_NOT_RETURNED),
    nesterov("care", "g_overwritten", {W: "g *= learning_rate\n    w = mu * v - g\n"}, *G_OVERWRITTEN),
    nesterov("note", "float32_lost", {START: START.replace("_like(g)", "(g.shape)")}, *FLOAT32_LOST),
    nesterov("note", "prints", {W_KEPT: f"{W_KEPT}\n    print(w)"}, *PRINTS),
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

MISTAKES = SGD + MOMENTUM + RMSPROP + NESTEROV + ADAM
