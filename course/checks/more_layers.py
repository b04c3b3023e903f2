"""The checks of the lesson more-layers: for each TODO the table of its cases."""

from .modular_layers import pooled, with_dout
from .norm_cases import (
    batchnorm_cases,
    dropout_backward_cases,
    dropout_cases,
    like_x,
    lrn_cases,
    spatial_cases,
    training,
)
from .region_cases import (
    concat_backward_cases,
    concat_cases,
    enlarged,
    local_cases,
    median_cases,
    positions,
    stamped,
    transpose_cases,
    upsample_cases,
)
from .task import Task

LESSON = "more-layers"


def pair(name, arguments, gradients, forward_cases, backward_cases, own_cache=False, **forward_only):
    """Return the tasks of a layer; own_cache: the contract's cache is not the forward's arguments."""
    forward, backward = f"{name}_forward", f"{name}_backward"
    out = forward_only.pop("out", ("out",))
    call = ("dout", "cache") if own_cache else None
    chance, parts = forward_only.get("chance", False), forward_only.pop("parts", False)
    return [
        Task(forward, LESSON, arguments, out, forward_cases, cached=True, **forward_only),
        Task(
            backward,
            LESSON,
            arguments,
            gradients,
            backward_cases,
            forward=forward,
            call=call,
            chance=chance,
            parts=parts,
        ),
    ]


NORM, CONV, POOL = ("x", "gamma", "beta", "bn_param"), ("x", "w", "b", "conv_param"), ("x", "pool_param")
SCALES, GRADIENTS = ("dx", "dgamma", "dbeta"), ("dx", "dw", "db")
KEPT = {"keeps": "bn_param", "out": ("out", "running_mean", "running_var"), "own_cache": True}
DRAWN = {"chance": True, "out": ("out", "rate", "rows", "columns", "repeats", "varies"), "own_cache": True}

TASKS = [
    *pair("batchnorm", NORM, SCALES, batchnorm_cases, with_dout(training(batchnorm_cases), like_x), **KEPT),
    *pair(
        "spatial_batchnorm", NORM, SCALES, spatial_cases, with_dout(training(spatial_cases), like_x), **KEPT
    ),
    *pair("lrn", ("x", "lrn_param"), ("dx",), lrn_cases, with_dout(lrn_cases, like_x), own_cache=True),
    *pair("dropout", ("x", "dropout_param"), ("dx",), dropout_cases, dropout_backward_cases, **DRAWN),
    *pair("median_pool", POOL, ("dx",), median_cases, with_dout(median_cases, pooled)),
    *pair("local_conv", CONV, GRADIENTS, local_cases, with_dout(local_cases, positions)),
    *pair(
        "concat",
        ("xs", "axis"),
        ("dxs[0]", "dxs[1]", "dxs[2]"),
        concat_cases,
        concat_backward_cases,
        parts=True,
    ),
    *pair("upsample_nearest", ("x", "scale"), ("dx",), upsample_cases, with_dout(upsample_cases, enlarged)),
    *pair("conv_transpose", CONV, GRADIENTS, transpose_cases, with_dout(transpose_cases, stamped)),
]
