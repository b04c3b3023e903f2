"""Wrong answers to more-layers."""

from . import Stranger

STRANGERS = [
    Stranger(
        "batchnorm_forward",
        "mean_forgotten_to_be_squared",
        "the variance as the mean of the squares minus the mean",
        ("nan", "square", "negative", "varianc", "var"),
        """
def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, momentum = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    running_mean = bn_param.get("running_mean", np.zeros(x.shape[1]))
    running_var = bn_param.get("running_var", np.zeros(x.shape[1]))
    if mode == "train":
        mu = np.mean(x, axis=0)
        var = np.mean(x ** 2, axis=0) - mu
        bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mu
        bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    else:
        mu, var = running_mean, running_var
    std = np.sqrt(var + eps)
    x_hat = (x - mu) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)
""",
    ),
    Stranger(
        "batchnorm_forward",
        "averages_expected_to_be_there",
        "bn_param['running_mean'] is read before anybody has written it",
        ("KeyError",),
        """
def batchnorm_forward(x, gamma, beta, bn_param):
    eps, m = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    mu, var = bn_param["running_mean"], bn_param["running_var"]
    if bn_param["mode"] == "train":
        bn_param["running_mean"] = m * mu + (1 - m) * x.mean(axis=0)
        bn_param["running_var"] = m * var + (1 - m) * x.var(axis=0)
        mu, var = x.mean(axis=0), x.var(axis=0)
    std = np.sqrt(var + eps)
    x_hat = (x - mu) / std
    return x_hat * gamma + beta, (x_hat, gamma, std)
""",
    ),
    Stranger(
        "batchnorm_backward",
        "means_over_everything",
        "np.mean without an axis mixes the features",
        ("column", "feature", "axis", "D = 1", "D > 1", "D is larger than 1"),
        """
def batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    dgamma = np.sum(dout * x_hat, axis=0)
    dbeta = np.sum(dout, axis=0)
    g = dout * gamma
    dx = (g - np.mean(g) - x_hat * np.mean(g * x_hat)) / std
    return dx, dgamma, dbeta
""",
    ),
    Stranger(
        "batchnorm_backward",
        "scale_and_shift_exchanged",
        "dbeta is returned before dgamma",
        ("order", "exchanged", "swapped", "other way round"),
        """
def batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    N = len(dout)
    dgamma = (dout * x_hat).sum(axis=0)
    dbeta = dout.sum(axis=0)
    dx = gamma * (N * dout - dbeta - x_hat * dgamma) / (N * std)
    return dx, dbeta, dgamma
""",
        also=("holds what dbeta should be",),
    ),
    Stranger(
        "spatial_batchnorm_forward",
        "a_variance_for_each_image",
        "the mean is that of the batch, the variance that of each image",
        ("each image", "single image", "more than one image", "N = 1", "N > 1", "varianc", "batch"),
        """
def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    eps, m = bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    C = x.shape[1]
    running_mean = bn_param.get("running_mean", np.zeros(C))
    running_var = bn_param.get("running_var", np.zeros(C))
    if bn_param["mode"] == "train":
        mu = x.mean(axis=(0, 2, 3))
        var = x.var(axis=(2, 3))
        bn_param["running_mean"] = m * running_mean + (1 - m) * mu
        bn_param["running_var"] = m * running_var + (1 - m) * var.mean(axis=0)
    else:
        mu, var = running_mean, running_var[None]
    std = np.sqrt(var + eps)
    x_hat = (x - mu[:, None, None]) / std[:, :, None, None]
    out = gamma[:, None, None] * x_hat + beta[:, None, None]
    return out, (x_hat, gamma, std.mean(axis=0))
""",
        also=("wrong just where there are several samples",),
    ),
    Stranger(
        "lrn_forward",
        "product_for_power",
        "x / (scale * beta)",
        ("power", "exponent", "beta"),
        """
def lrn_forward(x, lrn_param):
    n, k, alpha, beta = lrn_param["n"], lrn_param["k"], lrn_param["alpha"], lrn_param["beta"]
    N, C, H, W = x.shape
    scale = np.full(x.shape, float(k))
    for c in range(C):
        for m in range(c - n // 2, c + n // 2 + 1):
            if 0 <= m < C:
                scale[:, c] += alpha * x[:, m] ** 2
    return x / (scale * beta), (x, scale, lrn_param)
""",
    ),
    Stranger(
        "lrn_backward",
        "brackets_forgotten",
        "scale ** beta + 1 for scale ** (beta + 1)",
        ("bracket", "parenthes", "order of operations", "exponent", "power", "beta"),
        """
def lrn_backward(dout, cache):
    x, scale, lrn_param = cache
    n, alpha, beta = lrn_param["n"], lrn_param["alpha"], lrn_param["beta"]
    C = x.shape[1]
    dx = dout / scale ** beta
    inner = dout * x / scale ** beta + 1
    for c in range(C):
        lo, hi = max(0, c - n // 2), min(C, c + n // 2 + 1)
        dx[:, c] -= 2 * alpha * beta * x[:, c] * inner[:, lo:hi].sum(axis=1)
    return dx
""",
    ),
    Stranger(
        "dropout_forward",
        "scaled_by_what_was_kept",
        "divided by the share that happened to be kept, in place of p",
        ("times (as|too) (small|large)", "factor", "scale", "1 ?/ ?p", "share", r"divid"),
        """
def dropout_forward(x, dropout_param):
    mode, p = dropout_param["mode"], dropout_param["p"]
    rng = np.random.default_rng(dropout_param.get("seed"))
    mask = None
    out = x
    if mode == "train":
        mask = rng.random(x.shape) < p
        out = x * mask / max(mask.mean(), 1e-12)
    return out, (dropout_param, mask)
""",
        also=(r"times 0 or 2\.5\d+, expected 0 or 2\.5\.",),
    ),
    Stranger(
        "dropout_forward",
        "one_draw_for_all",
        "rng.random() without a shape: everything is kept, or nothing",
        ("together", "by itself", "independent", "everything", "all numbers", "same", "nothing"),
        """
def dropout_forward(x, dropout_param):
    mode, p = dropout_param["mode"], dropout_param["p"]
    rng = np.random.default_rng(dropout_param.get("seed"))
    if mode == "test":
        return x, (dropout_param, None)
    mask = np.full(x.shape, rng.random() < p)
    return x * mask / p, (dropout_param, mask)
""",
    ),
    Stranger(
        "dropout_forward",
        "noise_for_a_mask",
        "multiplied with random numbers around 1",
        ("0 or", "factor", "times those of x", "mask"),
        """
def dropout_forward(x, dropout_param):
    mode, p = dropout_param["mode"], dropout_param["p"]
    rng = np.random.default_rng(dropout_param.get("seed"))
    mask = None
    if mode == "train":
        mask = rng.random(x.shape)
        x = x * mask / p
    return x, (dropout_param, mask)
""",
    ),
    Stranger(
        "dropout_backward",
        "no_mask_in_the_test",
        "multiplies with the mask in mode 'test', where it is None",
        ("TypeError", "None", "test"),
        """
def dropout_backward(dout, cache):
    dropout_param, mask = cache
    return dout * mask / dropout_param["p"]
""",
    ),
    Stranger(
        "median_pool_forward",
        "middle_of_the_range",
        "the mean of the smallest and the largest number",
        ("smallest", "largest", "extreme", "sort", "2 x 2", "middle by size"),
        """
def median_pool_forward(x, pool_param):
    N, C, H, W = x.shape
    ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    out = np.zeros((N, C, (H - ph) // s + 1, (W - pw) // s + 1))
    for i, j in np.ndindex(out.shape[2:]):
        window = x[:, :, i * s : i * s + ph, j * s : j * s + pw]
        out[:, :, i, j] = (window.min(axis=(2, 3)) + window.max(axis=(2, 3))) / 2
    return out, (x, pool_param)
""",
    ),
    Stranger(
        "local_conv_backward",
        "windows_of_the_bare_picture",
        "the windows for dw are cut out of x without its border",
        ("ValueError", "broadcast", r"\bpad", "border"),
        """
def local_conv_backward(dout, cache):
    x, w, b, conv_param = cache
    N, C, H, W = x.shape
    F, H_out, W_out, _, HH, WW = w.shape
    s, p = conv_param["stride"], conv_param["pad"]
    dxp, dw = np.zeros((N, C, H + 2 * p, W + 2 * p)), np.zeros(w.shape)
    for n, f, i, j in np.ndindex(dout.shape):
        dxp[n, :, i * s : i * s + HH, j * s : j * s + WW] += dout[n, f, i, j] * w[f, i, j]
        dw[f, i, j] += dout[n, f, i, j] * x[n, :, i * s : i * s + HH, j * s : j * s + WW]
    return dxp[:, :, p : p + H, p : p + W], dw, dout.sum(axis=0)
""",
    ),
    Stranger(
        "concat_backward",
        "lengths_of_the_first_axis",
        "len(x) for x.shape[axis]",
        ("shape", "axis"),
        """
def concat_backward(dout, cache):
    xs, axis = cache
    ends = np.cumsum([len(x) for x in xs])
    return np.split(dout, ends[:-1], axis=axis)
""",
    ),
    Stranger(
        "upsample_nearest_forward",
        "same_axis_twice",
        "both repeats along the rows",
        ("shape",),
        """
def upsample_nearest_forward(x, scale):
    out = np.repeat(x, scale, axis=2)
    out = np.repeat(out, scale, axis=2)
    return out, (x, scale)
""",
    ),
    Stranger(
        "upsample_nearest_backward",
        "divided_by_the_scale",
        "the sum over a square is divided by its side",
        ("times (as|too) (small|large)", "factor", "divided"),
        """
def upsample_nearest_backward(dout, cache):
    x, scale = cache
    dx = np.zeros(x.shape)
    for p in range(scale):
        for q in range(scale):
            dx += dout[:, :, p::scale, q::scale]
    return dx / scale
""",
    ),
    Stranger(
        "conv_transpose_forward",
        "channels_and_filters_exchanged",
        "the sum runs over the second axis of w, as in an ordinary convolution",
        ("ValueError", "channel", "shape", "axes"),
        """
def conv_transpose_forward(x, w, b, conv_param):
    N, C, H, W = x.shape
    _, F, HH, WW = w.shape
    s, p = conv_param["stride"], conv_param["pad"]
    full = np.zeros((N, F, (H - 1) * s + HH, (W - 1) * s + WW))
    for i in range(H):
        for j in range(W):
            stamp = np.tensordot(x[:, :, i, j], w, axes=([1], [1]))
            full[:, :, i * s : i * s + HH, j * s : j * s + WW] += stamp
    out = full[:, :, p : full.shape[2] - p, p : full.shape[3] - p] + b.reshape(1, F, 1, 1)
    return out, (x, w, b, conv_param)
""",
    ),
    Stranger(
        "conv_transpose_backward",
        "rows_and_columns_of_the_filter_exchanged",
        "an einsum with p and q exchanged in the filter",
        ("transpos", "ValueError", "square", "rows and columns", "exchanged"),
        """
def conv_transpose_backward(dout, cache):
    x, w, b, conv_param = cache
    N, C, H, W = x.shape
    _, F, HH, WW = w.shape
    s, p = conv_param["stride"], conv_param["pad"]
    dfull = np.pad(dout, ((0, 0), (0, 0), (p, p), (p, p)))
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for i, j in np.ndindex(H, W):
        window = dfull[:, :, i * s : i * s + HH, j * s : j * s + WW]
        dx[:, :, i, j] = np.einsum("nfpq,cfqp->nc", window, w)
        dw += np.einsum("nc,nfpq->cfpq", x[:, :, i, j], window)
    return dx, dw, dout.sum(axis=(0, 2, 3))
""",
    ),
]
