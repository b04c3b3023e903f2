"""Known mistakes of the update rules that keep a velocity, and of plain sgd."""

from course.mistakes.mistake import about
from course.mistakes.shared import FLOAT32_LOST, PRINTS
from course.mistakes.two_layer_net.texts import (
    G_OVERWRITTEN,
    MU_IGNORED,
    NOT_REMEMBERED,
    RATE_FORGOTTEN,
    RATE_ON_THE_MEMORY,
    RATE_TWICE,
    STATE_NOT_RETURNED,
    UPHILL,
)
from course.reference import updates

sgd = about(updates.sgd, reads="Update rules")
momentum = about(updates.momentum, reads="Update rules")
nesterov = about(updates.nesterov, reads="Update rules")

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

MISTAKES = SGD + MOMENTUM + NESTEROV
