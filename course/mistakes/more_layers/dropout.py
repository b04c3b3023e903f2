"""Known mistakes of dropout."""

from course.mistakes.mistake import about
from course.mistakes.shared import DOUT_OVERWRITTEN
from course.reference.dropout import dropout_backward, dropout_forward

forward = about(dropout_forward, reads="Dropout")
backward = about(dropout_backward, reads="Dropout")

MASK = "mask = rng.random(x.shape) < p"
OUT = "out = x * mask / p"
DX = "dx = dout * mask / p"

MISTAKES = [
    forward(
        "wrong",
        "not_scaled",
        {OUT: "out = x * mask"},
        "What is kept is not made larger: with p = 0.5 the next layer gets half of what it gets in the test.",
        "Compare the mean of out with the mean of x, for many numbers.",
        "If half of the numbers are missing, how do the others make up for it?",
        "In mode 'train' there is a division.",
    ),
    forward(
        "wrong",
        "p_is_dropped",
        {MASK: "mask = rng.random(x.shape) >= p"},
        "The share p is left out; here p is the probability to keep a number.",
        "With p = 0.5 nothing is to be seen. Try p = 0.9: how many zeros come out?",
        "Other libraries mean the other thing with p. The docstring says what it means here.",
        "For which draws should the mask be True?",
    ),
    forward(
        "wrong",
        "scaled_by_what_is_dropped",
        {OUT: "out = x * mask / (1 - p) if p < 1 else x"},
        "The kept numbers are divided by 1 - p; p is the probability to keep.",
        "With p = 0.5 nothing is to be seen. Try p = 0.9.",
        "By how much must nine tenths of the numbers grow to make up for the last tenth?",
        "Whose share do you divide by: that of the kept or that of the dropped?",
    ),
    forward(
        "wrong",
        "scaled_in_test_mode",
        {
            OUT: f"{OUT}\n    else:\n        out = x * p",
        },
        "In mode 'test' the numbers are multiplied by p, although the training has divided by p already.",
        "In mode 'train' all is right.",
        "There are two ways to make up for the missing numbers. You do both.",
        "What does the docstring say of mode 'test'?",
    ),
    forward(
        "wrong",
        "dropped_in_test_mode",
        {'if mode == "train":': "if True:"},
        "Numbers are left out in mode 'test' too.",
        "Ask twice in mode 'test': is the answer the same?",
        "What is the mode for?",
        "One of your lines should run in one mode only.",
    ),
    forward(
        "wrong",
        "one_mask_for_all_samples",
        {MASK: "mask = np.broadcast_to(rng.random(x.shape[1:]) < p, x.shape)"},
        "All samples lose the same numbers; each number of each sample has a draw of its own.",
        "Look at where the zeros are, sample by sample.",
        "How many draws do you need for an array of 50 x 80?",
        "Which shape do you ask your draws for?",
    ),
    forward(
        "wrong",
        "whole_samples_dropped",
        {MASK: "mask = np.broadcast_to((rng.random(len(x)) < p).reshape(-1, *[1] * (x.ndim - 1)), x.shape)"},
        "Whole samples are left out; each number has a draw of its own.",
        "Look at where the zeros are, sample by sample.",
        "How many draws do you need for an array of 50 x 80?",
        "Which shape do you ask your draws for?",
    ),
    forward(
        "wrong",
        "always_the_same_mask",
        {MASK: "mask = np.random.default_rng(0).random(x.shape) < p"},
        "The mask is the same in every call, so some numbers are never trained.",
        "Call it with two different seeds.",
        "A generator that is made anew with the same seed begins anew.",
        "Where does your generator get its seed from?",
    ),
    forward(
        "care",
        "seed_ignored",
        {MASK: "mask = np.random.random(x.shape) < p"},
        "The seed has no influence: nobody can repeat your run, or check your gradient.",
        "Call it twice with the same seed.",
        "A numerical gradient compares two calls that must differ in x alone.",
        "There is a generator in the function that knows the seed.",
    ),
    forward(
        "care",
        "x_overwritten",
        {OUT: "x *= mask\n        out = x / p"},
        "The output is right, but the caller's `x` has changed after the call.",
        "Compare your inputs before and after the call.",
        "An operator with = in it changes the array that stands before it.",
        "Give the product a name of its own.",
    ),
    backward(
        "wrong",
        "not_scaled",
        {DX: "dx = dout * mask"},
        "The mask is there, the factor of the forward pass is not.",
        "By which factor is dx too small?",
        "out is x times two things. dx is dout times the same two.",
        "In mode 'train' there is a division.",
    ),
    backward(
        "wrong",
        "mask_forgotten",
        {DX: "dx = dout / p"},
        "Numbers that were left out get a gradient all the same.",
        "Where was the output 0, whatever x is?",
        "What has no influence on the loss has the gradient 0.",
        "Which part of the cache do you not use?",
    ),
    backward(
        "wrong",
        "new_mask",
        {DX: "dx = dout * (np.random.default_rng(0).random(dout.shape) < p) / p"},
        "A new mask is drawn; the gradient has to take the way that the numbers took.",
        "Where is dx not 0 although the number was left out?",
        "The forward pass has decided which numbers count.",
        "The mask is in the cache.",
    ),
    backward(
        "wrong",
        "mask_turned",
        {DX: "dx = dout * (mask == 0) / p"},
        "The gradient goes to the numbers that were left out.",
        "With p = 1 no gradient is left at all.",
        "What was left out has no influence on the loss.",
        "Which of the two values of the mask means kept?",
    ),
    backward(
        "wrong",
        "scaled_in_test_mode",
        {"dx = dout\n": "dx = dout / p\n"},
        "In mode 'test' the gradient is divided by p; nothing was left out there.",
        "In mode 'train' all is right.",
        "In mode 'test' the layer does nothing. What is its gradient?",
        "Look at what you return when the mode is 'test'.",
    ),
    backward(
        "wrong",
        "dropped_out",
        {DX: "dx = dout * mask * p"},
        "The gradient is multiplied by p; the forward pass has divided by it.",
        "By which factor is dx too small?",
        "out is x times two things. dx is dout times the same two.",
        "A factor is the same on the way back.",
    ),
    backward("care", "dout_overwritten", {DX: "dx *= mask\n        dx /= p"}, *DOUT_OVERWRITTEN),
]
