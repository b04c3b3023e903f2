"""Layers that bring the numbers of a network to a common size: over the batch, or over the channels."""

import numpy as np

from .inputs import expect_array


def batchnorm_forward(x, gamma, beta, bn_param):
    """Give every column of a batch mean 0 and variance 1, then a scale and a shift that are learnt.

    out[n, d] = gamma[d] x_hat[n, d] + beta[d],  x_hat[n, d] = (x[n, d] - mu[d]) / std[d],
    std[d] = sqrt(var[d] + eps).
    In mode 'train', mu and var are those of the batch: mu[d] = 1/N sum_n x[n, d],
    var[d] = 1/N sum_n (x[n, d] - mu[d])^2, and this call writes new running averages into bn_param:
    running_mean = momentum * running_mean + (1 - momentum) * mu, and running_var alike with var.
    In mode 'test', mu and var are the running averages, and bn_param stays as it is.

    x: (N, D).  gamma, beta: (D,).  bn_param: {'mode': 'train' or 'test', 'eps': a number (1e-5 when missing),
    'momentum': a number (0.9 when missing), 'running_mean', 'running_var': (D,) each, zeros when missing}.
    Returns out: (N, D), and cache = (x_hat, gamma, std), which stands for the pass in mode 'train'.
    Raises ValueError when a shape does not fit or the mode is neither 'train' nor 'test'.
    """
    expect_array("x", x, ("N", "D"))
    D = x.shape[1]
    expect_array("gamma", gamma, (D,))
    expect_array("beta", beta, (D,))
    mode, eps, momentum = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    if mode not in ("train", "test"):
        raise ValueError(f"mode must be 'train' or 'test', got {mode!r}")
    ### BEGIN SOLUTION
    mu, var = running_mean, running_var
    if mode == "train":
        mu, var = x.mean(axis=0), x.var(axis=0)
        bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mu
        bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    std = np.sqrt(var + eps)
    x_hat = (x - mu) / std
    out = gamma * x_hat + beta
    ### END SOLUTION
    cache = (x_hat, gamma, std)
    return out, cache


