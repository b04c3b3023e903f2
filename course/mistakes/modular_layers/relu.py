"""Known mistakes of relu_forward and relu_backward."""

from course.mistakes.mistake import about
from course.mistakes.shared import DOUT_OVERWRITTEN, FLOAT32_LOST, INTEGERS_CUT, PRINTS
from course.reference.layers import relu_backward, relu_forward

forward = about(relu_forward, reads="ReLU")
backward = about(relu_backward, reads="ReLU")

CLIP = "np.maximum(0, x)"

FORWARD = [
    forward(
        "wrong",
        "absolute_value",
        {CLIP: "np.abs(x)"},
        "Negative numbers lose their sign; they should become 0.",
        "Look at what becomes of -3.",
        "Positive numbers are right.",
        "ReLU has a flat half.",
    ),
    forward(
        "wrong",
        "negatives_kept",
        {CLIP: "np.minimum(0, x)"},
        "The negative numbers are kept and the positive ones set to 0: just the other way round.",
        "Look at what becomes of 3 and of -3.",
        "Draw your function and ReLU side by side.",
        "Of two numbers you take the wrong one.",
    ),
    forward(
        "wrong",
        "step",
        {CLIP: "(x > 0).astype(x.dtype)"},
        "Positive numbers become 1; they should stay what they are.",
        "Look at what becomes of 3.",
        "This is the slope of ReLU, not ReLU.",
        "Your comparison says which numbers to keep. Keep them.",
    ),
    forward(
        "wrong",
        "leaky",
        {CLIP: "np.where(x > 0, x, 0.01 * x)"},
        "Negative numbers are made small; they should become 0.",
        "Look at what becomes of -3.",
        "There is a layer that does what yours does, under another name: leaky ReLU.",
        "The left half of ReLU is flat.",
    ),
    forward(
        "wrong",
        "clipped_at_one",
        {CLIP: "np.clip(x, 0, 1)"},
        "Numbers above 1 are cut to 1; ReLU has no upper end.",
        "Look at what becomes of 3.",
        "Small positive numbers are right.",
        "One of your two limits is too many.",
    ),
    forward(
        "wrong",
        "negatives_dropped",
        {CLIP: "x[x > 0]"},
        "The negative numbers are left out, and the shape is lost.",
        "Compare the shapes of x and out.",
        "Every number of x has a place in out, also the ones that become 0.",
        "Choosing entries with a mask gives a flat array of the chosen ones.",
    ),
    forward(
        "wrong",
        "max_of_python",
        {CLIP: "max(0, x)"},
        "Python's own max compares two things as a whole; here every element has to be compared.",
        "Try x with one number, then with two.",
        "The error speaks of a truth value: who asks whether x is greater than 0 as a whole?",
        "NumPy has a function of two arrays that takes the larger one element by element.",
    ),
    forward(
        "wrong",
        "largest_number",
        {CLIP: "np.maximum(0, x.max())"},
        "One number comes out, the largest of all.",
        "Compare the shapes of x and out.",
        "The maximum along an axis and the larger of two numbers are different things.",
        "Each element is compared with 0, not with its neighbours.",
    ),
    forward(
        "care",
        "input_overwritten",
        {f"out = {CLIP}": "out = x\n    out[out < 0] = 0"},
        "The output is right, but the caller's x has lost its negative numbers.",
        "Compare x before and after the call.",
        "A second name for an array is not a second array.",
        "You write into out. Who else looks at the same numbers?",
    ),
    forward("note", "float32_lost", {CLIP: "np.maximum(np.zeros(x.shape), x)"}, *FLOAT32_LOST),
    forward("note", "prints", {f"out = {CLIP}": f"out = {CLIP}\n    print(out.shape)"}, *PRINTS),
]

GATE = "dout * (x > 0)"

