"""The workloads in NumPy: {name of a way: function that runs it once}."""

import numpy as np

from course.record.winograd import WinogradConv
from course.reference import fast_layers, im2col, layers, models, nets, rows_conv, updates
from course.reference.losses import softmax_loss
from course.reference.sandwiches import conv_relu_pool_backward, conv_relu_pool_forward

from .workloads import floats, labels

REG, LEARNING_RATE, MOMENTUM = 1e-3, 1e-4, 0.9
POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


def convolution(work):
    """Return the ways to compute a convolution: plain im2col, block, and rows on arrays that lie in rows.

    Where the shape allows it, Winograd's too, on arrays that lie as the record's.
    """
    x, w, b, dout = work.arrays()
    ways = {"winograd": winograd(x, w, b, dout)} if work.suits_winograd else {}
    return ways | {
        "im2col": there_and_back(
            im2col.conv_forward_im2col, im2col.conv_backward_im2col, dout, x, w, b, work.conv_param
        ),
        "block": there_and_back(
            fast_layers.conv_forward_fast, fast_layers.conv_backward_fast, dout, x, w, b, work.conv_param
        ),
        "rows": there_and_back(
            rows_conv.conv_forward_rows, rows_conv.conv_backward_rows, in_rows(dout), in_rows(x), w, b,
            work.conv_param,
        ),
    }


def winograd(x, w, b, dout):
    """Return a function that runs the record's convolution; it is made once, as for a net."""
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    layer = WinogradConv(C, F, H, W, N)
    padded = np.pad(x.transpose(1, 2, 3, 0), ((0, 0), (1, 1), (1, 1), (0, 0)))
    dout = np.ascontiguousarray(dout.transpose(1, 2, 3, 0))

    def run():
        layer.load(w.transpose(2, 3, 0, 1).reshape(HH * WW, F, C))
        out = layer.forward(padded)
        out += b[:, None, None, None]
        dx = layer.backward(dout).transpose(3, 0, 1, 2)
        dw = layer.gradient().reshape(HH, WW, F, C).transpose(2, 3, 0, 1)
        return dx, dw, dout.sum(axis=(1, 2, 3))

    return run


def pool(work):
    """Return the ways to pool: on arrays that lie as NumPy lays them, and on arrays in rows."""
    forward, backward = fast_layers.max_pool_forward_fast, fast_layers.max_pool_backward_fast
    x, dout = work.arrays()
    return {
        "block": there_and_back(forward, backward, dout, x, work.pool_param),
        "rows": there_and_back(forward, backward, in_rows(dout), in_rows(x), work.pool_param),
    }


def convnet_step(work):
    """Return the ways to train the two-layer ConvNet for a step: layer by layer, and in rows, fused."""
    X, y = floats(work.x)[0], labels(work.x[0], work.classes)
    start = models.init_two_layer_convnet(
        1e-3, 0, work.x[1:], work.classes, work.filters, work.size, rng=np.random.default_rng(0)
    )
    return {
        "layers": step(models.two_layer_convnet, X, y, start),
        "fast": step(models.two_layer_convnet_fast, X, y, start),
    }


def two_layer_step(work):
    """Return the way to train the two-layer net for a step."""
    X, y = floats(work.x)[0], labels(work.x[0], work.classes)
    start = nets.init_two_layer_model(work.x[1], work.hidden, work.classes, rng=np.random.default_rng(0))
    return {"fast": step(models.two_layer_net, X, y, start)}


def in_rows(x):
    """Return a copy of (N, C, H, W) that lies in memory as (H, C, W, N)."""
    return rows_conv.as_images(np.ascontiguousarray(rows_conv.as_rows(x)))


def there_and_back(forward, backward, dout, *arguments):
    """Return a function that runs a layer's two passes."""
    def run():
        _, cache = forward(*arguments)
        return backward(dout, cache)

    return run


def step(loss_function, X, y, start):
    """Return a function that takes a step of momentum each time it is called, in float32."""
    model = {name: value.astype(np.float32) for name, value in start.items()}
    states = dict.fromkeys(model)

    def run():
        _, grads = loss_function(X, model, y, REG)
        for name, g in grads.items():
            change, states[name] = updates.momentum(g, states[name], LEARNING_RATE, mu=MOMENTUM)
            model[name] = model[name] + change

    return run


def naive(work, images):
    """Return a function that runs a convolution, a pooling or a ConvNet's step with loops, on few images."""
    if hasattr(work, "pool_param"):
        x, dout = (array[:images] for array in work.arrays())
        return there_and_back(
            layers.max_pool_forward_naive, layers.max_pool_backward_naive, dout, x, work.pool_param
        )
    if hasattr(work, "conv_param"):
        x, w, b, dout = work.arrays()
        return there_and_back(
            layers.conv_forward_naive, layers.conv_backward_naive, dout[:images], x[:images], w, b,
            work.conv_param,
        )
    model = models.init_two_layer_convnet(rng=np.random.default_rng(0))
    model = {name: value.astype(np.float32) for name, value in model.items()}
    return step(naive_loss, floats(work.x)[0][:images], labels(images, work.classes), model)


def naive_loss(X, model, y, reg):
    """Compute the loss and the gradients of the two-layer ConvNet with loops."""
    pad = model["W1"].shape[2] // 2
    pooled, conv = conv_relu_pool_forward(X, model["W1"], model["b1"], {"stride": 1, "pad": pad}, POOL)
    scores, affine = layers.affine_forward(pooled, model["W2"], model["b2"])
    loss, dscores = softmax_loss(scores, y)
    dpooled, dW2, db2 = layers.affine_backward(dscores, affine)
    _, dW1, db1 = conv_relu_pool_backward(dpooled, conv)
    return loss, {"W1": dW1 + reg * model["W1"], "b1": db1, "W2": dW2 + reg * model["W2"], "b2": db2}
