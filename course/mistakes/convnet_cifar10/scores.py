"""Known mistakes of two_layer_convnet_scores."""

from course.mistakes.mistake import about
from course.mistakes.shared import FLOAT32_LOST, INTEGERS_CUT, PRINTS, PROBABILITIES_FOR_SCORES
from course.reference.convnet import two_layer_convnet_scores

scores = about(two_layer_convnet_scores, reads="Scores of a ConvNet")

PAD = '"pad": (HH - 1) // 2'
WINDOWS = '"stride": 2, '
CONV = "conv_forward_fast(X, W1, b1, conv_param)"
RELU = "relu_forward(features)"
POOL = "pooled, pool_cache = max_pool_forward_fast(rectified, pool_param)"
OUT = "scores, affine_cache = affine_forward(pooled, W2, b2)"
QUARTERS = """height, width = X.shape[2] // 2 * 2, X.shape[3] // 2 * 2
    quarters = [rectified[:, :, i:height:2, j:width:2] for i in (0, 1) for j in (0, 1)]
    pool_cache = (rectified, pool_param)
    """

MISTAKES = [
    scores(
        "wrong",
        "padding_forgotten",
        {PAD: '"pad": 0'},
        "The convolution is not padded, so the images shrink and no longer fit `W2`.",
        "Print the shape of the features for a 4x4 image and 3x3 filters.",
        "The convolution of this net keeps the height and the width.",
        "How many zeros does a filter need beyond the edge to stand with its middle on the first pixel?",
    ),
    scores(
        "wrong",
        "padded_by_a_whole_filter",
        {PAD: '"pad": HH'},
        "The images are padded by the size of the filter, so they grow and no longer fit `W2`.",
        "Print the shape of the features for a 4x4 image and 3x3 filters.",
        "With which padding does a 1x1 filter keep the size of an image?",
        "Put H and the size of the filter into the formula of the output size, and solve it for the padding.",
    ),
    scores(
        "wrong",
        "padded_by_one",
        {PAD: '"pad": 1'},
        "The padding is always 1, which fits 3x3 filters only.",
        "With 3x3 filters all is right. Try others.",
        "How far does a 5x5 filter reach to each side of its middle?",
        "The padding follows from the size of the filters.",
    ),
    scores(
        "wrong",
        "padded_by_two",
        {PAD: '"pad": 2'},
        "The padding is always 2, which fits 5x5 filters only.",
        "With 5x5 filters all is right. Try others.",
        "How far does a 3x3 filter reach to each side of its middle?",
        "The padding follows from the size of the filters.",
    ),
    scores(
        "wrong",
        "relu_forgotten",
        {RELU: "features, features"},
        "The ReLU between the convolution and the pooling is missing.",
        "Is any of the pooled numbers negative?",
        "Without something that bends, the net could as well be a linear classifier behind a pooling.",
        "Count the layers in the equations, and in your code.",
    ),
    scores(
        "wrong",
        "relu_on_the_images",
        {CONV: CONV.replace("X,", "relu_forward(X)[0],"), RELU: "features, features"},
        "The ReLU stands before the convolution and cuts the images; it belongs behind.",
        "What becomes of a pixel that is darker than the mean?",
        "The pixels are what they are. Which numbers does the ReLU of this net look at?",
        "Compare the order of your layers with the equations.",
    ),
    scores(
        "wrong",
        "relu_on_the_scores",
        {RELU: "features, features", OUT: f"{OUT}\n    scores = np.maximum(0, scores)"},
        "The ReLU stands at the end, on the scores; it belongs behind the convolution.",
        "Is any of your scores negative? Should one be?",
        "Which numbers does the ReLU of this net look at?",
        "Compare the order of your layers with the equations.",
    ),
    scores(
        "wrong",
        "one_more_relu_on_the_scores",
        {OUT: f"{OUT}\n    scores = np.maximum(0, scores)"},
        "The scores went through a ReLU too: a score below 0 is lost.",
        "Is any of your scores negative? Should one be?",
        "Which layers of the net are followed by a ReLU?",
        "The last layer is the affine one.",
    ),
    scores(
        "wrong",
        "windows_overlap",
        {WINDOWS: '"stride": 1, '},
        "The pooling windows move by one pixel, so the images do not get half as high and wide.",
        "Print the shape after the pooling for a 4x4 image.",
        "How many 2x2 windows lie side by side in a 4x4 image?",
        "Three numbers describe the pooling. One of yours makes the windows share pixels.",
    ),
    scores(
        "wrong",
        "pooling_forgotten",
        {POOL: "pooled, pool_cache = rectified, (rectified, pool_param)"},
        "The pooling is missing, so four times too many numbers reach `W2`.",
        "Print the shape of what goes into the affine layer.",
        "Which layer makes the images smaller?",
        "Count the layers in the equations, and in your code.",
    ),
    scores(
        "wrong",
        "stride_instead_of_pooling",
        {
            '"stride": 1, ': '"stride": 2, ',
            POOL: "pooled, pool_cache = rectified, (rectified, pool_param)",
        },
        "The filters jump by two pixels and nothing is pooled; the shapes look alike, the numbers do not.",
        "How many places of a 4x4 image does your filter look at? All of them should be looked at.",
        "Two ways make an image half as high and wide. The task names one.",
        "With which stride does a convolution keep the size of an image?",
    ),
    scores(
        "wrong",
        "mean_pooling",
        {POOL: QUARTERS + "pooled = sum(quarters) / 4"},
        "The windows are averaged; their largest number is asked for.",
        "What should become of a window with the numbers 0, 0, 0 and 4?",
        "There are two usual kinds of pooling.",
        "Look at the name of the pooling layer that you call.",
    ),
    scores(
        "wrong",
        "first_pixel_of_each_window",
        {POOL: QUARTERS + "pooled = quarters[0]"},
        "The first number of each window is taken; its largest is asked for.",
        "What should become of a window with the numbers 1, 2, 3 and 4?",
        "A slice with a step of 2 drops three numbers of each window, whatever they are.",
        "All four numbers of a window have a say.",
    ),
    scores(
        "wrong",
        "first_bias_forgotten",
        {CONV: CONV.replace("b1", "0 * b1")},
        "The bias of the filters is never added.",
        "Feed images of zeros: what should the features be?",
        "Compare the equations with your code, term by term.",
        "One of the four parameters has no influence on your answer.",
    ),
    scores(
        "wrong",
        "second_bias_forgotten",
        {OUT: OUT.replace("b2", "0 * b2")},
        "The bias of the affine layer is never added.",
        "Which scores come out when every pooled number is 0?",
        "Compare the equations with your code, term by term.",
        "One of the four parameters has no influence on your answer.",
    ),
    scores(
        "wrong",
        "filters_turned",
        {CONV: CONV.replace("W1", "W1[:, :, ::-1, ::-1]")},
        "The filters are rotated by 180 degrees, as in mathematics; this layer uses them as they are.",
        "With 1x1 filters all is right.",
        "Put a single 1 into an image and look at what comes out.",
        "The layer has done all that is needed. Hand it the filters as they stand in the model.",
    ),
    scores(
        "wrong",
        "flattened_with_channels_last",
        {OUT: OUT.replace("pooled", "pooled.transpose(0, 2, 3, 1)")},
        "The pooled images become rows in another order: pixel by pixel instead of filter by filter.",
        "With one filter all is right. Try two.",
        "Shapes that fit are not yet numbers that fit.",
        "The affine layer lays out images by itself, in the order of their axes.",
    ),
    scores(
        "wrong",
        "probabilities_for_scores",
        {
            OUT: f"{OUT}\n    scores = np.exp(scores - scores.max(axis=1, keepdims=True))\n"
            "    scores /= scores.sum(axis=1, keepdims=True)"
        },
        *PROBABILITIES_FOR_SCORES,
    ),
    scores(
        "wrong",
        "cache_not_returned",
        {"return scores, cache": "return scores"},
        "Only the scores are returned; the backward pass needs the cache too.",
        "How many values does the docstring promise?",
        "What a function does not return is lost when it ends.",
        "Return two values.",
    ),
    scores("care", "integers_cut", {RELU: "relu_forward(features.astype(X.dtype))"}, *INTEGERS_CUT),
    scores(
        "care",
        "images_overwritten",
        {CONV: f"{CONV}\n    np.maximum(X, 0, out=X)"},
        "The scores are right, but the caller's `X` has changed after the call.",
        "Compare your inputs before and after the call.",
        "The next epoch sees the same images again, or what you have left of them.",
        "Look for an operation that writes its result into one of its inputs.",
    ),
    scores("note", "float32_lost", {CONV: CONV.replace("X,", "X.astype(float),")}, *FLOAT32_LOST),
    scores("note", "prints", {OUT: f"{OUT}\n    print(pooled.shape)"}, *PRINTS),
]
