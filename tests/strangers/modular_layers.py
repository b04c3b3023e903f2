"""Wrong answers to modular-layers."""

from . import MORE_THAN_ONE, Stranger

STRANGERS = [
    Stranger(
        "affine_forward",
        "laid_out_across_samples",
        "reshape(D, N).T mixes the numbers of several samples",
        ("order", "reshape", "mixed", *MORE_THAN_ONE),
        """
def affine_forward(x, w, b):
    rows = x.reshape(w.shape[0], x.shape[0]).T
    return rows @ w + b, (x, w, b)
""",
    ),
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
        "affine_forward",
        "shape_of_the_caller_changed",
        "x.shape = ... lays out the caller's own array",
        ("chang", "modif", "argument"),
        """
def affine_forward(x, w, b):
    N = x.shape[0]
    x.shape = (N, -1)
    out = x.dot(w) + b
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
        "relu_forward",
        "cut_above_too",
        "np.clip(x, 0, 1)",
        ("larger than 1", "above 1", "at most 1", "large (positive|numbers)", "capped", "cut off"),
        """
def relu_forward(x):
    return np.clip(x, 0, 1), x
""",
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
        "relu_backward",
        "leaks",
        "a hundredth of the gradient passes where x is negative",
        ("where x (is|<=?) ?(negative|0|below)", "negative", "below 0"),
        """
def relu_backward(dout, cache):
    x = cache
    return np.where(x > 0, dout, 0.01 * dout)
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
        "svm_loss",
        "margins_squared",
        "the squared hinge loss with its own right gradient",
        ("square",),
        """
def svm_loss(x, y):
    N = len(y)
    rows = np.arange(N)
    margin = np.maximum(0, x - x[rows, y].reshape(N, 1) + 1)
    margin[rows, y] = 0
    dx = 2 * margin
    dx[rows, y] = -dx.sum(axis=1)
    return (margin ** 2).sum() / N, dx / N
""",
    ),
    Stranger(
        "svm_loss",
        "strongest_rival_only",
        "the largest margin of each sample in place of their sum",
        ("largest", "two classes", "C = 2", "C > 2", "C is larger than 2", "one class", "several"),
        """
def svm_loss(x, y):
    N = len(y)
    rows = np.arange(N)
    margin = np.maximum(0, x - x[rows, y][:, None] + 1)
    margin[rows, y] = 0
    rival = margin.argmax(axis=1)
    worst = margin[rows, rival]
    dx = np.zeros(x.shape)
    dx[rows, rival] += worst > 0
    dx[rows, y] -= worst > 0
    return worst.mean(), dx / N
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
        "conv_forward_naive",
        "last_channel_only",
        "= in the loop over the channels",
        ("last channel", "channel", "C = 1", "C > 1"),
        """
def conv_forward_naive(x, w, b, conv_param):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s, p = conv_param["stride"], conv_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    out = np.zeros((N, F, 1 + (H + 2 * p - HH) // s, 1 + (W + 2 * p - WW) // s))
    for n, f, i, j in np.ndindex(out.shape):
        for c in range(C):
            out[n, f, i, j] = (xp[n, c, i * s : i * s + HH, j * s : j * s + WW] * w[f, c]).sum()
        out[n, f, i, j] += b[f]
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
        "max_pool_forward_naive",
        "largest_by_size",
        "the largest absolute value of each window",
        ("negative", "sign", "absolute"),
        """
def max_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    out = np.zeros((N, C, (H - ph) // s + 1, (W - pw) // s + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            out[:, :, i, j] = np.abs(x[:, :, i * s : i * s + ph, j * s : j * s + pw]).max(axis=(2, 3))
    return out, (x, pool_param)
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
        "place_computed_with_the_height",
        "argmax // PH, argmax % PH: right for square windows",
        ("square", "IndexError", "pool_width", "height and width"),
        """
def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        k = np.argmax(x[n, c, i * s : i * s + PH, j * s : j * s + PW])
        dx[n, c, i * s + k // PH, j * s + k % PH] += dout[n, c, i, j]
    return dx
""",
    ),
    Stranger(
        "avg_pool_forward_naive",
        "divided_by_the_stride",
        "the sum is divided by stride * stride",
        ("times (as|too) (small|large)", "factor", "stride"),
        """
def avg_pool_forward_naive(x, pool_param):
    N, C, H, W = x.shape
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    out = np.zeros((N, C, (H - ph) // s + 1, (W - pw) // s + 1))
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = x[n, c, i * s : i * s + ph, j * s : j * s + pw].sum() / s ** 2
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
        "conv_forward_im2col",
        "filters_cut_into_columns",
        "w.reshape(-1, F), where a transposed matrix is meant",
        ("transpos", "reshape", "order", "mixed", "single filter", "F = 1", "F > 1", "more than one filter"),
        """
def conv_forward_im2col(x, w, b, conv_param):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s, p = conv_param["stride"], conv_param["pad"]
    cols = im2col(x, HH, WW, conv_param)
    out = cols @ w.reshape(-1, F) + b
    out = out.reshape(N, (H + 2 * p - HH) // s + 1, (W + 2 * p - WW) // s + 1, F)
    return np.moveaxis(out, 3, 1), (x, w, b, conv_param)
""",
    ),
    Stranger(
        "conv_forward_im2col",
        "rows_and_columns_exchanged",
        "transpose(0, 3, 2, 1)",
        ("transpos", "shape", "rows and columns", "exchanged"),
        """
def conv_forward_im2col(x, w, b, conv_param):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s, p = conv_param["stride"], conv_param["pad"]
    cols = im2col(x, HH, WW, conv_param)
    out = np.dot(cols, w.reshape(F, -1).T) + b
    out = out.reshape(N, (H + 2 * p - HH) // s + 1, (W + 2 * p - WW) // s + 1, F)
    return out.transpose(0, 3, 2, 1), (x, w, b, conv_param)
""",
    ),
    Stranger(
        "conv_backward_im2col",
        "images_made_the_last_axis",
        "the rows of dY are ordered by place, then image",
        ("order", "mixed", *MORE_THAN_ONE),
        """
def conv_backward_im2col(dout, cache):
    x, w, b, conv_param = cache
    F, C, HH, WW = w.shape
    cols = im2col(x, HH, WW, conv_param)
    dout_rows = dout.transpose(1, 2, 3, 0).reshape(F, -1)
    dw = (dout_rows @ cols).reshape(w.shape)
    db = dout_rows.sum(axis=1)
    dx = col2im(dout_rows.T @ w.reshape(F, -1), x.shape, HH, WW, conv_param)
    return dx, dw, db
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
