"""Known mistakes of batch normalisation."""

from course.mistakes.mistake import about
from course.mistakes.shared import DB_MEAN, DOUT_OVERWRITTEN
from course.reference.normalisation import batchnorm_backward, batchnorm_forward

forward = about(batchnorm_forward, reads="Batch normalisation")
backward = about(batchnorm_backward, reads="Batch normalisation")

STD = "std = np.sqrt(var + eps)"
HAT = "x_hat = (x - mu) / std"
OUT = "out = gamma * x_hat + beta"
MEAN = 'bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mu'
VAR = 'bn_param["running_var"] = momentum * running_var + (1 - momentum) * var'
TRAIN = 'if mode == "train":'
TURNED = {
    MEAN: 'bn_param["running_mean"] = momentum * mu + (1 - momentum) * running_mean',
    VAR: 'bn_param["running_var"] = momentum * var + (1 - momentum) * running_var',
}

EPS_OUTSIDE = (
    "`eps` is added to the root; it belongs under it, to the variance.",
    "With a tiny eps nothing is to be seen. Try eps = 0.1.",
    "For a variance of 1 and eps = 0.1, which two numbers could std be?",
    "Read the equation of std once more.",
)
BATCH_IN_TEST_MODE = (
    "In mode 'test' the mean and variance of the batch are used, and the running averages change.",
    "In mode 'test', give one sample alone: is its answer the one that it has among others?",
    "What is the mode for?",
    "One of your lines should run in one mode only.",
)
NOT_KEPT = (
    "The running averages are not written into `bn_param`, so mode 'test' will know nothing.",
    "Print bn_param after a call in mode 'train'.",
    "A name that you bind inside a function is forgotten when it returns.",
    "Which dictionary outlives the call?",
)
MOMENTUM_TURNED = (
    "The momentum stands with the new number; here it is the share of the old average that is kept.",
    "With momentum 0.5 nothing is to be seen.",
    "After one call with momentum 0.9, how much of the old average should be left?",
    "Other libraries have it the other way round. Which two factors have to change places?",
)
X_OVERWRITTEN = (
    "The output is right, but the caller's `x` has changed after the call.",
    "Compare your inputs before and after the call.",
    "An operator with = in it changes the array that stands before it.",
    "Give the difference a name of its own.",
)
GAMMA_FORGOTTEN = (
    "`gamma` is missing in `dx`.",
    "With gamma = 1 all is right.",
    "On its way back the gradient passes the scale first.",
    "Which number of the cache do you not use?",
)

FORWARD = [
    forward("wrong", "eps_outside_the_root", {STD: "std = np.sqrt(var) + eps"}, *EPS_OUTSIDE),
    forward(
        "wrong",
        "eps_forgotten_in_test_mode",
        {STD: 'std = np.sqrt(var + eps) if mode == "train" else np.sqrt(var)'},
        "`eps` is missing in mode 'test'.",
        "In mode 'train' all is right.",
        "A network should compute the same function in both modes, when the averages are the same.",
        "Compare the two roots that you take.",
    ),
    forward(
        "wrong",
        "gamma_and_beta_forgotten_in_test_mode",
        {OUT: 'out = gamma * x_hat + beta if mode == "train" else x_hat'},
        "In mode 'test' the scale and the shift are missing.",
        "Try mode 'test' with gamma = 2.",
        "What was learnt is meant for the test as well.",
        "Which two arguments have no influence in mode 'test'?",
    ),
    forward("wrong", "batch_used_in_test_mode", {TRAIN: "if True:"}, *BATCH_IN_TEST_MODE),
    forward("wrong", "running_averages_not_kept", {MEAN: "pass", VAR: "pass"}, *NOT_KEPT),
    forward("wrong", "momentum_the_other_way_round", TURNED, *MOMENTUM_TURNED),
    forward(
        "wrong",
        "running_deviation",
        {VAR: 'bn_param["running_var"] = momentum * running_var + (1 - momentum) * np.sqrt(var + eps)'},
        "The running average of std is kept; that of the variance is asked for.",
        "The output and running_mean are right.",
        "Which of the two numbers goes under the root in mode 'test'?",
        "running_var is an average of variances.",
    ),
    forward(
        "wrong",
        "variance_of_n_minus_1",
        {"x.var(axis=0)": "x.var(axis=0, ddof=1)"},
        "The variance is divided by N - 1; here it is the mean of the squares, over N.",
        "The error is largest for small batches.",
        "By which factor does your variance differ, for a batch of 3?",
        "Look for the option of the variance that changes its divisor.",
    ),
    forward(
        "wrong",
        "over_all_numbers",
        {"x.mean(axis=0), x.var(axis=0)": "np.full(D, x.mean()), np.full(D, x.var())"},
        "One mean and one variance for all columns; each column has its own.",
        "A matrix of one column is right.",
        "How many means are there for D features?",
        "Over which axis does the batch run?",
    ),
    forward(
        "wrong",
        "over_features",
        {
            HAT: "x_hat = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + eps)"
            ' if mode == "train" else (x - mu) / std'
        },
        "Each sample is normalised by itself; here each column is, over the batch.",
        "Change one sample of the batch. Do the others change?",
        "What you have written is called layer normalisation.",
        "Along which of the two axes do you take the mean?",
    ),
    forward(
        "wrong",
        "variance_for_deviation",
        {STD: "std = var + eps"},
        "It is divided by the variance; the root is missing.",
        "Multiply x by 10. Should the output change?",
        "Variances have the unit of x squared.",
        "Read the equation of std once more.",
    ),
    forward(
        "care",
        "x_overwritten",
        {HAT: "np.subtract(x, mu, out=x, casting='unsafe')\n    x_hat = x / std"},
        *X_OVERWRITTEN,
    ),
]

