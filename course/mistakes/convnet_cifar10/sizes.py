"""Known mistakes of conv_size."""

from course.mistakes.mistake import about
from course.mistakes.shared import PRINTS
from course.reference.convnet import conv_size

size = about(conv_size, reads="Sizes and costs")

H_OUT = "(H + 2 * pad - filter_size) // stride + 1\n"
W_OUT = "(W + 2 * pad - filter_size) // stride + 1\n"
WEIGHTS = "C * filter_size**2"
SHAPE = "(num_filters, H_out, W_out)"
PARAMETERS = "num_filters * (weights + 1)"
COST = "num_filters * H_out * W_out * weights"


def both(old, new):
    """Return the edits of height and width alike."""
    return {H_OUT: H_OUT.replace(old, new), W_OUT: W_OUT.replace(old, new)}


MISTAKES = [
    size(
        "wrong",
        "one_forgotten",
        both(" + 1", ""),
        "The output is one too small in height and width.",
        "Move a 3x3 filter over a 3x3 image: how many places are there?",
        "The number of steps is one less than the number of places.",
        "Compare with the formula: what stands behind the fraction?",
    ),
    size(
        "wrong",
        "padded_on_one_side",
        both("2 * pad", "pad"),
        "The padding is counted once; it is added on both sides.",
        "With pad 0 all is right.",
        "How wide is an image of 4 columns after zeros have been put to its left and to its right?",
        "A factor in front of the padding is missing.",
    ),
    size(
        "wrong",
        "padding_ignored",
        both(" + 2 * pad", ""),
        "The padding has no influence on the size of the output.",
        "With pad 0 all is right.",
        "One of the arguments is never used.",
        "The filter moves over the padded image, and not over the bare one.",
    ),
    size(
        "wrong",
        "stride_ignored",
        both(" // stride", ""),
        "The stride has no influence on the size of the output.",
        "With stride 1 all is right. Try 2.",
        "One of the arguments is never used.",
        "Filters that jump by two pixels stand at half as many places.",
    ),
    size(
        "wrong",
        "rounded_up",
        {
            H_OUT: "-(-(H + 2 * pad - filter_size) // stride) + 1\n",
            W_OUT: "-(-(W + 2 * pad - filter_size) // stride) + 1\n",
        },
        "When the stride does not divide, there is one output too many in height and width.",
        "Try an image of 6x6, a filter of size 3 and stride 2.",
        "A filter that would stick out of the padded image is not used.",
        "In the formula of the output size the division rounds. In which direction?",
    ),
    size(
        "wrong",
        "sizes_with_a_point",
        both("//", "/"),
        "The sizes of the output are floats. Sizes are whole numbers.",
        "Print your answer: is there a number with a point?",
        "When the stride does not divide, part of the image is left over: no half output comes of it.",
        "Python has two divisions. Which one rounds?",
    ),
    size(
        "wrong",
        "height_for_width",
        {W_OUT: H_OUT},
        "The height is used where the width is meant: only square images come out right.",
        "Try an image that is not square.",
        "Rows and columns have sizes of their own.",
        "One of the three sizes of the image has no influence on your answer.",
    ),
    size(
        "wrong",
        "channels_of_the_input_in_the_output",
        {SHAPE: "(C, H_out, W_out)"},
        "The output has as many channels as the input; it should have one for each filter.",
        "How many images come out when 8 filters look at one image?",
        "Each filter looks at all channels, and makes one.",
        "Which argument has no influence on your output_shape?",
    ),
    size(
        "wrong",
        "channels_last",
        {SHAPE: "(H_out, W_out, num_filters)"},
        "The output is described as other libraries do it, with the channels last.",
        "In which order does input_shape name its sizes?",
        "The output of one layer is the input of the next one.",
        "The three sizes are right. Their order is not.",
    ),
    size(
        "wrong",
        "biases_forgotten",
        {PARAMETERS: "num_filters * weights"},
        "The biases are not counted; they are learnt too.",
        "A 1x1 filter for a grey image has how many parameters?",
        "A layer learns more than its weights.",
        "By how much does your number differ, and of what are there so many?",
    ),
    size(
        "wrong",
        "one_bias_in_all",
        {PARAMETERS: "num_filters * weights + 1"},
        "One bias is counted for the whole layer; each filter has its own.",
        "With one filter all is right. Try two.",
        "How long is the b of a convolution?",
        "Look at your brackets.",
    ),
    size(
        "wrong",
        "channels_forgotten_in_the_parameters",
        {PARAMETERS: "num_filters * (filter_size**2 + 1)"},
        "The parameters of a filter are counted for one channel; it has weights for each of them.",
        "For images of one channel all is right. Try a colour image.",
        "What is the shape of W1, and how many numbers are in it?",
        "One of the arguments should make the number of parameters larger, and does not.",
    ),
    size(
        "wrong",
        "parameters_at_every_place",
        {PARAMETERS: "num_filters * (weights + 1) * H_out * W_out"},
        "The parameters are counted again at each place of the output; a filter is shared by all places.",
        "Double the height of the image: does the layer learn more numbers?",
        "What is the shape of W1, and does it depend on the size of the image?",
        "What you compute would be right for a layer with own weights at each place.",
    ),
    size(
        "wrong",
        "size_not_squared",
        {WEIGHTS: "C * filter_size"},
        "A filter of size f is counted as f weights for each channel; it is f high and f wide.",
        "How many numbers has a 3x3 filter?",
        "With filters of size 1 all is right.",
        "An exponent is missing.",
    ),
    size(
        "wrong",
        "channels_forgotten_in_the_multiply_adds",
        {COST: "num_filters * H_out * W_out * filter_size**2"},
        "The multiply-adds are counted for one channel; a filter looks at all of them.",
        "For images of one channel all is right. Try a colour image.",
        "How many products are added up for a single number of the output?",
        "A single number of the output needs each weight of its filter once.",
    ),
    size(
        "wrong",
        "filters_forgotten_in_the_multiply_adds",
        {COST: "H_out * W_out * weights"},
        "The multiply-adds are counted for one filter.",
        "With one filter all is right. Try two.",
        "How many numbers does the whole output have?",
        "Twice as many filters, twice as much work.",
    ),
    size(
        "wrong",
        "multiply_adds_at_every_pixel_of_the_input",
        {COST: "num_filters * H * W * weights"},
        "The work is counted at each pixel of the input; it is done once for each number of the output.",
        "Try stride 2: how often does the filter stand still and multiply?",
        "Only where the output has the size of the input the two are the same.",
        "Two of your factors belong to the image that goes in.",
    ),
    size(
        "wrong",
        "biases_among_the_multiply_adds",
        {COST: "num_filters * H_out * W_out * (weights + 1)"},
        "The biases are counted as multiply-adds, but nothing is multiplied with a bias.",
        "How many products does a 1x1 filter need for one number, on a grey image?",
        "Read in the task what adding the bias costs.",
        "By how much does your number differ, and of what are there so many?",
    ),
    size(
        "wrong",
        "multiplications_and_additions_apart",
        {COST: f"2 * {COST}"},
        "Multiplications and additions are counted apart; a multiply-add is both at once.",
        "How many products does a 1x1 filter need for one number, on a grey image?",
        "Both ways of counting are in use. Which one does the task ask for?",
        "A factor of 2 is too much.",
    ),
    size(
        "wrong",
        "cost_of_one_place",
        {COST: "num_filters * weights"},
        "The work is counted for a single place; the filters move over the whole image.",
        "Double the height of the image: does the work stay the same?",
        "How many numbers does the whole output have?",
        "Weights are shared, work is not.",
    ),
    size(
        "wrong",
        "results_exchanged",
        {"return output_shape, parameters, multiply_adds": "return output_shape, multiply_adds, parameters"},
        "Parameters and multiply-adds come in the wrong order.",
        "Which of your two numbers is the larger one, and which should it be?",
        "Three results, and each has its place.",
        "Compare your last line with the docstring.",
    ),
    size(
        "note",
        "prints",
        {f"output_shape = {SHAPE}": f"output_shape = {SHAPE}\n    print(H_out, W_out)"},
        *PRINTS,
    ),
]
