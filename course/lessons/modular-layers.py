# ---
# jupyter:
#   course:
#     lesson: modular-layers
#     number: 4
#     title: Modular layers
#     hours: 7
#     reference: [layers, losses, im2col]
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
# # Modular layers
#
# A neural network is a chain of layers. A layer needs to know two things only: how its output follows from its
# input, and how the gradient of its input follows from the gradient of its output. With both written for each kind of
# layer, you can build any network out of them.
#
# In this assignment you write the layers of a small convolutional network, each in both directions. Every step has
# its check. At the end your layers, put together, learn to tell three patterns apart.

# %%
import numpy as np

from course import plots
from course.gradient_check import check_gradient, numerical_gradient

# %% tags=["skip-execution"]
plots.show(
    plots.chain(
        ["conv", "ReLU", "max pool", "affine", "softmax"],
        ["1 × 8 × 8", "4 × 8 × 8", "4 × 8 × 8", "4 × 4 × 4", "3 scores", "loss"],
    ),
    alt="Five layers in a row: conv, ReLU, max pool, affine, softmax. Arrows lead forward from an 8 by 8 image to the "
    "loss, and arrows for the gradients lead back. Every layer but the last keeps a cache.",
)

# %% [markdown]
# ## What you will learn
#
# After this lesson you can
#
# - write an affine layer in both directions for inputs of any shape;
# - say what the slope of ReLU at 0 is, and why somebody has to decide it;
# - check a derived gradient against a measured one, and say when such a check cannot decide;
# - compute two losses and their gradients, and predict both losses before any training;
# - compute a convolution and its three gradients with plain loops, on paper and in code;
# - describe pooling as a matrix product and send gradients back through it;
# - build larger blocks by composition instead of by copying;
# - rewrite a convolution as one matrix product and measure what that gains.
#
# | part | points | minutes |
# |---|---|---|
# | 1. Affine layer | 6 | 40 |
# | 2. ReLU | 4 | 20 |
# | 3. Gradient check | | 20 |
# | 4. Softmax loss | 4 | 35 |
# | 5. Hinge loss | 3 | 25 |
# | 6. Convolution | 5 | 50 |
# | 7. Convolution backward | 5 | 60 |
# | 8. Max pooling | 8 | 50 |
# | 9. Average pooling | 5 | 25 |
# | 10. Conv, ReLU and pooling together | | 15 |
# | 11. Convolution as a matrix product | 7 | 60 |
# | 12. A small network that learns | | 15 |
# | 13. A question in words | 3 | 20 |
# | **in all** | **50** | **about 7 hours** |
#
# You need: partial derivatives and the chain rule; NumPy arrays with their shapes, slices, broadcasting and the matrix
# product `@`. The lessons `two-layer-net` and `conv-step-by-step` prepare for this one, but it can be read without
# them.

# %% [markdown]
# ## How to work
#
# 1. Each task is a function with a docstring that says what to compute, and with which shapes. Write your code where
#    the cell says so, in place of `raise NotImplementedError()`.
# 2. Run the cell, then run the check below it. The check says how many points your function has. If something is
#    wrong, it shows the smallest case that fails, with your number beside the right one.
# 3. If it recognises the mistake, it offers three hints, one at a time; none of them is the answer. Open them in the
#    message, or ask in a cell of your own: `check.affine_forward(affine_forward).hint(1)`.
# 4. The cases come in three groups. *Core* is the ordinary case and gives 60 % of the points. *Other shapes*
#    (images that are not square, strides, a single sample) gives 30 %. *Care* (arguments left unchanged, large
#    numbers, ties) gives 10 %. Grading uses the same groups with other numbers.
# 5. Cells that begin with `%%after` show something with your own functions. Before a function is written they tell
#    you to write it first.
# 6. `check.all()` shows your points so far and what to do next.
#
# A forward pass and its backward pass are judged apart: a mistake in the one does not cost points in the other.

# %% [markdown]
# ## What all layers agree on
#
# **Two passes.** `out, cache = layer_forward(...)` computes the output. `layer_backward(dout, cache)` takes
# `dout` $= \partial L/\partial\,\text{out}$, the gradient of the loss $L$ with respect to that output, and returns the
# gradients with respect to the inputs. A gradient always has the shape of what it belongs to: `dout` has the shape of
# `out`, `dx` the shape of `x`.
#
# **The cache.** The backward pass needs numbers of the forward pass: the derivative of $x w$ with respect to $w$ is
# $x$. The forward pass therefore hands them over. A global variable would not do, because one network uses the same
# function several times, each time with other numbers.
#
# **Arguments are never changed.** Your `x` is the output of somebody else's layer and may lie in their cache. Your
# `dout` may be needed elsewhere too: if a value goes into two layers or into a sum, one array serves both.
#
# > **Trap.** `a = b` makes no copy. It gives the array a second name, and writing into `a` writes into `b`.
#
# **Types.** float32 in, float32 out: it takes half the memory of float64 and about half the time. Integers in,
# floating-point gradients out.
#
# > **Trap.** An array that you make yourself, for example with `np.zeros(shape)`, is float64 unless you say otherwise.
#
# **Axes.** Images have the shape `(N, C, H, W)`: N images in a batch, C channels, H rows, W columns.
#
# Some cells of this notebook are given. The next one holds three helpers which make sure that a wrong shape ends in a
# clear message. Their calls stand in the functions already; you need not add any.

# %% kind="given"
from course.reference.inputs import expect_array, expect_labels, output_size

# %% [markdown]
# ## 1. Affine layer
#
# The affine layer turns features into scores. Each output is a weighted sum of all inputs plus a bias:
#
# $$\text{out}_{nm} = \sum_d x_{nd}\, w_{dm} + b_m$$
#
# A sample may come in any shape, such as an image of 3 × 32 × 32. The layer lays it out as one row of
# $D = 3 \cdot 32 \cdot 32 = 3072$ numbers. With rows for samples and columns for outputs, the whole formula is one
# matrix product.
#
# By hand, for one sample with two numbers and three outputs:
#
# $$x = (1, 2), \qquad w = \begin{pmatrix} 1 & 0 & -1 \\ 2 & 1 & 0 \end{pmatrix}, \qquad b = (0.5,\ 0,\ 0)$$
#
# $$\text{out} = (1 \cdot 1 + 2 \cdot 2 + 0.5,\ \ 1 \cdot 0 + 2 \cdot 1,\ \ 1 \cdot (-1) + 2 \cdot 0) = (5.5,\ 2,\ -1)$$

# %% kind="solution"
from course.reference.layers import affine_forward

# %% kind="test" points=3
check.affine_forward(affine_forward)

# %% after="affine_forward"
x = np.array([[1.0, 2.0]])
w = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])
b = np.array([0.5, 0.0, 0.0])
out, _ = affine_forward(x, w, b)
print("by hand: [[ 5.5  2.  -1. ]]")
print("yours:  ", out)

