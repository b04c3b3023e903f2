# ---
# jupyter:
#   course:
#     lesson: conv-step-by-step
#     number: 3
#     title: Convolution step by step
#     hours: 5
#     reference: [step_by_step]
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Convolution step by step
#
# A network that reads pictures looks at them through a small window. It moves the window over the picture, and at each place
# asks the same question. This is a convolution. Afterwards a second kind of layer, pooling, makes the result smaller.
#
# In this assignment you write both layers out of their smallest parts: a border of zeros, one step at one place, then all
# places; and the same way back, with the gradients. You draw each step with your own numbers. Nothing here is fast, and
# everything can be checked by hand.

# %%
import numpy as np

from course import plots
from course.data.stand_in import generate
from course.gradient_check import check_gradient, numerical_gradient

# %% [markdown]
# To a computer a picture is a block of numbers: for each row and each column three of them, how red, how green and how blue
# the pixel is. Here are four generated pictures, and the upper left corner of the first one.

# %% tags=["skip-execution"]
channels_first, _ = generate(4, seed=3)
pictures = channels_first.transpose(0, 2, 3, 1)
print("shape", pictures.shape, "  one pixel:", pictures[0, 0, 0])
plots.show(
    plots.pictures(channels_first, columns=4, black=0, white=255),
    alt="Four small generated pictures in colour: each shows one shape in front of clouds and clutter.",
)
corner = {colour: pictures[0, :4, :4, c] for c, colour in enumerate(["red", "green", "blue"])}
plots.show(
    plots.grids(corner),
    alt="Three tables of 4 by 4 whole numbers from 0 to 255: the red, the green and the blue channel of the first "
    "picture's upper left corner.",
)

# %% [markdown]
# ## What you will learn
#
# After this lesson you can
#
# - say what padding is for, and how much of it keeps the size of a picture;
# - compute one step of a convolution through all channels, on paper and in code;
# - say how large the output of a convolution is, and which rows and columns have no influence on it;
# - make edges visible with filters of your own;
# - pool a picture by its maximum and by its mean, and say what gets lost;
# - send gradients back through a convolution and through pooling, one product at a time;
# - name two agreements about equal maxima, and what a measured gradient says about them;
# - read the same layers in either of the two orders of axes that libraries use.
#
# | part | points | minutes |
# |---|---|---|
# | 1. Zero padding | 2 | 20 |
# | 2. One step of a convolution | 2 | 25 |
# | 3. Convolution | 6 | 50 |
# | 4. What a filter sees | | 15 |
# | 5. Pooling | 4 | 35 |
# | 6. Back through a convolution | 6 | 60 |
# | 7. The mask of a window | 2 | 20 |
# | 8. Sharing a gradient | 2 | 10 |
# | 9. Back through pooling | 6 | 30 |
# | 10. The other order of axes | | 20 |
# | 11. A question by hand | 3 | 25 |
# | **in all** | **33** | **about 5 hours** |
#
# You need: partial derivatives and the chain rule, loops, and NumPy arrays with their shapes and slices.

# %% [markdown]
# ## How to work
#
# 1. Each task is a function with a docstring that says what to compute, and with which shapes. Write your code where
#    the cell says so, in place of `raise NotImplementedError()`. What stands around it is given: it refuses inputs that do
#    not fit.
# 2. Run the cell, then run the check below it. The check says how many points your function has. If something is
#    wrong, it shows the smallest case that fails, with your number beside the right one.
# 3. If it recognises the mistake, it offers three hints, one at a time; none of them is the answer.
# 4. *Core* cases give 60 % of the points, *other shapes* (pictures that are not square, strides, a single channel) 30 %,
#    and *care* (arguments left unchanged, whole-number pixels, ties) 10 %. Grading uses the same groups with other numbers.
# 5. Cells that begin with `%%after` show something with your own functions. Before a function is written they tell
#    you to write it first.
# 6. `check.all()` shows your points so far and what to do next.
#
# A later function may call an earlier one of yours, and need not. If it does, a mistake in `zero_pad` turns up again in
# `conv_forward`, so make each check pass before you go on. The two directions of a layer are judged apart.

# %% [markdown]
# ## Names and shapes
#
# | name | shape | what it is |
# |---|---|---|
# | `A_prev` | `(m, n_H_prev, n_W_prev, n_C_prev)` | what goes in: m pictures, height, width, channels |
# | `W` | `(f, f, n_C_prev, n_C)` | n_C filters, each as deep as the input |
# | `b` | `(1, 1, 1, n_C)` | a bias for each filter |
# | `Z`, `A` | `(m, n_H, n_W, n_C)` | what comes out of a convolution, of pooling |
# | `dA_prev`, `dW`, `dZ`, ... | that of `A_prev`, `W`, `Z`, ... | the gradient of the loss with respect to it |
#
# **The channels come last** in this lesson. The lessons after it put them first; part 10 shows how to get from one to the
# other.
#
# **The cache.** A forward pass returns its output and a cache: what the backward pass will need. Here this is the tuple of its
# inputs.
#
# **Arguments are never changed.** A window that you cut out of `A_prev` with a slice is no copy. Who writes into it writes
# into the picture.
#
# The next cell is given. It makes sure that a wrong shape ends in a clear message; its calls stand in the functions already.

