"""Forward and backward passes that share a cache of their own: what the backward needs and no more."""

import numpy as np


def affine_forward(x, w, b):
    """Keep the rows, the weights and the shape of x."""
    rows = x.reshape(x.shape[0], -1)
    return rows.dot(w) + b, {"rows": rows, "w": w, "shape": x.shape}


def affine_backward(dout, cache):
    """Read the rows that the forward pass has laid out."""
    dx = dout.dot(cache["w"].T).reshape(cache["shape"])
    return dx, cache["rows"].T.dot(dout), np.ones(len(dout)) @ dout


def relu_forward(x):
    """Keep the mask only."""
    positive = x > 0
    return np.where(positive, x, 0), positive


def relu_backward(dout, cache):
    """Choose by the mask."""
    return np.where(cache, dout, 0)


def conv_forward_naive(x, w, b, conv_param):
    """Keep the padded image."""
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s, P = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    out = np.zeros((N, F, (H + 2 * P - HH) // s + 1, (W + 2 * P - WW) // s + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            window = padded[:, None, :, i * s : i * s + HH, j * s : j * s + WW]  # (N, 1, C, HH, WW)
            out[:, :, i, j] = (window * w).sum(axis=(2, 3, 4)) + b
    return out, (padded, w, s, P)


def conv_backward_naive(dout, cache):
    """Read the padded image."""
    padded, w, s, P = cache
    HH, WW = w.shape[2:]
    d_padded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            window = np.s_[:, :, i * s : i * s + HH, j * s : j * s + WW]
            upstream = dout[:, :, i, j]  # (N, F)
            dw += np.tensordot(upstream.T, padded[window], axes=1)
            d_padded[window] += np.tensordot(upstream, w, axes=1)
    bottom, end = d_padded.shape[2] - P, d_padded.shape[3] - P
    return d_padded[:, :, P:bottom, P:end], dw, dout.sum(axis=(0, 2, 3))


def max_pool_forward_naive(x, pool_param):
    """Keep the row and column of every winner."""
    N, C, H, W = x.shape
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    out = np.zeros((N, C, (H - PH) // s + 1, (W - PW) // s + 1), dtype=x.dtype)
    winners = np.zeros((*out.shape, 2), dtype=int)
    for n, c, i, j in np.ndindex(*out.shape):
        window = x[n, c, i * s : i * s + PH, j * s : j * s + PW]
        p, q = divmod(int(window.argmax()), PW)
        winners[n, c, i, j] = i * s + p, j * s + q
        out[n, c, i, j] = window[p, q]
    return out, (winners, x.shape)


def max_pool_backward_naive(dout, cache):
    """Send each gradient to the place that was kept."""
    winners, shape = cache
    dx = np.zeros(shape, dtype=dout.dtype)
    for n, c, i, j in np.ndindex(*dout.shape):
        row, column = winners[n, c, i, j]
        dx[n, c, row, column] += dout[n, c, i, j]
    return dx


def avg_pool_forward_naive(x, pool_param):
    """Keep the shape of x only."""
    N, C, H, W = x.shape
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    out = np.zeros((N, C, (H - PH) // s + 1, (W - PW) // s + 1))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            out[:, :, i, j] = np.average(x[:, :, i * s : i * s + PH, j * s : j * s + PW], axis=(2, 3))
    return out, (x.shape, PH, PW, s)


def avg_pool_backward_naive(dout, cache):
    """Need no more than the shape of x."""
    shape, PH, PW, s = cache
    dx = np.zeros(shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            share = dout[:, :, i : i + 1, j : j + 1] * np.full((PH, PW), 1 / (PH * PW))
            dx[:, :, i * s : i * s + PH, j * s : j * s + PW] += share
    return dx


def conv_forward_im2col(x, w, b, conv_param):
    """Keep the rows, so that the backward pass need not make them again."""
    s, P = conv_param["stride"], conv_param["pad"]
    F, _, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (HH, WW), axis=(2, 3))[:, :, ::s, ::s]
    N, _, H_out, W_out = windows.shape[:4]
    rows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(N * H_out * W_out, -1)
    out = (b + rows @ w.reshape(F, -1).T).reshape(N, H_out, W_out, F)
    return np.rollaxis(out, 3, 1), (rows, x.shape, w, s, P)


def conv_backward_im2col(dout, cache):
    """Read the rows that the forward pass has made."""
    rows, (N, C, H, W), w, s, P = cache
    F, _, HH, WW = w.shape
    H_out, W_out = dout.shape[2:]
    upstream = np.moveaxis(dout, 1, 3).reshape(-1, F)
    d_rows = (upstream @ w.reshape(F, -1)).reshape(N, H_out, W_out, C, HH, WW)
    d_padded = np.zeros((N, C, H + 2 * P, W + 2 * P), dtype=d_rows.dtype)
    for i in range(H_out):
        for j in range(W_out):
            d_padded[:, :, i * s : i * s + HH, j * s : j * s + WW] += d_rows[:, i, j]
    dx = d_padded[:, :, P : P + H, P : P + W]
    return dx, (upstream.T @ rows).reshape(w.shape), upstream.sum(0)
