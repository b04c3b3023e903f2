"""One number at a time."""

import numpy as np


def affine_forward(x, w, b):
    """Add product after product, starting from the bias."""
    N, M = x.shape[0], w.shape[1]
    out = np.zeros((N, M))
    for n in range(N):
        numbers = x[n].flatten()
        for m in range(M):
            total = b[m]
            for d in range(len(numbers)):
                total = total + numbers[d] * w[d, m]
            out[n, m] = total
    return out, (x, w, b)


def affine_backward(dout, cache):
    """Hand every product's gradient on to its two factors."""
    x, w, b = cache
    rows = x.reshape(len(x), -1)
    dx, dw, db = np.zeros(rows.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n in range(rows.shape[0]):
        for m in range(w.shape[1]):
            db[m] += dout[n, m]
            for d in range(w.shape[0]):
                dx[n, d] += dout[n, m] * w[d, m]
                dw[d, m] += dout[n, m] * rows[n, d]
    return dx.reshape(x.shape), dw, db


def relu_forward(x):
    """Ask of every number whether it is positive."""
    out = np.zeros(x.size)
    for place, number in enumerate(x.flatten()):
        if number > 0:
            out[place] = number
    return out.reshape(x.shape), x


def relu_backward(dout, cache):
    """Copy the gradient where the number was positive."""
    dx = np.zeros(cache.shape)
    for place in np.ndindex(*cache.shape):
        if cache[place] > 0:
            dx[place] = dout[place]
    return dx


def softmax_loss(x, y):
    """Treat sample after sample and class after class."""
    N, C = x.shape
    loss, dx = 0.0, np.zeros((N, C))
    for n in range(N):
        largest = max(x[n])
        total = 0.0
        for c in range(C):
            total += np.exp(x[n, c] - largest)
        loss += (np.log(total) + largest - x[n, y[n]]) / N
        for c in range(C):
            dx[n, c] = (np.exp(x[n, c] - largest) / total - (1 if c == y[n] else 0)) / N
    return loss, dx


def svm_loss(x, y):
    """Give each broken margin its share of the gradient at once."""
    N, C = x.shape
    loss, dx = 0.0, np.zeros((N, C))
    for n in range(N):
        for c in range(C):
            if c == y[n]:
                continue
            margin = x[n, c] - x[n, y[n]] + 1
            if margin > 0:
                loss += margin
                dx[n, c] += 1
                dx[n, y[n]] -= 1
    return loss / N, dx / N


def conv_forward_naive(x, w, b, conv_param):
    """Leave out what lies in the padding instead of padding."""
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s, P = conv_param["stride"], conv_param["pad"]
    out = np.zeros((N, F, (H + 2 * P - HH) // s + 1, (W + 2 * P - WW) // s + 1))
    for n, f, i, j in np.ndindex(*out.shape):
        out[n, f, i, j] = b[f]
        for c, p, q in np.ndindex(C, HH, WW):
            row, column = i * s + p - P, j * s + q - P
            if 0 <= row < H and 0 <= column < W:
                out[n, f, i, j] += x[n, c, row, column] * w[f, c, p, q]
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    """Hand every product's gradient on to its two factors, none to the padding."""
    x, w, b, conv_param = cache
    _, C, H, W = x.shape
    _, _, HH, WW = w.shape
    s, P = conv_param["stride"], conv_param["pad"]
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        db[f] += dout[n, f, i, j]
        for c, p, q in np.ndindex(C, HH, WW):
            row, column = i * s + p - P, j * s + q - P
            if 0 <= row < H and 0 <= column < W:
                dx[n, c, row, column] += dout[n, f, i, j] * w[f, c, p, q]
                dw[f, c, p, q] += dout[n, f, i, j] * x[n, c, row, column]
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    """Search each window for its largest number, starting from its first."""
    N, C, H, W = x.shape
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    out = np.zeros((N, C, (H - PH) // s + 1, (W - PW) // s + 1))
    for n, c, i, j in np.ndindex(*out.shape):
        best = x[n, c, i * s, j * s]
        for p in range(PH):
            for q in range(PW):
                best = max(best, x[n, c, i * s + p, j * s + q])
        out[n, c, i, j] = best
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    """Search each window again and remember where the largest number stood."""
    x, pool_param = cache
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        row, column = i * s, j * s
        for p in range(i * s, i * s + PH):
            for q in range(j * s, j * s + PW):
                if x[n, c, p, q] > x[n, c, row, column]:
                    row, column = p, q
        dx[n, c, row, column] += dout[n, c, i, j]
    return dx


def avg_pool_forward_naive(x, pool_param):
    """Add up each window and divide at the end."""
    N, C, H, W = x.shape
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    out = np.zeros((N, C, (H - PH) // s + 1, (W - PW) // s + 1))
    for n, c, i, j in np.ndindex(*out.shape):
        total = 0.0
        for p in range(PH):
            for q in range(PW):
                total += x[n, c, i * s + p, j * s + q]
        out[n, c, i, j] = total / (PH * PW)
    return out, (x, pool_param)


def avg_pool_backward_naive(dout, cache):
    """Give every pixel of every window its share."""
    x, pool_param = cache
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(*dout.shape):
        for p in range(PH):
            for q in range(PW):
                dx[n, c, i * s + p, j * s + q] += dout[n, c, i, j] / (PH * PW)
    return dx


def conv_forward_im2col(x, w, b, conv_param):
    """Fill the matrix of windows row by row."""
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    H_out, W_out = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    padded[:, :, pad : pad + H, pad : pad + W] = x
    rows = []
    for n in range(N):
        for top in range(0, H_out * stride, stride):
            for left in range(0, W_out * stride, stride):
                rows.append(padded[n, :, top : top + HH, left : left + WW].ravel())
    product = np.array(rows) @ w.reshape(F, -1).T  # (N * H_out * W_out, F)
    out = np.zeros((N, F, H_out, W_out))
    for f in range(F):
        out[:, f] = product[:, f].reshape(N, H_out, W_out) + b[f]
    return out, (x, w, b, conv_param)


def conv_backward_im2col(dout, cache):
    """Take the matrices row by row, and put each row back where it came from."""
    x, w, b, conv_param = cache
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    padded[:, :, pad : pad + H, pad : pad + W] = x
    d_padded, d_columns = np.zeros(padded.shape), np.zeros((C * HH * WW, F))
    for n in range(N):
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                place = (
                    n,
                    slice(None),
                    slice(i * stride, i * stride + HH),
                    slice(j * stride, j * stride + WW),
                )
                gradients = dout[n, :, i, j]  # (F,)
                d_columns += np.outer(padded[place].ravel(), gradients)
                d_padded[place] += (gradients @ w.reshape(F, -1)).reshape(C, HH, WW)
    dx = d_padded[:, :, pad : d_padded.shape[2] - pad, pad : d_padded.shape[3] - pad]
    return dx, d_columns.T.reshape(w.shape), dout.sum(axis=3).sum(axis=2).sum(axis=0)
