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
PROBABILITIES_FOR_SCORES = (
    "Probabilities come out; the scores before the softmax are asked for.",
    "What is the sum of each row of your scores?",
    "The softmax belongs to the loss.",
    "The last step of your function is one too many.",
)
NOT_SHIFTED = (
    "Large scores overflow: exp(1000) is infinite, and the loss becomes nan.",
    "Try a score of 1000.",
    "Adding the same number to all scores of a sample does not change its probabilities. Use that.",
    "Which number makes all exponents of a row harmless?",
)
LOG_OF_NOTHING = (
    "A very unlikely right class has a probability that rounds to 0, and the loss becomes infinite.",
    "Try a right class whose score is 1000 below the largest.",
    "The loss is then about 1000, a harmless number. Which step on the way to it is not harmless?",
    "Do the logarithm with pen and paper first: log(exp(a) / b) is simpler than it looks.",
)
PENALTY_WITHOUT_HALF = (
    "The regularisation counts twice: the factor 0.5 in front of it is missing.",
    "With reg = 0 all is right.",
    "By how much does your loss differ, and how much is reg times the sum of squares?",
    "The equation has a number in front of reg; it makes the derivative reg W and not 2 reg W.",
)
PENALTY_FORGOTTEN = (
    "The regularisation is not added to the loss.",
    "With reg = 0 all is right.",
    "One of the arguments has no influence on your answer.",
    "The loss is a sum of two parts: one about the data, one about the weights.",
)
BIASES_PENALISED = (
    "The biases are regularised too; only the weights should be.",
    "With biases of 0 all is right.",
    "Multiply a bias by 10, and keep the scores. Should the loss change?",
    "Which of the four parameters stand in the equation of the loss?",
)
ABSOLUTE_VALUES = (
    "The regularisation adds absolute values; it should add squares.",
    "Double the weights: by which factor should the second part of the loss grow?",
    "There are two usual penalties for weights. Which one is this?",
    "Look at the small 2 in the equation.",
)
NEITHER_DIVIDED = (
    "Loss and gradient are sums over the samples; both should be means.",
    "One sample is right. Try the same sample twice: should the loss change?",
    "Your gradient fits your loss, so a gradient check is content. Compare the loss with the equation.",
    "Look for the 1/N, in both results.",
)
WHOLE_COLUMNS = (
    "The 1 is subtracted for every sample in the columns of y, not for each sample in its own column.",
    "One sample is right. Try two with different labels.",
    "A colon means all rows.",
    "Each row has one column of its own: you need one row number for each label.",
)
OVER_THE_BATCH = (
    "The probabilities add up to 1 over the samples; they should over the classes.",
    "Which sums of the probabilities should be 1?",
    "A sample's probabilities may not depend on the other samples.",
    "Check your axes.",
)
PENALTY_GRADIENT_DOUBLED = (
    "The gradient of the regularisation is twice too large.",
    "With reg = 0 all is right.",
    "What is the derivative of 0.5 reg w^2 with respect to w?",
    "The 2 of the square and the 0.5 in front of it meet in the derivative.",
)
PENALTY_GRADIENT_HALVED = (
    "The gradient of the regularisation is half as large as it should be.",
    "With reg = 0 all is right.",
    "What is the derivative of 0.5 reg w^2 with respect to w?",
    "A square brings a 2 with it when it is differentiated.",
)
PENALTY_GRADIENT_FORGOTTEN = (
    "The regularisation is in the loss, but not in the gradients.",
    "With reg = 0 all is right.",
    "One of the arguments has no influence on your answer.",
    "The loss depends on the weights in two ways: through the scores, and directly.",
)
KEYS_WITH_A_D = (
    "The gradients are filed under names of their own; they should have the names of the parameters.",
    "Print the keys of the model and the keys of your dictionary.",
    "Training goes through the gradients and looks for the parameter of the same name.",
    "One letter too many.",
)
WEIGHTS_OVERWRITTEN = (
    "The gradients are right, but the caller's `W1` has changed after the call.",
    "Compare the model before and after the call.",
    "Operators that end in = write into the array on their left.",
    "The name W1 is another word for an array that belongs to the model.",
)
DB_FOR_EACH_SAMPLE = (
    "`db` has a row for each sample; the samples should be added too.",
    "Compare the shapes of db and b.",
    "b[f] is used at every place of every sample.",
    "Which axes of dout have to go?",
)
