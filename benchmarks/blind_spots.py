"""Faults that checks in published courses let pass, or would: small edits of right answers."""

from course.checks import examine, find, verdict, with_hidden
from course.checks.answer import Local
from course.checks.oracle import Fresh, reference
from course.mistakes import Mistake

SEEDS = (1, 2, 3)

# name: (function, {right: faulty}); the edits are made by course.mistakes.Mistake on the reference's text.
BLIND_SPOTS = {
    "crop that is empty at pad 0": (
        "conv_backward_naive",
        {"dx_pad[:, :, pad : pad + H, pad : pad + W]": "dx_pad[:, :, pad:-pad, pad:-pad]"},
    ),
    "H for W": (
        "conv_forward_naive",
        {"for j in range(W_out)": "for j in range(H_out)"},
    ),
    "dout overwritten": (
        "relu_backward",
        {"dx = dout * (x > 0)": "dout[x <= 0] = 0\n    dx = dout"},
    ),
    "ReLU in place": (
        "relu_forward",
        {"out = np.maximum(0, x)": "x[x < 0] = 0\n    out = x"},
    ),
    "slope 1 of the ReLU at 0": (
        "relu_backward",
        {"x > 0)": "x >= 0)"},
    ),
    "overlapping pooling windows overwrite each other": (
        "max_pool_backward_naive",
        {"left + q] += dout": "left + q] = dout"},
    ),
    "size of the window used as stride": (
        "max_pool_forward_naive",
        {"i * stride, j * stride": "i * PH, j * PW"},
    ),
    "full gradient to each of equal maxima": (
        "max_pool_backward_naive",
        {"np.unravel_index(window.argmax(), window.shape)": "np.nonzero(window == window.max())"},
    ),
    "softmax without a shift": (
        "softmax_loss",
        {"x - x.max(axis=1, keepdims=True)": "x"},
    ),
    "softmax shifted by the maximum of the whole batch": (
        "softmax_loss",
        {"x - x.max(axis=1, keepdims=True)": "x - x.max()", "np.log(np": "np.log(1e-300 + np"},
    ),
    "dA rotated by 180 degrees": (
        "conv_backward",
        {"pad + n_H_prev, pad : pad + n_W_prev]": "pad + n_H_prev, pad : pad + n_W_prev][:, ::-1, ::-1]"},
    ),
    "dW rotated by 180 degrees": (
        "conv_backward",
        {"    db = dZ.sum": "    dW = dW[::-1, ::-1]\n    db = dZ.sum"},
    ),
    "stride ignored on the way back": (
        "conv_backward_naive",
        {"i * stride, j * stride": "i, j"},
    ),
    "height of the window used as its width": (
        "max_pool_forward_naive",
        {"left : left + PW": "left : left + PH"},
    ),
}


def faulty(stem, edits):
    """Return the reference function of this name with its text edited."""
    return Mistake(reference(stem), "blind_spot", "wrong", tuple(edits.items()), "", (), "").function


def caught(stem, edits):
    """Return the Verdict of each seed on a faulty function."""
    task, oracle = find(stem), Fresh()
    answer = Local(faulty(stem, edits))
    forward = Local(reference(task.forward)) if task.forward else None
    home = verdict(task, 4, examine(task, answer, forward, oracle=oracle), oracle=oracle)
    return [with_hidden(home, examine(task, answer, forward, seed, oracle)) for seed in SEEDS]


def measure():
    """Return a row for each blind spot: its name, the function, whether it costs points, what is said."""
    rows = []
    for name, (stem, edits) in BLIND_SPOTS.items():
        verdicts = caught(stem, edits)
        rows.append(
            {
                "fault": name,
                "function": stem,
                "caught": all(made.points < 4 for made in verdicts),
                "said": verdicts[0].sentences[0] if verdicts[0].sentences else "",
            }
        )
    return rows
