"""A loop over the samples, whole arrays inside."""

import numpy as np


def affine_forward(x, w, b):
    """Make one row after the other and stack them."""
    return np.stack([sample.ravel() @ w + b for sample in x]), (x, w, b)


def affine_backward(dout, cache):
    """Add up one outer product for each sample."""
    x, w, b = cache
    dx = np.empty(x.shape, dtype=dout.dtype)
    dw, db = np.zeros_like(w), np.zeros_like(b)
    for n in range(len(x)):
        dx[n] = w.dot(dout[n]).reshape(x.shape[1:])
        dw += np.outer(x[n], dout[n])
        db += dout[n]
    return dx, dw, db


def softmax_loss(x, y):
    """Turn the scores of one sample after the other into probabilities."""
    loss, dx = 0, np.zeros(x.shape)
    for n, (scores, label) in enumerate(zip(x, y, strict=True)):
        scores = scores - scores.max()
        total = np.exp(scores).sum()
        loss -= scores[label] - np.log(total)
        dx[n] = np.exp(scores) / total
        dx[n, label] -= 1
    return loss / len(y), dx / len(y)


def svm_loss(x, y):
    """Compare one sample's scores with its right one at a time."""
    losses, gradients = [], []
    for scores, label in zip(x, y, strict=True):
        margins = scores - scores[label] + 1.0
        broken = margins > 0
        broken[label] = False
        gradient = broken.astype(float)
        gradient[label] = -np.count_nonzero(broken)
        losses.append(margins[broken].sum())
        gradients.append(gradient)
    return np.mean(losses), np.array(gradients) / len(y)


def conv_forward_naive(x, w, b, conv_param):
    """Let all filters look at one window at once."""
    F, C, HH, WW = w.shape
    s, P = conv_param["stride"], conv_param["pad"]
    images = []
    for image in x:
        image = np.pad(image, ((0, 0), (P, P), (P, P)))
        rows = [
            [
                np.tensordot(w, image[:, top : top + HH, left : left + WW], axes=3) + b
                for left in range(0, image.shape[2] - WW + 1, s)
            ]
            for top in range(0, image.shape[1] - HH + 1, s)
        ]
        images.append(np.moveaxis(np.array(rows), -1, 0))  # (F, H_out, W_out)
    return np.array(images), (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    """Let all filters hand back to one window at once."""
    x, w, b, conv_param = cache
    HH, WW = w.shape[2:]
    H, W = x.shape[2:]
    s, P = conv_param["stride"], conv_param["pad"]
    dx, dw = [], 0
    for image, upstream in zip(x, dout, strict=True):
        image = np.pad(image, ((0, 0), (P, P), (P, P)))
        d_image = np.zeros(image.shape)
        for i in range(upstream.shape[1]):
            for j in range(upstream.shape[2]):
                window = np.s_[:, i * s : i * s + HH, j * s : j * s + WW]
                dw = dw + np.multiply.outer(upstream[:, i, j], image[window])
                d_image[window] += np.tensordot(upstream[:, i, j], w, axes=1)
        dx.append(d_image[:, P : P + H, P : P + W])
    return np.array(dx), dw, np.einsum("nfij->f", dout)


def max_pool_backward_naive(dout, cache):
    """Use a mask that holds the first maximum only, one window of one image at a time."""
    x, pool_param = cache
    PH, PW, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for image, upstream, d_image in zip(x, dout, dx, strict=True):
        for c, i, j in np.ndindex(*upstream.shape):
            window = image[c, i * s : i * s + PH, j * s : j * s + PW]
            mask = np.zeros(window.size)
            mask[np.argmax(window)] = 1
            d_image[c, i * s : i * s + PH, j * s : j * s + PW] += upstream[c, i, j] * mask.reshape(PH, PW)
    return dx
