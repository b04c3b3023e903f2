"""Known mistakes of conv_single_step."""

import numpy as np
from numpy.lib import NumpyVersion

from course.mistakes.mistake import about
from course.mistakes.shared import BIAS_FORGOTTEN, PRINTS
from course.reference.step_by_step import conv_single_step

step = about(conv_single_step, reads="One step of a convolution")

PRODUCTS = "products = a_slice_prev * W"
SUM = "float(products.sum() + b.item())"
FLOAT_OF_AN_ARRAY = step(
    "wrong",
    "float_of_an_array",
    {SUM: "float(products.sum() + b)"},
    "The bias is an array of shape (1, 1, 1), and so is the sum with it: float() takes no such array.",
    "Read the error: which of your values is an array although it holds one number only?",
    "What are the shape and the type of the sum before you turn it into a float?",
    "Take the number out of the bias first. An array has a method for that, and an index does it too.",
)
A_MISTAKE = NumpyVersion(np.__version__) >= "2.4.0"  # before, float() took every array of one number

MISTAKES = [
    step("wrong", "bias_forgotten", {SUM: "float(products.sum())"}, *BIAS_FORGOTTEN),
    step(
        "wrong",
        "bias_with_every_product",
        {SUM: "float((products + b).sum())"},
        "The bias is added to every product, so it counts as often as the window has numbers.",
        "A 1x1 window of one channel is right.",
        "Feed a window of zeros and a bias of 1: what should come out?",
        "Is the bias added before or after the sum is done?",
    ),
    *([FLOAT_OF_AN_ARRAY] if A_MISTAKE else []),
    step(
        "wrong",
        "array_for_a_number",
        {SUM: "products.sum() + b"},
        "What comes out is an array of shape (1, 1, 1); a single number is asked for.",
        "The number is right. Look at the shape.",
        "A number plus an array is an array.",
        "Which of the two summands is one, and how do you get the number out of it?",
    ),
    step(
        "wrong",
        "not_added_up",
        {SUM: "products + b"},
        "The products are there, but they are not added up.",
        "How many numbers should come out?",
        "Compare the equation with your code: which sign is missing?",
        "One filter on one window gives one number.",
    ),
    step(
        "wrong",
        "first_channel_only",
        {SUM: "float(products[..., 0].sum() + b.item())"},
        "Only the first channel counts; a filter looks at all of them.",
        "One channel is right. Try two.",
        "Over which of p, q and k does the sum in the equation run?",
        "How many weights of the filter have no influence on your answer?",
    ),
    step(
        "wrong",
        "mean_for_sum",
        {SUM: "float(products.mean() + b.item())"},
        "The mean of the products comes out; their sum is asked for.",
        "A 1x1 window of one channel is right.",
        "Set the bias to 0: by which factor does your number differ from the right one?",
        "Compare the equation with your code: does anything divide?",
    ),
    step(
        "wrong",
        "matrix_product",
        {PRODUCTS: "products = np.matmul(a_slice_prev, W)"},
        "This is a product of matrices; each number of the window should meet the weight at its own place.",
        "Write out the four products for a 2x2 window on paper.",
        "In the equation both factors have the same p, q and k.",
        "Which of NumPy's products goes element by element?",
    ),
    step(
        "wrong",
        "filter_rotated",
        {PRODUCTS: "products = a_slice_prev * W[::-1, ::-1]"},
        "The filter is turned by 180 degrees before it is laid on the window.",
        "Filters that look the same upside down are right.",
        "Mathematicians turn the filter. Does the equation here?",
        "Which weight meets the number in the upper left corner of the window?",
    ),
    step(
        "wrong",
        "fraction_cut",
        {SUM: "int(products.sum() + b.item())"},
        "The fraction is cut off: the answer is a whole number.",
        "Whole numbers are right. Try 0.5.",
        "Which type has your answer, and which one is asked for?",
        "The last thing that you do to the number loses something.",
    ),
    step(
        "care",
        "window_overwritten",
        {PRODUCTS: "products = a_slice_prev\n    products *= W"},
        "The number is right, but the window has changed: it is a part of somebody's picture.",
        "Compare the arguments before and after the call.",
        "A second name for an array is not a second array.",
        "Does your product go into a new array, or into one that was there before?",
    ),
    step("note", "prints", {"    return Z": "    print(Z)\n    return Z"}, *PRINTS),
]