# %% kind="given"
from course.reference.inputs import expect_array, output_size

# %% [markdown]
# ## 1. Zero padding
#
# A window of 3 × 3 cannot have its centre on the outermost pixels. Without help two things happen. The output is two rows and
# two columns smaller than the input, so after ten layers a picture of 32 × 32 is down to 12 × 12. And a pixel in the
# corner is seen once, while a pixel in the middle is seen nine times.
#
# A border of zeros helps with both. With stride 1 and a filter of odd size $f$, a border of $\text{pad} = (f - 1)/2$ keeps
# the height and the width. Zeros are the natural choice: a zero adds nothing to a sum of products.
#
# Only height and width get a border. A picture has no more neighbours in the direction of its channels, and the batch has
# none either.
#
# > **Trap.** `a[pad:-pad]` takes a border off again, as long as pad is not 0. What is `a[0:-0]`?

# %% kind="solution"
from course.reference.step_by_step import zero_pad

# %% kind="test" points=2
check.zero_pad(zero_pad)

# %% after="zero_pad" tags=["skip-execution"]
X = np.array([[1.0, 2.0, 0.0, 4.0], [0.0, 1.0, 3.0, 1.0]])
X_pad = zero_pad(X[None, :, :, None], 2)[0, :, :, 0]
inside = {"X": [np.s_[:, :]], "X_pad": [np.s_[2:4, 2:6]]}
plots.show(
    plots.grids({"X": X, "X_pad": X_pad}, inside, signs=["→"]),
    alt="A picture of 2 by 4 numbers, and your padded picture of 6 by 8: the same numbers in the middle, zeros around them.",
)

# %% [markdown]
# ## 2. One step of a convolution
#
# Lay the filter on the window. Each number of the window meets one weight. Multiply the pairs, add up the products, add the
# bias: one number comes out.
#
# $$Z = \sum_{p,q,k} a_{pqk}\, W_{pqk} + b$$
#
# By hand, for one channel:
#
# $$a = \begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix}, \qquad W = \begin{pmatrix} 1 & 0 \\ 2 & -1 \end{pmatrix}, \qquad b = 0.5, \qquad
# Z = 1 \cdot 1 + 2 \cdot 0 + 0 \cdot 2 + 1 \cdot (-1) + 0.5 = 0.5$$
#
# This number is large where the window looks like the filter, and far below zero where it looks like its negative. So a
# filter is a question: *is there something like me at this place?*
#
# **Channels.** A coloured window has three layers of numbers, and so has the filter. The sum runs over all of them. One filter
# makes one number at each place, however many channels the input has.
#
# > **Trap.** `b` is an array of shape (1, 1, 1), and a number plus an array is an array. `float()` turns an array into a number
# > only if it has no axes at all; from NumPy 2.4 on, `float(np.ones((1, 1, 1)))` is an error. Take the number out of `b` first.

# %% kind="solution"
from course.reference.step_by_step import conv_single_step

# %% kind="test" points=2
check.conv_single_step(conv_single_step)

# %% after="conv_single_step" tags=["skip-execution"]
a = np.array([[1.0, 2.0], [0.0, 1.0]])
W = np.array([[1.0, 0.0], [2.0, -1.0]])
Z = conv_single_step(a[:, :, None], W[:, :, None], np.full((1, 1, 1), 0.5))
print("by hand: 0.5")
print("yours:  ", Z)
window = np.stack([a, 2 - a, 3 * a], axis=2)
filters = np.stack([W, -W, np.eye(2)], axis=2)
Z = conv_single_step(window, filters, np.full((1, 1, 1), -1.0))
plots.show(
    plots.channels(window, filters, -1.0, Z),
    alt="A window of 2 by 2 pixels with three channels, the filter with three channels, and their products, one row for "
    f"each channel. Below, the three sums and the bias are added up; your function gives {Z:g}.",
)

# %% [markdown]
# ## 3. Convolution
#
# Now take the step at every place. The window begins in the upper left corner of the padded picture, and moves by `stride` pixels,
# to the right and down. Output $(h, w)$ belongs to the window that begins at row $h \cdot \text{stride}$ and column
# $w \cdot \text{stride}$.
#
# **How many places?** The last window must still fit. The last row at which it can begin is
# $n_{H,\text{prev}} + 2\,\text{pad} - f$, so
#
# $$n_H = \left\lfloor \frac{n_{H,\text{prev}} + 2\,\text{pad} - f}{\text{stride}} \right\rfloor + 1$$
#
# and the same for the width. The brackets mean: round down. If the division leaves a remainder, some rows at the end are in no
# window and have no influence. A filter that is larger than the padded picture has no place at all. `int()` would round
# that case *up* to one place, because it rounds towards 0; `output_size`, which your function calls already, says what
# is wrong.

# %%
for size, f, stride, pad in ((5, 3, 1, 0), (5, 3, 1, 1), (6, 3, 2, 0), (32, 5, 1, 2)):
    print(f"{size} pixels, filter {f}, stride {stride}, pad {pad}: {output_size(size, f, stride, pad)}")
