"""Known mistakes of conv_backward."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    DB_MEAN,
    FLOAT32_LOST,
    INTEGERS_CUT,
    ONLY_SQUARE_IMAGES,
    STRIDE_IGNORED,
    STRIDE_IS_WINDOW_SIZE,
)
from course.reference.step_by_step import conv_backward

backward = about(conv_backward, reads="Back through a convolution")

PLACE = "h * stride, w * stride\n"
PADDED = "A_prev_pad = np.pad(A_prev, ((0, 0), (pad, pad), (pad, pad), (0, 0)))"
DA = "dA_prev_pad[here] += dZ[i, h, w, c] * W[..., c]\n"
DW = "dW[..., c] += dZ[i, h, w, c] * A_prev_pad[here]"
CROP = "dA_prev_pad[:, pad : pad + n_H_prev, pad : pad + n_W_prev]"
DB = "dZ.sum(axis=(0, 1, 2), keepdims=True)"
DA_DTYPE = "np.zeros(A_prev_pad.shape, dtype=np.result_type(dZ, W))"
DW_DTYPE = "np.zeros(W.shape, dtype=np.result_type(dZ, A_prev))"

MISTAKES = [
    backward(
        "wrong",
        "crop_empty_at_pad_0",
        {CROP: "dA_prev_pad[:, pad:-pad, pad:-pad]"},
        "Without padding `dA_prev` comes out empty.",
        "Try pad 0 and look at the shape of dA_prev.",
        "What does a[0:-0] give?",
        "Say where the slice ends by counting from the front.",
    ),
    backward(
        "wrong",
        "crop_forgotten",
        {CROP: "dA_prev_pad"},
        "`dA_prev` still has its border.",
        "Compare the shapes of A_prev and dA_prev.",
        "With pad 0 all is right.",
        "The zeros around the image are not part of A_prev; nobody asks for their gradient.",
    ),
    backward(
        "wrong",
        "crop_from_the_corner",
        {CROP: "dA_prev_pad[:, :n_H_prev, :n_W_prev]"},
        "The border is cut off on one side only, so `dA_prev` is shifted.",
        "With pad 0 all is right.",
        "Where does the first pixel of A_prev stand in the padded image?",
        "Both ends of your slice are off by the same number.",
    ),
    backward(
        "wrong",
        "crop_height_for_width",
        {CROP: "dA_prev_pad[:, pad : pad + n_H_prev, pad : pad + n_H_prev]"},
        "The height of the image is used for its width when the border is cut off.",
        "Try an image that is not square.",
        "Compare the shapes of A_prev and dA_prev.",
        "Rows and columns have sizes of their own.",
    ),
    backward(
        "wrong",
        "padding_forgotten",
        {PADDED: "A_prev_pad = A_prev", CROP: "dA_prev_pad"},
        "The windows are cut from the picture without its border of zeros, unlike in the forward pass.",
        "Pad 0 is right. Try 1.",
        "Print the shapes of your windows: are they all the same?",
        "Each window has to be the one that made the output.",
    ),
    backward(
        "wrong",
        "overlap_overwritten",
        {DA: DA.replace("+=", "=")},
        "Where windows overlap or filters share one, the last overwrites what the others had put there.",
        "One filter with windows side by side is right.",
        "A pixel that is used twice influences the loss in two ways. What happens to its two gradients?",
        "Look at how you write into the gradient of the picture: does what stood there before survive?",
    ),
    backward(
        "wrong",
        "dw_of_the_last_window",
        {DW: DW.replace("+=", "=")},
        "`dW` holds the share of the last window of the last image only.",
        "An output of one pixel, in a batch of one, is right.",
        "Each filter is used in many windows. How do their shares come together?",
        "Look at how you write into `dW`: does what stood there before survive?",
    ),
    backward(
        "wrong",
        "dw_rotated",
        {DW: DW.replace("A_prev_pad[here]", "A_prev_pad[here][::-1, ::-1]")},
        "`dW` is right but rotated by 180 degrees.",
        "Turn your dW upside down and compare again.",
        "Books turn the filter on the way to dA_prev. Does anything turn on the way to dW?",
        "In a product of the forward pass, window and filter share the same p and q.",
    ),
    backward(
        "wrong",
        "da_rotated",
        {DA: DA.replace("W[..., c]", "W[::-1, ::-1, :, c]")},
        "The filter is turned once too often on its way into `dA_prev`.",
        "Filters that look the same upside down are right.",
        "Adding a filter at its window's place already does what the turned filter does in books.",
        "Which weight met the upper left pixel of the window in the forward pass?",
    ),
    backward(
        "wrong",
        "da_of_the_first_filter",
        {DA: DA.replace("W[..., c]", "W[..., 0]")},
        "All of `dZ` goes back through the first filter.",
        "One filter is right. Try two.",
        "Each channel of dZ came out of a filter of its own.",
        "Which index chooses the filter? It belongs in every place where a filter stands.",
    ),
    backward(
        "wrong",
        "windows_of_the_first_image",
        {DW: DW.replace("A_prev_pad[here]", "A_prev_pad[0][here[1:]]")},
        "`dW` is made with the windows of the first image only.",
        "One image is right. Try two.",
        "Every image of the batch has its own windows.",
        "You loop over the batch; look for the array that does not know it.",
    ),
    backward(
        "wrong",
        "dw_mean",
        {f"dA_prev = {CROP}": f"dW /= m\n    dA_prev = {CROP}"},
        "`dW` is divided by the number of images; the loss has done that already.",
        "One image is right. Try two.",
        "By which factor does dW differ from the numerical gradient?",
        "dZ already holds every factor that the loss brings with it.",
    ),
    backward("wrong", "db_mean", {DB: DB.replace("sum", "mean")}, *DB_MEAN),
    backward(
        "wrong",
        "db_of_the_last_window",
        {DB: "dZ[-1:, -1:, -1:]"},
        "`db` holds the share of the last window of the last image only.",
        "An output of one pixel, in a batch of one, is right.",
        "The bias of a filter is used at every place of every image.",
        "If you collect it in a loop: does what you had before survive?",
    ),
    backward(
        "wrong",
        "db_without_axes",
        {DB: "dZ.sum(axis=(0, 1, 2))"},
        "`db` has shape (n_C,); a gradient has the shape of what it belongs to, here (1, 1, 1, n_C).",
        "Compare the shapes of db and b.",
        "The numbers are right.",
        "A sum can keep the axes that it runs over, with length 1.",
    ),
    backward("wrong", "stride_ignored", {PLACE: "h, w\n"}, *STRIDE_IGNORED),
    backward("wrong", "stride_is_filter_size", {PLACE: "h * f, w * f\n"}, *STRIDE_IS_WINDOW_SIZE),
    backward(
        "wrong",
        "only_square_images",
        {"for w in range(n_W)": "for w in range(n_H)"},
        *ONLY_SQUARE_IMAGES,
    ),
    backward(
        "care",
        "dz_overwritten",
        {
            f"db = {DB}": "db = dZ[:1]\n    for other in dZ[1:]:\n        db += other\n"
            "    db = db.sum(axis=(1, 2), keepdims=True)"
        },
        "The gradients are right, but the caller's `dZ` has changed after the call.",
        "Compare your inputs before and after the call.",
        "A part of an array is no new array: who writes into the part writes into the whole.",
        "One of your names is another word for a part of dZ, and you add to it in place.",
    ),
    backward("care", "integers_cut", {DA_DTYPE: "np.zeros_like(A_prev_pad)"}, *INTEGERS_CUT),
    backward(
        "note",
        "float32_lost",
        {DA_DTYPE: "np.zeros(A_prev_pad.shape)", DW_DTYPE: "np.zeros(W.shape)"},
        *FLOAT32_LOST,
    ),
]
