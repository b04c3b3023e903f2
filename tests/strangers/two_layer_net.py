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
        "bias_after_the_cut",
        "the first bias is added behind the ReLU",
        ("bias", "b1", "negative", "before the ReLU"),
        """
def two_layer_net_scores(X, model):
    hidden = np.maximum(0, X @ model["W1"]) + model["b1"]
    scores = hidden @ model["W2"] + model["b2"]
    return scores, hidden
""",
    ),
    Stranger(
        "two_layer_net_scores",
        "probabilities_for_scores",
        "softmax is applied already",
        ("softmax", "probabilit", "sum to 1", "adds? up to 1", "between 0 and 1"),
        """
def two_layer_net_scores(X, model):
    hidden = np.maximum(0, X @ model["W1"] + model["b1"])
    scores = hidden @ model["W2"] + model["b2"]
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True), hidden
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
        "two_layer_net_loss",
        "mean_over_classes_too",
        "the mean over a one-hot matrix divides by N C",
        ("times (as|too) (small|large)", "factor", "divided", r"1/\d"),
        """
def two_layer_net_loss(scores, y, model, reg=0.0):
    N, C = scores.shape
    s = scores - np.max(scores, axis=1)[:, None]
    log_p = s - np.log(np.sum(np.exp(s), axis=1))[:, None]
    one_hot = np.eye(C)[y]
    loss = -np.mean(one_hot * log_p)
    loss += 0.5 * reg * ((model["W1"] ** 2).sum() + (model["W2"] ** 2).sum())
    return loss, (np.exp(log_p) - one_hot) / N
""",
    ),
    Stranger(
        "two_layer_net_loss",
        "one_shift_for_all",
        "the largest score of the whole batch is taken from every row, so a row far below it vanishes",
        ("nan", "inf", "overflow", "large scores", "large numbers", "underflow"),
        """
def two_layer_net_loss(scores, y, model, reg=0.0):
    N = scores.shape[0]
    e = np.exp(scores - scores.max())
    p = e / e.sum(axis=1, keepdims=True)
    log_p = scores - scores.max() - np.log(e.sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(N), y].sum() / N
    loss += reg / 2 * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))
    p[np.arange(N), y] -= 1
    return loss, p / N
""",
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
    ),
    Stranger(
        "two_layer_net_loss",
        "absolute_weights",
        "the penalty adds up |W| in place of W^2",
        (r"\breg\b", "regularis", "penalty", "square"),
        """
def two_layer_net_loss(scores, y, model, reg=0.0):
    N = len(scores)
    scores = scores - scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(N), y].mean()
    loss += 0.5 * reg * (np.abs(model["W1"]).sum() + np.abs(model["W2"]).sum())
    dscores = np.exp(log_p)
    dscores[np.arange(N), y] -= 1
    return loss, dscores / N
""",
    ),
    Stranger(
        "two_layer_net_loss",
        "every_label_for_every_sample",
        "dscores[:, y] takes 1 from the classes of all samples",
        ("more than one sample", "single sample", "N = 1", "N > 1", "N is larger than 1", "first sample"),
        """
def two_layer_net_loss(scores, y, model, reg=0.0):
    N = scores.shape[0]
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(N), y].mean() + 0.5 * reg * sum(np.sum(model[k] ** 2) for k in ("W1", "W2"))
    dscores = np.exp(log_p)
    dscores[:, y] -= 1
    dscores /= N
    return loss, dscores
""",
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
        "two_layer_net_grads",
        "keys_with_a_d",
        "the dictionary has the keys dW1, db1, ...",
        (r"\bkeys?\b", "KeyError", "no entry", "is missing"),
        """
def two_layer_net_grads(dscores, hidden, X, model, reg=0.0):
    grads = {}
    grads["dW2"] = hidden.T @ dscores + reg * model["W2"]
    grads["db2"] = dscores.sum(axis=0)
    dhidden = dscores @ model["W2"].T
    dhidden[hidden <= 0] = 0
    grads["dW1"] = X.T @ dhidden + reg * model["W1"]
    grads["db1"] = dhidden.sum(axis=0)
    return grads
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
        "times_hidden",
        "multiplied with the hidden units in place of their mask",
        ("W2 (is|and b2 are) right", "right: .*W2", "mask", "hidden", "slope"),
        """
def two_layer_net_grads(dscores, hidden, X, model, reg=0.0):
    W1, W2 = model["W1"], model["W2"]
    dW2 = np.dot(hidden.T, dscores)
    db2 = np.sum(dscores, axis=0)
    dhidden = np.dot(dscores, W2.T) * hidden
    dW1 = np.dot(X.T, dhidden)
    db1 = np.sum(dhidden, axis=0)
    return {"W1": dW1 + reg * W1, "b1": db1, "W2": dW2 + reg * W2, "b2": db2}
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
        "state_not_returned",
        "returns the step alone",
        ("two values", "2 values", "tuple", "pair", "two results"),
        """
def sgd(g, state, learning_rate):
    return -learning_rate * g
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
        "nesterov",
        "step_kept_for_velocity",
        "dx is returned twice, so the state is not the velocity",
        ("state", "second value", "dx is right", "w is wrong"),
        """
def nesterov(g, state, learning_rate, mu=0.9):
    v = np.zeros_like(g) if state is None else state
    v_new = mu * v - learning_rate * g
    dx = v_new + mu * (v_new - v)
    return dx, dx
""",
    ),
    Stranger(
        "nesterov",
        "difference_turned_round",
        "mu (v - w) for mu (w - v)",
        ("sign", "turned", "opposite", "mu", "v - w", "second term"),
        """
def nesterov(g, state, learning_rate, mu=0.9):
    if state is None:
        state = 0 * g
    w = mu * state - learning_rate * g
    dx = w + mu * (state - w)
    return dx, w
""",
    ),
    Stranger(
        "rmsprop",
        "square_forgotten",
        "averages g in place of g^2, and takes roots of negative numbers",
        ("nan", "negative", "square"),
        """
def rmsprop(g, state, learning_rate):
    cache = 0 if state is None else state
    cache = 0.99 * cache + 0.01 * g
    dx = -learning_rate * g / np.sqrt(cache + 1e-8)
    return dx, cache
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
    ),
    Stranger(
        "rmsprop",
        "last_size_used",
        "divides by the size that was known before this gradient",
        ("first step", "old", "before", "at the start", "None", "times (as|too) large"),
        """
def rmsprop(g, state, learning_rate):
    c = np.zeros(g.shape) if state is None else state
    dx = -learning_rate * g / np.sqrt(c + 1e-8)
    c = 0.99 * c + 0.01 * g * g
    return dx, c
""",
    ),
    Stranger(
        "adam",
        "steps_counted_from_zero",
        "t grows after it has been used: the first correction divides by 0",
        ("nan", "inf", "divi"),
        """
def adam(g, state, learning_rate, beta1=0.9, beta2=0.999):
    if state is None:
        state = (np.zeros_like(g), np.zeros_like(g), 0)
    m, c, t = state
    m = beta1 * m + (1 - beta1) * g
    c = beta2 * c + (1 - beta2) * g ** 2
    mt, ct = m / (1 - beta1 ** t), c / (1 - beta2 ** t)
    dx = -learning_rate * mt / (np.sqrt(ct) + 1e-8)
    return dx, (m, c, t + 1)
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
    ),
]
