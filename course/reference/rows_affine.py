"""The affine layer on images in the memory order of rows: the weights are turned, not the images.

    x[n] as one row:   channel 0: row 0, row 1 ...   channel 1: row 0 ...     the order of w's lines
    x in memory:       row 0: channel 0, channel 1 ...   row 1: channel 0 ...

To lay the images out as the affine layer wants them would move every number of the batch. A sum does not ask
for the order of its terms: with the lines of w in the order in which the images lie, the product is the same.
Where w is the larger of the two, or x is no batch of images, the plain layer does its work.
"""

from .inputs import expect_array
from .layers import affine_backward, affine_forward
from .rows_conv import as_images, as_rows


def affine_forward_rows(x, w, b):
    """Multiply each sample with a weight matrix, add a bias. Arguments and results as in affine_forward."""
    if x.ndim != 4 or w.size > x.size:
        return affine_forward(x, w, b)
    expect_array("w", w, (x[0].size, "M"))
    expect_array("b", b, (w.shape[1],))
    return (turned(w, x.shape).T @ columns(x)).T + b, (x, w, b)


def affine_backward_rows(dout, cache):
    """Return the gradients of the affine layer. Arguments and results as in affine_backward."""
    x, w, _ = cache
    if x.ndim != 4 or w.size > x.size:
        return affine_backward(dout, cache)
    N, C, H, W = x.shape
    expect_array("dout", dout, (N, w.shape[1]))
    dx = as_images((turned(w, x.shape) @ dout.T).reshape(H, C, W, N))
    dw = (columns(x) @ dout).reshape(H, C, W, -1).transpose(1, 0, 2, 3).reshape(w.shape)
    return dx, dw, dout.sum(axis=0)


def columns(x):
    """Return (N, C, H, W) as a matrix with a column for each image, a view where x lies in rows."""
    return as_rows(x).reshape(-1, len(x))


def turned(w, x_shape):
    """Return w (C * H * W, M) with its lines in the order of rows: (H * C * W, M)."""
    _, C, H, W = x_shape
    return w.reshape(C, H, W, -1).transpose(1, 0, 2, 3).reshape(w.shape)
