"""Known mistakes of spatial batch normalisation."""

from course.mistakes.mistake import about
from course.reference.normalisation import spatial_batchnorm_backward, spatial_batchnorm_forward

forward = about(spatial_batchnorm_forward, reads="Spatial batch normalisation")
backward = about(spatial_batchnorm_backward, reads="Spatial batch normalisation")

WRONG_ROWS = (
    "The numbers of a pixel are torn apart: the channels have to stand at the end before rows are laid out.",
    "An image of one channel is right. Try two channels that differ much.",
    "Row (n, i, j) of the matrix holds the C numbers of one pixel.",
    "A reshape keeps the order in which numbers lie. Which axis has to come last before it?",
)
FOR_EACH_IMAGE = (
    "Each image is normalised by itself; the batch is left out.",
    "A batch of one image is right. Try two that differ.",
    "Over how many numbers does the mean of a channel run?",
    "Every pixel of every image is a sample of the same kind.",
)
WRONG_WAY_BACK = (
    "The pixels come back in another order: the rows are laid out as images of another shape.",
    "Print one channel before and after.",
    "Row (n, i, j) belongs to pixel (i, j) of image n, and its numbers to the channels.",
    "First give the rows their three axes again, then bring the channels to their place.",
)
ROWS = ".transpose(0, 2, 3, 1).reshape(-1, C)"
BACK = ".reshape(N, H, W, C).transpose(0, 3, 1, 2)"

CALL = "batchnorm_forward(pixels, gamma, beta, bn_param)"
FORWARD = [
    forward("wrong", "wrong_rows", {ROWS: ".reshape(-1, C)", BACK: ".reshape(N, C, H, W)"}, *WRONG_ROWS),
    forward("wrong", "wrong_way_back", {BACK: ".reshape(N, C, H, W)"}, *WRONG_WAY_BACK),
    forward(
        "wrong",
        "height_and_width_exchanged",
        {BACK: ".reshape(N, W, H, C).transpose(0, 3, 2, 1)"},
        "Height and width change places on the way back to images.",
        "Square images have the right shape. Look at where the pixels are.",
        "In which order did the rows of the matrix run through a picture?",
        "The reshape has to undo what the layout did, axis by axis.",
    ),
    forward(
        "wrong",
        "for_each_image",
        {
            CALL: "zip(*[batchnorm_forward(image, gamma, beta, bn_param) "
            "for image in pixels.reshape(N, -1, C)])",
            "out = out.reshape": "out, cache = np.concatenate(out), cache[0]\n    out = out.reshape",
        },
        *FOR_EACH_IMAGE,
    ),
    forward(
        "wrong",
        "for_each_place",
        {
            CALL: "batchnorm_forward(x.reshape(N, -1), gamma.repeat(H * W), beta.repeat(H * W), {**bn_param, "
            '**{name: bn_param[name].repeat(H * W) for name in ("running_mean", "running_var") '
            "if name in bn_param}})",
            BACK: ".reshape(N, C, H, W)",
        },
        "Each pixel is normalised by itself over the batch; a channel has one mean for all of its places.",
        "A batch of one image becomes all beta.",
        "A filter is the same at every place, so what it finds should be measured over all places.",
        "How many rows has the matrix that you normalise, and how many columns?",
    ),
    forward(
        "wrong",
        "running_averages_not_kept",
        {CALL: "batchnorm_forward(pixels, gamma, beta, dict(bn_param))"},
        "The running averages are written into a copy of `bn_param`, and get lost.",
        "Print bn_param after a call in mode 'train'.",
        "The caller looks into the dictionary that it has given to you.",
        "Which dictionary do you hand on?",
    ),
]

UP = "upstream = dout" + ROWS
BACKWARD = [
    backward("wrong", "wrong_rows", {ROWS: ".reshape(-1, C)", BACK: ".reshape(N, C, H, W)"}, *WRONG_ROWS),
    backward("wrong", "wrong_way_back", {BACK: ".reshape(N, C, H, W)"}, *WRONG_WAY_BACK),
    backward(
        "wrong",
        "height_and_width_exchanged",
        {
            UP: "upstream = dout.transpose(0, 3, 2, 1).reshape(-1, C)",
            BACK: ".reshape(N, W, H, C).transpose(0, 3, 2, 1)",
        },
        "The rows run through the picture column by column; those of the forward pass ran row by row.",
        "dbeta is right, the others are not.",
        "x_hat in the cache and your dout must speak of the same pixel in the same row.",
        "In which order do i and j run through the rows of the forward pass?",
    ),
    backward(
        "wrong",
        "divided_by_places",
        {"dx = dx.reshape": "dgamma, dbeta = dgamma / (H * W), dbeta / (H * W)\n    dx = dx.reshape"},
        "`dgamma` and `dbeta` are divided by the number of pixels.",
        "dx is right.",
        "gamma is used at every pixel. How do the parts of its gradient come together?",
        "A sum over all places needs no divisor.",
    ),
    backward(
        "wrong",
        "scales_exchanged",
        {"dx, dgamma, dbeta = batch": "dx, dbeta, dgamma = batch"},
        "`dgamma` and `dbeta` have changed places.",
        "dx is right.",
        "In which order does batchnorm_backward return its three gradients?",
        "Compare dbeta with the sum of dout over one channel.",
    ),
    backward(
        "wrong",
        "statistics_as_constants",
        {"dx = dx.reshape": "dx = cache[1] / cache[2] * upstream\n    dx = dx.reshape"},
        "`dx` leaves out that the mean and the variance depend on x.",
        "dgamma and dbeta are right. Add up dx over a channel: what should come out?",
        "If you add 1 to a whole channel, its output stays the same. What does that say of dx?",
        "batchnorm_backward has done this for you already.",
    ),
]

MISTAKES = FORWARD + BACKWARD