# %% [markdown]
# ### Back through the affine layer
#
# Ask of each number: if it grows a little, how much does the loss grow?
#
# - If $b_m$ grows by $\varepsilon$, output $m$ of *every* sample grows by $\varepsilon$. So $db_m$ is a **sum over the
#   samples**.
# - If $w_{dm}$ grows by $\varepsilon$, output $m$ of sample $n$ grows by $\varepsilon\, x_{nd}$. So
#   $dw_{dm} = \sum_n x_{nd}\, \text{dout}_{nm}$.
# - If $x_{nd}$ grows by $\varepsilon$, *each* output $m$ of sample $n$ grows by $\varepsilon\, w_{dm}$. So
#   $dx_{nd} = \sum_m \text{dout}_{nm}\, w_{dm}$.
#
# With the numbers from above and $\text{dout} = (1, -1, 2)$:
#
# $$dx = (1 \cdot 1 - 1 \cdot 0 + 2 \cdot (-1),\ \ 1 \cdot 2 - 1 \cdot 1 + 2 \cdot 0) = (-1,\ 1), \qquad
# dw = \begin{pmatrix} 1 & -1 & 2 \\ 2 & -2 & 4 \end{pmatrix}, \qquad db = (1, -1, 2)$$
#
# All three are matrix products or sums. Their shapes leave few ways to write them.
#
# > **Trap.** Each gradient has exactly the shape of its argument. `db` is `(M,)`, which is not the same as `(1, M)`, and
# > `dx` for images is an array of images.

# %% kind="solution"
from course.reference.layers import affine_backward

# %% kind="test" points=3
check.affine_backward(affine_backward, affine_forward)

# %% after="affine_forward affine_backward"
x = np.array([[1.0, 2.0]])
w = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]])
out, cache = affine_forward(x, w, np.array([0.5, 0.0, 0.0]))
dx, dw, db = affine_backward(np.array([[1.0, -1.0, 2.0]]), cache)
print("dx", dx)
print("dw", dw)
print("db", db)

# %% [markdown]
# **Find the bug.** Much of the time that programming takes goes into finding out why something is wrong, so that is worth
# practising. Once your functions are right, the next cell opens a wrong `affine_backward`, in a cell of its own. Mend it.
# It gives no points.

# %% kind="bug" mistake="affine_backward.db_over_outputs"

# %% [markdown]
# ## 2. ReLU
#
# Two affine layers in a row are no better than one, because $(x\,w_1)\,w_2 = x\,(w_1 w_2)$. Something between them has
# to be nonlinear. The cheapest choice is the rectified linear unit:
#
# $$\text{out} = \max(0, x)$$
#
# Its slope is 1 for positive numbers and 0 for negative ones. However many active ReLUs a gradient passes, they do not
# diminish it. This is one reason why networks with ReLU train fast.
#
# At $x = 0$ the function has a kink and no derivative. Any slope from 0 to 1 could be defended. In this course it is
# **0**, as in most libraries; a slope of 1 at 0 costs the care points.

# %% kind="solution"
from course.reference.layers import relu_forward

# %% kind="test" points=2
check.relu_forward(relu_forward)

# %% [markdown]
# For the backward pass remember that `dout` belongs to the caller and must look the same afterwards.

# %% kind="solution"
from course.reference.layers import relu_backward

# %% kind="test" points=2
check.relu_backward(relu_backward, relu_forward)

# %% after="relu_forward relu_backward" tags=["skip-execution"]
x = np.linspace(-3, 3, 601)
out, cache = relu_forward(x)
slope = relu_backward(np.ones(601), cache)
plots.show(
    plots.curves({"relu_forward(x)": (x, out), "relu_backward(1, x)": (x, slope)}, "x", "your numbers"),
    alt="Your ReLU: 0 for negative x and the diagonal for positive x, with its slope, which jumps from 0 to 1 at x = 0.",
)

# %% [markdown]
# ## 3. Gradient check
#
# Layers become larger blocks by **composition**. The two functions below are given. The forward pass calls your two
# layers in order and keeps both caches. The backward pass calls your backward passes in reverse order. No formula is
# written a second time, so there is nothing new that could be wrong.

# %% kind="given"
from course.reference.sandwiches import affine_relu_forward, affine_relu_backward

# %% [markdown]
# Is a derived gradient right? Measure it. Move one number $x_i$ up and down by a small $h$, and see how the result
# changes:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x_i + h) - f(x_i - h)}{2h}$$
#
# This is a *central difference*. For $f(x) = x^3$ at $x = 2$ the derivative is 12. With $h = 0.1$ the central
# difference is $(9.261 - 6.859)/0.2 = 12.01$. The error is $h^2 = 0.01$, so an $h$ ten times smaller makes it a
# hundred times smaller. But not for ever: a computer rounds each value of $f$ to about 16 digits, and the division by
# $2h$ makes that rounding larger the smaller $h$ is.

# %%
for h in (1e-1, 1e-3, 1e-5, 1e-7, 1e-9, 1e-12):
    measured = ((2 + h) ** 3 - (2 - h) ** 3) / (2 * h)
    print(f"h = {h:.0e}   measured {measured:.12f}   error {abs(measured - 12):.0e}")

# %% [markdown]
# Around $h = 10^{-5}$ both errors are small. `check_gradient(f, x, dx, dout)` measures the gradient of
# $\sum f(x) \cdot \text{dout}$ with this step and compares it with your `dx` by the relative error
#
# $$\frac{|a - b|}{\max(10^{-8},\ |a| + |b|)}$$
#
# As a rule of thumb, 1e-7 is fine and 1e-2 is a mistake. The `dout` should be random: with a `dout` of ones, a gradient
# whose rows stand in the wrong order may have the right sums.

# %% after="affine_forward affine_backward relu_forward relu_backward"
rng = np.random.default_rng(0)
x, w, b = rng.standard_normal((3, 2, 4)), rng.standard_normal((8, 5)), rng.standard_normal(5)
out, cache = affine_relu_forward(x, w, b)
dout = rng.standard_normal(out.shape)
dx, dw, db = affine_relu_backward(dout, cache)
print("x:", check_gradient(lambda v: affine_relu_forward(v, w, b)[0], x, dx, dout))
print("w:", check_gradient(lambda v: affine_relu_forward(x, v, b)[0], w, dw, dout))
print("b:", check_gradient(lambda v: affine_relu_forward(x, w, v)[0], b, db, dout))

# %% [markdown]
# A measurement has its limits. At the kink of ReLU the slope is 0 on the left and 1 on the right. The central
# difference gives 0.5, which is neither. That is no mistake of yours, so the check says that it cannot decide.

# %% after="relu_forward relu_backward"
x = np.array([-1.0, 0.0, 2.0])
dout = np.ones(3)
print(check_gradient(lambda v: relu_forward(v)[0], x, relu_backward(dout, x), dout))