print("int((3 - 4) / 2) + 1 =", int((3 - 4) / 2) + 1)
try:
    output_size(3, 4, stride=2)
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# Try it before you write it. Move the window with the mouse or the arrow keys. Which of the 16 pixels are in no window
# when the stride is 2 and the pad 0? Which pad keeps the size when the kernel is 3? How often is the corner pixel used then, and
# how often its neighbour?

# %% tags=["skip-execution"]
from course.explorers import ConvExplorer

ConvExplorer(height=4, width=4, kernel=3, stride=1, pad=0)

# %% [markdown]
# **Several filters.** Each filter asks its own question and fills its own channel of the output. Filter c is `W[:, :, :, c]`,
# of shape (f, f, n_C_prev); its bias is `b[:, :, :, c]`, of shape (1, 1, 1). These are the shapes that your
# `conv_single_step` takes.
#
# So there are four loops: over the pictures, the rows and the columns of the output, and the filters. Cut the window out of the
# padded picture once for each place, before the loop over the filters.
#
# > **Trap.** Height and width, size and stride: each place in your code means one of them. A picture of 5 × 8 shows which.

# %% kind="solution"
from course.reference.step_by_step import conv_forward

# %% kind="test" points=6
check.conv_forward(conv_forward)

# %% [markdown]
# **Find the bug.** Reading code that somebody else got wrong sharpens the eye for one's own. Once your function is right,
# the next cell opens another answer to the same task, with one mistake. Mend it. There are no points for it.

# %% kind="bug" mistake="conv_forward.padding_counted_once"

# %% [markdown]
# Two places of one convolution, with your output: stride 1 without padding, then stride 2 with padding 1. Follow the four
# products with a finger.

# %% after="conv_forward" tags=["skip-execution"]
x = np.array([[2.0, 0.0, 1.0, 1.0], [1.0, 3.0, 0.0, 2.0], [0.0, 1.0, 2.0, 0.0]])
w = np.array([[1.0, -1.0], [2.0, 0.0]])
for place, stride, pad in (((1, 1), 1, 0), ((0, 2), 2, 1)):
    hparameters = {"stride": stride, "pad": pad}
    Z, _ = conv_forward(x[None, :, :, None], w[:, :, None, None], np.zeros((1, 1, 1, 1)), hparameters)
    plots.show(
        plots.window(x, w, Z[0, :, :, 0], place, stride, pad, names=("A_prev", "W", "Z")),
        alt=f"Input, filter and your output for stride {stride} and pad {pad}, with the window for output {place} marked "
        "and its sum spelled out.",
    )

# %% [markdown]
# Nothing has to be square, and what is left over has no influence:

# %% after="conv_forward"
rng = np.random.default_rng(0)
A_prev, W, b = rng.standard_normal((2, 6, 9, 3)), rng.standard_normal((3, 3, 3, 4)), np.zeros((1, 1, 1, 4))
Z, _ = conv_forward(A_prev, W, b, {"stride": 2, "pad": 0})
print("input", A_prev.shape, " filters", W.shape, " stride 2, pad 0:  output", Z.shape)
A_prev[:, 5] = 1000
changed, _ = conv_forward(A_prev, W, b, {"stride": 2, "pad": 0})
print("changed by the last row:", not np.array_equal(Z, changed))

# %% [markdown]
# ## 4. What a filter sees
#
# Filters of a trained network are learnt. These four are made by hand, and your convolution lays them on the generated
# pictures.
#
# - *Left to right*: $-1, 0, 1$ in each row. The weights add up to 0, so an even area gives 0. Where the right side is brighter
#   than the left, the sum is large: an upright edge.
# - *Top to bottom*: the same, turned. It answers to level edges.
# - *Blur*: nine times 1/9, the mean of the window.
# - *Red*: 1 for red, −1/2 for green and for blue, at a single pixel. A filter of 1 × 1 sees no shapes, but it sees colours,
#   because it looks through all channels.
#
# The pictures get no border here. With one, the filters would take the end of the picture for an edge; try it.

# %% after="conv_forward" tags=["skip-execution"]
channels_first, _ = generate(4, seed=3)
chosen = channels_first[[0, 2, 3]]
pictures = chosen.transpose(0, 2, 3, 1) / 255
across = np.array([[-1.0, 0.0, 1.0]] * 3)
grey_filters = np.stack([across, across.T, np.ones((3, 3)) / 9], axis=2)
W = np.repeat(grey_filters[:, :, None, :], 3, axis=2) / 3  # the same for each colour
shapes, _ = conv_forward(pictures, W, np.zeros((1, 1, 1, 3)), {"stride": 1, "pad": 0})
redness = np.array([1.0, -0.5, -0.5]).reshape(1, 1, 3, 1)
red, _ = conv_forward(pictures, redness, np.zeros((1, 1, 1, 1)), {"stride": 1, "pad": 0})
seen = np.concatenate([shapes, red[:, 1:-1, 1:-1]], axis=3).transpose(0, 3, 1, 2).reshape(12, 30, 30)
plots.show(
    plots.pictures(seen, ["left to right", "top to bottom", "blur", "red", *8 * [""]], columns=4),
    alt="Your convolution of three generated pictures, a triangle, a box and a ring, with four filters, one row for each "
    "picture: upright edges, level edges, a blurred picture, and how red each pixel is.",
)