DX = "dx = gamma / std * (dout - dbeta / len(dout) - x_hat * dgamma / len(dout))"
BACKWARD = [
    backward(
        "wrong",
        "statistics_as_constants",
        {DX: "dx = gamma / std * dout"},
        "`dx` leaves out that the mean and the variance depend on x.",
        "dgamma and dbeta are right. Add up each column of dx: what should come out?",
        "If you add 1 to a whole column of x, its output stays the same. What does that say of dx?",
        "There are three ways from x to the loss; you follow one of them.",
    ),
    backward(
        "wrong",
        "variance_as_constant",
        {DX: "dx = gamma / std * (dout - dbeta / len(dout))"},
        "`dx` leaves out that the variance depends on x.",
        "The columns of dx add up to 0, as they should.",
        "If you double a column of x, its output stays nearly the same. What does that say of dx?",
        "One of three terms is missing.",
    ),
    backward(
        "wrong",
        "mean_as_constant",
        {DX: "dx = gamma / std * (dout - x_hat * dgamma / len(dout))"},
        "`dx` leaves out that the mean depends on x.",
        "Add up each column of dx: what should come out?",
        "If you add 1 to a whole column of x, its output stays the same. What does that say of dx?",
        "One of three terms is missing.",
    ),
    backward("wrong", "gamma_forgotten", {DX: DX.replace("gamma / std *", "1 / std *")}, *GAMMA_FORGOTTEN),
    backward(
        "wrong",
        "not_divided_by_n",
        {DX: "dx = gamma / std * (dout - dbeta - x_hat * dgamma)"},
        "The two sums in `dx` should be means.",
        "dgamma and dbeta are right.",
        "Where does the mean over the batch leave a factor of its own?",
        "Both sums in the bracket want the same divisor.",
    ),
    backward(
        "wrong",
        "dgamma_without_x_hat",
        {
            "(dout * x_hat).sum(axis=0)": "dout.sum(axis=0)",
            "x_hat * dgamma": "x_hat * (dout * x_hat).sum(axis=0)",
        },
        "`dgamma` is the sum of dout; each term should be multiplied by what gamma was multiplied with.",
        "dbeta is right, and equal to your dgamma.",
        "What does the derivative of gamma times a number look like?",
        "Which array stands beside gamma in the equation of out?",
    ),
    backward(
        "wrong",
        "dbeta_mean",
        {"dbeta = dout.sum(axis=0)": "dbeta = dout.mean(axis=0)", "dbeta / len(dout)": "dbeta"},
        DB_MEAN[0].replace("db", "dbeta"),
        *(hint.replace("db", "dbeta") for hint in DB_MEAN[1:]),
    ),
    backward(
        "wrong",
        "empty_axes",
        {
            "(dout * x_hat).sum(axis=0)": "(dout * x_hat).sum(axis=0, keepdims=True)",
            "dbeta = dout.sum(axis=0)": "dbeta = dout.sum(axis=0, keepdims=True)",
        },
        "`dgamma` and `dbeta` have shape (1, D); gamma and beta have shape (D,).",
        "Compare the shapes of dgamma and gamma.",
        "The numbers are right.",
        "The sum has an option that keeps axes alive.",
    ),
    backward(
        "care",
        "dout_overwritten",
        {DX: "dout -= dbeta / len(dout)\n    dx = gamma / std * (dout - x_hat * dgamma / len(dout))"},
        *DOUT_OVERWRITTEN,
    ),
]

MISTAKES = FORWARD + BACKWARD
