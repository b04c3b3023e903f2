"""A training step of a network in one memory order: the loss and its gradients, as fast as we know how to.

    X (N, C, H, W) -> strips -> conv + pool + ReLU -> ... -> affine -> scores -> loss
                                rows, shown as (N, C, H, W)  turns w, not the images

The step does what the layers do one after another, and saves what need not be done: between layers no array
is brought into another order; convolution, ReLU and 2x2 pooling run as one layer; and the images, which are
not learnt, get no gradient. A layer that no module here makes faster runs as it is, on views.
"""

from .fast_layers import (
    avg_pool_backward_fast,
    avg_pool_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)
from .layers import relu_backward, relu_forward
from .losses import softmax_loss
from .rows_affine import affine_backward_rows, affine_forward_rows
from .rows_conv import conv_backward_rows, conv_forward_rows
from .rows_fused import conv_relu_pool_backward_rows, conv_relu_pool_forward_rows


def flatten_forward(x):
    """Lay each image out as one row. Returns out: (N, C * H * W), and the shape of x."""
    return x.reshape(len(x), -1), x.shape


def flatten_backward(dout, cache):
    """Lay each gradient out as an image again."""
    return dout.reshape(cache)


LAYERS = {
    "conv_relu_pool": (conv_relu_pool_forward_rows, conv_relu_pool_backward_rows),
    "conv": (conv_forward_rows, conv_backward_rows),
    "relu": (relu_forward, relu_backward),
    "max_pool": (max_pool_forward_fast, max_pool_backward_fast),
    "avg_pool": (avg_pool_forward_fast, avg_pool_backward_fast),
    "flatten": (flatten_forward, flatten_backward),
    "affine": (affine_forward_rows, affine_backward_rows),
}


def loss_and_grads(layers, X, model, y):
    """Return the mean cross-entropy of the softmax of a network's scores, and its gradients.

    layers: those of architecture.plan.  X: (N, C, H, W).  y: (N,) integer labels.
    model: {"<i>.w": weights, "<i>.b": biases} with i the layer's place.  Returns loss, and grads: like model.
    """
    x, way_back = X, []
    for kind, place in parts(layers):
        forward, backward = LAYERS[kind]
        x, cache = forward(x, *arguments(layers[place], model, place))
        way_back.append((kind, place, backward, cache))
    loss, dout = softmax_loss(x, y)
    grads = {}
    for kind, place, backward, cache in reversed(way_back):
        skipped = {"need_dx": False} if place == 0 and kind.startswith("conv") else {}
        found = backward(dout, cache, **skipped)
        dout, *others = found if isinstance(found, tuple) else (found,)
        grads |= {f"{place}.{name}": value for name, value in zip("wb", others, strict=False)}
    return loss, grads


def parts(layers):
    """Yield (kind, place) of what is run: three layers as one where they can be, and each other one alone.

    Max pooling and ReLU may stand in either order: each keeps what the other does. To flatten images is left
    to a later affine layer, which does it by itself.
    """
    place = 0
    while place < len(layers):
        kind, ahead = layers[place].kind, layers[place + 1 : place + 3]
        fused = kind == "conv" and sorted(layer.kind for layer in ahead) == ["max_pool", "relu"] and all(
            layer.settings in ({}, {"size": 2, "stride": 2}) for layer in ahead
        )
        if kind != "flatten" or not any(layer.kind == "affine" for layer in layers[place:]):
            yield ("conv_relu_pool" if fused else kind), place
        place += 3 if fused else 1


def arguments(layer, model, place):
    """Return what the forward pass of a layer takes after x."""
    s = layer.settings
    match layer.kind:
        case "conv":
            return model[f"{place}.w"], model[f"{place}.b"], {"stride": s["stride"], "pad": s["pad"]}
        case "affine":
            return model[f"{place}.w"], model[f"{place}.b"]
        case "max_pool" | "avg_pool":
            return ({"pool_height": s["size"], "pool_width": s["size"], "stride": s["stride"]},)
    return ()