# %% [markdown]
# ## 4. Softmax loss
#
# The last affine layer gives each sample one score for each class. Softmax turns scores into probabilities, and the
# loss is the negative logarithm of the probability of the right class $y_n$:
#
# $$p_{nc} = \frac{e^{x_{nc}}}{\sum_k e^{x_{nk}}}, \qquad L = -\frac{1}{N} \sum_n \log p_{n y_n}$$
#
# For the scores $(1, 2, 3)$ the probabilities are $(0.090, 0.245, 0.665)$. If the third class is right, the loss is
# $-\log 0.665 = 0.408$. If the first is right, it is $-\log 0.090 = 2.408$.
#
# **Gradient.** For one sample, $L = -x_y + \log \sum_k e^{x_k}$. The derivative of the logarithm with respect to $x_c$
# is $e^{x_c} / \sum_k e^{x_k} = p_c$, so
#
# $$\frac{\partial L}{\partial x_c} = p_c - [c = y]$$
#
# where $[c = y]$ is 1 for the right class and 0 for the others. For $(1, 2, 3)$ and the third class this is
# $(0.090, 0.245, -0.335)$. A step against the gradient raises the score of the right class and lowers the others. The
# three numbers add up to 0. The mean over N samples divides everything by N, so that the gradient does not grow with
# the batch.
#
# **Large scores.** `np.exp(1000)` is infinity, and infinity divided by infinity is `nan`. And a probability that is
# rounded to 0 has the logarithm minus infinity, although the loss is a harmless 1000. Two facts help:
#
# - the same number added to all scores of a sample changes none of its probabilities;
# - $\log p_c = x_c - \log \sum_k e^{x_k}$ needs no division.

# %% kind="solution"
from course.reference.losses import softmax_loss

# %% kind="test" points=4
check.softmax_loss(softmax_loss)

# %% [markdown]
# An untrained network gives all classes nearly the same score. With 10 classes each then has probability 1/10, and the
# loss is $\log 10 = 2.302585$. **Look for this number whenever you start a training.** If the first loss is another
# one, something is wrong, and no time is lost yet.

# %% after="softmax_loss"
scores = np.zeros((5, 10))
labels = np.array([3, 1, 4, 1, 5])
loss, dx = softmax_loss(scores, labels)
print(f"your loss at the start: {loss:.6f}     log 10 = {np.log(10):.6f}")
scores = np.random.default_rng(1).standard_normal((5, 10))
print(check_gradient(lambda v: softmax_loss(v, labels)[0], scores, softmax_loss(scores, labels)[1]))

# %% [markdown]
# ## 5. Hinge loss
#
# The multiclass hinge loss, also called SVM loss, asks for less. The score of the right class must be larger than each
# other score by a margin of 1. What is missing is the loss:
#
# $$L = \frac{1}{N} \sum_n \sum_{c \ne y_n} \max(0,\ x_{nc} - x_{n y_n} + 1)$$
#
# For the scores $(2,\ 1.5,\ -1)$, where the first class is right, the second class has the margin
# $1.5 - 2 + 1 = 0.5$, and the third has $-1 - 2 + 1 = -2$, which counts as 0. The loss is 0.5.
#
# **Gradient.** Only positive margins count. Each of them pushes its own score with $+1$ and the score of the right class
# with $-1$, both divided by N. In the example the gradient is $(-1, 1, 0)$. A right class that two others come too close
# to gets $-2$.
#
# At the start all scores are nearly equal, so with 10 classes each of the 9 wrong ones has a margin of 1, and the loss
# is **9**.

# %% kind="solution"
from course.reference.losses import svm_loss

# %% kind="test" points=3
check.svm_loss(svm_loss)

# %% after="svm_loss"
loss, dx = svm_loss(np.zeros((5, 10)), np.array([3, 1, 4, 1, 5]))
print(f"your loss at the start: {loss:.6f}")

# %% [markdown]
# Both losses side by side: three classes, the two wrong ones have the score 0, and the score of the right one moves
# along the axis. The hinge loss is content at 1. The softmax loss never is; it goes on asking for a little more.

# %% after="softmax_loss svm_loss" tags=["skip-execution"]
right_score = np.linspace(-3, 5, 161)
label = np.array([0])
hinge = [svm_loss(np.array([[s, 0.0, 0.0]]), label)[0] for s in right_score]
softmax = [softmax_loss(np.array([[s, 0.0, 0.0]]), label)[0] for s in right_score]
plots.show(
    plots.curves({"svm_loss": (right_score, hinge), "softmax_loss": (right_score, softmax)}, "right score", "loss"),
    alt="Your two losses over the score of the right class. The hinge loss falls in a straight line to 0 at score 1; "
    "the softmax loss comes down more slowly and stays above 0.",
)

# %% [markdown]
# ## 6. Convolution
#
# An affine layer on a picture of 3 × 32 × 32 pixels has 3,072 weights for each output, and would have to learn the same
# edge again at each place. A convolution looks through a small window, uses the same few weights at every place, and
# keeps the result in the shape of a picture.
#
# The set of weights is called a **filter**. At each place the numbers in the window are multiplied with the weights of
# the filter and added up. With a 3 × 3 picture and a 2 × 2 filter there are four places:

# %% tags=["skip-execution"]
x = np.array([[1, 2, 0], [0, 1, 3], [2, 1, 1]])
w = np.array([[1, 0], [2, -1]])
out = np.array([[0, 1], [3, 2]])
for place in ((0, 0), (0, 1)):
    plots.show(
        plots.window(x, w, out, place),
        alt=f"A 3 by 3 input with the window for output {place} marked, the 2 by 2 filter and the 2 by 2 output. "
        "Below, the four products of window and filter are added up.",
    )

# %% [markdown]
# Work out the second row of the output on paper before you go on: 3 and 2.
#
# Change one weight below: every output moves, because all of them use it. Then choose another layer and change it again.
# The table counts what sharing saves.

# %% tags=["skip-execution"]
from course.explorers import ConvBackwardExplorer, ConvExplorer, PoolExplorer, WeightSharingExplorer

WeightSharingExplorer(height=3, width=3, kernel=2)