# %% [markdown]
# A step from bright to dark gives a negative number, drawn dark. The next layer often keeps the positive ones only (ReLU); then
# an edge from bright to dark needs a filter of its own. Which weights would it have?

# %% [markdown]
# ## 5. Pooling
#
# Whether a pixel further left or right, an edge is an edge. A pooling layer therefore keeps one number for each window, and
# forgets where in the window it was. It has no weights and no padding, and it treats each channel by itself.
#
# - mode `'max'` keeps the largest number: *was there such an edge anywhere in the window?*
# - mode `'average'` takes the mean: *how much of it was there?*
#
# By hand, with windows of 2 × 2 and stride 2:
#
# $$\begin{pmatrix} 1 & 3 & 0 & 2 \\ 4 & 2 & 1 & 5 \\ 0 & 1 & 7 & 2 \\ 6 & 2 & 3 & 1 \end{pmatrix} \qquad
# \text{max: } \begin{pmatrix} 4 & 5 \\ 6 & 7 \end{pmatrix} \qquad
# \text{average: } \begin{pmatrix} 2.5 & 2 \\ 2.25 & 3.25 \end{pmatrix}$$
#
# The size of the output follows the rule of part 3, without padding. Windows may overlap or leave gaps.
#
# > **Trap.** `f` says how large a window is, `stride` how far it moves. Both are often 2, and still they are two numbers.
#
# > **Trap.** Pixels may be whole numbers from 0 to 255. Their maximum is a whole number, their mean is not.
#
# An unknown mode is an error here, and not a picture of zeros. Note what is *not* in the cache: the mode. The backward pass will
# have to be told again.

# %% kind="solution"
from course.reference.step_by_step import pool_forward

# %% kind="test" points=4
check.pool_forward(pool_forward)

# %% [markdown]
# **Find the bug** in this pooling. It is right as long as windows lie side by side.

# %% kind="bug" mistake="pool_forward.window_of_the_stride"

# %% after="pool_forward" tags=["skip-execution"]
x = np.array([[1.0, 3.0, 0.0, 2.0], [4.0, 2.0, 1.0, 5.0], [0.0, 1.0, 7.0, 2.0], [6.0, 2.0, 3.0, 1.0]])
A_max, _ = pool_forward(x[None, :, :, None], {"f": 2, "stride": 2}, "max")
A_mean, _ = pool_forward(x[None, :, :, None], {"f": 2, "stride": 2}, "average")
corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
windows = [np.s_[2 * h : 2 * h + 2, 2 * w : 2 * w + 2] for h, w in corners]
plots.show(
    plots.grids(
        {"A_prev": x, "max": A_max[0, :, :, 0], "average": A_mean[0, :, :, 0]},
        {"A_prev": windows, "max": corners, "average": corners},
    ),
    alt="The 4 by 4 picture from above with its four windows in four colours, and your two pooled pictures, in which each "
    "number has the colour of its window.",
)

# %% [markdown]
# Upright edges of a picture, and your two ways to make them smaller. The third picture moves the input by one pixel first:
# the maximum changes less than the edges themselves.

# %% after="conv_forward pool_forward" tags=["skip-execution"]
channels_first, _ = generate(4, seed=3)
pictures = channels_first[[3]].transpose(0, 2, 3, 1) / 255
W = np.repeat(np.array([[-1.0, 0.0, 1.0]] * 3)[:, :, None, None], 3, axis=2) / 3
edges, _ = conv_forward(pictures, W, np.zeros((1, 1, 1, 1)), {"stride": 1, "pad": 0})
edges = np.abs(edges)
moved = np.roll(edges, 1, axis=2)
hparameters = {"f": 3, "stride": 3}
A_max, _ = pool_forward(edges, hparameters, "max")
A_mean, _ = pool_forward(edges, hparameters, "average")
A_moved, _ = pool_forward(moved, hparameters, "max")
print(f"moved by a pixel, the edges change by {np.abs(moved - edges).mean() / edges.mean():.0%} of their mean,")
print(f"what max pooling keeps of them by {np.abs(A_moved - A_max).mean() / A_max.mean():.0%} of its mean")
shown = {"edges, 30 × 30": edges, "max, 10 × 10": A_max, "max, moved": A_moved, "average, 10 × 10": A_mean}
plots.show(
    plots.images({title: array[0, :, :, 0] for title, array in shown.items()}),
    alt="The upright edges of a ring, and three pooled versions of 10 by 10 pixels: the maximum of each 3 by 3 window, the "
    "same after the picture moved by one pixel, and the mean of each window.",
)

