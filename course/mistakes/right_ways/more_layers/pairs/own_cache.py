"""Forward and backward passes that share a cache of their own."""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    """Keep the centred numbers and one over the deviation."""
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    running_mean = bn_param.get("running_mean", np.zeros(x.shape[1]))
    running_var = bn_param.get("running_var", np.zeros(x.shape[1]))
    if bn_param["mode"] == "test":
        return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta, None
    centred = x - x.mean(axis=0)
    var = (centred**2).mean(axis=0)
    bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * x.mean(axis=0)
    bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    inverse = 1 / np.sqrt(var + eps)
    return gamma * centred * inverse + beta, {"centred": centred, "inverse": inverse, "gamma": gamma}


def batchnorm_backward(dout, cache):
    """Go back step by step: scale, division, root, variance, mean."""
    centred, inverse, gamma = cache["centred"], cache["inverse"], cache["gamma"]
    N = len(dout)
    d_hat = dout * gamma
    d_inverse = (d_hat * centred).sum(axis=0)
    d_var = -0.5 * inverse**3 * d_inverse
    d_centred = d_hat * inverse + 2 / N * centred * d_var
    dx = d_centred - d_centred.sum(axis=0) / N
    return dx, (dout * centred * inverse).sum(axis=0), dout.sum(axis=0)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Treat each pixel as a sample: a matrix with a column for each channel, which is kept."""
    N, C, H, W = x.shape
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, C)
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    mu, var = bn_param.get("running_mean", np.zeros(C)), bn_param.get("running_var", np.zeros(C))
    if bn_param["mode"] == "train":
        bn_param["running_mean"] = momentum * mu + (1 - momentum) * pixels.mean(axis=0)
        bn_param["running_var"] = momentum * var + (1 - momentum) * pixels.var(axis=0)
        mu, var = pixels.mean(axis=0), pixels.var(axis=0)
    inverse = 1 / np.sqrt(var + eps)
    x_hat = (pixels - mu) * inverse
    out = gamma * x_hat + beta
    return out.reshape(N, H, W, C).transpose(0, 3, 1, 2), (x_hat, gamma * inverse)


def spatial_batchnorm_backward(dout, cache):
    """Use the matrix, and lay out its gradient as images again."""
    x_hat, factor = cache
    N, C, H, W = dout.shape
    upstream = dout.transpose(0, 2, 3, 1).reshape(-1, C)
    dx = factor * (upstream - upstream.mean(axis=0) - x_hat * (upstream * x_hat).mean(axis=0))
    dx = dx.reshape(N, H, W, C).transpose(0, 3, 1, 2)
    return dx, (upstream * x_hat).sum(axis=0), upstream.sum(axis=0)


def lrn_forward(x, lrn_param):
    """Keep the output and the scale; add the squares through differences of a running sum."""
    n, k, alpha, beta = lrn_param["n"], lrn_param["k"], lrn_param["alpha"], lrn_param["beta"]
    N, C, H, W = x.shape
    running = np.concatenate([np.zeros((N, 1, H, W)), np.cumsum(x**2.0, axis=1)], axis=1)
    ends = np.minimum(np.arange(C) + n // 2 + 1, C)
    starts = np.maximum(np.arange(C) - n // 2, 0)
    scale = k + alpha * (running[:, ends] - running[:, starts])
    return x * scale**-beta, (x * scale**-beta, scale, starts, ends, x, 2 * alpha * beta, beta)


def lrn_backward(dout, cache):
    """Write the second term with the output."""
    out, scale, starts, ends, x, factor, beta = cache
    N, C, H, W = x.shape
    running = np.concatenate([np.zeros((N, 1, H, W)), np.cumsum(dout * out / scale, axis=1)], axis=1)
    return dout * scale**-beta - factor * x * (running[:, ends] - running[:, starts])


def dropout_forward(x, dropout_param):
    """Keep a mask that holds the factor too, drawn by the old functions."""
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])  # noqa: NPY002 students may use it
    p = dropout_param["p"]
    mask = np.ones(x.shape)
    if dropout_param["mode"] == "train":
        mask = (np.random.rand(*x.shape) < p) / p  # noqa: NPY002
    return x * mask, mask


def dropout_backward(dout, cache):
    """Multiply with the same factors."""
    return dout * cache


def median_pool_forward(x, pool_param):
    """Keep the share of each pixel in each output."""
    N, C, H, W = x.shape
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    H_out, W_out = (H - PH) // s + 1, (W - PW) // s + 1
    out, shares = np.zeros((N, C, H_out, W_out)), np.zeros((N, C, H_out, W_out, H, W))
    for n, c, i, j in np.ndindex(N, C, H_out, W_out):
        window = x[n, c, i * s : i * s + PH, j * s : j * s + PW]
        median = out[n, c, i, j] = np.median(window)
        distance = np.abs(window - median)
        nearest = np.isclose(distance, distance.min())
        shares[n, c, i, j, i * s : i * s + PH, j * s : j * s + PW] = nearest / nearest.sum()
    return out, shares


def median_pool_backward(dout, cache):
    """Add up the shares."""
    return np.einsum("ncij,ncijhw->nchw", dout, cache)


def local_conv_forward(x, w, b, conv_param):
    """Keep the windows as rows, one matrix for each position."""
    F, H_out, W_out, C, HH, WW = w.shape
    s, P = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    rows = {
        (i, j): padded[:, :, i * s : i * s + HH, j * s : j * s + WW].reshape(len(x), -1)
        for i, j in np.ndindex(H_out, W_out)
    }
    out = np.zeros((len(x), F, H_out, W_out))
    for (i, j), matrix in rows.items():
        out[:, :, i, j] = matrix @ w[:, i, j].reshape(F, -1).T + b[:, i, j]
    return out, (rows, x.shape, w, s, P)


def local_conv_backward(dout, cache):
    """Two matrix products for each position."""
    rows, (N, C, H, W), w, s, P = cache
    F, HH, WW = w.shape[0], *w.shape[4:]
    d_padded, dw = np.zeros((N, C, H + 2 * P, W + 2 * P)), np.zeros(w.shape)
    for (i, j), matrix in rows.items():
        up = dout[:, :, i, j]
        dw[:, i, j] = (up.T @ matrix).reshape(F, C, HH, WW)
        d_window = (up @ w[:, i, j].reshape(F, -1)).reshape(N, C, HH, WW)
        d_padded[:, :, i * s : i * s + HH, j * s : j * s + WW] += d_window
    return d_padded[:, :, P : P + H, P : P + W], dw, dout.sum(axis=0)


def concat_forward(xs, axis=1):
    """Keep the sizes alone."""
    out = xs[0]
    for x in xs[1:]:
        out = np.append(out, x, axis=axis)
    return out.copy(), {"axis": axis, "sizes": [x.shape[axis] for x in xs]}


def concat_backward(dout, cache):
    """Split at the sums of the sizes."""
    cuts = [sum(cache["sizes"][:k]) for k in range(1, len(cache["sizes"]))]
    return np.split(dout, cuts, cache["axis"])


def upsample_nearest_forward(x, scale):
    """Pick rows and columns by their numbers, and keep the matrices that do so."""
    rows = np.repeat(np.eye(x.shape[2]), scale, axis=0)
    columns = np.repeat(np.eye(x.shape[3]), scale, axis=0)
    return rows @ x @ columns.T, (rows, columns)


def upsample_nearest_backward(dout, cache):
    """Multiply with the transposed matrices."""
    rows, columns = cache
    return rows.T @ dout @ columns


def conv_transpose_forward(x, w, b, conv_param):
    """Stamp place by place in the filter, and keep the places."""
    N, C, H, W = x.shape
    F, HH, WW = w.shape[1:]
    s, P = conv_param["stride"], conv_param["pad"]
    full = np.zeros((N, F, (H - 1) * s + HH, (W - 1) * s + WW))
    places = {(p, q): np.s_[:, :, p : p + s * H : s, q : q + s * W : s] for p, q in np.ndindex(HH, WW)}
    for (p, q), place in places.items():
        full[place] += np.einsum("ncij,cf->nfij", x, w[:, :, p, q])
    return full[:, :, P : full.shape[2] - P, P : full.shape[3] - P] + b[None, :, None, None], (
        x,
        w,
        places,
        P,
    )


def conv_transpose_backward(dout, cache):
    """Take the same places out of the gradient."""
    x, w, places, P = cache
    full = np.pad(dout, ((0,), (0,), (P,), (P,)))
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for (p, q), place in places.items():
        dx += np.einsum("nfij,cf->ncij", full[place], w[:, :, p, q])
        dw[:, :, p, q] = np.tensordot(x, full[place], axes=([0, 2, 3], [0, 2, 3]))
    return dx, dw, dout.sum(axis=(0, 2, 3))
