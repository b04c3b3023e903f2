"""Wrong answers to modular-layers."""

from . import MORE_THAN_ONE, Stranger

STRANGERS = [
    Stranger(
        "affine_forward",
        "bias_added_to_the_weights",
        "x @ (w + b): every input adds the bias again",
        ("bias", r"\bb\b"),
        """
def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ (w + b)
    return out, (x, w, b)
""",
    ),
    Stranger(
        "affine_backward",
        "images_not_laid_out_for_dw",
        "x.T of images turns all axes round",
        ("ValueError", "matmul"),
        """
def affine_backward(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.T @ dout
    db = np.sum(dout, axis=0)
    return dx, dw, db
""",
        also=("more than two axes",),
    ),
    Stranger(
        "affine_backward",
        "returned_in_another_order",
        "dw, dx, db",
        ("order", "exchanged", "swapped", "shape"),
        """
def affine_backward(dout, cache):
    x, w, b = cache
    dw = np.dot(x.reshape(x.shape[0], -1).T, dout)
    dx = np.dot(dout, w.T).reshape(*x.shape)
    return dw, dx, dout.sum(axis=0)
""",
    ),
    Stranger(
        "affine_backward",
        "weights_added",
        "dw = ... + w, as if it were regularised",
        ("plus w", "w itself", "regularis", r"by w\b", "w is added"),
        """
def affine_backward(dout, cache):
    x, w, b = cache
    rows = np.reshape(x, (len(x), -1))
    dx = np.reshape(dout @ w.T, x.shape)
    dw = rows.T @ dout + w
    db = np.sum(dout, axis=0)
    return dx, dw, db
""",
        also=("but for w, which is added",),
    ),
    Stranger(
        "relu_forward",
        "max_along_an_axis",
        "np.max(x, 0) takes the maximum over the samples",
        ("shape",),
        """
def relu_forward(x):
    out = np.max(x, 0)
    return out, x
""",
    ),
    Stranger(
        "relu_forward",
        "whole_numbers",
        "the result is turned into integers",
        ("integer", "whole number", "dtype", "truncat", "cut off", "fraction"),
        """
def relu_forward(x):
    out = np.array([max(0, value) for value in x.ravel()], dtype=int)
    return out.reshape(x.shape), x
""",
    ),
    Stranger(
        "softmax_loss",
        "one_written_for_one_taken_away",
        "dx[n, y] = -1 in place of -= 1",
        ("right class", "label", r"y\[n\]", "at y"),
        """
def softmax_loss(x, y):
    N = x.shape[0]
    p = np.exp(x - np.max(x, axis=1, keepdims=True))
    p /= np.sum(p, axis=1, keepdims=True)
    z = x - x.max(axis=1, keepdims=True)
    loss = np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(N), y])
    dx = p
    dx[np.arange(N), y] = -1
    return loss, dx / N
""",
    ),
    Stranger(
        "softmax_loss",
        "shifted_by_columns",
        "the largest score of each class is taken away, which changes the probabilities",
        ("axis", "column", "each sample", "row", *MORE_THAN_ONE),
        """
def softmax_loss(x, y):
    N = x.shape[0]
    shifted = x - x.max(axis=0)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -np.sum(log_p[np.arange(N), y]) / N
    dx = np.exp(log_p)
    dx[np.arange(N), y] -= 1
    return loss, dx / N
""",
    ),
    Stranger(
        "softmax_loss",
        "labels_for_rows",
        "p[y] takes rows, not the numbers of the right classes",
        ("IndexError", "label", "row", "right class"),
        """
def softmax_loss(x, y):
    N, C = x.shape
    e = np.exp(x - x.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p[y]))
    dx = (p - np.eye(C)[y]) / N
    return loss, dx
""",
    ),
    Stranger(
        "softmax_loss",
        "divided_by_the_classes",
        "dx is divided by C where N is meant",
        ("times (as|too) (small|large)", "factor", "divided", "number of classes"),
        """
def softmax_loss(x, y):
    N, C = x.shape
    z = x - np.max(x, axis=1).reshape(-1, 1)
    log_p = z - np.log(np.sum(np.exp(z), axis=1)).reshape(-1, 1)
    loss = -log_p[np.arange(N), y].sum() / N
    dx = np.exp(log_p) - np.eye(C)[y]
    return loss, dx / C
""",
    ),
    Stranger(
        "svm_loss",
        "scores_of_right_classes_as_a_row",
        "(N, C) - (N,) pairs samples with classes",
        ("ValueError", "broadcast"),
        """
def svm_loss(x, y):
    N = x.shape[0]
    correct = x[np.arange(N), y]
    margins = np.maximum(0, x - correct + 1.0)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N
    dx = np.zeros_like(x)
    dx[margins > 0] = 1
    dx[np.arange(N), y] -= np.sum(margins > 0, axis=1)
    return loss, dx / N
""",
    ),
    Stranger(
        "conv_forward_naive",
        "bias_for_each_channel",
        "b[f] is added inside the loop over the channels",
        ("bias", r"\bb\b", "channel", "C = 1", "C > 1"),
        """
def conv_forward_naive(x, w, b, conv_param):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s, p = conv_param["stride"], conv_param["pad"]
    x_pad = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    out = np.zeros((N, F, 1 + (H + 2 * p - HH) // s, 1 + (W + 2 * p - WW) // s))
    for n, f, i, j in np.ndindex(out.shape):
        for c in range(C):
            out[n, f, i, j] += np.sum(x_pad[n, c, i * s : i * s + HH, j * s : j * s + WW] * w[f, c]) + b[f]
    return out, (x, w, b, conv_param)
""",
    ),
    Stranger(
        "conv_forward_naive",
        "written_at_the_place_of_the_window",
        "out[n, f, i * stride, j * stride]",
        ("IndexError", "stride"),
        """
def conv_forward_naive(x, w, b, conv_param):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    H_out, W_out = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    out = np.zeros((N, F, H_out, W_out))
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    for n in range(N):
        for f in range(F):
            for i in range(0, H_out * stride, stride):
                for j in range(0, W_out * stride, stride):
                    out[n, f, i, j] = np.sum(padded[n, :, i : i + HH, j : j + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)
""",
    ),
    Stranger(
        "conv_backward_naive",
        "gradients_begin_with_the_pixels",
        "dx_pad is a second name of x_pad, not an array of zeros",
        ("too large by", "x itself", "starts? with", "begins? with", "zeros", "copy", "plus x"),
        """
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s, p = conv_param["stride"], conv_param["pad"]
    x_pad = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    dx_pad = x_pad
    dw = np.zeros_like(w)
    for n, f, i, j in np.ndindex(dout.shape):
        here = np.s_[n, :, i * s : i * s + HH, j * s : j * s + WW]
        dw[f] += x_pad[here] * dout[n, f, i, j]
        dx_pad[here] += w[f] * dout[n, f, i, j]
    return dx_pad[:, :, p : p + H, p : p + W], dw, dout.sum(axis=(0, 2, 3))
""",
        also=("but for x, which is added",),
    ),
    Stranger(
        "conv_backward_naive",
        "border_cut_off_twice",
        "dx_pad[pad:H, pad:W]",
        ("shape",),
        """
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s, p = conv_param["stride"], conv_param["pad"]
    x_pad = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    dx_pad, dw, db = np.zeros_like(x_pad), np.zeros_like(w), np.zeros(F)
    for n, f, i, j in np.ndindex(dout.shape):
        here = np.s_[n, :, i * s : i * s + HH, j * s : j * s + WW]
        dw[f] += x_pad[here] * dout[n, f, i, j]
        dx_pad[here] += w[f] * dout[n, f, i, j]
        db[f] += dout[n, f, i, j]
    return dx_pad[:, :, p:H, p:W], dw, db
""",
    ),
    Stranger(
        "conv_backward_naive",
        "sum_within_the_loop",
        "db[f] gets the sum of all dout once for every place",
        ("times (as|too) (small|large)", "factor", "several times", "too often"),
        """
def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s, p = conv_param["stride"], conv_param["pad"]
    x_pad = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    dx_pad, dw, db = np.zeros(x_pad.shape), np.zeros(w.shape), np.zeros(F)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            window = x_pad[:, :, i * s : i * s + HH, j * s : j * s + WW]
            dw += np.einsum("nf,ncpq->fcpq", dout[:, :, i, j], window)
            back = np.einsum("nf,fcpq->ncpq", dout[:, :, i, j], w)
            dx_pad[:, :, i * s : i * s + HH, j * s : j * s + WW] += back
            db += dout.sum(axis=(0, 2, 3))
    return dx_pad[:, :, p : p + H, p : p + W], dw, db
""",
    ),
    Stranger(
        "max_pool_forward_naive",
        "windows_side_by_side",
        "the reshape of the lesson, which knows no stride and no rest",
        ("stride", "shape", "ValueError", "overlap"),
        """
def max_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    ph, pw = pool_param["pool_height"], pool_param["pool_width"]
    out = x.reshape(N, C, H // ph, ph, W // pw, pw).max(axis=(3, 5))
    return out, (x, pool_param)
""",
    ),
    Stranger(
        "max_pool_backward_naive",
        "dout_at_the_corner_of_the_window",
        "dout[n, c, top, left] for dout[n, c, i, j]",
        ("IndexError", "stride", "wrong place", "dout"),
        """
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    dx = np.zeros(x.shape)
    for n in range(N):
        for c in range(C):
            for top in range(0, H - PH + 1, s):
                for left in range(0, W - PW + 1, s):
                    window = x[n, c, top : top + PH, left : left + PW]
                    mask = window == window.max()
                    dx[n, c, top : top + PH, left : left + PW] += mask * dout[n, c, top, left]
    return dx
""",
    ),
    Stranger(
        "avg_pool_forward_naive",
        "rounded",
        "the means are rounded to two digits",
        ("round", "digit", "decimal", "close", "nearly", "small (error|difference)"),
        """
def avg_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    out = np.zeros((N, C, (H - ph) // s + 1, (W - pw) // s + 1))
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = round(np.mean(x[n, c, i * s : i * s + ph, j * s : j * s + pw]), 2)
    return out, (x, pool_param)
""",
    ),
    Stranger(
        "avg_pool_backward_naive",
        "blown_up",
        "np.repeat spreads each number over a window, as if windows lay side by side",
        ("shape", "overlap", "stride"),
        """
def avg_pool_backward_naive(dout, cache):
    x, pool_param = cache
    ph, pw = pool_param["pool_height"], pool_param["pool_width"]
    return np.repeat(np.repeat(dout, ph, axis=2), pw, axis=3) / (ph * pw)
""",
    ),
    Stranger(
        "conv_backward_im2col",
        "divided_by_the_number_of_windows",
        "col2im is made the inverse of im2col by dividing by the windows that a pixel lies in",
        ("overlap", "in several windows", "number of windows", "middle", "inside", "border"),
        """
def conv_backward_im2col(dout, cache):
    x, w, b, conv_param = cache
    F, C, HH, WW = w.shape
    dY = np.transpose(dout, (0, 2, 3, 1)).reshape(-1, F)
    cols = im2col(x, HH, WW, conv_param)
    counts = col2im(np.ones_like(cols), x.shape, HH, WW, conv_param)
    dx = col2im(dY @ w.reshape(F, -1), x.shape, HH, WW, conv_param) / np.maximum(counts, 1)
    return dx, (dY.T @ cols).reshape(w.shape), dY.sum(axis=0)
""",
    ),
]