# %% [markdown]
# ## 6. Back through a convolution
#
# Training asks: if this weight grows a little, how much does the loss grow? The answer comes in two parts. `dZ` says it for each
# number of the output; somebody else has computed it. Your function hands it on to `W`, `b` and `A_prev`.
#
# Write out the four sums for a picture of 3 × 3, a filter of 2 × 2 and stride 1:
#
# $$\begin{aligned}
# Z_{00} &= a_{00} W_{00} + a_{01} W_{01} + a_{10} W_{10} + a_{11} W_{11} + b \\
# Z_{01} &= a_{01} W_{00} + a_{02} W_{01} + a_{11} W_{10} + a_{12} W_{11} + b \\
# Z_{10} &= a_{10} W_{00} + a_{11} W_{01} + a_{20} W_{10} + a_{21} W_{11} + b \\
# Z_{11} &= a_{11} W_{00} + a_{12} W_{01} + a_{21} W_{10} + a_{22} W_{11} + b
# \end{aligned}$$
#
# Take one product, $a_{02} W_{01}$ in the second line. If $W_{01}$ grows by $\varepsilon$, this product grows by
# $a_{02}\,\varepsilon$, and the loss by $dZ_{01}\, a_{02}\,\varepsilon$. If $a_{02}$ grows by as much instead, the loss grows by
# $dZ_{01}\, W_{01}\,\varepsilon$.
# **Each product hands dZ to both of its factors**, multiplied by the other one. What a number gets from several products
# adds up.
#
# For one place $(h, w)$ and one filter this is two lines:
#
# - to the window of `dA_prev`, add $dZ_{hw}$ times the filter;
# - to `dW`, add $dZ_{hw}$ times the window of `A_prev`.
#
# And $b$ is in every line once: `db` is the sum of `dZ` over pictures, rows and columns, one for each filter.
#
# By hand, with
# $a = \begin{pmatrix} 2 & 0 & 1 \\ 1 & 3 & 0 \\ 0 & 1 & 2 \end{pmatrix}$,
# $W = \begin{pmatrix} 1 & -1 \\ 2 & 0 \end{pmatrix}$ and
# $dZ = \begin{pmatrix} 1 & 2 \\ -1 & 0 \end{pmatrix}$:
#
# $$dW_{10} = 1 \cdot a_{10} + 2 \cdot a_{11} - 1 \cdot a_{20} + 0 \cdot a_{21} = 1 + 6 - 0 + 0 = 7$$
#
# $$da_{11} = 1 \cdot W_{11} + 2 \cdot W_{10} - 1 \cdot W_{01} + 0 \cdot W_{00} = 0 + 4 + 1 + 0 = 5, \qquad db = 1 + 2 - 1 + 0 = 2$$
#
# **Padding.** The windows stand on the padded picture, so collect the gradient of the padded picture and cut its border off at the
# end. The zeros are constants; nobody asks for their gradient.
#
# > **Trap.** Cut in a way that is right for pad 0 too.
#
# > **Trap.** A pixel that lies in several windows, or is seen by several filters, gets something from each.
#
# > **Trap.** A gradient has the shape of what it belongs to: `db` is (1, 1, 1, n_C).

# %% kind="solution"
from course.reference.step_by_step import conv_backward

# %% kind="test" points=6
check.conv_backward(conv_backward, conv_forward)

# %% after="conv_forward conv_backward"
a = np.array([[2.0, 0.0, 1.0], [1.0, 3.0, 0.0], [0.0, 1.0, 2.0]])[None, :, :, None]
W = np.array([[1.0, -1.0], [2.0, 0.0]])[:, :, None, None]
dZ = np.array([[1.0, 2.0], [-1.0, 0.0]])[None, :, :, None]
_, cache = conv_forward(a, W, np.zeros((1, 1, 1, 1)), {"stride": 1, "pad": 0})
dA_prev, dW, db = conv_backward(dZ, cache)
print("by hand: dW[1, 0] = 7.0   da[1, 1] = 5.0   db = 2.0")
print(f"yours:   dW[1, 0] = {dW[1, 0, 0, 0]}   da[1, 1] = {dA_prev[0, 1, 1, 0]}   db = {db.item()}")

# %% [markdown]
# **Find the bug** in this backward pass. With square images it is right.

# %% kind="bug" mistake="conv_backward.crop_height_for_width"

# %% [markdown]
# The same, window by window. Each number of `dZ` alone, sent through your backward pass, lays a multiple of the filter on its
# window. Together they are `dA_prev`.

# %% after="conv_forward conv_backward" tags=["skip-execution"]
a = np.array([[2.0, 0.0, 1.0], [1.0, 3.0, 0.0], [0.0, 1.0, 2.0]])[None, :, :, None]
W = np.array([[1.0, -1.0], [2.0, 0.0]])[:, :, None, None]
dZ = np.array([[1.0, 2.0], [-1.0, 0.0]])[None, :, :, None]
_, cache = conv_forward(a, W, np.zeros((1, 1, 1, 1)), {"stride": 1, "pad": 0})
shares, marks = {}, {}
for h, w in ((0, 0), (0, 1), (1, 0)):
    alone = np.zeros_like(dZ)
    alone[0, h, w] = dZ[0, h, w]
    title = f"from dZ[{h}, {w}]"
    shares[title] = conv_backward(alone, cache)[0][0, :, :, 0]
    marks[title] = [np.s_[h : h + 2, w : w + 2]]
total = conv_backward(dZ, cache)[0][0, :, :, 0]
plots.show(
    plots.grids({"dZ": dZ[0, :, :, 0], "W": W[:, :, 0, 0], **shares, "dA_prev": total}, marks, signs=["", "", "+", "+", "="]),
    alt="dZ and the filter; then three grids of 3 by 3, in each of which a multiple of the filter lies on another window; "
    "and their sum, which is your dA_prev. The fourth number of dZ is 0 and adds nothing.",
)

