"""Known mistakes of two_layer_convnet_grads."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    FLOAT32_LOST,
    KEYS_WITH_A_D,
    PENALTY_GRADIENT_DOUBLED,
    PENALTY_GRADIENT_FORGOTTEN,
    PENALTY_GRADIENT_HALVED,
    PRINTS,
    WEIGHTS_OVERWRITTEN,
)
from course.reference.convnet import two_layer_convnet_grads

grads = about(two_layer_convnet_grads, reads="Gradients of a ConvNet")

CACHES = "conv, relu, pool, affine = cache\n"
AFFINE = "dpooled, dW2, db2 = affine_backward(dscores, affine)\n"
POOL = "max_pool_backward_fast(dpooled, pool)"
RELU = "dfeatures = relu_backward(drectified, relu)\n"
CONV = "_, dW1, db1 = conv_backward_fast(dfeatures, conv)\n"
DW1, DW2 = '"W1": dW1 + reg * W1', '"W2": dW2 + reg * W2'
DB1, DB2 = '"b1": db1', '"b2": db2'
SPREAD = """np.zeros_like(relu)
    H, W = dpooled.shape[2:]
    for i in (0, 1):
        for j in (0, 1):
            drectified[:, :, i : 2 * H : 2, j : 2 * W : 2] = dpooled"""

MISTAKES = [
    grads(
        "wrong",
        "relu_forgotten",
        {RELU: "dfeatures = drectified\n"},
        "On the way back the ReLU is left out: filters that were silent get gradients too.",
        "Which entries of the gradient of the features should be 0?",
        "Every layer that ran forwards has its turn backwards.",
        "Count the layers of the scores, and the backward passes in your code.",
    ),
    grads(
        "wrong",
        "gradient_cut_at_zero",
        {RELU: "dfeatures = np.maximum(0, drectified)\n"},
        "The ReLU is applied to the gradient: all negative gradients are lost.",
        "Is any number in the gradient of the features negative? Should one be?",
        "Where the gradient passes was decided in the forward pass.",
        "A backward pass of a ReLU needs a cache.",
    ),
    grads(
        "wrong",
        "features_for_their_slope",
        {RELU: "dfeatures = drectified * relu * (relu > 0)\n"},
        "The gradient is multiplied by the features; it should be multiplied by the slope of the ReLU.",
        "Make a feature 10 times as large: should its gradient grow?",
        "What is the derivative of max(0, a) for a = 3, and for a = 5?",
        "A slope is 0 or 1 here.",
    ),
    grads(
        "wrong",
        "relu_before_pooling",
        {
            RELU: f"dfeatures = {POOL.replace('dpooled', 'drectified')}\n",
            f"drectified = {POOL}": "drectified = relu_backward(dpooled, relu)",
        },
        "ReLU and pooling come in the order of the forward pass; backwards the order is reversed.",
        "Write down the shape of the gradient after each of your steps.",
        "The gradient comes from the loss. Which layer does it meet first?",
        "Go through your forward pass from its last line to its first.",
    ),
    grads(
        "wrong",
        "caches_in_reverse",
        {CACHES: "affine, pool, relu, conv = cache\n"},
        "The caches are taken apart in the wrong order.",
        "Print the length of each cache, or the shapes in it.",
        "The layers go backwards; their caches lie in the order in which they were made.",
        "Compare your first line with the last line of the forward pass.",
    ),
    grads(
        "wrong",
        "gradient_to_the_whole_window",
        {POOL: SPREAD},
        "All four pixels of a window get the gradient; only the one that had the maximum should.",
        "Four numbers went into a window. How many of them changed the output?",
        "Which layer of the course does this, with a quarter of the gradient?",
        "There is a backward pass for this layer, and it asks for a cache.",
    ),
    grads(
        "wrong",
        "mean_pooling",
        {POOL: f"{SPREAD} / 4"},
        "The gradient is spread over the window, as for an average; it belongs to the maximum alone.",
        "Four numbers went into a window. How many of them changed the output?",
        "There are two kinds of pooling. Which one does the forward pass of this net use?",
        "Look at the name of the layer that you call, or at your division by 4.",
    ),
    grads("wrong", "penalty_forgotten", {DW1: '"W1": dW1', DW2: '"W2": dW2'}, *PENALTY_GRADIENT_FORGOTTEN),
    grads(
        "wrong",
        "only_the_filters_penalised",
        {DW2: '"W2": dW2'},
        "Only the gradient of `W1` knows of the regularisation; that of `W2` should too.",
        "With reg = 0 all is right.",
        "Compare your two lines for the weights.",
        "How many arrays of weights are squared in the loss?",
    ),
    grads(
        "wrong",
        "only_the_affine_layer_penalised",
        {DW1: '"W1": dW1'},
        "Only the gradient of `W2` knows of the regularisation; that of `W1` should too.",
        "With reg = 0 all is right.",
        "Compare your two lines for the weights.",
        "How many arrays of weights are squared in the loss?",
    ),
    grads(
        "wrong",
        "penalty_doubled",
        {DW1: DW1.replace("reg", "2 * reg"), DW2: DW2.replace("reg", "2 * reg")},
        *PENALTY_GRADIENT_DOUBLED,
    ),
    grads(
        "wrong",
        "penalty_halved",
        {DW1: DW1.replace("reg", "0.5 * reg"), DW2: DW2.replace("reg", "0.5 * reg")},
        *PENALTY_GRADIENT_HALVED,
    ),
    grads(
        "wrong",
        "penalty_for_its_gradient",
        {
            DW1: '"W1": dW1 + 0.5 * reg * np.sum(W1**2)',
            DW2: '"W2": dW2 + 0.5 * reg * np.sum(W2**2)',
        },
        "The penalty itself is added to the gradients; its derivative is asked for.",
        "With reg = 0 all is right.",
        "Two different weights get the same number added. Should they?",
        "What is the derivative of 0.5 reg w^2 with respect to w?",
    ),
    grads(
        "wrong",
        "biases_penalised",
        {DB1: f'{DB1} + reg * model["b1"]', DB2: f'{DB2} + reg * model["b2"]'},
        "The biases are regularised too; only the weights should be.",
        "With reg = 0 all is right.",
        "Which of the four parameters are squared in the loss?",
        "Multiply a bias by 10, and keep dscores and the cache: should its gradient change?",
    ),
    grads(
        "wrong",
        "divided_by_the_images_again",
        {AFFINE: AFFINE.replace("(dscores,", "(dscores / len(dscores),")},
        "The gradients are divided by the number of images, which dscores has been already.",
        "One image is right. Try two.",
        "By which factor do your gradients differ from the numerical ones?",
        "One 1/N comes from the mean in the loss. Who has taken care of it?",
    ),
    grads(
        "wrong",
        "filters_turned",
        {DW1: DW1.replace("dW1", "dW1[:, :, ::-1, ::-1]")},
        "The gradient of `W1` is rotated by 180 degrees.",
        "With 1x1 filters all is right.",
        "Only the way back to the images knows a rotation; the way to the filters does not.",
        "The layer has done all that is needed.",
    ),
    grads(
        "wrong",
        "db_mean",
        {DB1: '"b1": db1 / dfeatures[0, 0].size'},
        "The gradient of `b1` is a mean over the pixels; it should be a sum.",
        "`b1` has the right direction but not the right length.",
        "A bias is used once for every pixel. What happens to the gradients of all its uses?",
        "The layer has added up already. What do you divide by?",
    ),
    grads(
        "wrong",
        "biases_exchanged",
        {f"{DB1}, ": '"b1": db2, ', DB2: '"b2": db1'},
        "The gradients of the two biases are exchanged.",
        "Compare the shapes of the gradients with those of the parameters.",
        "`b2` belongs to the affine layer, which comes first on the way back.",
        "Two of your names stand under the wrong keys.",
    ),
    grads(
        "wrong",
        "keys_with_a_d",
        {f'"{name}":': f'"d{name}":' for name in ("W1", "b1", "W2", "b2")},
        *KEYS_WITH_A_D,
    ),
    grads(
        "wrong",
        "biases_left_out",
        {f"{DB1}, ": "", f", {DB2}": ""},
        "The biases have no gradients, so they would stay as they are for ever.",
        "Print the keys of the model and the keys of your dictionary.",
        "How many parameters has the net?",
        "Two results of your backward passes are used nowhere.",
    ),
    grads(
        "wrong",
        "images_among_the_gradients",
        {CONV: CONV.replace("_,", "dX,"), f"{DB2}}}": f'{DB2}, "X": dX}}'},
        "The gradient of the images is returned as well; nobody trains the images.",
        "Print the keys of the model and the keys of your dictionary.",
        "Training goes through the gradients and looks for the parameter of the same name.",
        "The layer returns three gradients. How many of them belong to parameters?",
    ),
    grads(
        "care",
        "dscores_overwritten",
        {DB2: '"b2": dscores.cumsum(axis=0, out=dscores)[-1]'},
        "The gradients are right, but the caller's `dscores` has changed after the call.",
        "Compare your inputs before and after the call.",
        "A second name for an array is not a second array.",
        "Look for an operation that writes its result into one of its inputs.",
    ),
    grads(
        "care",
        "weights_overwritten",
        {"    grads = {": "    W1 *= reg\n    W1 += dW1\n    grads = {", DW1: '"W1": W1'},
        *WEIGHTS_OVERWRITTEN,
    ),
    grads(
        "care",
        "cache_overwritten",
        {RELU: f"np.sign(np.maximum(0, relu), out=relu)\n    {RELU}"},
        "The gradients are right, but what lies in the `cache` has changed after the call.",
        "Call your function twice with the same cache, and compare what is in it.",
        "The caches hold the arrays themselves, not copies.",
        "Look for an operation that writes its result into one of its inputs.",
    ),
    grads("note", "float32_lost", {DW1: f"{DW1} + np.zeros(W1.shape)"}, *FLOAT32_LOST),
    grads("note", "prints", {RELU: f"{RELU}    print(dfeatures.shape)\n"}, *PRINTS),
]
