"""Known mistakes of spatial batch normalisation."""

from course.mistakes.mistake import about
from course.mistakes.shared import DOUT_OVERWRITTEN
from course.reference.normalisation import spatial_batchnorm_backward, spatial_batchnorm_forward

from .batchnorm import (
    BATCH_IN_TEST_MODE,
    EPS_OUTSIDE,
    GAMMA_FORGOTTEN,
    MEAN,
    MOMENTUM_TURNED,
    NOT_KEPT,
    STD,
    TRAIN,
    TURNED,
    VAR,
    X_OVERWRITTEN,
)

forward = about(spatial_batchnorm_forward, reads="Spatial batch normalisation")
backward = about(spatial_batchnorm_backward, reads="Spatial batch normalisation")

TORN_APART = (
    "The channels are torn apart: neighbouring pixels of one channel are taken for different channels.",
    "An image of one channel is right. Try two channels that differ much.",
    "A reshape keeps the order in which numbers lie: images, channels, rows, columns.",
    "Rows of C numbers need the channels as the last axis. A mean can name its axes instead.",
)
WRONG_WAY_BACK = (
    "The pixels come back in another order: a matrix is laid out as images of another shape.",
    "Print one channel before and after.",
    "Row (n, i, j) of a matrix of pixels belongs to one pixel, and its numbers to the channels.",
    "First give the rows their three axes again, then bring the channels to their place.",
)
EXCHANGED = (
    "Height and width change places on the way from a matrix back to images.",
    "Square images have the right shape. Look at where the pixels are.",
    "In which order do the rows of the matrix run through a picture?",
    "The reshape has to undo what the layout did, axis by axis.",
)
ALONG_COLUMNS = (
    "The numbers of the channels are stretched over the columns of the image.",
    "If there are as many columns as channels, wrong numbers come out; otherwise there is an error.",
    "NumPy lines shapes up from the right: with which axis of (N, C, H, W) does (C,) meet?",
    "Which shape has an array of C numbers that meets the second axis of four?",
)
FOR_EACH_IMAGE = (
    "Each image is normalised by itself; the batch is left out.",
    "A batch of one image is right. Try two that differ.",
    "Over how many numbers does the mean of a channel run?",
    "Every pixel of every image is a sample of the same kind.",
)

HAT = "x_hat = (x - mu[:, None, None]) / std[:, None, None]"
OUT = "out = gamma[:, None, None] * x_hat + beta[:, None, None]"
STATISTICS = "x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))"


def over(axes):
    """Return the edit that normalises with the mean and the variance over other axes while training."""
    mean, var = (f"x.{name}(axis={axes}, keepdims=True)" for name in ("mean", "var"))
    return {HAT: f'{HAT} if mode == "test" else (x - {mean}) / np.sqrt({var} + eps)'}


def shuffled(name):
    """Return code that lays an array out as a matrix of pixels, and wrongly as images again."""
    return f"{name} = {name}.transpose(0, 2, 3, 1).reshape({name}.shape)"


def exchanged(name):
    """Return code that lays an array out as a matrix of pixels, and as images as wide as they were high."""
    return (
        f"N, _, H, W = {name}.shape\n"
        f"    {name} = {name}.transpose(0, 2, 3, 1).reshape(N, W, H, -1).transpose(0, 3, 2, 1)"
    )


FORWARD = [
    forward(
        "wrong",
        "along_columns",
        {HAT: "x_hat = (x - mu) / std", OUT: "out = gamma * x_hat + beta"},
        *ALONG_COLUMNS,
    ),
    forward(
        "wrong",
        "torn_apart",
        {STATISTICS: "x.reshape(-1, C).mean(axis=0), x.reshape(-1, C).var(axis=0)"},
        *TORN_APART,
    ),
    forward("wrong", "wrong_way_back", {OUT: f"{OUT}\n    {shuffled('out')}"}, *WRONG_WAY_BACK),
    forward("wrong", "height_and_width_exchanged", {OUT: f"{OUT}\n    {exchanged('out')}"}, *EXCHANGED),
    forward("wrong", "for_each_image", over((2, 3)), *FOR_EACH_IMAGE),
    forward(
        "wrong",
        "for_each_place",
        over(0),
        "Each pixel is normalised by itself over the batch; a channel has one mean for all of its places.",
        "A batch of one image becomes all beta.",
        "A filter is the same at every place, so what it finds should be measured over all places.",
        "How many means are there for C channels?",
    ),
    forward(
        "wrong",
        "over_all_channels",
        {STATISTICS: "np.full(C, x.mean()), np.full(C, x.var())"},
        "One mean and one variance for all channels; each channel has its own.",
        "An image of one channel is right. Try two channels that differ much.",
        "How many means are there for C channels?",
        "Three of the four axes are measured over. Which one is not?",
    ),
    forward("wrong", "running_averages_not_kept", {MEAN: "pass", VAR: "pass"}, *NOT_KEPT),
    forward("wrong", "momentum_the_other_way_round", TURNED, *MOMENTUM_TURNED),
    forward("wrong", "batch_used_in_test_mode", {TRAIN: "if True:"}, *BATCH_IN_TEST_MODE),
    forward("wrong", "eps_outside_the_root", {STD: "std = np.sqrt(var) + eps"}, *EPS_OUTSIDE),
    forward(
        "care",
        "x_overwritten",
        {
            HAT: "np.subtract(x, mu[:, None, None], out=x, casting='unsafe')\n"
            "    x_hat = x / std[:, None, None]"
        },
        *X_OVERWRITTEN,
    ),
]