# %% [markdown]
# With all weights and all of `dZ` equal to 1, `dA_prev` counts in how many windows each pixel lies. Here for a picture of
# 5 × 6 and a filter of 3 × 3, without padding and with padding 1. This is what part 1 said about corners.

# %% after="conv_forward conv_backward" tags=["skip-execution"]
counts = {}
for pad in (0, 1):
    Z, cache = conv_forward(np.zeros((1, 5, 6, 1)), np.ones((3, 3, 1, 1)), np.zeros((1, 1, 1, 1)), {"stride": 1, "pad": pad})
    counts[f"pad {pad}"] = conv_backward(np.ones_like(Z), cache)[0][0, :, :, 0]
plots.show(
    plots.grids(counts),
    alt="Two 5 by 6 tables of your dA_prev. Without padding: 1 in the corners, growing to 9 in the middle. With padding 1: 4 in "
    "the corners, 6 along the edges, 9 everywhere else.",
)

# %% [markdown]
# **Measure it.** Move one number of the input up and down by a little, and see how the output changes: that is a gradient without
# any derivation. `check_gradient` does so for every number and compares it with yours; a relative difference of 1e-7 is fine,
# and 1e-2 is a mistake. The `dZ` has to be random, or numbers in the wrong order could go unnoticed.

# %% after="conv_forward conv_backward"
rng = np.random.default_rng(1)
A_prev, W = rng.standard_normal((2, 4, 5, 2)), rng.standard_normal((3, 3, 2, 3))
b, hparameters = rng.standard_normal((1, 1, 1, 3)), {"stride": 2, "pad": 1}
Z, cache = conv_forward(A_prev, W, b, hparameters)
dZ = rng.standard_normal(Z.shape)
dA_prev, dW, db = conv_backward(dZ, cache)
print("A_prev:", check_gradient(lambda v: conv_forward(v, W, b, hparameters)[0], A_prev, dA_prev, dZ))
print("W:", check_gradient(lambda v: conv_forward(A_prev, v, b, hparameters)[0], W, dW, dZ))
print("b:", check_gradient(lambda v: conv_forward(A_prev, W, v, hparameters)[0], b, db, dZ))

# %% [markdown]
# ## 7. The mask of a window
#
# Max pooling copies one number of each window. The derivative of a copy is 1, and the numbers that were not copied have no
# influence: if they grow a little, the output stays as it is. So the gradient goes to the place of the maximum, and the other places
# get 0. To find that place again, mark it:
#
# $$x = \begin{pmatrix} 1 & 3 \\ 4 & 2 \end{pmatrix}, \qquad
# \text{mask} = \begin{pmatrix} \text{False} & \text{False} \\ \text{True} & \text{False} \end{pmatrix}$$
#
# In a product, True counts as 1 and False as 0.
#
# **Ties.** In $\begin{pmatrix} 5 & 5 \\ 1 & 2 \end{pmatrix}$ two numbers are the maximum. **In this lesson the mask marks both.** It is
# the agreement of the material that these functions come from, and part 9 shows what follows from it. A mask that marks one of the
# two, or gives each of them 1/2, is another agreement. The check names it and accepts it.

# %% kind="solution"
from course.reference.step_by_step import create_mask_from_window

# %% kind="test" points=2
check.create_mask_from_window(create_mask_from_window)

# %% after="create_mask_from_window" tags=["skip-execution"]
x = np.array([[1.0, 3.0], [4.0, 2.0]])
tied = np.array([[5.0, 5.0], [1.0, 2.0]])
plots.show(
    plots.grids(
        {"x": x, "mask of x": create_mask_from_window(x), "tied": tied, "mask of tied": create_mask_from_window(tied)},
        {"x": [(1, 0)], "mask of x": [(1, 0)], "tied": [(0, slice(None))], "mask of tied": [(0, slice(None))]},
        signs=["→", "", "→"],
    ),
    alt="Two windows of 2 by 2 numbers with your masks as zeros and ones. In the first, the 4 is marked. In the second, two "
    "fives are equally large.",
)

# %% [markdown]
# ## 8. Sharing a gradient
#
# In average pooling every number of the window has a part in the mean, 1 of $f \cdot f$. So each gets the same share of the
# gradient: of $dz = 8$ over a window of 2 × 2, each place gets 2.

# %% kind="solution"
from course.reference.step_by_step import distribute_value

# %% kind="test" points=2
check.distribute_value(distribute_value)

# %% [markdown]
# ## 9. Back through pooling
#
# For each number of the output: find its window, and add to this window of `dA_prev` what its pixels are due. In mode `'max'`
# that is dA times the mask, in mode `'average'` the equal shares. Cut the window for the mask out of the one channel that you
# are in.
#
# > **Trap.** Windows may overlap. A pixel can be the maximum of several.

# %% kind="solution"
from course.reference.step_by_step import pool_backward

# %% kind="test" points=5
check.pool_backward(pool_backward, pool_forward)

# %% [markdown]
# Each function was checked alone. Do they fit? Here an image goes through your convolution and your max pooling, and a
# gradient goes all the way back.

# %% kind="test" points=1
check.conv_then_pool(conv_forward, pool_forward, pool_backward, conv_backward)

