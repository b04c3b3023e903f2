"""Changes of the references that no check has to notice, and why."""

SAME_TYPES = (
    "it matters where float32 and float64 are mixed, which no task asks for"
)
GRADIENTS = "a gradient comes as floating-point numbers, so its type alone decides"
ANY_FLOAT = "any float makes a type of floats out of one of integers"
NOT_READ = "the batch gets samples that no loop reads"
NUMBER = "0 spreads over the array that is added to it"

# stem: {the changed line, as it is now: why}
EQUAL = {
    "sigmoid": {
        "a = np.where(z > 0, 1, e) / (1 + e)": "at z = 0, e is 1",
    },
    "momentum": {
        "v = np.zeros_like(None) if state is None else state": NUMBER,
    },
    "rmsprop": {
        "c = np.zeros_like(None) if state is None else state": NUMBER,
    },
    "adam": {
        "m, c, t = (np.zeros_like(None), np.zeros_like(g), 0) if state is None else state": NUMBER,
        "m, c, t = (np.zeros_like(g), np.zeros_like(None), 0) if state is None else state": NUMBER,
    },
    "conv_forward": {
        "A_prev_pad = np.pad(A_prev, ((0, 1), (pad, pad), (pad, pad), (0, 0)))": NOT_READ,
        "Z = np.zeros((m, n_H, n_W, n_C), dtype=np.result_type(W, b))": SAME_TYPES,
        "Z = np.zeros((m, n_H, n_W, n_C), dtype=np.result_type(A_prev, b))": SAME_TYPES,
        "Z = np.zeros((m, n_H, n_W, n_C), dtype=np.result_type(A_prev, W, ))": SAME_TYPES,
    },
    "pool_forward": {
        'A = np.zeros((m, n_H, n_W, n_C), dtype=A_prev.dtype if mode == "XXmaxXX" '
        "else np.result_type(A_prev, 1.0))": "the largest integer is the same number as a float",
        'A = np.zeros((m, n_H, n_W, n_C), dtype=A_prev.dtype if mode == "MAX" '
        "else np.result_type(A_prev, 1.0))": "the largest integer is the same number as a float",
        'A = np.zeros((m, n_H, n_W, n_C), dtype=A_prev.dtype if (mode == "max") and False '
        "else np.result_type(A_prev, 1.0))": "the largest integer is the same number as a float",
        'A = np.zeros((m, n_H, n_W, n_C), dtype=A_prev.dtype if mode == "max" '
        "else np.result_type(A_prev, 2.0))": ANY_FLOAT,
    },
    "conv_backward": {
        "dA_prev_pad = np.zeros(A_prev_pad.shape, dtype=np.result_type(W))": SAME_TYPES,
        "dA_prev_pad = np.zeros(A_prev_pad.shape, dtype=np.result_type(dZ, ))": GRADIENTS,
        "dW = np.zeros(W.shape, dtype=np.result_type(dZ, ))": GRADIENTS,
    },
    "pool_backward": {
        "dA_prev = np.zeros(A_prev.shape, dtype=np.result_type(dA, 2.0))": ANY_FLOAT,
        "dA_prev = np.zeros(A_prev.shape, dtype=np.result_type(dA, ))": GRADIENTS,
    },
    "affine_backward": {
        "rows = x.reshape(x.shape[0], -2)  # (N, D)": "NumPy takes any negative number for the open size",
    },
    "svm_loss": {
        "dx = (margin > 0).astype(np.result_type(x, 2.0))": ANY_FLOAT,
    },
    "conv_forward_naive": {
        "x_pad = np.pad(x, ((0, 1), (0, 0), (pad, pad), (pad, pad)))": NOT_READ,
        "out = np.zeros((N, F, H_out, W_out), dtype=np.result_type(w, b))": SAME_TYPES,
        "out = np.zeros((N, F, H_out, W_out), dtype=np.result_type(x, b))": SAME_TYPES,
        "out = np.zeros((N, F, H_out, W_out), dtype=np.result_type(x, w, ))": SAME_TYPES,
    },
    "conv_backward_naive": {
        "dx_pad = np.zeros(x_pad.shape, dtype=np.result_type(w))": SAME_TYPES,
        "dx_pad = np.zeros(x_pad.shape, dtype=np.result_type(dout, ))": GRADIENTS,
        "dw = np.zeros(w.shape, dtype=np.result_type(dout, ))": GRADIENTS,
    },
    "avg_pool_forward_naive": {
        "out = np.zeros((N, C, H_out, W_out), dtype=np.result_type(x, 2.0))": ANY_FLOAT,
    },
    "avg_pool_backward_naive": {
        "dx = np.zeros(x.shape, dtype=np.result_type(dout, 2.0))": ANY_FLOAT,
        "dx = np.zeros(x.shape, dtype=np.result_type(dout, ))": GRADIENTS,
    },
    "confusion_matrix": {
        "counts = np.zeros((num_classes, num_classes), dtype=None)": "floats count the same numbers",
        "counts = np.zeros((num_classes, num_classes), )": "floats count the same numbers",
    },
    "lrn_forward": {
        "scale = np.zeros(x.shape, dtype=np.result_type(x, 2.0))": ANY_FLOAT,
    },
    "dropout_forward": {
        "mask = rng.random(x.shape) <= p": "a draw is exactly p once in 9e15 draws",
    },
    "median_pool_backward": {
        "middle = (ranks >= (K - 1) // 2) & (ranks <= K / 2)  # one place, or two": "ranks are whole numbers",
    },
}
