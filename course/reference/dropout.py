"""Dropout: numbers left out at random during training. p is the probability to keep one."""

import numpy as np

from .inputs import expect_array


def dropout_forward(x, dropout_param):
    """Keep each number with probability p and set the others to 0, during training.

    In mode 'train', out = x mask / p, element by element. Each element of mask is drawn by itself: True,
    which counts as 1, with probability p, else False. In mode 'test', out = x.

    x: any shape.  dropout_param: {'mode': 'train' or 'test', 'p': probability to KEEP a number, 0 < p <= 1,
    'seed': int, may be missing; the same seed gives the same mask}.
    Returns out: the shape of x, and cache = (dropout_param, mask), mask = None in mode 'test'.
    Raises ValueError when the mode is neither 'train' nor 'test', or p is out of range.
    """
    expect_array("x", x, (...,))
    mode, p = dropout_param["mode"], dropout_param["p"]
    if mode not in ("train", "test"):
        raise ValueError(f"mode must be 'train' or 'test', got {mode!r}")
    if not 0 < p <= 1:
        raise ValueError(f"p is the probability to keep a number, 0 < p <= 1, got {p}")
    rng = np.random.default_rng(dropout_param.get("seed"))
    ### BEGIN SOLUTION
    out, mask = x, None
    if mode == "train":
        mask = rng.random(x.shape) < p
        out = x * mask / p
    ### END SOLUTION
    cache = (dropout_param, mask)
    return out, cache


def dropout_backward(dout, cache):
    """Send the gradient back where a number was kept.

    In mode 'train', dx = dout mask / p with the mask of the forward pass; in mode 'test', the whole of dout.

    dout: the shape of x.  cache: (dropout_param, mask) from dropout_forward.  Returns dx: the shape of x.
    """
    dropout_param, mask = cache
    mode, p = dropout_param["mode"], dropout_param["p"]
    ### BEGIN SOLUTION
    dx = dout
    if mode == "train":
        dx = dout * mask / p
    ### END SOLUTION
    return dx
