"""Known mistakes of conv_forward_im2col and conv_backward_im2col."""

from course.mistakes.mistake import about
from course.mistakes.shared import BIAS_FORGOTTEN, DB_MEAN, DW_MEAN, FLOAT32_LOST, PRINTS
from course.reference.im2col import conv_backward_im2col, conv_forward_im2col

HEADING = "Convolution as a matrix product"
forward = about(conv_forward_im2col, reads=HEADING)
backward = about(conv_backward_im2col, reads=HEADING)

ROWS = "im2col(x, HH, WW, conv_param)"
COLUMNS = "w.reshape(F, C * HH * WW).T"
PRODUCT = "rows @ columns + b"
IMAGES = ".reshape(N, H_out, W_out, F).transpose(0, 3, 1, 2)"

HEIGHT_AND_WIDTH_SWAPPED = (
    "Height and width of the filter are swapped when the windows are cut.",
    "Try a filter that is not square.",
    "Compare the arguments of im2col with its docstring.",
    "Check the order of two arguments.",
)
PADDING_FORGOTTEN = (
    "The padding is lost on the way to the rows.",
    "With pad 0 all is right.",
    "How many windows does the padded image have, and how many rows do you get?",
    "im2col pads by itself when it is told to.",
)

FORWARD = [
    forward("wrong", "bias_forgotten", {PRODUCT: "rows @ columns"}, *BIAS_FORGOTTEN),
    forward(
        "wrong",
        "filters_reshaped_not_transposed",
        {COLUMNS: "w.reshape(C * HH * WW, F)"},
        "The columns have the right shape, but each mixes the weights of several filters.",
        "One filter is right. Try two.",
        "reshape does not exchange rows and columns.",
        "One column should hold w[0], all of it, and nothing else.",
    ),
    forward(
        "wrong",
        "filters_with_channels_last",
        {COLUMNS: "w.transpose(0, 2, 3, 1).reshape(F, C * HH * WW).T"},
        "In the columns the channel runs fastest; in the rows of im2col the width does.",
        "One channel is right. Try two.",
        "Row and column have to list the same entries in the same order: first c, then p, then q.",
        "w already has its axes in the order of the rows.",
    ),
    forward(
        "wrong",
        "filter_rotated",
        {COLUMNS: "w[:, :, ::-1, ::-1].reshape(F, C * HH * WW).T"},
        "The filter is rotated by 180 degrees, as in a mathematician's convolution; here it is not.",
        "Filters that look the same upside down are right.",
        "Compare with conv_forward_naive on an image with a single 1.",
        "A row lists its window from the top left; the column has to do the same.",
    ),
    forward(
        "wrong",
        "height_and_width_swapped",
        {ROWS: "im2col(x, WW, HH, conv_param)"},
        *HEIGHT_AND_WIDTH_SWAPPED,
    ),
    forward(
        "wrong",
        "padding_forgotten",
        {ROWS: 'im2col(x, HH, WW, {**conv_param, "pad": 0})'},
        *PADDING_FORGOTTEN,
    ),
    forward(
        "wrong",
        "output_reshaped_directly",
        {IMAGES: ".reshape(N, F, H_out, W_out)"},
        "The rows are cut into images in the wrong order: filters and places are mixed.",
        "One filter is right. Try two.",
        "Which index runs fastest in the product: the filter or the place?",
        "First give every axis of the product its own axis, in the order they have; then move them.",
    ),
    forward(
        "wrong",
        "filters_left_last",
        {IMAGES: ".reshape(N, H_out, W_out, F)"},
        "The filters stand on the last axis; they belong on the second.",
        "Compare the shape of your output with the contract.",
        "The numbers are right, their places are not.",
        "An array's axes can be put in another order.",
    ),
    forward(
        "wrong",
        "rows_and_columns_swapped",
        {IMAGES: ".reshape(N, H_out, W_out, F).transpose(0, 3, 2, 1)"},
        "Rows and columns of the output are swapped.",
        "Transpose one image of your output and compare again.",
        "Try an image that is not square.",
        "Check the order of the axes that you ask for.",
    ),
    forward(
        "wrong",
        "height_for_width",
        {IMAGES: ".reshape(N, W_out, H_out, F).transpose(0, 3, 1, 2)"},
        "Height and width of the output are swapped when the rows are laid out as images.",
        "Try an image that is not square.",
        "The rows of im2col come in the order n, i, j.",
        "Check the order of two sizes.",
    ),
    forward(
        "wrong",
        "batch_last",
        {IMAGES: ".reshape(H_out, W_out, N, F).transpose(2, 3, 0, 1)"},
        "The product is read as if neighbouring rows came from neighbouring images.",
        "One sample is right. Try two.",
        "The rows of im2col come in the order n, i, j: which index runs slowest?",
        "Some libraries put the batch last in their rows. This im2col puts it first.",
    ),
    forward("note", "float32_lost", {ROWS: f"{ROWS}.astype(float)"}, *FLOAT32_LOST),
    forward("note", "prints", {"    cache = ": "    print(rows.shape)\n    cache = "}, *PRINTS),
]

