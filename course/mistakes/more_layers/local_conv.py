"""Known mistakes of the convolution with filters of its own for every position."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    BIAS_FORGOTTEN,
    DB_MEAN,
    DOUT_OVERWRITTEN,
    DW_MEAN,
    ONLY_SQUARE_IMAGES,
    ONLY_SQUARE_WINDOWS,
    OVERLAP_OVERWRITTEN,
    STRIDE_IGNORED,
)
from course.reference.regions import local_conv_backward, local_conv_forward

forward = about(local_conv_forward, reads="Local convolution")
backward = about(local_conv_backward, reads="Local convolution")

BOX = "i * stride : i * stride + HH, j * stride : j * stride + WW"
PLACES = "np.ndindex(H_out, W_out)"
OUT = "np.tensordot(window, w[:, i, j], axes=([1, 2, 3], [1, 2, 3])) + b[:, i, j]"
DX = "dx_pad[box] += np.tensordot(dout[:, :, i, j], w[:, i, j], axes=1)"
DW = "dw[:, i, j] = np.tensordot(dout[:, :, i, j].T, x_pad[box], axes=1)"
DB = "db = np.sum(dout, axis=0)"
CROP = "dx = dx_pad[:, :, pad : H + pad, pad : W + pad]"

SHARED_WEIGHTS = (
    "All positions use the filters of position (0, 0); here every position has its own.",
    "An output of one pixel is right.",
    "What you have written is the convolution of modular-layers.",
    "How do i and j enter the choice of the weights?",
)
SHARED = {
    "stride_ignored": ({BOX: "i : i + HH, j : j + WW"}, STRIDE_IGNORED),
    "only_square_images": ({PLACES: "np.ndindex(H_out, H_out)"}, ONLY_SQUARE_IMAGES),
    "only_square_windows": ({BOX: BOX.replace("WW", "HH")}, ONLY_SQUARE_WINDOWS),
}

MISTAKES = [
    forward("wrong", "weights_shared", {OUT: OUT.replace("w[:, i, j]", "w[:, 0, 0]")}, *SHARED_WEIGHTS),
    forward("wrong", "bias_forgotten", {OUT: OUT.removesuffix(" + b[:, i, j]")}, *BIAS_FORGOTTEN),
    forward(
        "wrong",
        "bias_shared",
        {OUT: OUT.replace("b[:, i, j]", "b[:, 0, 0]")},
        "All positions use the bias of position (0, 0); here every position has its own.",
        "Feed an input of zeros: what should come out?",
        "Compare the shapes of b and of one output.",
        "How do i and j enter the choice of the bias?",
    ),
    forward(
        "wrong",
        "positions_exchanged",
        {OUT: OUT.replace("w[:, i, j]", "w[:, j % H_out, i % W_out]")},
        "The filters of row j and column i are used at row i and column j.",
        "Positions on the diagonal are right.",
        "Which axis of w belongs to the rows of the output?",
        "Look at the order of your two numbers in the index of w.",
    ),
    forward(
        "wrong",
        "filter_rotated",
        {OUT: OUT.replace("w[:, i, j]", "w[:, i, j, :, ::-1, ::-1]")},
        "The filters are rotated by 180 degrees.",
        "Filters that look the same upside down are right.",
        "In the equation window and weights share the same p and q.",
        "What is called convolution here turns nothing round.",
    ),
    *(forward("wrong", name, edits, *texts) for name, (edits, texts) in SHARED.items()),
    backward(
        "wrong",
        "weights_shared",
        {DX: DX.replace("w[:, i, j]", "w[:, 0, 0]")},
        "`dx` is made with the filters of position (0, 0) everywhere; every position has its own.",
        "dw and db are right. An output of one pixel is right.",
        "Which weights met this window in the forward pass?",
        "How do i and j enter the choice of the weights?",
    ),
    backward(
        "wrong",
        "dw_shared",
        {DW: "dw += np.tensordot(dout[:, :, i, j].T, x_pad[box], axes=1)[:, None, None]"},
        "`dw` is added up over all positions, as for shared weights; each position keeps its own.",
        "All positions of your dw are equal.",
        "At how many places is a weight used here?",
        "Where in dw does the share of position (i, j) belong?",
    ),
    backward("wrong", "overlap_overwritten", {DX: DX.replace("+=", "=")}, *OVERLAP_OVERWRITTEN),
    backward(
        "wrong",
        "db_shared",
        {DB: "db = np.broadcast_to(dout.sum(axis=(0, 2, 3))[:, None, None], dout.shape[1:])"},
        "`db` is added up over all positions, as for a shared bias; each position keeps its own.",
        "All positions of your db are equal.",
        "At how many places is a bias used here?",
        "Which axes of dout have to go?",
    ),
    backward("wrong", "db_mean", {DB: "db = np.mean(dout, axis=0)"}, *DB_MEAN),
    backward("wrong", "dw_mean", {CROP: f"dw /= N\n    {CROP}"}, *DW_MEAN),
    backward(
        "wrong",
        "border_not_cut_off",
        {CROP: "dx = dx_pad"},
        "`dx` still has the border of zeros around it.",
        "With pad 0 all is right.",
        "Compare the shapes of x and dx.",
        "The border was added on the way forward.",
    ),
    *(
        backward("wrong", name, edits, *texts)
        for name, (edits, texts) in SHARED.items()
        if "images" not in name
    ),
    backward(
        "care",
        "dout_overwritten",
        {DB: "db = dout[0]\n    for row in dout[1:]:\n        db += row"},
        *DOUT_OVERWRITTEN,
    ),
]
