"""Wrong answers to perceptron-xor."""

from . import Stranger

STRANGERS = [
    Stranger(
        "step",
        "half_at_zero",
        "np.heaviside with 0.5 for its second argument: half a one where the sum is exactly 0",
        ("exactly 0", "at 0", "where z is 0", "0 or 1", "zeros and ones"),
        """
def step(z):
    return np.heaviside(z, 0.5)
""",
    ),
    Stranger(
        "step",
        "fractions_cut_off",
        "turned into whole numbers before the comparison, so 0.7 becomes 0",
        ("between 0 and 1", "smaller than 1", "below 1", "small positive", "whole number", "fraction"),
        """
def step(z):
    z = np.array(z).astype(int)
    y = np.zeros(z.shape)
    y[z > 0] = 1
    return y
""",
    ),
    Stranger(
        "step",
        "asked_as_one_number",
        "an if on an array",
        ("ValueError", "truth value"),
        """
def step(z):
    if z > 0:
        return np.ones(z.shape)
    else:
        return np.zeros(z.shape)
""",
    ),
    Stranger(
        "perceptron_update",
        "bias_asks_again",
        "the error is computed anew, with the new weights, before the bias is changed",
        ("w is right", "only b", "b alone", "b is wrong", "b of the new"),
        """
def perceptron_update(w, b, x, target, learning_rate=1.0):
    w = w + learning_rate * (target - (np.dot(w, x) + b > 0)) * x
    b = b + learning_rate * (target - (np.dot(w, x) + b > 0))
    return w, b
""",
    ),
    Stranger(
        "perceptron_update",
        "first_weight_left_out",
        "a loop that takes the first weight for the bias",
        (r"w\[0\]", "first (weight|number|feature|place|entry|element)", "at index 0", r"index \(0,\)"),
        """
def perceptron_update(w, b, x, target, learning_rate=1.0):
    z = b
    for d in range(len(w)):
        z += w[d] * x[d]
    y = 1 if z > 0 else 0
    new_w = w.copy()
    for d in range(1, len(w)):
        new_w[d] = w[d] + learning_rate * (target - y) * x[d]
    return new_w, b + learning_rate * (target - y)
""",
    ),
    Stranger(
        "perceptron_update",
        "silent_when_right",
        "returns inside the if, and so nothing at all when there is no error",
        ("None", "returns nothing", "no return"),
        """
def perceptron_update(w, b, x, target, learning_rate=1.0):
    y = int(np.sum(w * x) + b > 0)
    error = target - y
    if error != 0:
        w = w + learning_rate * error * x
        b = b + learning_rate * error
        return w, b
""",
    ),
    Stranger(
        "perceptron_update",
        "shared_among_features",
        "the step of the weights is divided by their number",
        ("times (as|too) (small|large)", "factor", r"1/\d", "divided"),
        """
def perceptron_update(w, b, x, target, learning_rate=1.0):
    y = 1 if w.dot(x) + b > 0 else 0
    update = learning_rate * (target - y)
    w = w + update * x / len(x)
    b = b + update
    return w, b
""",
        also=("half of which is missing",),
    ),
    Stranger(
        "sigmoid",
        "cut_at_ten",
        "z is clipped to -10 .. 10 against the overflow",
        ("clip", "cut off", "large numbers", "large z", "far from 0", "extreme", "beyond"),
        """
def sigmoid(z):
    z = np.clip(z, -10, 10)
    return 1 / (1 + np.exp(-z))
""",
        also=("larger than 500",),
    ),
    Stranger(
        "sigmoid",
        "whole_numbers_in_whole_numbers_out",
        "zeros_like(z) keeps integers, so every value becomes 0 for integer z",
        ("integer", "int64", "dtype", "whole number"),
        """
def sigmoid(z):
    a = np.zeros_like(z)
    a[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    a[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return a
""",
    ),
    Stranger(
        "tanh_slope",
        "root_taken",
        "the root of the slope, as on a circle",
        ("root", "square of", "squared"),
        """
def tanh_slope(a):
    slope = np.sqrt(1 - a * a)
    return slope
""",
    ),
    Stranger(
        "output_delta",
        "outputs_rounded",
        "the error of a perceptron: the output is rounded to 0 or 1 first",
        ("round", "0 or 1", "step", "whole number", "multiple"),
        """
def output_delta(a, y):
    N = a.shape[0]
    prediction = (a > 0.5).astype(float)
    return (prediction - y) / N
""",
    ),
    Stranger(
        "output_delta",
        "averaged_over_samples",
        "one number for each output: the mean over the samples",
        ("shape",),
        """
def output_delta(a, y):
    delta = np.mean(a - y, axis=0)
    return delta
""",
    ),
    Stranger(
        "hidden_delta",
        "brackets_forgotten",
        "... * 1 - hidden**2: the product comes before the difference",
        ("bracket", "parenthes", "order of operations", "hidden.{0,4}2", "subtract", "too small by"),
        """
def hidden_delta(delta, W, hidden):
    return np.dot(delta, W.T) * 1 - hidden ** 2
""",
    ),
    Stranger(
        "hidden_delta",
        "product_of_sums",
        "the sum of the deltas times the sum of the weights, for the sum of their products",
        (
            "more than one output",
            "K is larger than 1",
            "K > 1",
            "right (for|where|with) K",
            "single output",
            "K = 1",
        ),
        """
def hidden_delta(delta, W, hidden):
    d = delta.sum(axis=1, keepdims=True)
    w = W.sum(axis=1)
    return d * w * (1 - np.power(hidden, 2))
""",
        also=("right just where there is one column",),
    ),
    Stranger(
        "weight_step",
        "returned_in_the_other_order",
        "db, dW for dW, db",
        ("order", "exchanged", "swapped", "shape"),
        """
def weight_step(previous, delta, learning_rate):
    dW = -learning_rate * np.dot(previous.T, delta)
    db = -learning_rate * np.sum(delta, axis=0)
    return db, dW
""",
    ),
    Stranger(
        "weight_step",
        "uphill_and_transposed",
        "two at once: the wrong sign, and the product the wrong way round",
        ("transpos", "sign", "shape"),
        """
def weight_step(previous, delta, learning_rate):
    dW = learning_rate * (delta.T @ previous)
    db = learning_rate * delta.sum(0)
    return dW, db
""",
    ),
    Stranger(
        "weight_step",
        "one_bias_for_all",
        "db is summed over everything",
        ("shape", "single number"),
        """
def weight_step(previous, delta, learning_rate):
    dW = -learning_rate * (previous.T @ delta)
    db = -learning_rate * np.sum(delta)
    return dW, db
""",
    ),
]