DY = "dout.transpose(0, 2, 3, 1).reshape(N * H_out * W_out, F)"
DW = "(rows.T @ dY).T.reshape(w.shape)"
DX = "dY @ w.reshape(F, C * HH * WW)"
DB = "dY.sum(axis=0)"

BACKWARD = [
    backward(
        "wrong",
        "dout_reshaped_directly",
        {DY: "dout.reshape(N * H_out * W_out, F)"},
        "`dY` has the right shape, but its rows mix filters and places.",
        "One filter is right. Try two.",
        "A row of dY should hold the F gradients of one place.",
        "The filters stand on axis 1 of dout. Where do they have to stand before you reshape?",
    ),
    backward(
        "wrong",
        "rows_and_columns_swapped",
        {DY: "dout.transpose(0, 3, 2, 1).reshape(N * H_out * W_out, F)"},
        "The rows of `dY` run down the columns of the output; those of im2col run along its rows.",
        "An output of one row, or of one column, is right.",
        "The rows of im2col come in the order n, i, j.",
        "Check the order of the axes that you ask for.",
    ),
    backward(
        "wrong",
        "batch_last",
        {DY: "dout.transpose(2, 3, 0, 1).reshape(N * H_out * W_out, F)"},
        "Neighbouring rows of `dY` come from neighbouring images; those of im2col from neighbouring windows.",
        "One sample is right. Try two.",
        "The rows of im2col come in the order n, i, j: which index runs slowest?",
        "Some libraries put the batch last in their rows. This im2col puts it first.",
    ),
    backward(
        "wrong",
        "dw_reshaped_not_transposed",
        {DW: "(rows.T @ dY).reshape(w.shape)"},
        "`dw` has the right shape, but its numbers stand in the wrong order.",
        "One filter is right. Try two.",
        "dF has one column for each filter; w has the filters on its first axis.",
        "reshape does not exchange rows and columns.",
    ),
    backward(
        "wrong",
        "dw_rotated",
        {DW: f"{DW}[:, :, ::-1, ::-1]"},
        "`dw` is right but rotated by 180 degrees.",
        "Turn your dw upside down and compare again.",
        "A rotation is needed when dx is written as a convolution of dout. Is it needed for dw?",
        "The product of the rows with dY already has the order p, q.",
    ),
    backward(
        "wrong",
        "dw_mean",
        {DW: f"{DW} / N"},
        *DW_MEAN,
    ),
    backward(
        "wrong",
        "w_reshaped_not_transposed",
        {DX: "dY @ w.reshape(C * HH * WW, F).T"},
        "In `dx` the weights have the right shape but stand in the wrong order.",
        "One filter is right. Try two.",
        "Which matrix is F^T, and which of its rows is w[0]?",
        "F was made by a reshape and a transpose; the transpose of that needs only one of the two.",
    ),
    backward(
        "wrong",
        "dx_rotated",
        {DX: "dY @ w[:, :, ::-1, ::-1].reshape(F, C * HH * WW)"},
        "The filter is rotated once too often on its way into `dx`.",
        "Filters that look the same upside down are right.",
        "col2im already brings every product back to its own window.",
        "Is there a rotation in the equation of dx?",
    ),
    backward(
        "wrong",
        "height_and_width_swapped",
        {ROWS: "im2col(x, WW, HH, conv_param)"},
        *HEIGHT_AND_WIDTH_SWAPPED,
    ),
    backward(
        "wrong",
        "padding_forgotten",
        {ROWS: 'im2col(x, HH, WW, {**conv_param, "pad": 0})'},
        *PADDING_FORGOTTEN,
    ),
    backward("wrong", "db_mean", {DB: "dY.mean(axis=0)"}, *DB_MEAN),
    backward(
        "wrong",
        "db_as_a_row",
        {DB: "dY.sum(axis=0, keepdims=True)"},
        "`db` has shape (1, F); b has shape (F,).",
        "Compare the shapes of db and b.",
        "The numbers are right.",
        "The sum has an option that keeps the axis alive.",
    ),
    backward(
        "wrong",
        "db_for_each_sample",
        {DB: "dout.sum(axis=(2, 3))"},
        "`db` has a row for each sample; the samples should be added too.",
        "Compare the shapes of db and b.",
        "b[f] is used at every place of every sample.",
        "Which axis of dY counts the uses of a bias?",
    ),
    backward("note", "float32_lost", {DW: f"{DW}.astype(float)"}, *FLOAT32_LOST),
]

MISTAKES = FORWARD + BACKWARD
