"""One number after the other, in plain loops."""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    """Go through the columns one by one."""
    N, D = x.shape
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    old_mean, old_var = bn_param.get("running_mean", np.zeros(D)), bn_param.get("running_var", np.zeros(D))
    new_mean, new_var = np.array(old_mean, dtype=float), np.array(old_var, dtype=float)
    x_hat, std, out = np.zeros((N, D)), np.zeros(D), np.zeros((N, D))
    for d in range(D):
        column, mu, var = x[:, d], old_mean[d], old_var[d]
        if bn_param["mode"] == "train":
            mu = sum(column) / N
            var = sum((number - mu) ** 2 for number in column) / N
            new_mean[d] = momentum * old_mean[d] + (1 - momentum) * mu
            new_var[d] = momentum * old_var[d] + (1 - momentum) * var
        std[d] = (var + eps) ** 0.5
        for n in range(N):
            x_hat[n, d] = (x[n, d] - mu) / std[d]
            out[n, d] = gamma[d] * x_hat[n, d] + beta[d]
    bn_param["running_mean"], bn_param["running_var"] = new_mean, new_var
    return out, (x_hat, gamma, std)


def batchnorm_backward(dout, cache):
    """Add up the three ways from each number to the loss, column by column."""
    x_hat, gamma, std = cache
    N, D = dout.shape
    dx, dgamma, dbeta = np.zeros((N, D)), np.zeros(D), np.zeros(D)
    for d in range(D):
        for n in range(N):
            dgamma[d] += dout[n, d] * x_hat[n, d]
            dbeta[d] += dout[n, d]
        for n in range(N):
            dx[n, d] = gamma[d] / std[d] * (dout[n, d] - (dbeta[d] + x_hat[n, d] * dgamma[d]) / N)
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Normalise the pixels of one channel after the other."""
    N, C, H, W = x.shape
    train, eps, momentum = (
        bn_param["mode"] == "train",
        bn_param.get("eps", 1e-5),
        bn_param.get("momentum", 0.9),
    )
    means, variances = bn_param.get("running_mean", np.zeros(C)), bn_param.get("running_var", np.zeros(C))
    out, x_hat, std = np.zeros(x.shape), np.zeros(x.shape), np.zeros(C)
    kept = np.zeros((2, C))
    for c in range(C):
        channel = x[:, c]
        mu, var = (channel.mean(), channel.var()) if train else (means[c], variances[c])
        kept[:, c] = [
            momentum * means[c] + (1 - momentum) * mu,
            momentum * variances[c] + (1 - momentum) * var,
        ]
        std[c] = np.sqrt(var + eps)
        x_hat[:, c] = (channel - mu) / std[c]
        out[:, c] = gamma[c] * (channel - mu) / std[c] + beta[c]
    if train:
        bn_param["running_mean"], bn_param["running_var"] = kept
    return out, (x_hat, gamma, std)


def spatial_batchnorm_backward(dout, cache):
    """Treat one channel after the other as one long column."""
    x_hat, gamma, std = cache
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = np.zeros(dout.shape), np.zeros(C), np.zeros(C)
    for c in range(C):
        up, hat = dout[:, c].ravel(), x_hat[:, c].ravel()
        dgamma[c], dbeta[c] = up @ hat, up.sum()
        dx[:, c] = (gamma[c] / std[c] * (up - up.mean() - hat * np.mean(up * hat))).reshape(N, H, W)
    return dx, dgamma, dbeta


def lrn_forward(x, lrn_param):
    """Ask for each pair of channels whether they are neighbours."""
    n, k, alpha, beta = lrn_param["n"], lrn_param["k"], lrn_param["alpha"], lrn_param["beta"]
    scale = np.full(x.shape, float(k))
    for c in range(x.shape[1]):
        for m in range(x.shape[1]):
            if abs(c - m) <= n // 2:
                scale[:, c] += alpha * x[:, m] * x[:, m]
    return x * scale ** (-beta), (x, scale, lrn_param)


def lrn_backward(dout, cache):
    """Let each output give its neighbours their share."""
    x, scale, lrn_param = cache
    n, alpha, beta = lrn_param["n"], lrn_param["alpha"], lrn_param["beta"]
    dx = dout * scale ** (-beta)
    for m in range(x.shape[1]):
        for c in range(x.shape[1]):
            if abs(c - m) <= n // 2:
                dx[:, c] -= 2 * alpha * beta * x[:, c] * dout[:, m] * x[:, m] * scale[:, m] ** (-beta - 1)
    return dx


def dropout_forward(x, dropout_param):
    """Toss a coin for each number."""
    if dropout_param["mode"] == "test":
        return x.copy(), (dropout_param, None)
    rng = np.random.default_rng(dropout_param.get("seed"))
    out, mask = np.zeros(x.shape), np.zeros(x.shape, dtype=bool)
    for place in np.ndindex(x.shape):
        if rng.random() < dropout_param["p"]:
            out[place], mask[place] = x[place] / dropout_param["p"], True
    return out, (dropout_param, mask)


def dropout_backward(dout, cache):
    """Look up each number in the mask."""
    dropout_param, mask = cache
    if mask is None:
        return dout.copy()
    dx = np.zeros(dout.shape)
    for place in np.ndindex(dout.shape):
        if mask[place]:
            dx[place] = dout[place] / dropout_param["p"]
    return dx


def median_pool_forward(x, pool_param):
    """Sort the numbers of each window."""
    N, C, H, W = x.shape
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    out = np.zeros((N, C, (H - PH) // s + 1, (W - PW) // s + 1))
    for n, c, i, j in np.ndindex(out.shape):
        numbers = sorted(x[n, c, i * s : i * s + PH, j * s : j * s + PW].ravel())
        half = len(numbers) // 2
        out[n, c, i, j] = numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2
    return out, (x, pool_param)


def median_pool_backward(dout, cache):
    """Find the places in the middle, window by window."""
    x, pool_param = cache
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        places = [(i * s + p, j * s + q) for p in range(PH) for q in range(PW)]
        places.sort(key=lambda place: x[n, c, place[0], place[1]])
        middle = places[(len(places) - 1) // 2 : len(places) // 2 + 1]
        for row, column in middle:
            dx[n, c, row, column] += dout[n, c, i, j] / len(middle)
    return dx


def local_conv_forward(x, w, b, conv_param):
    """Compute each output by itself."""
    F, H_out, W_out, C, HH, WW = w.shape
    s, P = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    out = np.zeros((len(x), F, H_out, W_out))
    for n, f, i, j in np.ndindex(out.shape):
        out[n, f, i, j] = (
            np.sum(padded[n, :, i * s : i * s + HH, j * s : j * s + WW] * w[f, i, j]) + b[f, i, j]
        )
    return out, (x, w, b, conv_param)


def local_conv_backward(dout, cache):
    """Let each output hand its gradient on."""
    x, w, b, conv_param = cache
    HH, WW = w.shape[4:]
    s, P = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    d_padded, dw, db = np.zeros(padded.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n, f, i, j in np.ndindex(dout.shape):
        box = np.s_[n, :, i * s : i * s + HH, j * s : j * s + WW]
        d_padded[box] += dout[n, f, i, j] * w[f, i, j]
        dw[f, i, j] += dout[n, f, i, j] * padded[box]
        db[f, i, j] += dout[n, f, i, j]
    return d_padded[:, :, P : P + x.shape[2], P : P + x.shape[3]], dw, db


def concat_forward(xs, axis=1):
    """Fill an array part by part."""
    shape = list(xs[0].shape)
    shape[axis] = sum(x.shape[axis] for x in xs)
    out, start = np.zeros(shape, dtype=np.result_type(*xs)), 0
    for x in xs:
        place = [slice(None)] * x.ndim
        place[axis] = slice(start, start + x.shape[axis])
        out[tuple(place)] = x
        start += x.shape[axis]
    return out, (xs, axis)


def concat_backward(dout, cache):
    """Cut off part by part."""
    xs, axis = cache
    dxs, start = [], 0
    for x in xs:
        place = [slice(None)] * x.ndim
        place[axis] = slice(start, start + x.shape[axis])
        dxs.append(dout[tuple(place)].copy())
        start += x.shape[axis]
    return dxs


def upsample_nearest_forward(x, scale):
    """Look up each pixel."""
    N, C, H, W = x.shape
    out = np.zeros((N, C, H * scale, W * scale), dtype=x.dtype)
    for i in range(H * scale):
        for j in range(W * scale):
            out[:, :, i, j] = x[:, :, i // scale, j // scale]
    return out, (x, scale)


def upsample_nearest_backward(dout, cache):
    """Give each pixel's gradient back to where it came from."""
    x, scale = cache
    dx = np.zeros(x.shape, dtype=dout.dtype)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            dx[:, :, i // scale, j // scale] += dout[:, :, i, j]
    return dx


def conv_transpose_forward(x, w, b, conv_param):
    """Stamp pixel by pixel, channel by channel."""
    N, C, H, W = x.shape
    F, HH, WW = w.shape[1:]
    s, P = conv_param["stride"], conv_param["pad"]
    full = np.zeros((N, F, (H - 1) * s + HH, (W - 1) * s + WW))
    for n, c, i, j in np.ndindex(x.shape):
        full[n, :, i * s : i * s + HH, j * s : j * s + WW] += x[n, c, i, j] * w[c]
    out = full[:, :, P : full.shape[2] - P, P : full.shape[3] - P] + b.reshape(1, F, 1, 1)
    return out, (x, w, b, conv_param)


def conv_transpose_backward(dout, cache):
    """Look at the window of each pixel, channel by channel."""
    x, w, b, conv_param = cache
    HH, WW = w.shape[2:]
    s, P = conv_param["stride"], conv_param["pad"]
    padded = np.pad(dout, ((0, 0), (0, 0), (P, P), (P, P)))
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for n, c, i, j in np.ndindex(x.shape):
        window = padded[n, :, i * s : i * s + HH, j * s : j * s + WW]
        dx[n, c, i, j] = np.sum(window * w[c])
        dw[c] += x[n, c, i, j] * window
    return dx, dw, dout.sum(3).sum(2).sum(0)