# %% after="pool_forward pool_backward" tags=["skip-execution"]
x = np.array([[1.0, 3.0, 0.0, 2.0], [4.0, 2.0, 1.0, 5.0], [0.0, 1.0, 7.0, 2.0], [6.0, 2.0, 3.0, 1.0]])
dA = np.array([[4.0, -8.0], [2.0, 12.0]])[None, :, :, None]
_, cache = pool_forward(x[None, :, :, None], {"f": 2, "stride": 2})
back = {mode: pool_backward(dA, cache, mode)[0, :, :, 0] for mode in ("max", "average")}
corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
windows = [np.s_[2 * h : 2 * h + 2, 2 * w : 2 * w + 2] for h, w in corners]
plots.show(
    plots.grids(
        {"A_prev": x, "dA": dA[0, :, :, 0], "dA_prev, max": back["max"], "dA_prev, average": back["average"]},
        {"A_prev": windows, "dA": corners, "dA_prev, max": windows, "dA_prev, average": windows},
    ),
    alt="The 4 by 4 picture, dA, and your two gradients, each window in its colour. For the maximum each number of dA stands at "
    "the place of the largest pixel; for the average it is spread over four places.",
)

# %% [markdown]
# Overlapping windows, with the gradient measured beside yours:

# %% after="pool_forward pool_backward"
rng = np.random.default_rng(2)
A_prev, hparameters = rng.standard_normal((2, 5, 7, 3)), {"f": 3, "stride": 2}
A, cache = pool_forward(A_prev, hparameters)
dA = rng.standard_normal(A.shape)
for mode in ("max", "average"):
    gradient = pool_backward(dA, cache, mode)
    print(f"{mode}:", check_gradient(lambda v, mode=mode: pool_forward(v, hparameters, mode)[0], A_prev, gradient, dA))

# %% [markdown]
# ### Ties: two agreements
#
# Take the window with two fives, and $dA = 4$. What should `dA_prev` be? Here are the rules side by side, and the measured gradient.

# %% after="pool_forward pool_backward" tags=["skip-execution"]
tied = np.array([[5.0, 5.0], [1.0, 2.0]])
dA = np.full((1, 1, 1, 1), 4.0)
_, cache = pool_forward(tied[None, :, :, None], {"f": 2, "stride": 2})
measured, kinks = numerical_gradient(lambda v: pool_forward(v, {"f": 2, "stride": 2})[0], tied[None, :, :, None], dA)
rules = {
    "window": tied,
    "yours": pool_backward(dA, cache)[0, :, :, 0],
    "4 to each": np.array([[4.0, 4.0], [0.0, 0.0]]),
    "4 to the first": np.array([[4.0, 0.0], [0.0, 0.0]]),
    "4 shared": np.array([[2.0, 2.0], [0.0, 0.0]]),
    "measured": measured[0, :, :, 0],
}
plots.show(
    plots.grids(rules),
    alt="A window with two fives and six tables: your gradient, 4 for each five, 4 for the first one, 2 for each, and the measured "
    "gradient, which is 2 for each.",
)
print("kinks, where a measurement cannot decide:", kinks[0, :, :, 0].tolist())

# %% [markdown]
# The function has a kink here. If one five grows, the output grows with slope 1; if it shrinks, the other five takes over, and the
# slope is 0. The measurement takes the mean of the two sides, 1/2.
#
# - **4 to each** is the agreement of this lesson, and what the mask gives. Each five is treated as if it alone had made the
#   output. The layer then hands on 8 where it was given 4.
# - **4 to the first**, or shared, hands on what was given. Libraries for training do so, and the lesson `modular-layers` asks for it.
#
# Both count as right here. With numbers that are not whole, ties hardly ever happen; after a ReLU, windows of zeros have
# them all the time. Whenever two implementations differ, look at the ties first.

# %% [markdown]
# ## 10. The other order of axes
#
# Some libraries put the channels last, as you did; others put them first, as the next lessons do. The layers are the same. The
# numbers are the same too, at other places:
#
# | here, channels last | channels first | from here to there |
# |---|---|---|
# | `A_prev` (m, n_H, n_W, n_C) | `x` (N, C, H, W) | `.transpose(0, 3, 1, 2)` |
# | `W` (f, f, n_C_prev, n_C) | `w` (F, C, HH, WW) | `.transpose(3, 2, 0, 1)` |
# | `b` (1, 1, 1, n_C) | `b` (F,) | `.ravel()` |
# | `Z` (m, n_H, n_W, n_C) | `out` (N, F, H, W) | `.transpose(0, 3, 1, 2)` |
#
# > **Trap.** `reshape` gives the right shape as well, and the wrong picture: it leaves the numbers in their order in memory, and
# > cuts them into rows anew.

# %% tags=["skip-execution"]
channels_first, _ = generate(4, seed=3)
picture = channels_first[3].transpose(1, 2, 0)  # (32, 32, 3)
plots.show(
    plots.images(
        {
            "channel 0, by transpose": picture.transpose(2, 0, 1)[0],
            "channel 0, by reshape": picture.reshape(3, 32, 32)[0],
        },
        black=0,
        white=255,
    ),
    alt="The red channel of a picture, cut out by transpose: a bright ring. Cut out by reshape: rows of "
    "dots, in which no ring can be seen.",
)

