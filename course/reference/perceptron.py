"""The perceptron, and back-propagation through one hidden layer: what the first lesson asks for."""

import numpy as np

from .inputs import expect_array


def step(z):
    """Fire where the weighted sum is above 0.

    y = 1 where z > 0, and 0 elsewhere, also where z is exactly 0.

    z: weighted sums, any shape.  Returns y: zeros and ones, the shape of z.
    """
    ### BEGIN SOLUTION
    y = np.where(z > 0, 1, 0)
    ### END SOLUTION
    return y


def perceptron_update(w, b, x, target, learning_rate=1.0):
    """Let a perceptron learn from one sample.

    error = target - step(sum_d w_d x_d + b);
    new w = w + learning_rate * error * x;  new b = b + learning_rate * error.

    w: (D,) weights; not modified.  b: the bias, a number.  x: (D,) features.  target: 0 or 1.
    Returns w: (D,), and b: a number, after the step.
    """
    expect_array("w", w, ("D",))
    expect_array("x", x, w.shape)
    ### BEGIN SOLUTION
    output = 1 if w @ x + b > 0 else 0
    error = target - output  # 1, 0 or -1
    w = w + learning_rate * error * x
    b = b + learning_rate * error
    ### END SOLUTION
    return w, b


def sigmoid(z):
    """Squash any number into one between 0 and 1.

    a = 1 / (1 + e^-z). Numbers such as 1000 and -1000 must give 1 and 0, and never nan.

    z: any shape.  Returns a: the shape of z.
    """
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))  # never of a positive number: it cannot overflow
    a = np.where(z >= 0, 1, e) / (1 + e)
    ### END SOLUTION
    return a


def tanh_slope(a):
    """Compute the slope of tanh from what came out of it.

    If a = tanh(z), then da/dz = 1 - a^2.

    a: what tanh gave, any shape; not z.  Returns slope: the shape of a.
    """
    ### BEGIN SOLUTION
    slope = 1 - a**2
    ### END SOLUTION
    return slope


def output_delta(a, y):
    """Compute the error of the output layer: the gradient of the loss for its weighted sums.

    loss = -1/N sum_nk (y_nk log a_nk + (1 - y_nk) log(1 - a_nk)) with a = sigmoid(z);
    delta_nk = d loss / d z_nk = (a_nk - y_nk) / N.

    a: (N, K) outputs.  y: (N, K) targets.  Returns delta: (N, K).
    """
    expect_array("a", a, ("N", "K"))
    expect_array("y", y, a.shape)
    ### BEGIN SOLUTION
    delta = (a - y) / len(a)
    ### END SOLUTION
    return delta


def hidden_delta(delta, W, hidden):
    """Compute the error of a hidden layer of tanh from the error of the layer behind it.

    delta_hidden_nh = (sum_k delta_nk W_hk) (1 - hidden_nh^2).

    delta: (N, K), the error of the layer behind.  W: (H, K), the weights between the two.
    hidden: (N, H), what came out of tanh.  Returns delta_hidden: (N, H).
    """
    expect_array("W", W, ("H", "K"))
    expect_array("delta", delta, ("N", W.shape[1]))
    expect_array("hidden", hidden, (delta.shape[0], W.shape[0]))
    ### BEGIN SOLUTION
    delta_hidden = (delta @ W.T) * (1 - hidden**2)
    ### END SOLUTION
    return delta_hidden


def weight_step(previous, delta, learning_rate):
    """Compute what is added to the weights and biases of a layer, downhill.

    dW_dh = -learning_rate sum_n previous_nd delta_nh;  db_h = -learning_rate sum_n delta_nh.

    previous: (N, D), what went into the layer.  delta: (N, H), the layer's error.
    Returns dW: (D, H), and db: (H,).
    """
    expect_array("delta", delta, ("N", "H"))
    expect_array("previous", previous, (delta.shape[0], "D"))
    ### BEGIN SOLUTION
    dW = -learning_rate * previous.T @ delta
    db = -learning_rate * delta.sum(axis=0)
    ### END SOLUTION
    return dW, db