# %% [markdown]
# Real layers add four things.
#
# - **Channels.** The input has C channels, and so has each filter. The sum runs over the channels too: a window has
#   C · HH · WW numbers.
# - **Several filters.** Each of the F filters makes one channel of the output and has one bias.
# - **Stride.** The window moves by `stride` pixels, down as well as to the right. With stride 2 the output has about half
#   as many rows and columns.
# - **Padding.** The picture gets `pad` rows and columns of zeros on each of its four sides, so that the window can stand
#   over the border. With stride 1 and an odd filter size HH, `pad` = (HH − 1)/2 keeps the size of the picture.
#
# $$\text{out}_{nfij} = b_f + \sum_{c,p,q} \text{xpad}_{n,\,c,\,i s + p,\,j s + q}\; w_{fcpq}$$
#
# In mathematics this operation is called cross-correlation; a convolution would turn the filter by 180 degrees first.
# Since the weights are learnt, it makes no difference to what the layer can do. Neural networks use the form without
# turning and call it convolution all the same.
#
# **Size of the output.** The first window begins at row 0, the next ones at $s, 2s, 3s, \dots$ The last row at which one
# can begin is $H + 2P - HH$. So
#
# $$H_\text{out} = \left\lfloor \frac{H + 2P - HH}{s} \right\rfloor + 1$$
#
# and the same for the width. If the division leaves a remainder, the last rows are in no window and have no influence.
# With $H = 8$, $HH = 3$, $P = 0$ and $s = 2$ the windows begin at rows 0, 2 and 4. The last one ends with row 6, and
# row 7 is left over. A filter that is larger than the padded picture has no place at all, which is an error. `output_size`
# above knows all this:

# %%
for size, kernel, stride, pad in ((7, 3, 2, 0), (8, 3, 2, 0), (32, 5, 1, 2), (32, 11, 4, 0)):
    print(f"{size} pixels, filter {kernel}, stride {stride}, pad {pad}: {output_size(size, kernel, stride, pad)}")
try:
    output_size(3, 5, stride=1, pad=0)
except ValueError as error:
    print("ValueError:", error)

# %% [markdown]
# Try it. Set the stride to 2: which windows are left? Set the pad to 0: how large is the output now? Make the input 6
# rows high with stride 2 and pad 0: which row is left over? Then find two different settings with a 3 × 3 output. If you
# can tell the size without the formula, let "guess first" ask you.

# %% tags=["skip-execution"]
ConvExplorer(height=5, width=5, kernel=3, stride=1, pad=1)

# %% [markdown]
# Now write it, with plain loops over images, filters, rows and columns. Speed does not matter yet.
#
# > **Trap.** Pictures, filters and strides have no need to be square or equal. Take care which of H, W, HH, WW and stride
# > you mean at each place.

# %% kind="solution"
from course.reference.layers import conv_forward_naive

# %% kind="test" points=5
check.conv_forward_naive(conv_forward_naive)

# %% [markdown]
# **Find the bug** in these loops.

# %% kind="bug" mistake="conv_forward_naive.stride_downwards_only"

# %% [markdown]
# The picture from above, with your numbers in the output, and then the same with one row and column of padding, stride 2
# and a bias of 1:

# %% after="conv_forward_naive" tags=["skip-execution"]
x = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 1.0, 1.0]])
w = np.array([[1.0, 0.0], [2.0, -1.0]])
for place, stride, pad, bias in (((1, 1), 1, 0, 0.0), ((0, 1), 2, 1, 1.0)):
    conv_param = {"stride": stride, "pad": pad}
    out, _ = conv_forward_naive(x[None, None], w[None, None], np.array([bias]), conv_param)
    plots.show(
        plots.window(x, w, out[0, 0], place, stride, pad, bias),
        alt=f"Input, filter and your output for stride {stride} and pad {pad}, with the window for output {place} marked "
        "and its sum spelled out.",
    )

# %% [markdown]
# Now with all settings that you like: here your function stands behind the picture. If one of its numbers differs from what
# the browser computes, its cell lights up, and a message of Python is shown below.

# %% after="conv_forward_naive" tags=["skip-execution"]
ConvExplorer(forward=conv_forward_naive, height=6, width=5, stride=2)

# %% [markdown]
# Nothing has to be square, and what is left over has no influence: below, the last row of the picture is set to 1000, and
# your output stays as it was.

# %% after="conv_forward_naive"
rng = np.random.default_rng(2)
x, w, b = rng.standard_normal((2, 3, 8, 11)), rng.standard_normal((4, 3, 3, 5)), np.zeros(4)
out, _ = conv_forward_naive(x, w, b, {"stride": 2, "pad": 0})
print("input", x.shape, " filters", w.shape, " stride 2, pad 0:  output", out.shape)
x[:, :, 7] = 1000
changed, _ = conv_forward_naive(x, w, b, {"stride": 2, "pad": 0})
print("changed by the last row:", not np.array_equal(out, changed))

# %% [markdown]
# What does a filter see? Here are three made by hand, and your convolution applies them to a drawing. A filter whose
# weights add up to 0 gives 0 wherever the picture is even, and so it shows edges. A filter of equal weights that add up
# to 1 takes the mean of its window, which is a blur. A trained network finds filters like these by itself.

# %% after="conv_forward_naive" tags=["skip-execution"]
rows, columns = np.mgrid[0:48, 0:64]
picture = 0.2 + 0.3 * columns / 64
picture[(rows - 24) ** 2 + (columns - 20) ** 2 < 15**2] = 1.0
picture[8:40, 42:58] = 0.0
picture[8:40:8, 42:58] = 0.8
across = np.array([[-1.0, 0.0, 1.0]] * 3)
w = np.stack([across, across.T, np.ones((3, 3)) / 9])[:, None]
out, _ = conv_forward_naive(picture[None, None], w, np.zeros(3), {"stride": 1, "pad": 1})
seen = {"the drawing": picture, "left to right": out[0, 0], "top to bottom": out[0, 1], "blur": out[0, 2]}
plots.show(
    plots.images(seen),
    alt="A drawing with a white disc and a striped box, and your convolution of it with three filters: the first shows "
    "upright edges, the second shows level edges, the third blurs.",
)

