"""Wrong answers to conv-step-by-step."""

from . import MORE_THAN_ONE, Stranger

STRANGERS = [
    Stranger(
        "zero_pad",
        "pixels_cut_to_whole_numbers",
        "the padded picture is made of integers",
        ("integer", "whole number", "dtype", "int64", "truncat", "cut off"),
        """
def zero_pad(X, pad):
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C), dtype=int)
    X_pad[:, pad : pad + n_H, pad : pad + n_W, :] = X
    return X_pad
""",
    ),
    Stranger(
        "zero_pad",
        "height_for_width",
        "n_H stands where n_W should, in the place of the picture",
        ("ValueError", "square", "broadcast"),
        """
def zero_pad(X, pad):
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C))
    X_pad[:, pad : n_H + pad, pad : n_H + pad] = X
    return X_pad
""",
    ),
    Stranger(
        "zero_pad",
        "border_twice_as_wide",
        "2 pad rows and columns on each side",
        ("shape",),
        """
def zero_pad(X, pad):
    border = (2 * pad, 2 * pad)
    return np.pad(X, ((0, 0), border, border, (0, 0)), "constant", constant_values=0)
""",
    ),
    Stranger(
        "conv_single_step",
        "product_of_sums",
        "the sum of the window times the sum of the filter",
        (
            "one by one",
            "number by number",
            "element",
            "product of (the )?(two )?sums",
            "single pixel",
            "1 x 1",
        ),
        """
def conv_single_step(a_slice_prev, W, b):
    return float(np.sum(a_slice_prev) * np.sum(W) + b[0, 0, 0])
""",
    ),
    Stranger(
        "conv_single_step",
        "sum_of_python",
        "the built-in sum adds up the first axis alone",
        ("shape", "TypeError", "an array", "added up", "single number", "axis"),
        """
def conv_single_step(a_slice_prev, W, b):
    s = a_slice_prev * W
    Z = sum(s)
    Z = Z + float(b[0, 0, 0])
    return Z
""",
    ),
    Stranger(
        "conv_forward",
        "stride_down_but_not_across",
        "the stride is used for rows alone",
        ("stride",),
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, n_C = W.shape[0], W.shape[3]
    s, p = hparameters["stride"], hparameters["pad"]
    n_H, n_W = (n_H_prev - f + 2 * p) // s + 1, (n_W_prev - f + 2 * p) // s + 1
    padded = np.pad(A_prev, ((0, 0), (p, p), (p, p), (0, 0)))
    Z = np.zeros((m, n_H, n_W, n_C))
    for h in range(n_H):
        for w in range(n_W):
            window = padded[:, h * s : h * s + f, w : w + f, :]
            Z[:, h, w, :] = np.einsum("ipqk,pqkc->ic", window, W) + b[0, 0, 0]
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    Stranger(
        "conv_forward",
        "size_rounded",
        "round() in the formula of the size makes room for windows that are not there",
        ("shape", "ValueError", "left over", "stride"),
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, n_C = W.shape[0], W.shape[3]
    stride, pad = hparameters["stride"], hparameters["pad"]
    n_H = round((n_H_prev - f + 2 * pad) / stride + 0.01) + 1
    n_W = round((n_W_prev - f + 2 * pad) / stride + 0.01) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    for i, h, w, c in np.ndindex(Z.shape):
        a = A[i, h * stride : h * stride + f, w * stride : w * stride + f]
        Z[i, h, w, c] = np.sum(a * W[: a.shape[0], : a.shape[1], :, c]) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)
""",
    ),
    Stranger(
        "pool_forward",
        "mode_by_another_name",
        "the average is asked for as 'avg', so nothing is written in that mode",
        ("mode", "average", "zeros", "0 everywhere", "all 0"),
        """
def pool_forward(A_prev, hparameters, mode="max"):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f, stride = hparameters["f"], hparameters["stride"]
    n_H, n_W = (n_H_prev - f) // stride + 1, (n_W_prev - f) // stride + 1
    A = np.zeros((m, n_H, n_W, n_C))
    for h in range(n_H):
        for w in range(n_W):
            window = A_prev[:, h * stride : h * stride + f, w * stride : w * stride + f, :]
            if mode == "max":
                A[:, h, w, :] = window.max(axis=(1, 2))
            elif mode == "avg":
                A[:, h, w, :] = window.mean(axis=(1, 2))
    return A, (A_prev, hparameters)
""",
    ),
    Stranger(
        "pool_forward",
        "last_row_left_out",
        "range(n_H - 1): the last row and column of the output stay 0",
        ("last row", "last column", "0 in the last", "border", "bottom", "last "),
        """
def pool_forward(A_prev, hparameters, mode="max"):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f, stride = hparameters["f"], hparameters["stride"]
    n_H, n_W = (n_H_prev - f) // stride + 1, (n_W_prev - f) // stride + 1
    A = np.zeros((m, n_H, n_W, n_C))
    for i in range(m):
        for h in range(n_H - 1):
            for w in range(n_W - 1):
                window = A_prev[i, h * stride : h * stride + f, w * stride : w * stride + f, :]
                A[i, h, w] = window.max(axis=(0, 1)) if mode == "max" else window.mean(axis=(0, 1))
    return A, (A_prev, hparameters)
""",
        also=("is 0 where it should not be, and right elsewhere",),
    ),
    Stranger(
        "conv_backward",
        "begun_anew_for_each_image",
        "dW and db are set to 0 inside the loop over the images",
        ("last (sample|image)", *MORE_THAN_ONE),
        """
def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, n_H, n_W, n_C = dZ.shape
    f = W.shape[0]
    A_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dA_pad = np.zeros(A_pad.shape)
    for i in range(m):
        dW = np.zeros(W.shape)
        db = np.zeros(b.shape)
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    v, u = h * stride, w * stride
                    dA_pad[i, v : v + f, u : u + f] += W[..., c] * dZ[i, h, w, c]
                    dW[..., c] += A_pad[i, v : v + f, u : u + f] * dZ[i, h, w, c]
                    db[..., c] += dZ[i, h, w, c]
    return dA_pad[:, pad : pad + A_prev.shape[1], pad : pad + A_prev.shape[2]], dW, db
""",
        also=("wrong just where there are several samples",),
    ),
    Stranger(
        "conv_backward",
        "given_to_every_image",
        "the gradient of one image is added to all images",
        (*MORE_THAN_ONE, "(every|other|all) images?"),
        """
def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    A_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dA_pad, dW = np.zeros(A_pad.shape), np.zeros(W.shape)
    for i, h, w, c in np.ndindex(dZ.shape):
        v, u = h * stride, w * stride
        dA_pad[:, v : v + f, u : u + f] += W[..., c] * dZ[i, h, w, c]
        dW[..., c] += A_pad[i, v : v + f, u : u + f] * dZ[i, h, w, c]
    dA_prev = dA_pad[:, pad : pad + A_prev.shape[1], pad : pad + A_prev.shape[2]]
    return dA_prev, dW, dZ.sum(axis=(0, 1, 2)).reshape(1, 1, 1, -1)
""",
        also=("the same for every sample",),
    ),
    Stranger(
        "conv_backward",
        "corner_moved_by_the_border",
        "h * stride + pad: the border is added to the place of the window",
        ("shift", r"\bpad", "border", "ValueError", "broadcast"),
        """
def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    f = W.shape[0]
    A_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    dA_pad, dW = np.zeros(A_pad.shape), np.zeros(W.shape)
    db = np.zeros(b.shape)
    for i, h, w, c in np.ndindex(dZ.shape):
        v, u = h * stride + pad, w * stride + pad
        dA_pad[i, v : v + f, u : u + f] += W[..., c] * dZ[i, h, w, c]
        dW[..., c] += A_pad[i, v : v + f, u : u + f] * dZ[i, h, w, c]
        db[..., c] += dZ[i, h, w, c]
    return dA_pad[:, pad : pad + A_prev.shape[1], pad : pad + A_prev.shape[2]], dW, db
""",
        names=("conv_backward.padding_forgotten",),  # said to be a known way to the same error, which it is
    ),
    Stranger(
        "create_mask_from_window",
        "place_in_two_by_two",
        "the place of the maximum is computed for windows of 2 x 2",
        ("IndexError", "2 x 2", "larger (window|than 2)", "f is larger", "f > 2"),
        """
def create_mask_from_window(x):
    mask = np.zeros(x.shape, dtype=bool)
    k = np.argmax(x)
    mask[k // 2, k % 2] = True
    return mask
""",
        also=("in other places",),
    ),
    Stranger(
        "create_mask_from_window",
        "above_the_mean",
        "everything above the mean is marked",
        ("more than one", "several", "too many", "mean", "other numbers", "not the largest"),
        """
def create_mask_from_window(x):
    mask = x > np.mean(x)
    return mask
""",
    ),
    Stranger(
        "distribute_value",
        "brackets_forgotten",
        "dz / n_H * n_W",
        ("bracket", "parenthes", "n_W", "times (as|too) (small|large)", "factor"),
        """
def distribute_value(dz, shape):
    n_H, n_W = shape
    average = dz / n_H * n_W
    return np.ones(shape) * average
""",
    ),
    Stranger(
        "distribute_value",
        "always_four",
        "divided by 4",
        ("2 x 2", "times (as|too) (small|large)", "factor", "other sizes"),
        """
def distribute_value(dz, shape):
    a = np.zeros(shape)
    a += dz / 4
    return a
""",
    ),
    Stranger(
        "pool_backward",
        "shared_by_the_output",
        "the share is computed with the size of the output, not of the window",
        ("times (as|too) (small|large)", "factor", "share", "f \\* f", r"n_H"),
        """
def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c in np.ndindex(dA.shape):
        v, u = h * stride, w * stride
        if mode == "max":
            piece = A_prev[i, v : v + f, u : u + f, c]
            dA_prev[i, v : v + f, u : u + f, c] += (piece == piece.max()) * dA[i, h, w, c]
        elif mode == "average":
            dA_prev[i, v : v + f, u : u + f, c] += np.ones((f, f)) * dA[i, h, w, c] / (n_H * n_W)
    return dA_prev
""",
    ),
    Stranger(
        "pool_backward",
        "gradient_of_all_channels",
        "dA[i, h, w] without its channel",
        ("ValueError", "broadcast", "channel"),
        """
def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    v, u = h * stride, w * stride
                    piece = A_prev[i, v : v + f, u : u + f, c]
                    mask = piece == np.max(piece) if mode == "max" else np.ones((f, f)) / f ** 2
                    dA_prev[i, v : v + f, u : u + f, c] += mask * dA[i, h, w]
    return dA_prev
""",
    ),
    Stranger(
        "pool_backward",
        "place_in_the_window_for_place_in_the_picture",
        "the corner of the window is not added to the place of the maximum",
        ("corner", "top left", "window", "outside", "wrong place", "position", "first rows"),
        """
def pool_backward(dA, cache, mode="max"):
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    m, n_H, n_W, n_C = dA.shape
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c in np.ndindex(dA.shape):
        v, u = h * stride, w * stride
        piece = A_prev[i, v : v + f, u : u + f, c]
        if mode == "max":
            p, q = np.unravel_index(np.argmax(piece), piece.shape)
            dA_prev[i, p, q, c] += dA[i, h, w, c]
        else:
            dA_prev[i, v : v + f, u : u + f, c] += dA[i, h, w, c] / (f * f)
    return dA_prev
""",
        also=("shared out in another way",),
    ),
]
