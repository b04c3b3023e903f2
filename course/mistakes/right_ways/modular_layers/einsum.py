"""The equations themselves, in Einstein's notation."""

import numpy as np


def affine_forward(x, w, b):
    """Sum over d."""
    return np.einsum("nd,dm->nm", x.reshape(len(x), -1), w) + b, (x, w, b)


def affine_backward(dout, cache):
    """Sum over m, over n, and over n."""
    x, w, b = cache
    rows = x.reshape(len(x), -1)
    dx = np.einsum("nm,dm->nd", dout, w).reshape(x.shape)
    return dx, np.einsum("nd,nm->dm", rows, dout), np.einsum("nm->m", dout)


def conv_forward_naive(x, w, b, conv_param):
    """Sum over c, p and q of all windows at once."""
    s, P = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, [(0, 0), (0, 0), (P, P), (P, P)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
    return np.einsum("ncijpq,fcpq->nfij", windows, w) + b[:, None, None], (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    """Write dx as a convolution of dout, spread out by the stride, with the rotated filters."""
    x, w, b, conv_param = cache
    HH, WW = w.shape[2:]
    H, W = x.shape[2:]
    s, P = conv_param["stride"], conv_param["pad"]
    view = np.lib.stride_tricks.sliding_window_view
    windows = view(np.pad(x, [(0, 0), (0, 0), (P, P), (P, P)]), (HH, WW), axis=(2, 3))[:, :, ::s, ::s]
    dw = np.einsum("ncijpq,nfij->fcpq", windows, dout)
    spread = np.zeros(dout.shape[:2] + (H + 2 * P + HH - 1, W + 2 * P + WW - 1), dtype=dout.dtype)
    rows, columns = HH - 1 + s * np.arange(dout.shape[2]), WW - 1 + s * np.arange(dout.shape[3])
    spread[:, :, rows[:, None], columns] = dout
    d_padded = np.einsum("nfijpq,fcpq->ncij", view(spread, (HH, WW), axis=(2, 3)), w[:, :, ::-1, ::-1])
    return d_padded[:, :, P : P + H, P : P + W], dw, np.einsum("nfij->f", dout)


def avg_pool_backward_naive(dout, cache):
    """Write the pooling as two matrices, one for rows and one for columns, and transpose them."""
    x, pool_param = cache
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    down = np.zeros((dout.shape[2], x.shape[2]))
    right = np.zeros((dout.shape[3], x.shape[3]))
    for i in range(len(down)):
        down[i, i * s : i * s + PH] = 1 / PH
    for j in range(len(right)):
        right[j, j * s : j * s + PW] = 1 / PW
    return np.einsum("ih,ncij,jw->nchw", down, dout, right)


def conv_forward_im2col(x, w, b, conv_param):
    """Order the windows with their entries first, so that the product has the filters first."""
    s, P = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
    N, _, H_out, W_out = windows.shape[:4]
    columns = np.einsum("ncijpq->cpqnij", windows).reshape(w[0].size, -1)
    product = w.reshape(len(w), -1) @ columns + b[:, None]  # (F, N * H_out * W_out)
    return product.reshape(-1, N, H_out, W_out).swapaxes(0, 1), (x, w, b, conv_param)