DGAMMA = "dgamma = (dout * x_hat).sum(axis=(0, 2, 3))"
DBETA = "dbeta = dout.sum(axis=(0, 2, 3))"
CENTRED = "centred = dout - dbeta[:, None, None] / M - x_hat * dgamma[:, None, None] / M"
DX = "dx = (gamma / std)[:, None, None] * centred"

BACKWARD = [
    backward(
        "wrong",
        "along_columns",
        {CENTRED: "centred = dout - dbeta / M - x_hat * dgamma / M", DX: "dx = gamma / std * centred"},
        *ALONG_COLUMNS,
    ),
    backward(
        "wrong",
        "torn_apart",
        {
            DGAMMA: "dgamma = (dout * x_hat).reshape(-1, C).sum(axis=0)",
            DBETA: "dbeta = dout.reshape(-1, C).sum(axis=0)",
        },
        *TORN_APART,
    ),
    backward("wrong", "wrong_way_back", {DX: f"{DX}\n    {shuffled('dx')}"}, *WRONG_WAY_BACK),
    backward("wrong", "height_and_width_exchanged", {DX: f"{DX}\n    {exchanged('dx')}"}, *EXCHANGED),
    backward(
        "wrong",
        "for_each_image",
        {
            CENTRED: "centred = dout - dout.mean(axis=(2, 3), keepdims=True)"
            " - x_hat * (dout * x_hat).mean(axis=(2, 3), keepdims=True)"
        },
        "The two means in `dx` are those of each image; the batch is left out.",
        *FOR_EACH_IMAGE[1:],
    ),
    backward(
        "wrong",
        "divided_by_images_alone",
        {"M = N * H * W": "M = N"},
        "The two sums in `dx` are divided by the number of images; many more numbers share one mean.",
        "dgamma and dbeta are right. Add up dx over a channel: what should come out?",
        "Each pixel of each image counts as one sample.",
        "By how many numbers did the forward pass divide to get mu?",
    ),
    backward(
        "wrong",
        "divided_by_places",
        {DX: f"{DX}\n    dgamma, dbeta = dgamma / (H * W), dbeta / (H * W)"},
        "`dgamma` and `dbeta` are divided by the number of pixels.",
        "dx is right.",
        "gamma is used at every pixel. How do the parts of its gradient come together?",
        "A sum over all places needs no divisor.",
    ),
    backward(
        "wrong",
        "scales_exchanged",
        {"return dx, dgamma, dbeta": "return dx, dbeta, dgamma"},
        "`dgamma` and `dbeta` have changed places.",
        "dx is right.",
        "In which order are the three gradients asked for?",
        "Compare your second gradient with the sum of dout over one channel.",
    ),
    backward(
        "wrong",
        "statistics_as_constants",
        {CENTRED: "centred = dout"},
        "`dx` leaves out that the mean and the variance depend on x.",
        "dgamma and dbeta are right. Add up dx over a channel: what should come out?",
        "If you add 1 to a whole channel, its output stays the same. What does that say of dx?",
        "There are three ways from x to the loss; you follow one of them.",
    ),
    backward("wrong", "gamma_forgotten", {DX: "dx = (1 / std)[:, None, None] * centred"}, *GAMMA_FORGOTTEN),
    backward(
        "care",
        "dout_overwritten",
        {CENTRED: "dout -= dbeta[:, None, None] / M\n    centred = dout - x_hat * dgamma[:, None, None] / M"},
        *DOUT_OVERWRITTEN,
    ),
]

MISTAKES = FORWARD + BACKWARD
