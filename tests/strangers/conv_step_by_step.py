"""Wrong answers to conv-step-by-step."""

from . import MORE_THAN_ONE, Stranger

STRANGERS = [
    Stranger(
        "zero_pad",
        "border_on_one_side",
        "both borders are put behind the picture",
        ("shift", "moved", "border", "one side"),
        """
def zero_pad(X, pad):
    X_pad = np.pad(X, ((0, 0), (0, 2 * pad), (0, 2 * pad), (0, 0)), mode="constant")
    return X_pad
""",
    ),
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
        "conv_single_step",
        "matrix_product",
        "@ for *: not number by number",
        ("ValueError", "matmul", "matrix product"),
        """
def conv_single_step(a_slice_prev, W, b):
    s = a_slice_prev @ W
    Z = np.sum(s) + float(b)
    return Z
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
        "whole_number",
        "int() where float() is meant",
        ("integer", "whole number", "truncat", "cut off", "rounded"),
        """
def conv_single_step(a_slice_prev, W, b):
    s = np.multiply(a_slice_prev, W)
    Z = np.sum(s)
    Z = int(Z + b[0][0][0])
    return Z
""",
    ),
    Stranger(
        "conv_forward",
        "always_the_first_image",
        "the padded image is taken with index 0 instead of i",
        ("first (sample|image)", "image 0", *MORE_THAN_ONE),
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, f, n_C_prev, n_C = W.shape
    stride, pad = hparameters["stride"], hparameters["pad"]
    n_H = int((n_H_prev - f + 2 * pad) / stride) + 1
    n_W = int((n_W_prev - f + 2 * pad) / stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    padded = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    for i in range(m):
        a = padded[0]
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    piece = a[h * stride : h * stride + f, w * stride : w * stride + f, :]
                    Z[i, h, w, c] = np.sum(piece * W[:, :, :, c]) + b[0, 0, 0, c]
    return Z, (A_prev, W, b, hparameters)
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
        "filters_on_the_first_axis",
        "W[c] for W[..., c]",
        ("ValueError", "IndexError", "broadcast", "filter"),
        """
def conv_forward(A_prev, W, b, hparameters):
    m, n_H_prev, n_W_prev, n_C_prev = A_prev.shape
    f, n_C = W.shape[0], W.shape[3]
    stride, pad = hparameters["stride"], hparameters["pad"]
    n_H = (n_H_prev - f + 2 * pad) // stride + 1
    n_W = (n_W_prev - f + 2 * pad) // stride + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    A = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    for i, h, w, c in np.ndindex(Z.shape):
        vert, horiz = h * stride, w * stride
        Z[i, h, w, c] = (A[i, vert : vert + f, horiz : horiz + f] * W[c]).sum() + b[0, 0, 0, c]
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
        "largest_so_far_starts_at_zero",
        "a search for the maximum that starts at 0, so negative windows give 0",
        ("negative", "below 0"),
        """
def pool_forward(A_prev, hparameters, mode="max"):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f, stride = hparameters["f"], hparameters["stride"]
    n_H, n_W = (n_H_prev - f) // stride + 1, (n_W_prev - f) // stride + 1
    A = np.zeros((m, n_H, n_W, n_C))
    for i, h, w, c in np.ndindex(A.shape):
        total = 0
        for p in range(f):
            for q in range(f):
                value = A_prev[i, h * stride + p, w * stride + q, c]
                if mode == "max":
                    A[i, h, w, c] = max(A[i, h, w, c], value)
                total += value
        if mode == "average":
            A[i, h, w, c] = total / (f * f)
    return A, (A_prev, hparameters)
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
        "window_as_long_as_the_stride",
        "the window ends at start + stride instead of start + f",
        ("stride", "overlap", "window"),
        """
def pool_forward(A_prev, hparameters, mode="max"):
    m, n_H_prev, n_W_prev, n_C = A_prev.shape
    f, stride = hparameters["f"], hparameters["stride"]
    n_H, n_W = 1 + (n_H_prev - f) // stride, 1 + (n_W_prev - f) // stride
    A = np.zeros((m, n_H, n_W, n_C))
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    top, left = h * stride, w * stride
                    piece = A_prev[i, top : top + stride, left : left + stride, c]
                    A[i, h, w, c] = np.max(piece) if mode == "max" else np.mean(piece)
    return A, (A_prev, hparameters)
""",
    ),
    Stranger(
        "conv_backward",
        "windows_of_the_bare_picture",
        "the windows for dW are cut out of A_prev, which has no border",
        ("ValueError", "broadcast", r"\bpad", "border"),
        """
def conv_backward(dZ, cache):
    A_prev, W, b, hparameters = cache
    stride, pad = hparameters["stride"], hparameters["pad"]
    m, n_H, n_W, n_C = dZ.shape
    f = W.shape[0]
    dW, db = np.zeros(W.shape), np.zeros((1, 1, 1, n_C))
    dA_pad = np.zeros((m, A_prev.shape[1] + 2 * pad, A_prev.shape[2] + 2 * pad, A_prev.shape[3]))
    for i, h, w, c in np.ndindex(dZ.shape):
        v, u = h * stride, w * stride
        dA_pad[i, v : v + f, u : u + f] += W[..., c] * dZ[i, h, w, c]
        dW[..., c] += A_prev[i, v : v + f, u : u + f] * dZ[i, h, w, c]
        db[..., c] += dZ[i, h, w, c]
    dA_prev = dA_pad[:, pad : pad + A_prev.shape[1], pad : pad + A_prev.shape[2]]
    return dA_prev, dW, db
""",
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
    ),
    Stranger(
        "create_mask_from_window",
        "largest_of_each_column",
        "x.max(axis=0): every column has its own maximum",
        ("each column", "several", "more than one", "axis", "too many"),
        """
def create_mask_from_window(x):
    return x == x.max(axis=0)
""",
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
    ),
    Stranger(
        "create_mask_from_window",
        "largest_by_size",
        "compared with the largest absolute value",
        ("negative", "no place", "all False", "False everywhere", "absolute"),
        """
def create_mask_from_window(x):
    mask = (x == np.abs(x).max())
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
    ),
]