BACKWARD = [
    backward(
        "wrong",
        "dout_passed_on",
        {GATE: "dout.copy()"},
        "The gradient is passed on everywhere, also where ReLU was flat.",
        "What does the loss do when a negative x changes a little?",
        "Your answer does not depend on x at all.",
        "Where x is negative, nothing may come through.",
    ),
    backward(
        "wrong",
        "mask_of_dout",
        {GATE: "dout * (dout > 0)"},
        "The gradient's own sign decides what comes through; the sign of x should.",
        "Negative gradients exist and matter. Where are they in your dx?",
        "Which array tells where ReLU was flat?",
        "You compare the wrong array with 0.",
    ),
    backward(
        "wrong",
        "both_masks",
        {GATE: "dout * (x > 0) * (dout > 0)"},
        "Negative gradients are lost; only the sign of x may decide.",
        "Negative gradients exist and matter. Where are they in your dx?",
        "One condition is right and one is too many.",
        "dx is dout, with its sign, where x was positive.",
    ),
    backward(
        "wrong",
        "mask_inverted",
        {GATE: "dout * (x < 0)"},
        "The gradient comes through where x is negative: just the other way round.",
        "Where is ReLU flat, and what is the slope there?",
        "Compare dx with dout where x = 3 and where x = -3.",
        "Check a comparison.",
    ),
    backward(
        "wrong",
        "dout_forgotten",
        {GATE: "(x > 0).astype(dout.dtype)"},
        "The slope alone comes back; the upstream gradient is missing.",
        "Multiply dout by 10. What should happen to dx?",
        "The chain rule has two factors.",
        "You return the local derivative.",
    ),
    backward(
        "wrong",
        "times_the_output",
        {GATE: f"dout * {CLIP}"},
        "The gradient is multiplied by ReLU itself instead of by its slope.",
        "What is dx where x = 3 and dout = 1?",
        "The slope of a straight line does not grow along the line.",
        "The second factor of the chain rule is a derivative: 0 or 1.",
    ),
    backward(
        "wrong",
        "leaky",
        {GATE: "np.where(x > 0, dout, 0.01 * dout)"},
        "A little of the gradient comes through where x is negative.",
        "How does ReLU change when x moves from -3 to -2.9?",
        "This is the way back through leaky ReLU.",
        "The slope of a flat line is 0.",
    ),
    backward(
        "care",
        "slope_one_at_zero",
        {GATE: "dout * (x >= 0)"},
        "At x = 0 the slope is taken as 1; in this course it is 0.",
        "All is right but for one value of x.",
        "Where ReLU has its corner any slope between 0 and 1 could be defended; the task's text names one.",
        "What does your comparison say for x = 0?",
    ),
    backward(
        "care",
        "slope_half_at_zero",
        {GATE: "dout * (np.sign(x) + 1) / 2"},
        "At x = 0 the slope is taken as one half; in this course it is 0.",
        "All is right but for one value of x.",
        "Where ReLU has its corner any slope between 0 and 1 could be defended; the task's text names one.",
        "What is the sign of 0?",
    ),
    backward(
        "care", "dout_overwritten", {f"dx = {GATE}": "dx = dout\n    dx[x <= 0] = 0"}, *DOUT_OVERWRITTEN
    ),
    backward(
        "care",
        "cache_overwritten",
        {f"dx = {GATE}": "x[x <= 0] = 0\n    x[x > 0] = 1\n    dx = dout * x"},
        "The gradient is right, but the cached x holds zeros and ones after the call.",
        "Call the backward pass, then look at the cache.",
        "The cache is the caller's x, not a copy of it.",
        "Make the mask as an array of its own.",
    ),
    backward(
        "care",
        "integers_cut",
        {f"dx = {GATE}": "dx = np.zeros_like(x)\n    dx[x > 0] = dout[x > 0]"},
        *INTEGERS_CUT,
    ),
    backward("note", "float32_lost", {GATE: "dout * (x > 0).astype(float)"}, *FLOAT32_LOST),
]

MISTAKES = FORWARD + BACKWARD