# %% [markdown]
# ## 7. Convolution backward
#
# Write out the four sums for a 3 × 3 input and a 2 × 2 filter, stride 1, no padding:
#
# $$\begin{aligned}
# \text{out}_{00} &= x_{00} w_{00} + x_{01} w_{01} + x_{10} w_{10} + x_{11} w_{11} + b \\
# \text{out}_{01} &= x_{01} w_{00} + x_{02} w_{01} + x_{11} w_{10} + x_{12} w_{11} + b \\
# \text{out}_{10} &= x_{10} w_{00} + x_{11} w_{01} + x_{20} w_{10} + x_{21} w_{11} + b \\
# \text{out}_{11} &= x_{11} w_{00} + x_{12} w_{01} + x_{21} w_{10} + x_{22} w_{11} + b
# \end{aligned}$$
#
# There are sixteen products. Write $d_{ij}$ for $\text{dout}_{ij}$. A product $x \cdot w$ in $\text{out}_{ij}$ adds
# $d_{ij}\, w$ to the gradient of its $x$ and $d_{ij}\, x$ to the gradient of its $w$. **Each product hands dout to both
# of its factors.** This is all there is; the rest is collecting.
#
# Collect for the weight $w_{01}$, the second term of each line:
#
# $$dw_{01} = d_{00}\, x_{01} + d_{01}\, x_{02} + d_{10}\, x_{11} + d_{11}\, x_{12}$$
#
# Collect for pixels. The corner $x_{00}$ is in one product, the edge $x_{01}$ in two, the centre $x_{11}$ in four:
#
# $$\begin{aligned}
# dx_{00} &= d_{00}\, w_{00} \\
# dx_{01} &= d_{00}\, w_{01} + d_{01}\, w_{00} \\
# dx_{11} &= d_{00}\, w_{11} + d_{01}\, w_{10} + d_{10}\, w_{01} + d_{11}\, w_{00}
# \end{aligned}$$
#
# And $b$ is in every line: $db = d_{00} + d_{01} + d_{10} + d_{11}$. With several images it is the sum over all of them.
#
# Look at the last line of $dx$: the weights meet the $d$ in reverse order. This is the filter turned by 180 degrees which
# books write about. Who loops over the products never has to turn anything. In $dw$ nothing is turned.
#
# With the numbers of part 6 and $d = \begin{pmatrix} 1 & -1 \\ 0 & 2 \end{pmatrix}$:
# $dw_{01} = 1 \cdot 2 - 1 \cdot 0 + 0 \cdot 1 + 2 \cdot 3 = 8$ and
# $dx_{11} = 1 \cdot (-1) - 1 \cdot 2 + 0 \cdot 0 + 2 \cdot 1 = -1$.
#
# **Padding.** First collect the gradient of the padded picture, then cut its border off: the zeros there are constants,
# and nobody asks for their gradient.
#
# > **Trap.** What is `a[0:-0]`? Cut in a way that is right for pad 0 too.
#
# > **Trap.** A pixel that lies in several windows gets something from each of them.

# %% kind="solution"
from course.reference.layers import conv_backward_naive

# %% kind="test" points=5
check.conv_backward_naive(conv_backward_naive, conv_forward_naive)

# %% [markdown]
# The numbers from above, and a second look at the turned filter: your *forward* pass, applied to `dout` with one row and
# column of padding and with the filter turned by 180 degrees, gives the same `dx`.

# %% after="conv_forward_naive conv_backward_naive"
x = np.array([[[[1.0, 2.0, 0.0], [0.0, 1.0, 3.0], [2.0, 1.0, 1.0]]]])
w = np.array([[[[1.0, 0.0], [2.0, -1.0]]]])
dout = np.array([[[[1.0, -1.0], [0.0, 2.0]]]])
_, cache = conv_forward_naive(x, w, np.zeros(1), {"stride": 1, "pad": 0})
dx, dw, db = conv_backward_naive(dout, cache)
turned, _ = conv_forward_naive(dout, w[:, :, ::-1, ::-1], np.zeros(1), {"stride": 1, "pad": 1})
print("dw[0, 1] =", dw[0, 0, 0, 1], "  dx[1, 1] =", dx[0, 0, 1, 1], "  db =", db[0])
print("dx is dout convolved with the turned filter:", np.allclose(dx, turned))

# %% [markdown]
# With all weights and all of `dout` equal to 1, `dx` counts in how many windows each pixel lies. A pixel in the middle has
# more say than one in the corner.

# %% after="conv_forward_naive conv_backward_naive" tags=["skip-execution"]
_, cache = conv_forward_naive(np.zeros((1, 1, 5, 6)), np.ones((1, 1, 3, 3)), np.zeros(1), {"stride": 1, "pad": 0})
dx, _, _ = conv_backward_naive(np.ones((1, 1, 3, 4)), cache)
plots.show(
    plots.matrix(dx[0, 0], "windows that contain the pixel"),
    alt="A 5 by 6 table of your dx: 1 in the corners, growing to 9 in the middle.",
)

# %% [markdown]
# And the gradient check, with stride 2 and padding, drawn for one channel. Any cell that is wrong shows up in red.

# %% after="conv_forward_naive conv_backward_naive" tags=["skip-execution"]
rng = np.random.default_rng(3)
x, w, b = rng.standard_normal((2, 2, 4, 5)), rng.standard_normal((3, 2, 3, 3)), rng.standard_normal(3)
conv_param = {"stride": 2, "pad": 1}
out, cache = conv_forward_naive(x, w, b, conv_param)
dout = rng.standard_normal(out.shape)
dx, dw, db = conv_backward_naive(dout, cache)
measured, _ = numerical_gradient(lambda v: conv_forward_naive(v, w, b, conv_param)[0], x, dout)
plots.show(
    plots.errors(dx[0, 0], measured[0, 0]),
    alt="Your dx for one channel, the measured gradient, and their difference, which is 0 everywhere if dx is right.",
)
print("w:", check_gradient(lambda v: conv_forward_naive(x, v, b, conv_param)[0], w, dw, dout))

# %% [markdown]
# Which numbers of dout come together in one cell of dx? Walk over dx with the arrow keys. Then look at the weights, and let
# the windows add up to dw. Your numbers are compared as you go.

# %% after="conv_backward_naive" tags=["skip-execution"]
ConvBackwardExplorer(backward=conv_backward_naive)

# %% [markdown]
# ## 8. Max pooling
#
# A pooling layer makes pictures smaller. Max pooling keeps the largest number of each window, for each channel by itself.
# It has no weights and no padding. A feature that moves a little inside its window leaves the output as it was, and after
# 2 × 2 windows with stride 2 the next layer has a quarter of the work.
#
# As a matrix: lay the 16 pixels of the picture below out as one column. Then each output is one of these pixels, so
# pooling is a product with a matrix of zeros and ones,
#
# $$\text{out} = S(x)\, x$$
#
# with one row for each output and a single 1 in each row, at the place of the winner. We write $S(x)$ because the winners
# depend on the numbers. The gradient goes back through the transposed matrix (why it may, although $S$ is no constant, is
# the question of part 13):
#
# $$dx = S(x)^\top\, \text{dout}$$
#
# Read the drawing twice. Along the rows, from $x$ at the top to out on the right. Down the columns, from dout on the left
# to $dx$ at the bottom: each number of dout goes to the place where the maximum was, and all other places get 0.

# %% tags=["skip-execution"]
x = np.array([[1, 3, 0, 2], [4, 2, 1, 5], [0, 1, 7, 2], [6, 2, 3, 1]])
winners = [4, 7, 12, 10]
plots.show(
    plots.selection(x, np.eye(16)[winners], np.array([1.0, -2.0, 3.0, 0.5])),
    alt="Max pooling of a 4 by 4 picture with 2 by 2 windows as a matrix S of 4 rows and 16 columns. Each row holds a "
    "single 1 at the place of the largest pixel of its window: 4, 5, 6 and 7. The numbers of dout go back to these places.",
)

