"""Known mistakes of affine_forward and affine_backward."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    BIAS_FORGOTTEN,
    DB_MEAN,
    DOUT_OVERWRITTEN,
    DW_MEAN,
    FLOAT32_LOST,
    INTEGERS_CUT,
    PRINTS,
)
from course.reference.layers import affine_backward, affine_forward

forward = about(affine_forward, reads="Affine layer")
backward = about(affine_backward, reads="Affine layer")

LAY_OUT = "x.reshape(x.shape[0], D)"
PRODUCT = "rows @ w + b"

FORWARD = [
    forward("wrong", "bias_forgotten", {PRODUCT: "rows @ w"}, *BIAS_FORGOTTEN),
    forward(
        "wrong",
        "bias_subtracted",
        {PRODUCT: "rows @ w - b"},
        "The bias is subtracted instead of added.",
        "Feed an input of zeros: what should come out?",
        "The product of x and w is right; what you do with it afterwards is not.",
        "Check a sign.",
    ),
    forward(
        "wrong",
        "bias_as_a_column",
        {PRODUCT: "rows @ w + b.reshape(-1, 1)"},
        "The bias is laid along the samples; it belongs to the outputs.",
        "Which axis of the output has as many entries as b?",
        "Broadcasting compares shapes from the right: write (N, M) and the shape of your b under each other.",
        "b needs no new shape to be added to every row.",
    ),
    forward(
        "wrong",
        "bias_on_the_first_sample",
        {f"out = {PRODUCT}": "out = rows @ w\n    out[0] += b"},
        "Only the first sample gets the bias.",
        "One sample is right. Try two.",
        "Compare the first row of your output with the others.",
        "The equation adds b[m] for every n.",
    ),
    forward(
        "wrong",
        "samples_mixed",
        {LAY_OUT: "x.reshape(D, x.shape[0]).T"},
        "Numbers of different samples end up in the same row.",
        "One sample is right. Try two, one of them all zeros.",
        "reshape keeps the order in which the numbers lie in memory and cuts it into rows of a new length.",
        "Print your rows for x = np.arange(6).reshape(2, 3, 1): the first row should be 0, 1, 2.",
    ),
    forward(
        "wrong",
        "axes_in_reverse_order",
        {LAY_OUT: 'x.reshape(x.shape[0], D, order="F")'},
        "The numbers of a sample are laid out with its first axis running fastest.",
        "Samples that are already one row come out right. Try images.",
        "A sample of shape (2, 3) becomes x[0, 0], x[0, 1], x[0, 2], x[1, 0], ...: which index runs fastest?",
        "reshape has an order; the one that NumPy takes by itself is the right one here.",
    ),
    forward(
        "wrong",
        "weights_transposed",
        {PRODUCT: "rows @ w.T + b"},
        "The weight matrix is transposed although it already fits.",
        "Write down the three shapes of your matrix product.",
        "A matrix product needs the inner sizes to be equal: (N, D) times ... gives (N, M).",
        "w comes as (D, M); is that the shape that the product needs?",
    ),
    forward(
        "wrong",
        "last_sample_only",
        {f"out = {PRODUCT}": "for n in range(x.shape[0]):\n        out = rows[n : n + 1] @ w + b"},
        "Only the last sample is left at the end.",
        "How many rows does your output have?",
        "Your loop runs over all samples. What is left when it is over?",
        "Each turn of the loop needs a place of its own to write to.",
    ),
    forward(
        "care",
        "resize_for_reshape",
        {f"rows = {LAY_OUT}": "x.resize(x.shape[0], D)\n    rows = x"},
        "The output is right, but the caller's x has another shape after the call.",
        "Compare x before and after the call, its shape too.",
        "Some array methods return a new view, others change the array itself.",
        "reshape and resize differ in just this.",
    ),
    forward(
        "care",
        "integers_cut",
        {f"out = {PRODUCT}": f"out = np.zeros((len(x), len(b)), dtype=x.dtype)\n    out[:] = {PRODUCT}"},
        *INTEGERS_CUT,
    ),
    forward("note", "float32_lost", {LAY_OUT: f"{LAY_OUT}.astype(float)"}, *FLOAT32_LOST),
    forward("note", "prints", {f"out = {PRODUCT}": f"out = {PRODUCT}\n    print(out.shape)"}, *PRINTS),
]

ROWS = "x.reshape(x.shape[0], -1)"
DX = "(dout @ w.T).reshape(x.shape)"
DW = "rows.T @ dout"
DB = "dout.sum(axis=0)"

BACKWARD = [
    backward(
        "wrong",
        "dx_left_flat",
        {DX: "dout @ w.T"},
        "`dx` has one row for each sample but not the shape of x.",
        "Samples that are already one row come out right. Try images.",
        "A gradient has the shape of what it is the gradient of.",
        "The forward pass laid every sample out as a row; the way back has to undo that.",
    ),
    backward(
        "wrong",
        "w_reshaped_not_transposed",
        {DX: "(dout @ w.reshape(w.shape[1], -1)).reshape(x.shape)"},
        "In `dx` the weights have the right shape but stand in the wrong order.",
        "Shapes that fit are not yet numbers that fit.",
        "Print np.arange(6).reshape(2, 3) in the shape (3, 2), and its transpose: they differ.",
        "Which operation turns w[d, m] into w[m, d]?",
    ),
    backward(
        "wrong",
        "samples_mixed",
        {ROWS: "x.reshape(-1, x.shape[0]).T"},
        "In `dw` the numbers of different samples are mixed.",
        "One sample is right. Try two.",
        "The rows in the backward pass have to be the rows of the forward pass.",
        "Print your rows for x = np.arange(6).reshape(2, 3, 1): the first row should be 0, 1, 2.",
    ),
    backward(
        "wrong",
        "dw_transposed",
        {DW: "dout.T @ rows"},
        "`dw` is transposed.",
        "Compare the shapes of dw and w.",
        "A gradient has the shape of what it is the gradient of.",
        "(A B) transposed is B transposed times A transposed.",
    ),
    backward(
        "wrong",
        "dw_reshaped_not_transposed",
        {DW: "(dout.T @ rows).reshape(w.shape)"},
        "`dw` has the right shape, but its numbers stand in the wrong order.",
        "Shapes that fit are not yet numbers that fit.",
        "Your product has one row for each output and one column for each input. What has w?",
        "reshape does not exchange rows and columns.",
    ),
    backward(
        "wrong",
        "dw_mean",
        {DW: "rows.T @ dout / x.shape[0]"},
        *DW_MEAN,
    ),
    backward(
        "wrong",
        "dw_of_the_last_sample",
        {DW: "np.outer(rows[-1], dout[-1])"},
        "`dw` holds the share of the last sample only.",
        "One sample is right. Try two.",
        "All samples use the same w, so each of them has a say in dw.",
        "What does your code do with the shares of the earlier samples?",
    ),
    backward("wrong", "db_mean", {DB: "dout.mean(axis=0)"}, *DB_MEAN),
    backward(
        "wrong",
        "db_as_a_row",
        {DB: "dout.sum(axis=0, keepdims=True)"},
        "`db` has shape (1, M); b has shape (M,).",
        "Compare the shapes of db and b.",
        "With (1, M) an update of b by broadcasting may turn b into a matrix without an error.",
        "The sum has an option that keeps the axis alive.",
    ),
    backward(
        "wrong",
        "db_over_outputs",
        {DB: "dout.sum(axis=1)"},
        "`db` is summed over the outputs; it should be summed over the samples.",
        "How many entries has db, and how many has b?",
        "b[m] is used once for every sample.",
        "Which axis of dout counts the samples?",
    ),
    backward(
        "wrong",
        "db_one_number",
        {DB: "dout.sum()"},
        "`db` is a single number; every output has its own bias.",
        "Compare the shapes of db and b.",
        "Changing b[0] changes out[:, 0] and nothing else.",
        "Sum over one axis only.",
    ),
    backward(
        "wrong",
        "db_times_b",
        {DB: f"{DB} * b"},
        "`db` is multiplied by b itself.",
        "Multiply b by 10. Should db change?",
        "What is the derivative of s + b with respect to b?",
        "The bias is added in the forward pass, not multiplied.",
    ),
    backward(
        "care",
        "dout_overwritten",
        {f"db = {DB}": "db = dout[0]\n    for row in dout[1:]:\n        db += row"},
        *DOUT_OVERWRITTEN,
    ),
    backward(
        "care",
        "integers_cut",
        {f"dx = {DX}": f"dx = np.zeros_like(x)\n    dx[...] = {DX}"},
        *INTEGERS_CUT,
    ),
    backward(
        "note", "float32_lost", {f"dw = {DW}": f"dw = np.zeros(w.shape)\n    dw += {DW}"}, *FLOAT32_LOST
    ),
]

MISTAKES = FORWARD + BACKWARD