# %% [markdown]
# Here is a convolution with channels first, made out of yours: go there, convolve, come back. One number of it is also computed
# from the arrays as they are. The window now lies in the last two axes, the sum is the same.

# %% after="conv_forward"
rng = np.random.default_rng(3)
x, w, b = rng.standard_normal((2, 3, 5, 6)), rng.standard_normal((4, 3, 3, 3)), rng.standard_normal(4)
Z, _ = conv_forward(x.transpose(0, 2, 3, 1), w.transpose(2, 3, 1, 0), b.reshape(1, 1, 1, 4), {"stride": 1, "pad": 0})
print("x", x.shape, "  Z", Z.shape, "  out", Z.transpose(0, 3, 1, 2).shape)
print(f"picture 1, filter 2, place (0, 3):  by yours {Z[1, 0, 3, 2]:.9f}")
print(f"                               directly {(x[1, :, 0:3, 3:6] * w[2]).sum() + b[2]:.9f}")

# %% [markdown]
# And the gradients: they travel as what they belong to does. The gradient check is asked in the new order, so it would notice
# if a number had gone to another place.

# %% after="conv_forward conv_backward"
rng = np.random.default_rng(4)
x, w, b = rng.standard_normal((2, 3, 4, 5)), rng.standard_normal((2, 3, 2, 2)), rng.standard_normal(2)
hparameters = {"stride": 1, "pad": 1}


def there_and_back(x, w):
    """Return the convolution of x (N, C, H, W) with w (F, C, HH, WW), channels first, and the cache of yours."""
    inputs = x.transpose(0, 2, 3, 1), w.transpose(2, 3, 1, 0), b.reshape(1, 1, 1, -1)
    Z, cache = conv_forward(*inputs, hparameters)
    return Z.transpose(0, 3, 1, 2), cache


out, cache = there_and_back(x, w)
dout = rng.standard_normal(out.shape)
dA_prev, dW, _ = conv_backward(dout.transpose(0, 2, 3, 1), cache)
dx, dw = dA_prev.transpose(0, 3, 1, 2), dW.transpose(3, 2, 0, 1)
print("x:", check_gradient(lambda v: there_and_back(v, w)[0], x, dx, dout))
print("w:", check_gradient(lambda v: there_and_back(x, v)[0], w, dw, dout))

# %% [markdown]
# ## 11. A question by hand
#
# A picture of 4 × 4 with one channel, one filter of 3 × 3, `pad` 1 and `stride` 2. Work on paper; you may compare with your
# functions afterwards, but it is the reasoning that counts.
#
# 1. How large is the output? Which rows and columns of the padded picture are in no window?
# 2. All weights are 1, and all of `dZ` is 1. What is `dA_prev`? Give the 4 × 4 table and say what it counts.
# 3. Now the weights are $W_{pq}$ and the gradients $dZ_{hw}$. Write `dA_prev` at row 1, column 1 (counted from 0) as a sum of products.
#    Why do its weights stand in the corners of the filter?
#
# What counts:
#
# | points | for |
# |---|---|
# | 1 | the size, with the formula and its numbers; the padded row and column that are left over |
# | 1 | the table, and that it counts the windows in which a pixel lies |
# | 1 | the sum of four products with the right pairs, and the reason by the places of the windows |

# %% [markdown] kind="written" points=3
# **Size.** $\lfloor (4 + 2 \cdot 1 - 3)/2 \rfloor + 1 = \lfloor 1.5 \rfloor + 1 = 2$, so the output is 2 × 2. The padded picture has rows 0 to 5.
# The windows begin at rows 0 and 2, and cover rows 0 to 2 and 2 to 4. Row 5, which is the lower border, is in no window; by the
# same argument neither is column 5, the border on the right.
#
# **Table.** With weights of 1, every window adds its dZ, which is 1, to each of its pixels. So `dA_prev` counts the windows in which a
# pixel lies. Pixel row $r$ is padded row $r + 1$. Rows 0 to 3 lie in 1, 2, 1, 1 windows (row 1 is padded row 2, where both windows
# meet), and so do the columns. The counts multiply:
# $$\begin{pmatrix} 1 & 2 & 1 & 1 \\ 2 & 4 & 2 & 2 \\ 1 & 2 & 1 & 1 \\ 1 & 2 & 1 & 1 \end{pmatrix}$$
#
# **Row 1, column 1.** This is place (2, 2) of the padded picture, the one pixel that lies in all four windows. Window $(h, w)$ begins at
# $(2h, 2w)$, so the pixel stands in it at place $(2 - 2h, 2 - 2w)$: each of the two numbers is 2 or 0, so it is a corner of the
# window. It met the weight of that corner:
# $$dA_{11} = dZ_{00}\, W_{22} + dZ_{01}\, W_{20} + dZ_{10}\, W_{02} + dZ_{11}\, W_{00}$$
# A pixel far down in a window met a weight far down in the filter, so the weights come in the opposite order of the dZ.

# %% [markdown]
# ## Where you stand
#
# You have a convolution and a pooling layer in both directions. In `modular-layers` they come again with the channels first, beside
# the other layers of a network; there a convolution also becomes one product of matrices, which makes it far faster.

# %% tags=["skip-execution"]
check.all()
