"""Known mistakes of the transposed convolution."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    BIAS_FORGOTTEN,
    DB_FOR_EACH_SAMPLE,
    DB_MEAN,
    DW_MEAN,
    INTEGERS_CUT,
    ONLY_SQUARE_IMAGES,
    ONLY_SQUARE_WINDOWS,
    OVERLAP_OVERWRITTEN,
    STRIDE_IGNORED,
)
from course.reference.upsampling import conv_transpose_backward, conv_transpose_forward

forward = about(conv_transpose_forward, reads="Transposed convolution")
backward = about(conv_transpose_backward, reads="Transposed convolution")

BOX = "i * stride : i * stride + HH, j * stride : j * stride + WW"
PLACES = "np.ndindex(H, W)"
ADD = "full[box] += np.tensordot(x[:, :, i, j], w, axes=1)"
FULL = "full = np.zeros((N, F, H_out + 2 * pad, W_out + 2 * pad)"
OUT = "out = full[:, :, pad : pad + H_out, pad : pad + W_out] + b[:, None, None]"
DFULL = "dfull = np.pad(dout, ((0, 0), (0, 0), (pad, pad), (pad, pad)))"
DX = "np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3]))"
DW = "dw += np.tensordot(x[:, :, i, j].T, window, axes=1)"
DB = "db = np.sum(dout, axis=(0, 2, 3))"

MISTAKES = [
    forward(
        "wrong",
        "overlap_overwritten",
        {ADD: ADD.replace("+=", "=")},
        *(text.replace("`dx`", "`full`") for text in OVERLAP_OVERWRITTEN),
    ),
    forward("wrong", "stride_ignored", {BOX: "i : i + HH, j : j + WW"}, *STRIDE_IGNORED),
    forward(
        "wrong",
        "stride_is_filter_size",
        {
            BOX: "i * HH : i * HH + HH, j * WW : j * WW + WW",
            FULL: "full = np.zeros((N, F, H * (HH + stride), W * (WW + stride))",
        },
        "The stamps move by the size of the filter instead of by the stride.",
        "All is right when stamps lie side by side, and wrong when they overlap or leave gaps.",
        "Two numbers describe a stamp along one axis: how long it is, and how far it moves.",
        "Where the stamp of pixel i begins depends on the stride alone.",
    ),
    forward(
        "wrong",
        "filter_rotated",
        {ADD: ADD.replace(", w,", ", w[:, :, ::-1, ::-1],")},
        "The filters are rotated by 180 degrees.",
        "One pixel alone: compare the picture that it stamps with its filter.",
        "A stamp leaves the picture that it carries.",
        "The rotation of the textbook belongs to another way of writing this sum.",
    ),
    forward("wrong", "bias_forgotten", {OUT: OUT.removesuffix(" + b[:, None, None]")}, *BIAS_FORGOTTEN),
    forward(
        "wrong",
        "bias_stamped",
        {
            ADD: ADD.replace("axes=1)", "axes=1) + b[:, None, None]"),
            OUT: OUT.removesuffix(" + b[:, None, None]"),
        },
        "The bias is added with every stamp; each output gets it once.",
        "Feed an input of zeros: what should come out?",
        "How often does the equation add b[f] to one output?",
        "Where stamps overlap, the bias counts twice.",
    ),
    forward(
        "wrong",
        "border_not_cut_off",
        {OUT: "out = full + b[:, None, None]"},
        "The `pad` rows and columns at the border are still there.",
        "With pad 0 all is right.",
        "Compare the shape of out with what the docstring says.",
        "Here padding takes away what it adds in a convolution.",
    ),
    forward(
        "wrong",
        "only_square_images",
        {PLACES: "np.ndindex(min(H, W), min(H, W))"},
        *(text.replace("output", "image") for text in ONLY_SQUARE_IMAGES),
    ),
    forward("wrong", "only_square_windows", {BOX: BOX.replace("WW", "HH")}, *ONLY_SQUARE_WINDOWS),
    forward("care", "integers_cut", {OUT: f"full = full.astype(x.dtype)\n    {OUT}"}, *INTEGERS_CUT),
    backward(
        "wrong",
        "not_padded",
        {DFULL: "dfull = np.pad(dout, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))"},
        "The border that was cut off is not put back on all four sides, so the windows are shifted.",
        "With pad 0 all is right.",
        "What was cut off had no influence on the loss. What is its gradient?",
        "dfull has as many rows above dout as below it.",
    ),
    backward("wrong", "stride_ignored", {BOX: "i : i + HH, j : j + WW"}, *STRIDE_IGNORED),
    backward(
        "wrong",
        "dx_rotated",
        {DX: DX.replace(", w,", ", w[:, :, ::-1, ::-1],")},
        "`dx` is made with filters that are rotated by 180 degrees.",
        "dw and db are right.",
        "Pixel (i, j) has stamped w as it is. Which weight met which output?",
        "In the equation window and weights share the same p and q.",
    ),
    backward(
        "wrong",
        "dw_of_the_last_pixel",
        {DW: DW.replace("+=", "=")},
        "`dw` holds the share of the last pixel only.",
        "An image of one pixel is right.",
        "Each filter is stamped by every pixel. How do their shares come together?",
        "Look at how you write into `dw`: does what stood there before survive?",
    ),
    backward(
        "wrong",
        "dw_rotated",
        {DW: DW.replace("window", "window[:, :, ::-1, ::-1]")},
        "`dw` is right but rotated by 180 degrees.",
        "Turn your dw upside down and compare again.",
        "Pixel (i, j) has stamped w as it is.",
        "In the equation of dw, window and dw share the same p and q.",
    ),
    backward("wrong", "dw_mean", {DB: f"dw /= N\n    {DB}"}, *DW_MEAN),
    backward("wrong", "db_mean", {DB: "db = np.mean(dout, axis=(0, 2, 3))"}, *DB_MEAN),
    backward("wrong", "db_for_each_sample", {DB: "db = np.sum(dout, axis=(2, 3))"}, *DB_FOR_EACH_SAMPLE),
    backward("care", "integers_cut", {DB: f"dx = dx.astype(x.dtype)\n    {DB}"}, *INTEGERS_CUT),
]
