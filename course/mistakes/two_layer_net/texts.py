"""What is said of mistakes that several update rules share: a sentence, then three hints."""

UPHILL = (
    "The step goes along the gradient, uphill: the loss would grow.",
    "Take one step by hand, with g = 1: in which direction must the number move?",
    "The gradient points to where the loss grows.",
    "Check a sign.",
)
RATE_FORGOTTEN = (
    "The learning rate has no influence on the step.",
    "Halve the learning rate: what happens to your step?",
    "One of the arguments is never used.",
    "Compare the equation with your code, factor by factor.",
)
RATE_TWICE = (
    "The learning rate is multiplied in twice.",
    "Halve the learning rate: your step becomes 4 times smaller.",
    "How often does the learning rate stand in the equations?",
    "The velocity holds the learning rate already.",
)
RATE_ON_THE_MEMORY = (
    "The learning rate shrinks the old velocity too, so nearly nothing is remembered.",
    "The first step is right. Look at the second one.",
    "By which factor does one step without a gradient shrink your velocity?",
    "The learning rate belongs to the gradient alone.",
)
G_OVERWRITTEN = (
    "The step is right, but the caller's `g` has changed after the call.",
    "Compare g before and after the call.",
    "Operators that end in = write into the array on their left.",
    "Give the result a name and an array of its own.",
)
NOT_REMEMBERED = (
    "Every step begins anew: what should be remembered is not returned as the new state.",
    "The first step is right. Look at the second one.",
    "What a function does not return is lost when it ends.",
    "Look at the second value that you return: what will the next call need?",
)
STATE_NOT_RETURNED = (
    "Only the step is returned; the caller expects the step and the state.",
    "How many values does the docstring promise?",
    "All update rules are called in the same way, those that remember and those that do not.",
    "Return two values, even where the state is only passed on.",
)
MU_IGNORED = (
    "The momentum is always 0.9, whatever mu is.",
    "With mu = 0.9 all is right. Try mu = 0.5.",
    "One of the arguments is never used.",
    "Look for a number that should be a name.",
)
ROOT_FORGOTTEN = (
    "The gradient is divided by the average of its squares; the root of that average is asked for.",
    "Make all gradients 10 times as large: the step should stay nearly as it is.",
    "A gradient and the square of a gradient are not in the same unit.",
    "Something stands around c in the equation of dx.",
)
G_NOT_SQUARED = (
    "The average is taken of the gradients; it should be taken of their squares.",
    "Try a negative gradient.",
    "Can your c become negative? Should it?",
    "Look at the small 2 in the equation.",
)
WEIGHTS_EXCHANGED = (
    "The two weights of the average are exchanged, so it forgets nearly everything at each step.",
    "After a single step, how large should c be compared with the square of g?",
    "An average that changes slowly keeps most of what it was.",
    "Which of the two factors belongs to the old value?",
)
