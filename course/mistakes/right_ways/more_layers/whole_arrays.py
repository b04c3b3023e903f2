"""Whole arrays at once: other formulas, strided views, einsum."""

import numpy as np


def batchnorm_forward(x, gamma, beta, bn_param):
    """Take the variance as the mean of the squares, and update the averages in place."""
    eps, momentum, D = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9), x.shape[1]
    if bn_param["mode"] == "test":
        mu, var = bn_param["running_mean"], bn_param["running_var"]
    else:
        mu = np.add.reduce(x, axis=0) / len(x)
        var = np.mean(np.square(x - mu), axis=0)
        for name, new in (("running_mean", mu), ("running_var", var)):
            average = bn_param.setdefault(name, np.zeros(D))
            average *= momentum
            average += (1 - momentum) * new
    std = (var + eps) ** 0.5
    scale = gamma / std
    return x * scale + (beta - mu * scale), ((x - mu) / std, gamma, std)


def batchnorm_backward(dout, cache):
    """Write the gradient of each column as one symmetric matrix."""
    x_hat, gamma, std = cache
    N = len(dout)
    project = np.eye(N)[:, :, None] - 1 / N - np.einsum("nd,md->nmd", x_hat, x_hat) / N
    dx = np.einsum("nmd,md->nd", project, dout) * gamma / std
    return dx, np.einsum("nd,nd->d", dout, x_hat), np.einsum("nd->d", dout)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Lay out each channel as one long row."""
    N, C, H, W = x.shape
    rows = np.moveaxis(x, 1, 0).reshape(C, -1)
    eps, momentum = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    mu, var = bn_param.get("running_mean", np.zeros(C)), bn_param.get("running_var", np.zeros(C))
    if bn_param["mode"] == "train":
        new_mu, new_var = rows.mean(axis=1), rows.var(axis=1)
        bn_param.update(
            running_mean=mu + (1 - momentum) * (new_mu - mu),
            running_var=var + (1 - momentum) * (new_var - var),
        )
        mu, var = new_mu, new_var
    std = np.sqrt(var + eps)
    hats = ((rows.T - mu) / std).T
    images = [np.moveaxis(each.reshape(C, N, H, W), 0, 1) for each in (hats, (hats.T * gamma + beta).T)]
    return images[1], (images[0], gamma, std)


def spatial_batchnorm_backward(dout, cache):
    """Take away the share of a constant and the share of x_hat, with means that keep their axes."""
    x_hat, gamma, std = cache
    over, column = (0, 2, 3), (1, -1, 1, 1)
    centred = dout - dout.mean(axis=over, keepdims=True)
    centred = centred - x_hat * (dout * x_hat).mean(axis=over, keepdims=True)
    dgamma, dbeta = np.einsum("nchw,nchw->c", dout, x_hat), np.einsum("nchw->c", dout)
    return centred * (gamma / std).reshape(column), dgamma, dbeta


def lrn_forward(x, lrn_param):
    """Say who is whose neighbour in a matrix."""
    channels = np.arange(x.shape[1])
    near = np.abs(channels[:, None] - channels) <= lrn_param["n"] // 2
    scale = lrn_param["k"] + lrn_param["alpha"] * np.einsum("cm,nmij->ncij", near.astype(float), x**2.0)
    return x / np.exp(lrn_param["beta"] * np.log(scale)), (x, scale, lrn_param)


def lrn_backward(dout, cache):
    """Say who is whose neighbour in a matrix, which is its own transpose."""
    x, scale, lrn_param = cache
    channels = np.arange(x.shape[1])
    near = (np.abs(channels[:, None] - channels) <= lrn_param["n"] // 2).astype(float)
    alpha, beta = lrn_param["alpha"], lrn_param["beta"]
    shrunk = dout / np.power(scale, beta)
    return shrunk - x * np.einsum("cm,nmij->ncij", 2 * alpha * beta * near, shrunk * x / scale)


def dropout_forward(x, dropout_param):
    """Draw from the binomial distribution of the old generator."""
    p = dropout_param["p"]
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    mask = np.random.RandomState(dropout_param.get("seed")).binomial(1, p, size=x.shape).astype(bool)
    return np.where(mask, x / p, 0), (dropout_param, mask)


def dropout_backward(dout, cache):
    """Choose by the mask."""
    dropout_param, mask = cache
    return np.where(mask, dout / dropout_param["p"], 0) if dropout_param["mode"] == "train" else dout


def median_pool_forward(x, pool_param):
    """Take the median over the last two axes of a strided view."""
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    windows = np.lib.stride_tricks.sliding_window_view(x, (PH, PW), axis=(2, 3))[:, :, ::s, ::s]
    return np.quantile(windows, 0.5, axis=(4, 5)), (x, pool_param)


def median_pool_backward(dout, cache):
    """Sort the numbers of all windows with their places."""
    x, pool_param = cache
    N, C, H, W = x.shape
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    view = np.lib.stride_tricks.sliding_window_view
    windows = view(x, (PH, PW), axis=(2, 3))[:, :, ::s, ::s].reshape(*dout.shape, -1)
    places = view(np.arange(x.size).reshape(x.shape), (PH, PW), axis=(2, 3))[:, :, ::s, ::s]
    places = np.take_along_axis(places.reshape(windows.shape), windows.argsort(axis=-1), axis=-1)
    dx, K = np.zeros(x.size), PH * PW
    np.add.at(dx, places[..., K // 2], dout / 2)
    np.add.at(dx, places[..., (K - 1) // 2], dout / 2)
    return dx.reshape(x.shape)


def local_conv_forward(x, w, b, conv_param):
    """Contract a strided view with all weights."""
    s, P = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[4:], axis=(2, 3))[:, :, ::s, ::s]
    return np.einsum("ncijpq,fijcpq->nfij", windows, w) + b, (x, w, b, conv_param)


def local_conv_backward(dout, cache):
    """Contract strided views, and add through a writeable one, place by place in the window."""
    x, w, b, conv_param = cache
    s, P = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    view = np.lib.stride_tricks.sliding_window_view
    windows = view(padded, w.shape[4:], axis=(2, 3))[:, :, ::s, ::s]
    d_padded = np.zeros(padded.shape)
    d_windows = view(d_padded, w.shape[4:], axis=(2, 3), writeable=True)[:, :, ::s, ::s]
    for p, q in np.ndindex(w.shape[4:]):
        d_windows[..., p, q] += np.einsum("nfij,fijc->ncij", dout, w[..., p, q])
    dx = d_padded[:, :, P : P + x.shape[2], P : P + x.shape[3]]
    return dx, np.einsum("nfij,ncijpq->fijcpq", dout, windows), dout.sum(0)


def concat_forward(xs, axis=1):
    """Bring the axis to the front and stack."""
    return np.moveaxis(np.vstack([np.moveaxis(x, axis, 0) for x in xs]), 0, axis), (xs, axis)


def concat_backward(dout, cache):
    """Take the numbers of each part."""
    xs, axis = cache
    owner = np.repeat(np.arange(len(xs)), [x.shape[axis] for x in xs])
    return tuple(dout.compress(owner == number, axis=axis) for number in range(len(xs)))


def upsample_nearest_forward(x, scale):
    """Multiply each pixel with a square of ones."""
    return np.kron(x, np.ones((scale, scale), dtype=x.dtype)), (x, scale)


def upsample_nearest_backward(dout, cache):
    """Add up every scale-th row and column, from each beginning."""
    x, s = cache
    return np.sum([dout[:, :, p::s, q::s] for p in range(s) for q in range(s)], axis=0)


def conv_transpose_forward(x, w, b, conv_param):
    """Spread the pixels, and convolve with the rotated filters."""
    N, C, H, W = x.shape
    F, HH, WW = w.shape[1:]
    s, P = conv_param["stride"], conv_param["pad"]
    spread = np.zeros((N, C, (H - 1) * s + 2 * HH - 1, (W - 1) * s + 2 * WW - 1))
    spread[:, :, HH - 1 : HH + (H - 1) * s : s, WW - 1 : WW + (W - 1) * s : s] = x
    windows = np.lib.stride_tricks.sliding_window_view(spread, (HH, WW), axis=(2, 3))
    full = np.einsum("ncijpq,cfpq->nfij", windows, w[:, :, ::-1, ::-1])
    return full[:, :, P : full.shape[2] - P, P : full.shape[3] - P] + b[:, None, None], (x, w, b, conv_param)


def conv_transpose_backward(dout, cache):
    """Convolve dout with the filters, through a strided view."""
    x, w, b, conv_param = cache
    s, P = conv_param["stride"], conv_param["pad"]
    padded = np.pad(dout, ((0, 0), (0, 0), (P, P), (P, P)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
    return (
        np.einsum("nfijpq,cfpq->ncij", windows, w),
        np.einsum("ncij,nfijpq->cfpq", x, windows),
        np.einsum("nfij->f", dout),
    )
