"""What is said about mistakes that several layers share: a sentence and three hints each."""

FLOAT32_LOST = (
    "The numbers are right, but a float32 input comes back as float64: twice the memory and half the speed.",
    "Ask for the dtype of what you return when everything you are given is float32.",
    "One of the arrays that you make has a dtype of its own, whatever the input's is.",
    "Say which dtype a new array has; NumPy's choice is float64 unless told otherwise.",
)
PRINTS = (
    "The answer is right, but the function prints while it works.",
    "A layer is called thousands of times during training.",
    "What appears on the screen when you call your function once?",
    "Take out what you used for looking into the function while you wrote it.",
)
INTEGERS_CUT = (
    "An input of integers makes the answer integers too: its fractions are cut, or an error stops you.",
    "Try an input whose dtype is an integer one, as an image with pixels 0 to 255 has.",
    "Whole numbers in does not mean whole numbers out: weights, means and gradients have fractions.",
    "Look at the array that you fill: from which other array did it get its dtype?",
)
DOUT_OVERWRITTEN = (
    "The gradients are right, but the caller's `dout` has changed after the call.",
    "Compare your inputs before and after the call.",
    "A second name for an array is not a second array.",
    "One of your names is another word for `dout`, or a view of it, and you write into it in place.",
)
STRIDE_IGNORED = (
    "The windows move by one pixel, whatever the stride is.",
    "For stride 1 all is right. Try 2.",
    "Write down where the windows begin for stride 2, then print where yours begin.",
    "Window (i, j) does not begin at row i and column j of the image unless the stride is 1.",
)
STRIDE_IS_WINDOW_SIZE = (
    "The windows move by their own size instead of by the stride.",
    "All is right when windows lie side by side, and wrong when they overlap or leave gaps.",
    "Two numbers describe a window along one axis: how long it is, and how far it moves.",
    "The beginning of a window depends on the stride, its end on the beginning and the size.",
)
OVERLAP_OVERWRITTEN = (
    "Where two windows overlap, the last one overwrites what the others had put there.",
    "All is right as long as windows do not share a pixel.",
    "A pixel that is used twice influences the loss in two ways. What happens to its two gradients?",
    "Look at how you write into `dx`: does what stood there before survive?",
)
ONLY_SQUARE_IMAGES = (
    "The height is used where the width is meant: only square images come out right.",
    "Try an image that is not square.",
    "Rows and columns have sizes of their own.",
    "Look at the limits of your two loops over the output: one of them belongs to the other axis.",
)
ONLY_SQUARE_WINDOWS = (
    "The window is as wide as it is high: only square windows come out right.",
    "Try a window that is not square.",
    "A window has a height and a width. Which of your lines should know the width?",
    "Look at where a window ends to the right.",
)
ROUNDED_UP = (
    "When the stride does not divide the image, there is one output too many along the axis.",
    "Try an image of 5 x 5, windows of 2 x 2 and stride 2: how large is the output?",
    "A window that would stick out of the image is not used.",
    "In the formula of the output size the division rounds. In which direction?",
)
OTHER_SAMPLES = (
    "Sample 0 stands in for the others: the answer is right only for a batch of one.",
    "Try a batch of two images that differ.",
    "Every image of the batch has its own windows.",
    "You loop over the batch; look for the array that does not know it.",
)
OVER_CHANNELS = (
    "The channels are pooled together, so they all get the same numbers.",
    "Try an image with two channels that differ much.",
    "Pooling makes an image smaller in height and width. What happens to the channels?",
    "Over which axes of the window do you reduce?",
)
OVER_SAMPLES = (
    "All images of the batch are pooled together, so they all get the same numbers.",
    "Try a batch of two images that differ much.",
    "No image of a batch may know of another one.",
    "Over which axes of the window do you reduce?",
)
BIAS_FORGOTTEN = (
    "The bias is never added.",
    "Feed an input of zeros: what should come out?",
    "Compare the equation with your code, term by term.",
    "One of the arguments has no influence on your answer.",
)
DB_MEAN = (
    "`db` is a mean where the equation has a sum.",
    "`db` has the right direction but not the right length.",
    "By which factor does `db` differ from the numerical gradient, and where does that number come from?",
    "The loss already divides by the batch size, when it wants to; a layer has no reason to divide.",
)
DW_MEAN = (
    "`dw` is divided by the number of samples; the loss has done that already.",
    "One sample is right. Try two.",
    "By which factor does dw differ from the numerical gradient?",
    "dout already holds every factor that the loss brings with it.",
)
LOSS_NOT_DIVIDED = (
    "The loss is a sum over the samples; it should be their mean.",
    "One sample is right. Try the same sample twice: should the loss change?",
    "By which factor does your loss differ from the right one?",
    "Look for the 1/N of the loss.",
)
DIVIDED_BY_CLASSES = (
    "The loss is also averaged over the classes; only the samples are averaged.",
    "By which factor does your loss differ from the right one?",
    "mean() over a whole (N, C) array divides by N and by C.",
    "Which number stands before the sum in the equation?",
)
