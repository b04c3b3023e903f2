"""Known mistakes of conv_forward_naive."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    BIAS_FORGOTTEN,
    FLOAT32_LOST,
    INTEGERS_CUT,
    ONLY_SQUARE_IMAGES,
    ONLY_SQUARE_WINDOWS,
    ROUNDED_UP,
    STRIDE_IGNORED,
    STRIDE_IS_WINDOW_SIZE,
)
from course.reference.layers import conv_forward_naive

forward = about(conv_forward_naive, reads="Convolution")

SIZES = "H_out, W_out = output_size(H, HH, stride, pad), output_size(W, WW, stride, pad)"
PAD = "np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))"
PLACE = "i * stride, j * stride"
WINDOW = "top : top + HH, left : left + WW"
DOT = "np.sum(window * w[f]) + b[f]"
DTYPE = ", dtype=np.result_type(x, w, b)"

MISTAKES = [
    forward("wrong", "bias_forgotten", {DOT: "np.sum(window * w[f])"}, *BIAS_FORGOTTEN),
    forward(
        "wrong",
        "bias_in_every_product",
        {DOT: "np.sum(window * w[f] + b[f])"},
        "The bias is added to every product, so it counts once for each weight; it should count once.",
        "Try an input of zeros: the output should be the bias.",
        "How often does b[f] enter one output?",
        "Look at what stands inside the sum.",
    ),
    forward(
        "wrong",
        "filter_rotated",
        {DOT: "np.sum(window * w[f, :, ::-1, ::-1]) + b[f]"},
        "The filter is rotated by 180 degrees, as in a mathematician's convolution; here it is not.",
        "Filters that look the same upside down are right.",
        "Try an image with a single 1 and a filter with the numbers 1 to 9.",
        "In the equation the window and the filter have the same p and the same q.",
    ),
    forward("wrong", "stride_ignored", {PLACE: "i, j"}, *STRIDE_IGNORED),
    forward(
        "wrong",
        "stride_downwards_only",
        {PLACE: "i * stride, j"},
        "The stride moves the window downwards but not to the right.",
        "For stride 1 all is right. Try 2.",
        "The first column of your output is right.",
        "Height and width follow the same rule.",
    ),
    forward("wrong", "stride_is_filter_size", {PLACE: "i * HH, j * WW"}, *STRIDE_IS_WINDOW_SIZE),
    forward(
        "wrong",
        "padded_on_one_side",
        {PAD: "np.pad(x, ((0, 0), (0, 0), (2 * pad, 0), (2 * pad, 0)))"},
        "All the padding stands above and to the left; each side should get its share.",
        "Without padding all is right.",
        "Look at the four borders of the padded image.",
        "Each axis has a number for its beginning and a number for its end.",
    ),
    forward(
        "wrong",
        "padding_forgotten",
        {PAD: "x"},
        "The padding is never added.",
        "With pad 0 all is right.",
        "What does a window see that begins above the image?",
        "Your output has the right size, but its windows reach over the image's edge.",
    ),
    forward(
        "wrong",
        "padded_with_the_border",
        {PAD: PAD.replace(")))", ')), mode="edge")')},
        "The border of the image is repeated outside; the padding should be zeros.",
        "With pad 0 all is right.",
        "Look at the border of the padded image.",
        "np.pad has several modes.",
    ),
    forward(
        "wrong",
        "all_axes_padded",
        {PAD: "np.pad(x, pad)"},
        "Samples and channels are padded too.",
        "Compare the shapes of x and of the padded x.",
        "Padding makes an image higher and wider. Does it get more channels?",
        "np.pad wants to be told what to do for each axis when they differ.",
    ),
    forward(
        "wrong", "only_square_images", {"for j in range(W_out)": "for j in range(H_out)"}, *ONLY_SQUARE_IMAGES
    ),
    forward(
        "wrong", "only_square_filters", {WINDOW: "top : top + HH, left : left + HH"}, *ONLY_SQUARE_WINDOWS
    ),
    forward(
        "wrong",
        "rounded_up",
        {
            SIZES: "H_out, W_out = -((HH - H - 2 * pad) // stride) + 1, -((WW - W - 2 * pad) // stride) + 1",
            PAD: PAD.replace("(pad, pad)", "(pad, pad + stride)"),
        },
        *ROUNDED_UP,
    ),
    forward(
        "wrong",
        "last_channel_only",
        {DOT: "np.sum(window[-1] * w[f, -1]) + b[f]"},
        "Only the last channel counts; the output is a sum over all of them.",
        "One channel is right. Try two.",
        "Each filter has as many layers as the image has channels.",
        "If you loop over the channels: what happens to the sum of the earlier ones?",
    ),
    forward(
        "wrong",
        "first_sample_only",
        {"out[n, f, i, j] = np": "out[0, f, i, j] = np"},
        "All samples write into the first place of the batch; the others stay 0.",
        "One sample is right. Try two.",
        "Look at out[1].",
        "Which of the four indices of your output never changes?",
    ),
    forward(
        "wrong",
        "mean_for_sum",
        {DOT: "np.mean(window * w[f]) + b[f]"},
        "The products are averaged; they should be added.",
        "By which factor does out differ once the bias is taken off?",
        "Where have you met C * HH * WW before?",
        "The equation has a sum and no fraction.",
    ),
    forward(
        "wrong",
        "window_overwritten",
        {
            "out[n, f, i, j] = " + DOT: "window *= w[f]\n"
            "                    out[n, f, i, j] = np.sum(window) + b[f]"
        },
        "The window is multiplied in place, so later windows and filters see a spoilt image.",
        "The very first output is right.",
        "A slice of an array is a view: whoever writes into it writes into the array.",
        "Operators that end in = write into the array on their left.",
    ),
    forward("care", "integers_cut", {DTYPE: ", dtype=x.dtype"}, *INTEGERS_CUT),
    forward("note", "float32_lost", {DTYPE: ""}, *FLOAT32_LOST),
]