# %% [markdown]
# The windows of this lesson may overlap (stride smaller than the window) or leave gaps (stride larger). The size of the
# output follows the same rule as in part 6: rows that are left over at the end are not used.
#
# > **Trap.** The size of the window and the stride are different numbers, even if both are often 2.

# %% kind="solution"
from course.reference.layers import max_pool_forward_naive

# %% kind="test" points=3
check.max_pool_forward_naive(max_pool_forward_naive)

# %% [markdown]
# ### Ties
#
# If a window is $\begin{pmatrix} 5 & 5 \\ 1 & 2 \end{pmatrix}$ and its dout is 4, who gets the 4? Both fives made the
# maximum. The function has a kink there, as ReLU has at 0. **Any rule is right that hands out dout exactly once**:
# $(4, 0)$, $(0, 4)$ and $(2, 2)$ all add up to 4. With $(4, 4)$ the layer would hand on twice what it was given, and this
# costs the care points. (In the lesson `conv-step-by-step` the task asks for a mask that does exactly that, and there it
# counts as right. Two agreements exist; a text should say which one it means.)

# %% kind="solution"
from course.reference.layers import max_pool_backward_naive

# %% kind="test" points=4
check.max_pool_backward_naive(max_pool_backward_naive, max_pool_forward_naive)

# %% [markdown]
# **Find the bug** in this backward pass. It is right as long as windows lie side by side.

# %% kind="bug" mistake="max_pool_backward_naive.overlap_overwritten"

# %% [markdown]
# Each layer was checked alone, so a mistake costs its points once. Do they fit? Here your layers stand in a row, as a small
# ConvNet: convolution, ReLU, max pooling, affine, softmax loss, and back again. Each backward pass gets the cache that your
# own forward pass has kept.

# %% kind="test" points=1
check.conv_relu_pool_affine(
    conv_forward_naive,
    relu_forward,
    max_pool_forward_naive,
    affine_forward,
    softmax_loss,
    affine_backward,
    max_pool_backward_naive,
    relu_backward,
    conv_backward_naive,
)

# %% [markdown]
# Your backward pass, fed with one 1 at a time, tells the rows of $S$. Does $S x$ give what your forward pass gives? And
# with overlapping windows one pixel may win several times; then it collects all of their gradients.

# %% after="max_pool_forward_naive max_pool_backward_naive"
x = np.array([[[[1.0, 3.0, 0.0, 2.0], [4.0, 2.0, 1.0, 5.0], [0.0, 1.0, 7.0, 2.0], [6.0, 2.0, 3.0, 1.0]]]])
pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
out, cache = max_pool_forward_naive(x, pool_param)
S = np.array([max_pool_backward_naive(one.reshape(1, 1, 2, 2), cache).ravel() for one in np.eye(4)])
print("S x =", S @ x.ravel(), "  your forward pass:", out.ravel())

_, cache = max_pool_forward_naive(x, {"pool_height": 2, "pool_width": 2, "stride": 1})
print("stride 1, dout of ones:")
print(max_pool_backward_naive(np.ones((1, 1, 3, 3)), cache)[0, 0])

# %% [markdown]
# Both of your functions behind one picture. Which inputs get the gradient of a window? Guess first. Then make the windows
# overlap, and let there be ties.

# %% after="max_pool_forward_naive max_pool_backward_naive" tags=["skip-execution"]
PoolExplorer(forward=max_pool_forward_naive, backward=max_pool_backward_naive, view="backward")

# %% [markdown]
# ## 9. Average pooling
#
# Average pooling takes the mean of each window instead. Each pixel of a window of $k$ pixels has a share of $1/k$ in the
# output, so each gets $1/k$ of its dout back. As a matrix, with the same picture:

# %% tags=["skip-execution"]
x = np.array([[1, 3, 0, 2], [4, 2, 1, 5], [0, 1, 7, 2], [6, 2, 3, 1]])
S = np.zeros((2, 2, 4, 4))
for i in range(2):
    for j in range(2):
        S[i, j, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2] = 1 / 4
plots.show(
    plots.selection(x, S.reshape(4, 16), np.array([4.0, -8.0, 12.0, 2.0])),
    alt="Average pooling of the same picture as a matrix of 4 rows and 16 columns. Each row holds four entries of 0.25, "
    "at the pixels of its window. Each number of dout is spread over four places.",
)

# %% [markdown]
# No entry of this matrix depends on $x$.
#
# > **Trap.** Divide by the number of pixels of the window. And think of whole-number pixels: their mean is a fraction.

# %% kind="solution"
from course.reference.layers import avg_pool_forward_naive

# %% kind="test" points=2
check.avg_pool_forward_naive(avg_pool_forward_naive)

# %% kind="solution"
from course.reference.layers import avg_pool_backward_naive

# %% kind="test" points=3
check.avg_pool_backward_naive(avg_pool_backward_naive, avg_pool_forward_naive)

# %% [markdown]
# Both kinds on thin lines: the maximum keeps them bright, the mean lets them fade.

# %% after="max_pool_forward_naive avg_pool_forward_naive" tags=["skip-execution"]
rows, columns = np.mgrid[0:48, 0:64]
lines = np.where(np.abs((rows - 24) ** 2 + (columns - 32) ** 2 - 18**2) < 18, 1.0, 0.0)
lines[(columns == 6) | (rows == columns - 20)] = 1.0
pool_param = {"pool_height": 4, "pool_width": 4, "stride": 4}
largest, _ = max_pool_forward_naive(lines[None, None], pool_param)
mean, _ = avg_pool_forward_naive(lines[None, None], pool_param)
plots.show(
    plots.images(
        {"48 × 64": lines, "max, 12 × 16": largest[0, 0], "average, 12 × 16": mean[0, 0]}, black=0, white=1
    ),
    alt="A drawing of a ring and two lines, and its two pooled versions of 12 by 16 pixels: after max pooling each window "
    "that a line touches is white, after average pooling it is grey.",
)

# %% [markdown]
# **Without loops.** If the windows lie side by side and fill the picture, pooling needs no loop at all. For 2 × 2 windows
# with stride 2 and even H and W, `x.reshape(N, C, H // 2, 2, W // 2, 2)` gives the rows and the columns of each window an
# axis of their own, axes 3 and 5, and one `max` over these two does the rest. This is fast because NumPy loops for you. It
# fails as soon as windows overlap or leave something over, which is why your functions are the general ones. The lesson
# `convnet-cifar10` brings fast versions with the same arguments for all cases.

# %% [markdown]
# ## 10. Conv, ReLU and pooling together
#
# The block that convolutional networks are made of, again by composition and given. `conv_relu_pool_forward` calls
# `conv_relu_forward`, which calls your layers.

# %% kind="given"
from course.reference.sandwiches import (
    conv_relu_forward,
    conv_relu_backward,
    conv_relu_pool_forward,
    conv_relu_pool_backward,
)

