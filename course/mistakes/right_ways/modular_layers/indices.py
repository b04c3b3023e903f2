"""Arrays of row and column numbers that pick all windows, and add to them, in one go."""

import numpy as np


def avg_pool_forward_naive(x, pool_param):
    """Take differences of a running sum over rows and columns."""
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    running = np.zeros((*x.shape[:2], x.shape[2] + 1, x.shape[3] + 1))
    running[:, :, 1:, 1:] = x.cumsum(axis=2).cumsum(axis=3)
    tops = np.arange(0, x.shape[2] - PH + 1, s)[:, None]
    lefts = np.arange(0, x.shape[3] - PW + 1, s)
    total = running[:, :, tops + PH, lefts + PW] - running[:, :, tops, lefts + PW]
    total += running[:, :, tops, lefts] - running[:, :, tops + PH, lefts]
    return total / (PH * PW), (x, pool_param)


def avg_pool_backward_naive(dout, cache):
    """Add to all windows with np.add.at, which knows that a place may come up twice."""
    x, pool_param = cache
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    rows = s * np.arange(dout.shape[2])[:, None, None, None] + np.arange(PH)[:, None]
    columns = s * np.arange(dout.shape[3])[:, None, None] + np.arange(PW)
    dx = np.zeros(x.shape)
    np.add.at(dx, np.s_[:, :, rows, columns], dout[..., None, None] / (PH * PW))
    return dx


def max_pool_forward_naive(x, pool_param):
    """Pick the windows with index arrays and sort each of them."""
    N, C, H, W = x.shape
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    rows = np.arange(0, H - PH + 1, s)[:, None, None, None] + np.arange(PH)[:, None]
    columns = np.arange(0, W - PW + 1, s)[:, None, None] + np.arange(PW)
    windows = x[:, :, rows, columns]  # (N, C, H_out, W_out, PH, PW)
    return np.sort(windows.reshape(*windows.shape[:4], -1), axis=-1)[..., -1], (x, pool_param)


def conv_forward_im2col(x, w, b, conv_param):
    """Stack the windows as columns, the images running fastest."""
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s, P = conv_param["stride"], conv_param["pad"]
    H_out, W_out = (H + 2 * P - HH) // s + 1, (W + 2 * P - WW) // s + 1
    channels = np.repeat(np.arange(C), HH * WW)[:, None]
    rows = np.tile(np.repeat(np.arange(HH), WW), C)[:, None] + s * np.repeat(np.arange(H_out), W_out)
    columns = np.tile(np.arange(WW), HH * C)[:, None] + s * np.tile(np.arange(W_out), H_out)
    padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    matrix = padded[:, channels, rows, columns].transpose(1, 2, 0).reshape(C * HH * WW, -1)
    out = (w.reshape(F, -1) @ matrix + b.reshape(-1, 1)).reshape(F, H_out, W_out, N)
    return out.transpose(3, 0, 1, 2), (x, w, b, conv_param)


def conv_backward_im2col(dout, cache):
    """Stack the windows as columns, the images running fastest, and add back with np.add.at."""
    x, w, b, conv_param = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s, P = conv_param["stride"], conv_param["pad"]
    H_out, W_out = dout.shape[2:]
    channels = np.repeat(np.arange(C), HH * WW)[:, None]
    rows = np.tile(np.repeat(np.arange(HH), WW), C)[:, None] + s * np.repeat(np.arange(H_out), W_out)
    columns = np.tile(np.arange(WW), HH * C)[:, None] + s * np.tile(np.arange(W_out), H_out)
    padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    matrix = padded[:, channels, rows, columns].transpose(1, 2, 0).reshape(C * HH * WW, -1)
    upstream = dout.transpose(1, 2, 3, 0).reshape(F, -1)
    d_matrix = (w.reshape(F, -1).T @ upstream).reshape(C * HH * WW, -1, N)
    d_padded = np.zeros(padded.shape)
    np.add.at(d_padded, np.s_[:, channels, rows, columns], d_matrix.transpose(2, 0, 1))
    dw = (upstream @ matrix.T).reshape(w.shape)
    return d_padded[:, :, P : P + H, P : P + W], dw, np.sum(dout, axis=(0, 2, 3))
