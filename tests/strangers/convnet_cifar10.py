"""Wrong answers to convnet-cifar10."""

from . import Stranger

STRANGERS = [
    Stranger(
        "two_layer_convnet_shapes",
        "maps_not_laid_out",
        "W2 has an axis for each axis of the pooled maps",
        ("W2",),
        """
def two_layer_convnet_shapes(input_shape=(3, 32, 32), num_classes=10, num_filters=32, filter_size=5):
    if filter_size % 2 == 0:
        raise ValueError(f"Filter size must be odd; got {filter_size}")
    C, H, W = input_shape
    return {
        "W1": (num_filters, C, filter_size, filter_size),
        "b1": (num_filters,),
        "W2": (num_filters, H // 2, W // 2, num_classes),
        "b2": (num_classes,),
    }
""",
    ),
    Stranger(
        "two_layer_convnet_shapes",
        "square_images_of_the_default",
        "the size of a picture is taken for 32 x 32",
        ("W2",),
        """
def two_layer_convnet_shapes(input_shape=(3, 32, 32), num_classes=10, num_filters=32, filter_size=5):
    if filter_size % 2 == 0:
        raise ValueError(f"Filter size must be odd; got {filter_size}")
    F = num_filters
    shapes = {"W1": (F, input_shape[0], filter_size, filter_size), "b1": (F,)}
    shapes["W2"] = (F * 16 * 16, num_classes)
    shapes["b2"] = (num_classes,)
    return shapes
""",
    ),
    Stranger(
        "two_layer_convnet_shapes",
        "arrays_for_shapes",
        "returns arrays of these shapes",
        ("tuple", "array"),
        """
def two_layer_convnet_shapes(input_shape=(3, 32, 32), num_classes=10, num_filters=32, filter_size=5):
    if filter_size % 2 == 0:
        raise ValueError(f"Filter size must be odd; got {filter_size}")
    C, H, W = input_shape
    model = {}
    model["W1"] = 0.001 * np.ones((num_filters, C, filter_size, filter_size))
    model["b1"] = np.zeros(num_filters)
    model["W2"] = 0.001 * np.ones((num_filters * (H // 2) * (W // 2), num_classes))
    model["b2"] = np.zeros(num_classes)
    return model
""",
    ),
    Stranger(
        "two_layer_convnet_shapes",
        "halved_after_the_product",
        "F H W // 4: one too many where height and width are odd",
        ("odd", "W2"),
        """
def two_layer_convnet_shapes(input_shape=(3, 32, 32), num_classes=10, num_filters=32, filter_size=5):
    if filter_size % 2 == 0:
        raise ValueError(f"Filter size must be odd; got {filter_size}")
    C, H, W = input_shape
    pooled = num_filters * H * W // 4
    return {
        "W1": (num_filters, C, filter_size, filter_size),
        "b1": (num_filters,),
        "W2": (pooled, num_classes),
        "b2": (num_classes,),
    }
""",
    ),
    Stranger(
        "two_layer_convnet_scores",
        "channels_made_the_last_axis",
        "the pooled maps are laid out pixel by pixel, with the channels last",
        ("order", "channel", "permut", "mixed", "laid out", "transpos"),
        """
def two_layer_convnet_scores(X, model):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    pad = (W1.shape[2] - 1) // 2
    a, conv_cache = conv_forward_fast(X, W1, b1, {"stride": 1, "pad": pad})
    r, relu_cache = relu_forward(a)
    p, pool_cache = max_pool_forward_fast(r, {"stride": 2, "pool_height": 2, "pool_width": 2})
    flat = p.transpose(0, 2, 3, 1).reshape(len(X), -1)
    scores, affine_cache = affine_forward(flat, W2, b2)
    return scores, (conv_cache, relu_cache, pool_cache, affine_cache)
""",
    ),
    Stranger(
        "two_layer_convnet_scores",
        "windows_one_apart",
        "the stride of the pooling is 1, so the maps are too large for W2",
        ("ValueError",),
        """
def two_layer_convnet_scores(X, model):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    conv_param = {"stride": 1, "pad": (W1.shape[2] - 1) // 2}
    pool_param = {"stride": 1, "pool_height": 2, "pool_width": 2}
    h, c1 = conv_forward_fast(X, W1, b1, conv_param)
    h, c2 = relu_forward(h)
    h, c3 = max_pool_forward_fast(h, pool_param)
    scores, c4 = affine_forward(h, W2, b2)
    return scores, (c1, c2, c3, c4)
""",
    ),
    Stranger(
        "two_layer_convnet_scores",
        "cut_before_the_convolution",
        "the ReLU comes first and cuts the pixels",
        ("ReLU", "negative", "pixels"),
        """
def two_layer_convnet_scores(X, model):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    conv_param = {"stride": 1, "pad": W1.shape[2] // 2}
    r, relu_cache = relu_forward(X)
    a, conv_cache = conv_forward_fast(r, W1, b1, conv_param)
    p, pool_cache = max_pool_forward_fast(a, {"stride": 2, "pool_height": 2, "pool_width": 2})
    scores, affine_cache = affine_forward(p, W2, b2)
    return scores, (conv_cache, relu_cache, pool_cache, affine_cache)
""",
    ),
    Stranger(
        "two_layer_convnet_scores",
        "cut_once_more",
        "a second ReLU behind the affine layer: no score is below 0",
        ("negative", "below 0", "ReLU"),
        """
def two_layer_convnet_scores(X, model):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    a, conv_cache = conv_forward_fast(X, W1, b1, {"stride": 1, "pad": (W1.shape[3] - 1) // 2})
    r, relu_cache = relu_forward(a)
    p, pool_cache = max_pool_forward_fast(r, {"stride": 2, "pool_height": 2, "pool_width": 2})
    scores, affine_cache = affine_forward(p, W2, b2)
    scores, _ = relu_forward(scores)
    return scores, (conv_cache, relu_cache, pool_cache, affine_cache)
""",
    ),
    Stranger(
        "two_layer_convnet_loss",
        "penalties_multiplied",
        "the two sums of squares are multiplied, not added",
        (r"\breg\b", "regularis", "penalty"),
        """
def two_layer_convnet_loss(scores, y, model, reg=0.0):
    N = len(y)
    s = scores - scores.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(N), y].mean()
    loss += 0.5 * reg * np.sum(model["W1"] ** 2) * np.sum(model["W2"] ** 2)
    dscores = np.exp(log_p)
    dscores[np.arange(N), y] -= 1
    return loss, dscores / N
""",
    ),
    Stranger(
        "two_layer_convnet_loss",
        "squares_added_before_the_sum",
        "W1 ** 2 + W2 ** 2, though the two have different shapes",
        ("ValueError", "broadcast"),
        """
def two_layer_convnet_loss(scores, y, model, reg=0.0):
    N = len(y)
    s = scores - scores.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(N), y].mean() + 0.5 * reg * np.sum(model["W1"] ** 2 + model["W2"] ** 2)
    dscores = np.exp(log_p)
    dscores[np.arange(N), y] -= 1
    return loss, dscores / N
""",
    ),
    Stranger(
        "two_layer_convnet_loss",
        "loss_alone",
        "the gradient of the scores is not returned",
        ("two values", "2 values", "tuple", "pair", "two results"),
        """
def two_layer_convnet_loss(scores, y, model, reg=0.0):
    N = len(y)
    s = scores - scores.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -np.mean(log_p[np.arange(N), y])
    return loss + 0.5 * reg * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))
""",
    ),
    Stranger(
        "two_layer_convnet_grads",
        "results_unpacked_in_another_order",
        "the first result of the convolution, its dx, is taken for dW1",
        ("ValueError", "broadcast", "shape"),
        """
def two_layer_convnet_grads(dscores, cache, model, reg=0.0):
    conv, relu, pool, affine = cache
    dx, dW2, db2 = affine_backward(dscores, affine)
    dx = max_pool_backward_fast(dx, pool)
    dx = relu_backward(dx, relu)
    dW1, dx, db1 = conv_backward_fast(dx, conv)
    return {"W1": dW1 + reg * model["W1"], "b1": db1, "W2": dW2 + reg * model["W2"], "b2": db2}
""",
    ),
    Stranger(
        "two_layer_convnet_grads",
        "gradient_cut_for_slope",
        "negative gradients are cut off where the ReLU should decide",
        ("ReLU", "negative", r"W2 (is|and b2 are) right", "right: .*W2"),
        """
def two_layer_convnet_grads(dscores, cache, model, reg=0.0):
    conv, relu, pool, affine = cache
    dp, dW2, db2 = affine_backward(dscores, affine)
    dr = max_pool_backward_fast(dp, pool)
    da = np.maximum(0, dr)
    dX, dW1, db1 = conv_backward_fast(da, conv)
    grads = {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
    for name in ("W1", "W2"):
        grads[name] = grads[name] + reg * model[name]
    return grads
""",
    ),
    Stranger(
        "two_layer_convnet_grads",
        "square_not_derived",
        "reg * W ** 2 is added, the penalty itself and not its gradient",
        (r"\breg\b", "regularis", "penalty"),
        """
def two_layer_convnet_grads(dscores, cache, model, reg=0.0):
    conv, relu, pool, affine = cache
    dp, dW2, db2 = affine_backward(dscores, affine)
    da = relu_backward(max_pool_backward_fast(dp, pool), relu)
    dX, dW1, db1 = conv_backward_fast(da, conv)
    dW1 = dW1 + 0.5 * reg * model["W1"] ** 2
    dW2 = dW2 + 0.5 * reg * model["W2"] ** 2
    return dict(W1=dW1, b1=db1, W2=dW2, b2=db2)
""",
    ),
    Stranger(
        "two_layer_convnet_grads",
        "biases_left_out",
        "the dictionary holds the weights alone",
        (r"\bkeys?\b", "KeyError", "missing", "no entry"),
        """
def two_layer_convnet_grads(dscores, cache, model, reg=0.0):
    conv, relu, pool, affine = cache
    grads = {}
    dp, dW2, _ = affine_backward(dscores, affine)
    da = relu_backward(max_pool_backward_fast(dp, pool), relu)
    _, dW1, _ = conv_backward_fast(da, conv)
    grads["W1"] = dW1 + reg * model["W1"]
    grads["W2"] = dW2 + reg * model["W2"]
    return grads
""",
    ),
    Stranger(
        "conv_size",
        "left_over_pixels_get_a_window",
        "the size is rounded up",
        ("stride", "left over", "round", "output_shape", "shape"),
        """
def conv_size(input_shape, num_filters, filter_size, stride=1, pad=0):
    C, H, W = input_shape
    H_out = int(np.ceil((H + 2 * pad - filter_size) / stride)) + 1
    W_out = int(np.ceil((W + 2 * pad - filter_size) / stride)) + 1
    parameters = num_filters * (C * filter_size ** 2 + 1)
    return (num_filters, H_out, W_out), parameters, num_filters * H_out * W_out * C * filter_size ** 2
""",
    ),
    Stranger(
        "conv_size",
        "filters_last",
        "(H_out, W_out, F) for (F, H_out, W_out)",
        ("order", "output_shape", "shape"),
        """
def conv_size(input_shape, num_filters, filter_size, stride=1, pad=0):
    C, H, W = input_shape
    H_out = (H + 2 * pad - filter_size) // stride + 1
    W_out = (W + 2 * pad - filter_size) // stride + 1
    parameters = num_filters * (C * filter_size ** 2 + 1)
    return (H_out, W_out, num_filters), parameters, num_filters * H_out * W_out * C * filter_size ** 2
""",
    ),
    Stranger(
        "conv_size",
        "a_bias_for_every_place",
        "the biases are counted for each output number",
        ("bias", "parameters"),
        """
def conv_size(input_shape, num_filters, filter_size, stride=1, pad=0):
    C, H, W = input_shape
    H_out = (H + 2 * pad - filter_size) // stride + 1
    W_out = (W + 2 * pad - filter_size) // stride + 1
    out = num_filters * H_out * W_out
    weights = filter_size * filter_size * C * num_filters
    return (num_filters, H_out, W_out), weights + out, out * filter_size * filter_size * C
""",
    ),
    Stranger(
        "confusion_matrix",
        "one_row_many_names",
        "[[0] * K] * K is one row under K names, so every count appears in all rows",
        ("every row", "all rows", "each row", "rows are (all )?(equal|the same)", "same in"),
        """
def confusion_matrix(y, guesses, num_classes=10):
    counts = [[0] * num_classes] * num_classes
    for right, guess in zip(y, guesses):
        counts[right][guess] += 1
    return np.array(counts)
""",
    ),
    Stranger(
        "confusion_matrix",
        "shares_for_counts",
        "each row is divided by its sum",
        ("share", "fraction", "whole number", "integer", "float", "dtype", "nan", "row"),
        """
def confusion_matrix(y, guesses, num_classes=10):
    counts = np.zeros((num_classes, num_classes))
    for n in range(len(y)):
        counts[y[n], guesses[n]] += 1
    return counts / counts.sum(axis=1, keepdims=True)
""",
    ),
    Stranger(
        "confusion_matrix",
        "mistakes_only",
        "right guesses are not counted",
        ("diagonal", "right guesses", "smaller than"),
        """
def confusion_matrix(y, guesses, num_classes=10):
    counts = np.zeros((num_classes, num_classes), dtype=int)
    for a, b in zip(y, guesses):
        if a != b:
            counts[a, b] += 1
    return counts
""",
    ),
    Stranger(
        "confusion_matrix",
        "classes_that_occur",
        "the table is as large as the largest label asks for",
        ("shape", "num_classes"),
        """
def confusion_matrix(y, guesses, num_classes=10):
    K = max(y.max(), guesses.max()) + 1
    return np.bincount(y * K + guesses, minlength=K * K).reshape(K, K)
""",
    ),
]
