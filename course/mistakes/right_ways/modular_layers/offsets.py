"""A loop over the places inside the window instead of over the windows."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    """Shift the image by each offset and add it with that offset's weights."""
    F, C, HH, WW = w.shape
    s, P = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    H_out, W_out = (padded.shape[2] - HH) // s + 1, (padded.shape[3] - WW) // s + 1
    out = b.reshape(1, F, 1, 1)
    for p in range(HH):
        for q in range(WW):
            shifted = padded[:, :, p : p + s * H_out : s, q : q + s * W_out : s]  # (N, C, H_out, W_out)
            out = out + np.einsum("ncij,fc->nfij", shifted, w[:, :, p, q])
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    """Shift as in the forward pass, and add to the shifted place."""
    x, w, b, conv_param = cache
    HH, WW = w.shape[2:]
    s, P = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    H_out, W_out = dout.shape[2:]
    d_padded, dw = np.zeros(padded.shape, dout.dtype), np.zeros(w.shape, dout.dtype)
    for p in range(HH):
        for q in range(WW):
            shifted = np.s_[:, :, p : p + s * H_out : s, q : q + s * W_out : s]
            dw[:, :, p, q] = np.tensordot(dout, padded[shifted], axes=([0, 2, 3], [0, 2, 3]))
            d_padded[shifted] += np.tensordot(dout, w[:, :, p, q], axes=([1], [0])).transpose(0, 3, 1, 2)
    dx = d_padded if P == 0 else d_padded[:, :, P:-P, P:-P]
    return dx, dw, dout.sum((0, 2, 3))


def max_pool_forward_naive(x, pool_param):
    """Keep the larger of what was found so far and the shifted image."""
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    bottom, end = x.shape[2] - PH + 1, x.shape[3] - PW + 1
    out = x[:, :, :bottom:s, :end:s].copy()
    for p in range(PH):
        for q in range(PW):
            np.maximum(out, x[:, :, p : p + bottom : s, q : q + end : s], out=out)
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    """Visit the places of the window in turn; the first that holds the maximum takes all that is left."""
    x, pool_param = cache
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    bottom, end = x.shape[2] - PH + 1, x.shape[3] - PW + 1
    places = [np.s_[:, :, p : p + bottom : s, q : q + end : s] for p in range(PH) for q in range(PW)]
    largest = np.max([x[place] for place in places], axis=0)
    dx, left = np.zeros(x.shape, dtype=dout.dtype), dout.copy()
    for place in places:
        winner = x[place] == largest
        dx[place] += np.where(winner, left, 0)
        left[winner] = 0
    return dx


def avg_pool_forward_naive(x, pool_param):
    """Add up the shifted images and divide at the end."""
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    bottom, end = x.shape[2] - PH + 1, x.shape[3] - PW + 1
    total = sum(x[:, :, p : p + bottom : s, q : q + end : s] for p in range(PH) for q in range(PW))
    return total / (PH * PW), (x, pool_param)


def conv_backward_im2col(dout, cache):
    """Lay out windows with the filters first, and add the product's rows back offset by offset."""
    x, w, b, conv_param = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s, P = conv_param["stride"], conv_param["pad"]
    H_out, W_out = dout.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    places = [np.s_[:, :, p : p + s * H_out : s, q : q + s * W_out : s] for p in range(HH) for q in range(WW)]
    columns = np.stack([padded[place] for place in places], axis=2)  # (N, C, HH * WW, H_out, W_out)
    columns = columns.transpose(1, 2, 0, 3, 4).reshape(C * HH * WW, -1)
    upstream = dout.swapaxes(0, 1).reshape(F, -1)
    dw = (upstream @ columns.T).reshape(w.shape)
    d_columns = (w.reshape(F, -1).T @ upstream).reshape(C, HH * WW, N, H_out, W_out)
    d_padded = np.zeros(padded.shape, dtype=dout.dtype)
    for number, place in enumerate(places):
        d_padded[place] += d_columns[:, number].swapaxes(0, 1)
    return d_padded[:, :, P : P + H, P : P + W], dw, upstream.sum(axis=1)