def batchnorm_backward(dout, cache):
    """Return the gradients of a batch normalisation in mode 'train'.

    Each x[n, d] has a part in its own output and, through mu and var, in those of the whole column:
    dx[n, d] = gamma[d] / std[d] (dout[n, d] - dbeta[d] / N - x_hat[n, d] dgamma[d] / N), with
    dgamma[d] = sum_n dout[n, d] x_hat[n, d];  dbeta[d] = sum_n dout[n, d].

    dout: (N, D).  cache: (x_hat, gamma, std) from batchnorm_forward: (N, D), (D,), (D,).
    Returns dx: (N, D), dgamma: (D,), dbeta: (D,).
    """
    x_hat, gamma, std = cache
    expect_array("dout", dout, x_hat.shape)
    ### BEGIN SOLUTION
    dgamma = (dout * x_hat).sum(axis=0)
    dbeta = dout.sum(axis=0)
    dx = gamma / std * (dout - dbeta / len(dout) - x_hat * dgamma / len(dout))
    ### END SOLUTION
    return dx, dgamma, dbeta


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Give every channel mean 0 and variance 1 over all images and all places, then a scale and a shift.

    out[n, c, i, j] = gamma[c] x_hat[n, c, i, j] + beta[c],
    x_hat[n, c, i, j] = (x[n, c, i, j] - mu[c]) / std[c],  std[c] = sqrt(var[c] + eps).
    In mode 'train', mu and var are those of the batch: mu[c] = 1/(N H W) sum_{n,i,j} x[n, c, i, j],
    var[c] = 1/(N H W) sum_{n,i,j} (x[n, c, i, j] - mu[c])^2. The running averages are kept in bn_param and
    used in mode 'test' as in batchnorm_forward.

    x: (N, C, H, W).  gamma, beta: (C,).  bn_param: as in batchnorm_forward, running averages (C,).
    Returns out: (N, C, H, W), and cache = (x_hat, gamma, std), which stands for the pass in mode 'train'.
    Raises ValueError when a shape does not fit or the mode is neither 'train' nor 'test'.
    """
    expect_array("x", x, ("N", "C", "H", "W"))
    C = x.shape[1]
    expect_array("gamma", gamma, (C,))
    expect_array("beta", beta, (C,))
    mode, eps, momentum = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    running_mean = bn_param.get("running_mean", np.zeros(C, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(C, dtype=x.dtype))
    if mode not in ("train", "test"):
        raise ValueError(f"mode must be 'train' or 'test', got {mode!r}")
    ### BEGIN SOLUTION
    mu, var = running_mean, running_var
    if mode == "train":
        mu, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
        bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mu
        bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    std = np.sqrt(var + eps)
    x_hat = (x - mu[:, None, None]) / std[:, None, None]  # (C, 1, 1) meets (N, C, H, W)
    out = gamma[:, None, None] * x_hat + beta[:, None, None]
    ### END SOLUTION
    cache = (x_hat, gamma, std)
    return out, cache


def spatial_batchnorm_backward(dout, cache):
    """Return the gradients of a spatial batch normalisation in mode 'train'.

    With M = N H W, the count of numbers that share one mean:
    dx[n, c, i, j] = gamma[c] / std[c] (dout[n, c, i, j] - dbeta[c] / M - x_hat[n, c, i, j] dgamma[c] / M),
    dgamma[c] = sum_{n,i,j} dout[n, c, i, j] x_hat[n, c, i, j];  dbeta[c] = sum_{n,i,j} dout[n, c, i, j].

    dout: (N, C, H, W).  cache: (x_hat, gamma, std) from spatial_batchnorm_forward: (N, C, H, W), (C,), (C,).
    Returns dx: (N, C, H, W), dgamma: (C,), dbeta: (C,).
    """
    x_hat, gamma, std = cache
    expect_array("dout", dout, x_hat.shape)
    N, C, H, W = dout.shape
    ### BEGIN SOLUTION
    M = N * H * W
    dgamma = (dout * x_hat).sum(axis=(0, 2, 3))
    dbeta = dout.sum(axis=(0, 2, 3))
    centred = dout - dbeta[:, None, None] / M - x_hat * dgamma[:, None, None] / M
    dx = (gamma / std)[:, None, None] * centred
    ### END SOLUTION
    return dx, dgamma, dbeta


def lrn_forward(x, lrn_param):
    """Divide every number by the size of its neighbours: the same pixel in the channels next to it.

    out[n, c, i, j] = x[n, c, i, j] / scale[n, c, i, j]^beta,
    scale[n, c, i, j] = k + alpha sum_m x[n, m, i, j]^2, with m from c - (n - 1)/2 to c + (n - 1)/2, as far as
    there are such channels. It is called local response normalisation.

    x: (N, C, H, W).  lrn_param: {'n': odd int, channels in a neighbourhood, 'k', 'alpha', 'beta': numbers}.
    Returns out: (N, C, H, W), and cache = (x, scale, lrn_param).
    Raises ValueError when n is even or a shape does not fit.
    Source: Krizhevsky et al., ImageNet classification with deep convolutional neural networks, 2012.
    """
    expect_array("x", x, ("N", "C", "H", "W"))
    n, k, alpha, beta = (lrn_param[name] for name in ("n", "k", "alpha", "beta"))
    if n < 1 or n % 2 == 0:
        raise ValueError(f"n must be odd, as many channels on either side, got {n}")
    ### BEGIN SOLUTION
    scale = np.zeros(x.shape, dtype=np.result_type(x, 1.0))
    for c in range(x.shape[1]):
        near = slice(max(0, c - n // 2), c + n // 2 + 1)
        scale[:, c] = k + alpha * np.sum(x[:, near] ** 2, axis=1)
    out = x / scale**beta
    ### END SOLUTION
    cache = (x, scale, lrn_param)
    return out, cache


def lrn_backward(dout, cache):
    """Return the gradient of the local response normalisation.

    x[n, c, i, j] stands above the line of its own output, and below the line of all its neighbours:
    dx[n, c, i, j] = dout[n, c, i, j] / scale[n, c, i, j]^beta
    - 2 alpha beta x[n, c, i, j] sum_m dout[n, m, i, j] x[n, m, i, j] / scale[n, m, i, j]^(beta + 1),
    with m over the same neighbours as in lrn_forward.

    dout: (N, C, H, W).  cache: (x, scale, lrn_param) from lrn_forward.  Returns dx: (N, C, H, W).
    """
    x, scale, lrn_param = cache
    n, alpha, beta = lrn_param["n"], lrn_param["alpha"], lrn_param["beta"]
    expect_array("dout", dout, x.shape)
    ### BEGIN SOLUTION
    pull = dout * x / scale ** (beta + 1)
    dx = dout / scale**beta
    for c in range(x.shape[1]):
        near = slice(max(0, c - n // 2), c + n // 2 + 1)
        dx[:, c] -= 2 * alpha * beta * x[:, c] * np.sum(pull[:, near], axis=1)
    ### END SOLUTION
    return dx
