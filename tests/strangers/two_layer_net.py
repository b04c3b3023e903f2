"""Wrong answers to two-layer-net."""

from . import Stranger

STRANGERS = [
    Stranger(
        "two_layer_net_scores",
        "max_for_maximum",
        "np.max takes its second argument for an axis",
        ("TypeError",),
        """
def two_layer_net_scores(X, model):
    hidden = np.max(0, X.dot(model["W1"]) + model["b1"])
    scores = hidden.dot(model["W2"]) + model["b2"]
    return scores, hidden
""",
    ),
    Stranger(
        "two_layer_net_scores",
        "bias_as_a_column",
        "b1 as a column pairs hidden units with samples",
        ("ValueError", "broadcast"),
        """
def two_layer_net_scores(X, model):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    z = X @ W1 + b1.reshape(-1, 1)
    hidden = z * (z > 0)
    scores = hidden @ W2 + b2
    return scores, hidden
""",
    ),
    Stranger(
        "two_layer_net_scores",
        "first_bias_for_all_classes",
        "b2[0] is added to every score",
        ("bias", "b2", "first (class|column|score)", r"column 0", "class 0", "beyond the first"),
        """
def two_layer_net_scores(X, model):
    hidden = np.clip(X @ model["W1"] + model["b1"], 0, None)
    scores = hidden @ model["W2"] + model["b2"][0]
    return scores, hidden
""",
    ),
    Stranger(
        "two_layer_net_scores",
        "returned_in_the_other_order",
        "hidden, scores",
        ("order", "exchanged", "swapped", "shape"),
        """
def two_layer_net_scores(X, model):
    hidden = np.maximum(0, X.dot(model["W1"]) + model["b1"])
    scores = hidden.dot(model["W2"]) + model["b2"]
    return hidden, scores
""",
        also=("holds what hidden should be",),
    ),
    Stranger(
        "two_layer_net_loss",
        "small_number_in_the_log",
        "log(p + 1e-8) keeps the loss finite, and wrong where p is tiny",
        ("large scores", "large numbers", "extreme", "tiny", "1e-8", "far below", "unlikely", "small probab"),
        """
def two_layer_net_loss(scores, y, model, reg=0.0):
    N = len(y)
    shifted = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    data_loss = np.mean(-np.log(p[range(N), y] + 1e-8))
    reg_loss = 0.5 * reg * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))
    dscores = p.copy()
    dscores[range(N), y] -= 1
    return data_loss + reg_loss, dscores / N
""",
        also=("a small constant",),
    ),
    Stranger(
        "two_layer_net_loss",
        "another_logarithm",
        "np.log2 in the loss",
        ("times (as|too) (small|large)", "factor", "logarithm", r"1\.44", r"0\.69"),
        """
def two_layer_net_loss(scores, y, model, reg=0.0):
    N = scores.shape[0]
    shifted = scores - scores.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    total = e.sum(axis=1)
    loss = np.mean(np.log2(total) - shifted[np.arange(N), y] / np.log(2))
    loss = loss + 0.5 * reg * (np.square(model["W1"]).sum() + np.square(model["W2"]).sum())
    dscores = e / total[:, None]
    dscores[np.arange(N), y] -= 1
    return loss, dscores / N
""",
    ),
    Stranger(
        "two_layer_net_loss",
        "best_class_for_right_class",
        "the probability of the most likely class, not of the right one",
        ("label", "right class", r"\by\b", "most likely", "wrong guess"),
        """
def two_layer_net_loss(scores, y, model, reg=0.0):
    N = scores.shape[0]
    s = scores - scores.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -np.mean(log_p.max(axis=1))
    loss += 0.5 * reg * (np.sum(model["W1"] * model["W1"]) + np.sum(model["W2"] * model["W2"]))
    d = np.exp(log_p)
    d[np.arange(N), y] -= 1
    return loss, d / N
""",
    ),
    Stranger(
        "two_layer_net_loss",
        "labels_counted_from_one",
        "np.eye(C)[y - 1]: each label means the class before it",
        ("label", "right class", r"\by\b", "one column", "counted from"),
        """
def two_layer_net_loss(scores, y, model, reg=0.0):
    N, C = scores.shape
    target = np.eye(C)[y - 1]
    s = scores - scores.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -(target * log_p).sum() / N
    loss += 0.5 * reg * ((model["W1"] ** 2).sum() + (model["W2"] ** 2).sum())
    return loss, (np.exp(log_p) - target) / N
""",
    ),
    Stranger(
        "two_layer_net_grads",
        "hidden_made_its_own_mask",
        "hidden is overwritten with zeros and ones before it is used for W2",
        ("chang", "overwr", "modif"),
        """
def two_layer_net_grads(dscores, hidden, X, model, reg=0.0):
    hidden[hidden > 0] = 1
    dhidden = dscores @ model["W2"].T * hidden
    return {
        "W1": X.T @ dhidden + reg * model["W1"],
        "b1": dhidden.sum(axis=0),
        "W2": hidden.T @ dscores + reg * model["W2"],
        "b2": dscores.sum(axis=0),
    }
""",
    ),
    Stranger(
        "two_layer_net_grads",
        "penalty_of_the_other_layer",
        "copied from the line above: reg * W2 is added to the gradient of W1",
        ("ValueError", "broadcast"),
        """
def two_layer_net_grads(dscores, hidden, X, model, reg=0.0):
    dhidden = np.where(hidden > 0, dscores @ model["W2"].T, 0)
    grads = {"b2": dscores.sum(axis=0), "b1": dhidden.sum(axis=0)}
    grads["W2"] = hidden.T @ dscores + reg * model["W2"]
    grads["W1"] = X.T @ dhidden + reg * model["W2"]
    return grads
""",
    ),
    Stranger(
        "two_layer_net_grads",
        "bias_before_the_mask",
        "db1 is summed up before the ReLU has cut the gradient",
        ("mask", "before the ReLU", "ReLU", "W1 is right", "right: W1", "only b1", "slope"),
        """
def two_layer_net_grads(dscores, hidden, X, model, reg=0.0):
    W1, W2 = model["W1"], model["W2"]
    dhidden = dscores @ W2.T
    db1 = dhidden.sum(axis=0)
    dhidden[hidden == 0] = 0
    return {
        "W1": X.T @ dhidden + reg * W1,
        "b1": db1,
        "W2": hidden.T @ dscores + reg * W2,
        "b2": dscores.sum(axis=0),
    }
""",
        also=("W1, W2 and b2 are right",),
    ),
    Stranger(
        "sgd",
        "new_value_for_step",
        "returns what is left of g after the step, and not the step",
        ("times (as|too) (small|large)", "factor", "sign", "opposite", "multiple"),
        """
def sgd(g, state, learning_rate):
    dx = g - learning_rate * g
    return dx, state
""",
    ),
    Stranger(
        "sgd",
        "length_of_one",
        "the gradient is divided by its length",
        ("times (as|too) (small|large)", "factor", "length", "norm", "larger gradient"),
        """
def sgd(g, state, learning_rate):
    return -learning_rate * g / np.linalg.norm(g), state
""",
    ),
    Stranger(
        "momentum",
        "state_asked_as_one_number",
        "'if not state' on an array",
        ("ValueError", "truth value"),
        """
def momentum(g, state, learning_rate, mu=0.9):
    if not state:
        state = np.zeros(g.shape)
    v = mu * state - learning_rate * g
    return v, v
""",
    ),
    Stranger(
        "momentum",
        "first_step_skipped",
        "only sets the velocity up when there is no state yet",
        ("first (step|call)", "None", "at the start", "zeros", "0 everywhere"),
        """
def momentum(g, state, learning_rate, mu=0.9):
    if state is None:
        state = np.zeros_like(g)
        return state, state
    v = mu * state - learning_rate * g
    return v, v
""",
    ),
    Stranger(
        "momentum",
        "memory_in_a_default",
        "keeps the velocity in a default argument, which all calls share, and does not look at state",
        ("ValueError", "state", "earlier call", "remember", "same arguments"),
        """
def momentum(g, state, learning_rate, mu=0.9, memory={}):
    v = memory.get("v", 0.0)
    v = mu * v - learning_rate * g
    memory["v"] = v
    return v, v
""",
    ),
    Stranger(
        "rmsprop",
        "root_remembered",
        "the root is stored in the state",
        ("state", "second value", "dx is right", "c is wrong", "root"),
        """
def rmsprop(g, state, learning_rate):
    c = np.zeros_like(g) if state is None else state
    c = np.sqrt(0.99 * c + 0.01 * g ** 2 + 1e-8)
    dx = -learning_rate * g / c
    return dx, c
""",
        also=("what is remembered",),
    ),
    Stranger(
        "rmsprop",
        "another_decay",
        "0.9 and 0.1 in place of 0.99 and 0.01",
        ("times (as|too) (small|large)", "factor", r"0\.9", "decay", "forget"),
        """
def rmsprop(g, state, learning_rate):
    decay_rate = 0.9
    if state is None:
        state = np.zeros_like(g)
    state = decay_rate * state + (1 - decay_rate) * g ** 2
    return -learning_rate * g / np.sqrt(state + 1e-8), state
""",
    ),
    Stranger(
        "adam",
        "product_for_power",
        "1 - beta * t for 1 - beta ** t: right in the first step",
        (
            "first step",
            "second step",
            "later",
            "t > 1",
            "t is larger",
            "t = 2",
            "state is given",
            "with a state",
        ),
        """
def adam(g, state, learning_rate, beta1=0.9, beta2=0.999):
    m, c, t = state if state is not None else (0 * g, 0 * g, 0)
    t += 1
    m = beta1 * m + (1 - beta1) * g
    c = beta2 * c + (1 - beta2) * g * g
    m_hat = m / (1 - beta1 * t)
    c_hat = c / (1 - beta2 * t)
    return -learning_rate * m_hat / (np.sqrt(c_hat) + 1e-8), (m, c, t)
""",
        also=("dx of step 1 is right",),
    ),
    Stranger(
        "adam",
        "state_in_another_order",
        "returns (t, m, c) and reads (m, c, t)",
        ("order", "state", "TypeError", "second value"),
        """
def adam(g, state, learning_rate, beta1=0.9, beta2=0.999):
    if state is None:
        m, c, t = np.zeros(g.shape), np.zeros(g.shape), 0
    else:
        m, c, t = state
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    c = beta2 * c + (1 - beta2) * g ** 2
    dx = -learning_rate * (m / (1 - beta1 ** t)) / (np.sqrt(c / (1 - beta2 ** t)) + 1e-8)
    return dx, (t, m, c)
""",
        also=("dx of step 1 is right",),
    ),
    Stranger(
        "adam",
        "xor_for_power",
        "beta ^ t",
        ("TypeError", "unsupported operand"),
        """
def adam(g, state, learning_rate, beta1=0.9, beta2=0.999):
    m, c, t = state if state else (0.0 * g, 0.0 * g, 0)
    t = t + 1
    m = beta1 * m + (1 - beta1) * g
    c = beta2 * c + (1 - beta2) * g ** 2
    dx = -learning_rate * (m / (1 - beta1 ^ t)) / (np.sqrt(c / (1 - beta2 ^ t)) + 1e-8)
    return dx, (m, c, t)
""",
    ),
]
