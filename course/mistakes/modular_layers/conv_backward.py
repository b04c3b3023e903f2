"""Known mistakes of conv_backward_naive."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    DB_FOR_EACH_SAMPLE,
    DB_MEAN,
    DOUT_OVERWRITTEN,
    DW_MEAN,
    FLOAT32_LOST,
    INTEGERS_CUT,
    ONLY_SQUARE_WINDOWS,
    OTHER_SAMPLES,
    OVERLAP_OVERWRITTEN,
    STRIDE_IGNORED,
    STRIDE_IS_WINDOW_SIZE,
)
from course.reference.layers import conv_backward_naive

backward = about(conv_backward_naive, reads="Convolution backward")

PLACE = "i * stride, j * stride"
WINDOW = "window = x_pad[n, :, top : top + HH, left : left + WW]"
DW = "dw[f] += dout[n, f, i, j] * window\n"
DX = "dx_pad[n, :, top : top + HH, left : left + WW] += dout[n, f, i, j] * w[f]"
CROP = "dx_pad[:, :, pad : pad + H, pad : pad + W]"
DB = "dout.sum(axis=(0, 2, 3))"
DX_DTYPE = "np.zeros(x_pad.shape, dtype=np.result_type(dout, w))"
DW_DTYPE = "np.zeros(w.shape, dtype=np.result_type(dout, x))"

MISTAKES = [
    backward(
        "wrong",
        "crop_empty_at_pad_0",
        {CROP: "dx_pad[:, :, pad:-pad, pad:-pad]"},
        "Without padding `dx` comes out empty.",
        "Try pad 0 and look at the shape of dx.",
        "What does a[0:-0] give?",
        "Say where the slice ends by counting from the front.",
    ),
    backward(
        "wrong",
        "crop_forgotten",
        {CROP: "dx_pad"},
        "`dx` still has its border.",
        "Compare the shapes of x and dx.",
        "With pad 0 all is right.",
        "The zeros around the image are not part of x; nobody asks for their gradient.",
    ),
    backward(
        "wrong",
        "crop_from_the_corner",
        {CROP: "dx_pad[:, :, :H, :W]"},
        "The border is cut off on one side only, so `dx` is shifted.",
        "With pad 0 all is right.",
        "Where does pixel (0, 0) of x stand in the padded image?",
        "Both ends of your slice are off by the same number.",
    ),
    backward(
        "wrong",
        "crop_of_the_wrong_array",
        {CROP: CROP.replace("dx_pad", "x_pad")},
        "The wrong array is cropped: what you return as `dx` is x itself.",
        "Multiply dout by 10. Does dx change?",
        "Compare dx with x.",
        "Two of your padded arrays have similar names.",
    ),
    backward(
        "wrong",
        "crop_height_for_width",
        {CROP: "dx_pad[:, :, pad : pad + H, pad : pad + H]"},
        "The height of the image is used for its width when the border is cut off.",
        "Try an image that is not square.",
        "Compare the shapes of x and dx.",
        "The last axis of an image is its width.",
    ),
    backward("wrong", "overlap_overwritten", {DX: DX.replace("+=", "=")}, *OVERLAP_OVERWRITTEN),
    backward(
        "wrong",
        "dw_of_the_last_window",
        {DW: DW.replace("+=", "=")},
        "`dw` holds the share of the last window of the last sample only.",
        "An output of one pixel, in a batch of one, is right.",
        "Each filter is used in many windows. How do their shares come together?",
        "Look at how you write into `dw`: does what stood there before survive?",
    ),
    backward(
        "wrong",
        "dw_rotated",
        {DW: DW.replace("window", "window[:, ::-1, ::-1]")},
        "`dw` is right but rotated by 180 degrees.",
        "Turn your dw upside down and compare again.",
        "A rotation is needed when dx is written as a convolution of dout. Is it needed for dw?",
        "In the equation of dw, window and dw share the same p and q.",
    ),
    backward(
        "wrong",
        "dx_rotated",
        {DX: DX.replace("w[f]", "w[f, :, ::-1, ::-1]")},
        "The filter is rotated once too often on its way into `dx`.",
        "Filters that look the same upside down are right.",
        "Adding a filter at its window's place already does what the rotated filter does in the textbook.",
        "Which weight met pixel (top, left) in the forward pass?",
    ),
    backward("wrong", "dw_mean", {f"dx = {CROP}": f"dw /= N\n    dx = {CROP}"}, *DW_MEAN),
    backward("wrong", "db_mean", {DB: "dout.mean(axis=(0, 2, 3))"}, *DB_MEAN),
    backward("wrong", "db_for_each_sample", {DB: "dout.sum(axis=(2, 3))"}, *DB_FOR_EACH_SAMPLE),
    backward(
        "wrong",
        "db_with_empty_axes",
        {DB: "dout.sum(axis=(0, 2, 3), keepdims=True)"},
        "`db` has shape (1, F, 1, 1); b has shape (F,).",
        "Compare the shapes of db and b.",
        "The numbers are right.",
        "The sum has an option that keeps axes alive.",
    ),
    backward(
        "wrong",
        "db_of_the_last_sample",
        {DB: "dout[-1].sum(axis=(1, 2))"},
        "`db` holds the share of the last sample only.",
        "One sample is right. Try two.",
        "b[f] is used at every place of every sample.",
        "If you loop over the samples: what happens to the sum of the earlier ones?",
    ),
    backward("wrong", "stride_ignored", {PLACE: "i, j"}, *STRIDE_IGNORED),
    backward("wrong", "stride_is_filter_size", {PLACE: "i * HH, j * WW"}, *STRIDE_IS_WINDOW_SIZE),
    backward(
        "wrong",
        "only_square_filters",
        {WINDOW: WINDOW.replace("left + WW", "left + HH")},
        *ONLY_SQUARE_WINDOWS,
    ),
    backward("wrong", "first_sample_only", {WINDOW: WINDOW.replace("[n,", "[0,")}, *OTHER_SAMPLES),
    backward(
        "wrong",
        "padded_on_one_side",
        {
            "np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))": "np.pad(x, ((0, 0), (0, 0), "
            "(0, 2 * pad), (0, 2 * pad)))"
        },
        "The windows of `dw` are cut from an image whose padding is not where the forward pass had it.",
        "With pad 0 all is right.",
        "dx is right, dw is not. Which array does only dw read?",
        "Each axis has a number for its beginning and a number for its end.",
    ),
    backward(
        "care",
        "dout_overwritten",
        {
            f"db = {DB}": "db = dout[0]\n    for image in dout[1:]:\n        db += image\n"
            "    db = db.sum(axis=(1, 2))"
        },
        *DOUT_OVERWRITTEN,
    ),
    backward(
        "care",
        "integers_cut",
        {DX_DTYPE: "np.zeros_like(x_pad)", DW_DTYPE: "np.zeros_like(w)"},
        *INTEGERS_CUT,
    ),
    backward(
        "note",
        "float32_lost",
        {DX_DTYPE: "np.zeros(x_pad.shape)", DW_DTYPE: "np.zeros(w.shape)"},
        *FLOAT32_LOST,
    ),
]