# %% [markdown]
# If six functions are each right, the block should be right. Measure it all the same: this check is the last one before
# hours of training, and it takes a second.

# %% after="conv_forward_naive conv_backward_naive relu_forward relu_backward max_pool_forward_naive max_pool_backward_naive" tags=["skip-execution"]
rng = np.random.default_rng(4)
x, w, b = rng.standard_normal((2, 2, 6, 4)), rng.standard_normal((3, 2, 3, 3)), rng.standard_normal(3)
conv_param = {"stride": 1, "pad": 1}
pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
out, cache = conv_relu_pool_forward(x, w, b, conv_param, pool_param)
dout = rng.standard_normal(out.shape)
dx, dw, db = conv_relu_pool_backward(dout, cache)
print("x:", check_gradient(lambda v: conv_relu_pool_forward(v, w, b, conv_param, pool_param)[0], x, dx, dout))
print("w:", check_gradient(lambda v: conv_relu_pool_forward(x, v, b, conv_param, pool_param)[0], w, dw, dout))
print("b:", check_gradient(lambda v: conv_relu_pool_forward(x, w, v, conv_param, pool_param)[0], b, db, dout))

# %% [markdown]
# ## 11. Convolution as a matrix product
#
# Four Python loops make a convolution slow: the interpreter spends far more time on each step than the processor on the
# few products in it. A matrix product is what NumPy does best: millions of products in one call. So make one out of it.
#
# Lay each window out as a row. The matrix of all windows is called $\varphi(x)$, and the function that makes it `im2col`.
# Lay each filter out as a column of a matrix $F$. Then every output is a row times a column:
#
# $$Y = \varphi(x)\, F + b$$
#
# $\varphi(x)$ has $N \cdot H_\text{out} \cdot W_\text{out}$ rows and $C \cdot HH \cdot WW$ columns. Both helpers are given:

# %% kind="given"
from course.reference.im2col import im2col, col2im

# %% tags=["skip-execution"]
x = np.array([[1, 2, 0], [0, 1, 3], [2, 1, 1]])
w = np.array([[1, 0], [2, -1]])
rows = im2col(x[None, None], 2, 2, {"stride": 1, "pad": 0})
plots.show(
    plots.im2col(x, rows, w, np.array([[0, 1], [3, 2]])),
    alt="The 3 by 3 input of part 6 four times, each time with another 2 by 2 window coloured. An arrow leads from each "
    "window to a row of the same colour in a 4 by 4 matrix, whose product with the filter as a column is 0, 1, 3, 2.",
)

# %% [markdown]
# The centre of the picture, 1, stands in all four rows. The numbers are copied, so $\varphi(x)$ takes about
# HH · WW times the memory of $x$ when the stride is 1. That is the price.
#
# **Gradients.** $Y = \varphi(x)\, F + b$ is an affine layer with the input $\varphi(x)$, and you know its gradients from part 1:
#
# $$dF = \varphi(x)^\top\, dY, \qquad d\varphi = dY\, F^\top$$
#
# What is left is the way from $d\varphi$ back to $dx$. $\varphi$ only copies: pixel $x_{11}$ stands in four places, and
# whatever changes it changes all four. So its gradient is the sum of the four gradients there. `col2im` does this for all
# pixels. It adds each row back to the window that it came from. We write it $\varphi^*$, because it is the transpose of
# $\varphi$, as $S(x)^\top$ was in pooling:
#
# $$dx = \varphi^*(dY\, F^\top)$$
#
# A function is the transpose of another if $\sum \varphi(x) \cdot R = \sum x \cdot \varphi^*(R)$ for all $x$ and $R$. And it
# is not the inverse: there and back multiplies each pixel by the number of windows that it lies in.

# %%
rng = np.random.default_rng(5)
conv_param = {"stride": 1, "pad": 0}
x = rng.standard_normal((1, 1, 3, 3))
R = rng.standard_normal((4, 4))
print(f"sum of phi(x) * R   = {np.sum(im2col(x, 2, 2, conv_param) * R):.12f}")
print(f"sum of x * phi*(R)  = {np.sum(x * col2im(R, x.shape, 2, 2, conv_param)):.12f}")
print("phi*(phi(x)) / x =")
print(col2im(im2col(x, 2, 2, conv_param), x.shape, 2, 2, conv_param)[0, 0] / x[0, 0])

# %% [markdown]
# > **Trap.** The rows of $Y$ are ordered by image, row, column, and its columns are filters. The output wants
# > image, filter, row, column. `reshape` alone leaves the numbers in their order; to swap axes you need `transpose`.

# %% kind="solution"
from course.reference.im2col import conv_forward_im2col

# %% kind="test" points=3
check.conv_forward_im2col(conv_forward_im2col)

# %% kind="solution"
from course.reference.im2col import conv_backward_im2col

# %% kind="test" points=4
check.conv_backward_im2col(conv_backward_im2col, conv_forward_im2col)

# %% [markdown]
# Both of your convolutions on the same input: do they agree, and how long does each take on your machine?

# %% after="conv_forward_naive conv_backward_naive conv_forward_im2col conv_backward_im2col" tags=["skip-execution"]
from time import perf_counter


def shortest(function, *arguments):
    """Return the shortest of three runs, in seconds: the one that was disturbed least."""
    seconds = []
    for _ in range(3):
        start = perf_counter()
        function(*arguments)
        seconds.append(perf_counter() - start)
    return min(seconds)


rng = np.random.default_rng(6)
x, w, b = rng.standard_normal((8, 3, 16, 16)), rng.standard_normal((8, 3, 3, 3)), rng.standard_normal(8)
conv_param = {"stride": 1, "pad": 1}
out, cache = conv_forward_naive(x, w, b, conv_param)
fast_out, fast_cache = conv_forward_im2col(x, w, b, conv_param)
dout = rng.standard_normal(out.shape)
print(f"largest difference: {np.abs(out - fast_out).max():.0e}")
seconds = {
    "forward": {
        "loops": shortest(conv_forward_naive, x, w, b, conv_param),
        "im2col": shortest(conv_forward_im2col, x, w, b, conv_param),
    },
    "backward": {
        "loops": shortest(conv_backward_naive, dout, cache),
        "im2col": shortest(conv_backward_im2col, dout, fast_cache),
    },
}
for name, row in seconds.items():
    print(f"{name}: im2col is {row['loops'] / row['im2col']:.0f} times as fast")
plots.show(
    plots.timings(seconds),
    alt="The time of your forward and backward passes, with loops and with im2col, as bars on a logarithmic axis.",
)

# %% [markdown]
# ## 12. A small network that learns
#
# The network from the first picture, made of nothing but your functions. The data are generated: noisy pictures of 8 × 8
# pixels with a level, an upright or a slanting line. The line stands at a random place. A network that had learnt *where*
# the line is could not tell the three kinds apart; it has to learn what a line looks like.

