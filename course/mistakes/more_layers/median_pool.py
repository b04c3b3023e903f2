"""Known mistakes of median pooling."""

from course.mistakes.mistake import about
from course.mistakes.shared import (
    FLOAT32_LOST,
    ONLY_SQUARE_IMAGES,
    ONLY_SQUARE_WINDOWS,
    OVER_CHANNELS,
    OVER_SAMPLES,
    OVERLAP_OVERWRITTEN,
    STRIDE_IGNORED,
    STRIDE_IS_WINDOW_SIZE,
)
from course.reference.regions import median_pool_backward, median_pool_forward

forward = about(median_pool_forward, reads="Median pooling")
backward = about(median_pool_backward, reads="Median pooling")

MEDIAN = "np.median(window, axis=(2, 3))"
BOX = "i * stride : i * stride + PH, j * stride : j * stride + PW"
PLACES = "np.ndindex(H_out, W_out)"
FLAT = "np.sort(window.reshape(N, C, -1), axis=2)"
MIDDLE = "middle = (ranks >= (K - 1) // 2) & (ranks <= K // 2)"
SHARE = "share = dout[:, :, i, j] / (2 - K % 2)"
ADD = "dx[box] += (middle * share[:, :, None]).reshape(N, C, PH, PW)"

SHARED = {
    "stride_ignored": ({BOX: "i : i + PH, j : j + PW"}, STRIDE_IGNORED),
    "stride_is_window_size": ({BOX: "i * PH : i * PH + PH, j * PW : j * PW + PW"}, STRIDE_IS_WINDOW_SIZE),
    "only_square_images": ({PLACES: "np.ndindex(H_out, H_out)"}, ONLY_SQUARE_IMAGES),
}

MISTAKES = [
    forward(
        "wrong",
        "upper_of_the_two",
        {MEDIAN: f"{FLAT}[:, :, PH * PW // 2]"},
        "When evenly many numbers stand in a window, the larger of the two in the middle comes out.",
        "Windows of 3 x 3 are right. Try 2 x 2.",
        "Which number lies in the middle of 1, 2, 3, 4?",
        "There are two in the middle, and neither has a right to stand for both.",
    ),
    forward(
        "wrong",
        "lower_of_the_two",
        {MEDIAN: f"{FLAT}[:, :, (PH * PW - 1) // 2]"},
        "When evenly many numbers stand in a window, the smaller of the two in the middle comes out.",
        "Windows of 3 x 3 are right. Try 2 x 2.",
        "Which number lies in the middle of 1, 2, 3, 4?",
        "There are two in the middle, and neither has a right to stand for both.",
    ),
    forward(
        "wrong",
        "not_sorted",
        {MEDIAN: "window.reshape(N, C, -1)[:, :, [(PH * PW - 1) // 2, PH * PW // 2]].mean(axis=2)"},
        "The number at the middle place of the window comes out; it has to be in the middle by size.",
        "Exchange two numbers of a window. Should the median change?",
        "The median does not ask where a number stands.",
        "Something has to happen to the window before you count to the middle.",
    ),
    forward(
        "wrong",
        "median_of_medians",
        {MEDIAN: "np.median(np.median(window, axis=3), axis=2)"},
        "The median of the medians of the rows comes out; that is not the median of the window.",
        "Some windows are right. Try one with 1 2 9, 3 4 8, 7 6 5.",
        "Rows have no meaning here: all numbers of the window are sorted together.",
        "Over how many axes do you take each median?",
    ),
    forward(
        "wrong",
        "mean_for_median",
        {MEDIAN: "window.mean(axis=(2, 3))"},
        "The mean of each window comes out; the median is asked for.",
        "Make the largest number of a window ten times as large. Should the output change?",
        "This is another kind of pooling.",
        "Which statistic looks at the order of the numbers alone?",
    ),
    forward("wrong", "over_channels", {MEDIAN: "np.median(window, axis=(1, 2, 3))[:, None]"}, *OVER_CHANNELS),
    forward("wrong", "over_samples", {MEDIAN: "np.median(window, axis=(0, 2, 3))"}, *OVER_SAMPLES),
    *(forward("wrong", name, edits, *texts) for name, (edits, texts) in SHARED.items()),
    forward("wrong", "only_square_windows", {BOX: BOX.replace("PW", "PH")}, *ONLY_SQUARE_WINDOWS),
    backward(
        "wrong",
        "one_of_the_two",
        {MIDDLE: "middle = ranks == K // 2", SHARE: "share = dout[:, :, i, j]"},
        "When two numbers share the middle, one of them gets all.",
        "Windows of 3 x 3 are right. Try 2 x 2.",
        "The median was the mean of two numbers. How much does it change when one of them grows?",
        "Both places have the same right to the gradient.",
    ),
    backward(
        "wrong",
        "not_halved",
        {SHARE: "share = dout[:, :, i, j]"},
        "When two numbers share the middle, both get the whole gradient.",
        "Windows of 3 x 3 are right. Compare the sum of dx with the sum of dout.",
        "The median was the mean of two numbers. How much does it change when one of them grows?",
        "The gradient is handed out exactly once.",
    ),
    backward(
        "wrong",
        "to_the_maximum",
        {MIDDLE: "middle = ranks == K - 1", SHARE: "share = dout[:, :, i, j]"},
        "The gradient goes to the largest number of each window; the median was not the largest.",
        "Which number of the window could you change a little without changing the median?",
        "This is the way back through another kind of pooling.",
        "Where in the sorted window does the median stand?",
    ),
    backward(
        "wrong",
        "spread_evenly",
        {MIDDLE: "middle = ranks >= 0", SHARE: "share = dout[:, :, i, j] / K"},
        "Every number of a window gets a share; only those in the middle had a part in the median.",
        "Does dx depend on x? Should it?",
        "This is the way back through another kind of pooling.",
        "Which numbers of the window could you change a little without changing the median?",
    ),
    backward(
        "wrong",
        "order_for_rank",
        {".argsort(axis=2).argsort(axis=2)": ".argsort(axis=2)"},
        "The gradient goes to a wrong place: what sorts the window is not yet the rank of each number.",
        "A window that is sorted already is right.",
        "argsort says which number comes first. Where do you need to know how far behind a number comes?",
        "Write down both for the window 3, 1, 2.",
    ),
    backward("wrong", "overlap_overwritten", {ADD: ADD.replace("+=", "=")}, *OVERLAP_OVERWRITTEN),
    *(backward("wrong", name, edits, *texts) for name, (edits, texts) in SHARED.items()),
    backward(
        "note",
        "float32_lost",
        {"dtype=np.result_type(dout, 1.0)": "dtype=float"},
        *FLOAT32_LOST,
    ),
]
