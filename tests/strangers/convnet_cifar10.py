"""Wrong answers to convnet-cifar10."""

from . import Stranger

STRANGERS = [
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
        "bias_of_the_other_layer",
        "b2 is as long as b1",
        ("b2",),
        """
def two_layer_convnet_shapes(input_shape=(3, 32, 32), num_classes=10, num_filters=32, filter_size=5):
    if filter_size % 2 == 0:
        raise ValueError(f"Filter size must be odd; got {filter_size}")
    C, H, W = input_shape
    return {
        "W1": (num_filters, C, filter_size, filter_size),
        "b1": (num_filters,),
        "W2": (num_filters * (H // 2) * (W // 2), num_classes),
        "b2": (num_filters,),
    }
""",
    ),
    Stranger(
        "two_layer_convnet_scores",
        "mean_of_the_batch_taken_away",
        "the mean image of the batch is subtracted, as one would before a training",
        ("other (samples|images)", "one (sample|image)", "single (sample|image)", "mean", "batch"),
        """
def two_layer_convnet_scores(X, model):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    X = X - X.mean(axis=0)
    a, conv_cache = conv_forward_fast(X, W1, b1, {"stride": 1, "pad": (W1.shape[2] - 1) // 2})
    r, relu_cache = relu_forward(a)
    p, pool_cache = max_pool_forward_fast(r, {"stride": 2, "pool_height": 2, "pool_width": 2})
    scores, affine_cache = affine_forward(p, W2, b2)
    return scores, (conv_cache, relu_cache, pool_cache, affine_cache)
""",
    ),
    Stranger(
        "two_layer_convnet_scores",
        "guesses_for_scores",
        "the class with the largest score comes out",
        ("shape", "guess", "argmax"),
        """
def two_layer_convnet_scores(X, model):
    W1, b1, W2, b2 = model["W1"], model["b1"], model["W2"], model["b2"]
    a, conv_cache = conv_forward_fast(X, W1, b1, {"stride": 1, "pad": (W1.shape[2] - 1) // 2})
    r, relu_cache = relu_forward(a)
    p, pool_cache = max_pool_forward_fast(r, {"stride": 2, "pool_height": 2, "pool_width": 2})
    scores, affine_cache = affine_forward(p, W2, b2)
    return scores.argmax(axis=1), (conv_cache, relu_cache, pool_cache, affine_cache)
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
        "two_layer_convnet_loss",
        "labels_counted_from_one",
        "y - 1: each label means the class before it",
        ("label", "right class", r"\by\b", "one column", "counted from"),
        """
def two_layer_convnet_loss(scores, y, model, reg=0.0):
    N = len(y)
    s = scores - scores.max(axis=1, keepdims=True)
    log_p = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss = -log_p[np.arange(N), y - 1].mean()
    loss += 0.5 * reg * (np.sum(model["W1"] ** 2) + np.sum(model["W2"] ** 2))
    dscores = np.exp(log_p)
    dscores[np.arange(N), y - 1] -= 1
    return loss, dscores / N
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
        "tuple_for_a_dictionary",
        "the four gradients come as a tuple",
        ("dictionary", r"\bdict\b", r"\bkeys?\b", "tuple"),
        """
def two_layer_convnet_grads(dscores, cache, model, reg=0.0):
    conv, relu, pool, affine = cache
    dp, dW2, db2 = affine_backward(dscores, affine)
    da = relu_backward(max_pool_backward_fast(dp, pool), relu)
    _, dW1, db1 = conv_backward_fast(da, conv)
    dW1 = dW1 + reg * model["W1"]
    dW2 = dW2 + reg * model["W2"]
    return db1, dW1, db2, dW2
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
        "conv_size",
        "one_added_before_the_division",
        "(H + 2 pad - f + 1) // stride",
        ("stride", "left over"),
        """
def conv_size(input_shape, num_filters, filter_size, stride=1, pad=0):
    C, H, W = input_shape
    H_out = (H + 2 * pad - filter_size + 1) // stride
    W_out = (W + 2 * pad - filter_size + 1) // stride
    weights = num_filters * C * filter_size ** 2
    return (num_filters, H_out, W_out), weights + num_filters, weights * H_out * W_out
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
        "last_class_left_out",
        "a loop over the classes that ends one too early",
        ("last (class|row|column)", "border", r"\[\d, \d\]", "one class"),
        """
def confusion_matrix(y, guesses, num_classes=10):
    counts = np.zeros((num_classes, num_classes), dtype=int)
    for right in range(num_classes - 1):
        for guess in range(num_classes):
            counts[right, guess] = np.sum((y == right) & (guesses == guess))
    return counts
""",
    ),
    Stranger(
        "confusion_matrix",
        "lists_for_an_array",
        "the right counts, as a list of lists",
        (r"\blists?\b", "array"),
        """
def confusion_matrix(y, guesses, num_classes=10):
    counts = [[0 for _ in range(num_classes)] for _ in range(num_classes)]
    for n in range(len(y)):
        counts[y[n]][guesses[n]] += 1
    return counts
""",
    ),
]