# %% tags=["skip-execution"]
def patterns(count, rng):
    """Return noisy pictures (count, 1, 8, 8) of lines, and labels: 0 level, 1 upright, 2 slanting."""
    x = 0.3 * rng.standard_normal((count, 1, 8, 8))
    y = rng.integers(0, 3, count)
    along = np.arange(8)
    for n, place in enumerate(rng.integers(0, 8, count)):
        rows = np.full(8, place) if y[n] == 0 else along
        columns = along if y[n] == 0 else np.full(8, place) if y[n] == 1 else (along + place) % 8
        x[n, 0, rows, columns] += 1.0
    return x, y


x, y = patterns(6, np.random.default_rng(2))
plots.show(
    plots.images({f"{n + 1}: {['level', 'upright', 'slanting'][y[n]]}": x[n, 0] for n in range(6)}),
    alt="Six noisy pictures of 8 by 8 pixels with a bright line: level, upright or slanting.",
)

# %% [markdown]
# The forward pass calls the layers in order and keeps their caches. The backward pass calls them in reverse order, and
# each gets its own cache back.

# %% after="conv_forward_im2col conv_backward_im2col relu_forward relu_backward max_pool_forward_naive max_pool_backward_naive affine_forward affine_backward" tags=["skip-execution"]
def scores_of(x, model):
    """Return the scores (N, 3) of pictures, and the caches of the four layers."""
    maps, conv_cache = conv_forward_im2col(x, model["w1"], model["b1"], {"stride": 1, "pad": 1})
    active, relu_cache = relu_forward(maps)
    pooled, pool_cache = max_pool_forward_naive(active, {"pool_height": 2, "pool_width": 2, "stride": 2})
    scores, affine_cache = affine_forward(pooled, model["w2"], model["b2"])
    return scores, (conv_cache, relu_cache, pool_cache, affine_cache)


def gradients(dscores, caches):
    """Return the gradient of each parameter, with the keys of the model."""
    conv_cache, relu_cache, pool_cache, affine_cache = caches
    dpooled, dw2, db2 = affine_backward(dscores, affine_cache)
    dmaps = relu_backward(max_pool_backward_naive(dpooled, pool_cache), relu_cache)
    _, dw1, db1 = conv_backward_im2col(dmaps, conv_cache)
    return {"w1": dw1, "b1": db1, "w2": dw2, "b2": db2}


# %% [markdown]
# In each of 80 steps the network sees 40 new pictures, and each parameter moves a little against its gradient. Watch the
# first loss: with three classes it should be close to $\log 3 = 1.0986$.

# %% after="conv_forward_im2col conv_backward_im2col relu_forward relu_backward max_pool_forward_naive max_pool_backward_naive affine_forward affine_backward softmax_loss" tags=["skip-execution"]
rng = np.random.default_rng(8)
model = {
    "w1": 0.3 * rng.standard_normal((4, 1, 3, 3)),
    "b1": np.zeros(4),
    "w2": 0.1 * rng.standard_normal((64, 3)),
    "b2": np.zeros(3),
}
losses = []
for _ in range(80):
    x, y = patterns(40, rng)
    scores, caches = scores_of(x, model)
    loss, dscores = softmax_loss(scores, y)
    for name, gradient in gradients(dscores, caches).items():
        model[name] -= 0.3 * gradient
    losses.append(loss)

x, y = patterns(300, np.random.default_rng(9))
right = (scores_of(x, model)[0].argmax(axis=1) == y).mean()
print(f"first loss {losses[0]:.3f}, last loss {losses[-1]:.3f}, right on 300 new pictures: {right:.0%}")
steps = np.arange(80)
plots.show(
    plots.curves({"loss": (steps, losses), "guessing: log 3": (steps, np.full(80, np.log(3)))}, "step", "loss"),
    alt=f"The loss of your network over 80 steps: it starts at {losses[0]:.2f} and ends at {losses[-1]:.2f}.",
)
plots.show(
    plots.images({f"filter {f + 1}": model["w1"][f, 0] for f in range(4)}),
    alt="The four 3 by 3 filters of the network after training, as grey pictures.",
)

# %% [markdown]
# Nobody told the network what an edge is. Look at the filters and try to say which kind of line each one answers to.
# In `convnet-cifar10` the same layers, in faster versions, learn to recognise photographs.

# %% [markdown]
# ## 13. A question in words
#
# Max pooling was written as $\text{out} = S(x)\, x$, and the gradient as $dx = S(x)^\top\, \text{dout}$. An affine layer
# without bias is $\text{out} = x\, w$. Both look like matrix products.
#
# 1. Is max pooling linear, that is, does $\text{pool}(x + z) = \text{pool}(x) + \text{pool}(z)$ hold for all pictures? Answer
#    with one window of two pixels and numbers of your own. Is average pooling linear?
# 2. $S(x)$ depends on $x$. Why does the gradient need no term for the change of $S$? Say for which $x$ your argument holds.
# 3. What happens to the output, to the measured gradient and to `dx` at the $x$ where it does not hold?
#
# Five to ten sentences are enough. What counts:
#
# | points | for |
# |---|---|
# | 1 | an example with numbers which shows that max pooling is not linear, and a reason why average pooling is |
# | 1 | the reason why $S$ counts as constant in the derivative, with the condition under which it does |
# | 1 | what happens where the condition fails: the output, the measured gradient, the choice that `dx` makes |

# %% [markdown] kind="written" points=3
# **Linear or not.** Take one window of two pixels, $x = (1, 0)$ and $z = (0, 1)$. Then $\text{pool}(x) + \text{pool}(z) =
# 1 + 1 = 2$, but $\text{pool}(x + z) = \max(1, 1) = 1$. So max pooling is not linear. Average pooling is: its matrix has
# the same entries $1/k$ for every input, and a product with a fixed matrix is linear.
#
# **Why no term for the change of S.** If the largest pixel of a window is larger than all others by some distance
# $\delta > 0$, then a change of each pixel by less than $\delta / 2$ leaves the winner the winner. In this neighbourhood of
# $x$ the matrix $S$ is constant, so its derivative is 0 and pooling equals the linear map $S$ there. The derivative is
# therefore $S(x)$, and the gradient $S(x)^\top \text{dout}$. The argument holds for all $x$ in which no window has a tie
# for its maximum.
#
# **At a tie.** The output is continuous: whichever of the equal pixels is taken, the maximum is the same number. But it has
# a kink. If one of two equal pixels grows, the output grows with slope 1; if it shrinks, the other one takes over and
# the slope is 0. The central difference measures 0.5 for each, and the gradient check cannot decide. The backward pass
# has to choose: any rule that hands out dout exactly once among the tied pixels is accepted, for example all of it
# to the first one, or equal shares.

# %% [markdown]
# ## Where you stand

# %% tags=["skip-execution"]
check.all()
