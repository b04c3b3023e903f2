# ---
# jupyter:
#   course:
#     lesson: backprop-through-convolution
#     number: 3
#     title: Back-propagation through convolution and pooling
#     hours: 1.5
#     reference: []
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
# # Back-propagation through convolution and pooling
#
# A layer is handed the gradient of the loss with respect to its output. It has to answer two questions: what is the gradient with
# respect to my **input**, so that the layer below can go on, and what is it with respect to my **weights**, so that they can learn?
#
# This lecture answers both for pooling and for convolution, number by number. Nothing is to be handed in. Change the numbers and run
# the cells again.

# %%
import numpy as np

from course import filters, plots
from course.explorers import ConvBackwardExplorer, PoolExplorer
from course.gradient_check import numerical_gradient

# %%
a = np.array([[1.0, 3.0, 0.0], [2.0, 1.0, 4.0], [0.0, 2.0, 1.0]])
w = np.array([[1.0, 2.0], [-1.0, 0.5]])
d = np.array([[1.0, -1.0], [0.0, 2.0]])


def convolved(a, w):
    """Return the output of one filter on one channel, stride 1, no padding."""
    return filters.through(a[None], w[None, None])[0]


da = convolved(np.pad(d, 1), w[::-1, ::-1])
dw = convolved(a, d)
plots.show(
    plots.grids({"input a": a, "filter w": w, "output z": convolved(a, w), "d, from above": d, "gradient of a": da, "gradient of w": dw}),
    alt="Six grids of numbers: an input of 3 by 3, a filter of 2 by 2, their output of 2 by 2, the gradient of the output, and "
    "the gradients of input and filter, which have the shapes of input and filter.",
)

# %% [markdown]
# The gradient of a thing has the shape of that thing. At the end of this lecture you can compute the two grids at the right by hand.
#
# ## What you will learn
#
# After this lecture you can
#
# - send a gradient back through maximum and mean pooling, and say why;
# - derive both gradients of a convolution from a table of products;
# - say where the filter gets rotated, where it does not, and why;
# - handle stride and padding on the way back;
# - find a slip in a derivation with a measurement.
#
# ## 1. One rule
#
# All of this is the chain rule. If the loss $L$ depends on $z$, and $z$ on $x$, then
#
# $$\frac{\partial L}{\partial x} = \sum_{\text{every } z \text{ that uses } x} \frac{\partial L}{\partial z} \cdot \frac{\partial z}{\partial x}$$
#
# We write $d$ for $\partial L / \partial z$: it comes from above. Two words decide everything: *every*, and *uses*.
#
# ## 2. Pooling
#
# **Maximum.** Of a window of four pixels the output is the largest: for this pixel $f(x) = x$, the slope is 1. The others could change a
# little and nothing would happen: $f$ does not depend on them, the slope is 0. So the gradient goes back to where the maximum was, and
# nowhere else.
#
# **Mean.** Each of the four pixels is in the output as $x / 4$. The slope is $1/4$, so each gets a quarter of the gradient.

# %%
x = np.array([[1.0, 3.0, 0.0, 2.0], [4.0, 2.0, 1.0, 5.0], [0.0, 1.0, 7.0, 2.0], [6.0, 2.0, 3.0, 1.0]])
from_above = np.array([[4.0, -8.0], [2.0, 12.0]])
spread = np.kron(from_above, np.ones((2, 2)))
largest = np.kron(filters.pooled(x[None])[0], np.ones((2, 2)))
corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
windows = [np.s_[2 * i : 2 * i + 2, 2 * j : 2 * j + 2] for i, j in corners]
plots.show(
    plots.grids(
        {"x": x, "d, from above": from_above, "back through max": spread * (x == largest), "back through mean": spread / 4},
        {"x": windows, "d, from above": corners, "back through max": windows, "back through mean": windows},
    ),
    alt="A picture of 4 by 4 pixels in four windows, the gradient from above with one number for each, and two gradients of the "
    "picture: with the maximum each number stands at the place of the largest pixel, with the mean a quarter of it at all four.",
)

# %% [markdown]
# > **Question.** A pixel is the maximum of two windows that overlap. What does it get?
# >
# > <details><summary>Answer</summary>
# >
# > The sum of both gradients. *Every* z that uses x: here two of them do.
# >
# > </details>
#
# Test yourself: "guess first" asks who gets a gradient. Then let windows overlap, or let there be ties.

# %%
PoolExplorer(view="backward", size=3, stride=1)

# %% [markdown]
# ## 3. Convolution, product by product
#
# Take an input of 3 × 3, a filter of 2 × 2, stride 1. There are four outputs. Written out:
#
# $$\begin{aligned}
# z_{11} &= a_{11} w_{11} + a_{12} w_{12} + a_{21} w_{21} + a_{22} w_{22} \\
# z_{12} &= a_{12} w_{11} + a_{13} w_{12} + a_{22} w_{21} + a_{23} w_{22} \\
# z_{21} &= a_{21} w_{11} + a_{22} w_{12} + a_{31} w_{21} + a_{32} w_{22} \\
# z_{22} &= a_{22} w_{11} + a_{23} w_{12} + a_{32} w_{21} + a_{33} w_{22}
# \end{aligned}$$
#
# Everything that follows can be read off these four lines. For the gradient of a pixel, look for it in every line, and note which
# weight stands beside it.
#
# - $a_{11}$ stands in the first line alone, beside $w_{11}$. Its gradient is $d_{11} w_{11}$.
# - $a_{22}$ stands in all four lines. Its gradient is $d_{11} w_{22} + d_{12} w_{21} + d_{21} w_{12} + d_{22} w_{11}$.
#
# > **Find the slip.** A text that many people read says: *the gradient of $a_{12}$ is $d_{11} w_{11} + d_{12} w_{12}$*. What is wrong?
# >
# > <details><summary>Answer</summary>
# >
# > In the line of $z_{11}$ the pixel $a_{12}$ stands beside $w_{12}$, in that of $z_{12}$ beside
# > $w_{11}$. It is $d_{11} w_{12} + d_{12} w_{11}$.
# >
# > </details>
#
# A measurement finds such a slip at once. Move $a_{12}$ a little up and down, and watch $\sum z \cdot d$:

# %%
measured, _ = numerical_gradient(lambda v: convolved(v, w), a, d)
print(f"measured            {measured[0, 1]:+.4f}")
print(f"d11 w11 + d12 w12   {d[0, 0] * w[0, 0] + d[0, 1] * w[0, 1]:+.4f}")
print(f"d11 w12 + d12 w11   {d[0, 0] * w[0, 1] + d[0, 1] * w[0, 0]:+.4f}")

# %% [markdown]
# ## 4. The rotated filter
#
# Look at $a_{22}$ again: $d_{11} w_{22} + d_{12} w_{21} + d_{21} w_{12} + d_{22} w_{11}$. The $d$ are in reading order, the weights in reverse:
# the last first. This is the filter, turned by 180 degrees, laid on $d$. It is so for every pixel, if a border of zeros is put around
# $d$: there the filter may stand half outside.
#
# $$\frac{\partial L}{\partial a} = \text{convolution of the padded } d \text{ with the filter rotated by 180 degrees}$$
#
# Why reversed? On the way forward the pixel **right of** the window's corner meets the weight on the right. Seen from the pixel, the
# windows that use it begin on its **left**. What was *from the window to the pixel* is now *from the pixel to the window*: the
# opposite direction.

# %%
turned = w[::-1, ::-1]
padded = np.pad(d, 1)
plots.show(
    plots.grids(
        {"d with a border of zeros": padded, "w, rotated": turned, "their convolution": convolved(padded, turned), "measured": measured},
        {"d with a border of zeros": [np.s_[1:3, 1:3]], "their convolution": [(1, 1)], "measured": [(1, 1)]},
    ),
    alt="The gradient from above with a border of zeros, the filter turned by 180 degrees, the convolution of both, and the "
    "measured gradient: the last two are equal. The window for the middle pixel is marked.",
)

# %% [markdown]
# In a net with an activation $a = f(z_{\text{below}})$ one factor more follows, as always: the slope $f'$ at that place. With ReLU this is 1
# or 0.
#
# $$d_{\text{below}} = (\text{padded } d * \text{rotated } w) \cdot f'(z_{\text{below}})$$
#
# Who writes loops does not need any of this. In the loop over the outputs, add $d_{ij} w$ to the window of the input that made $z_{ij}$.
# The rotation then happens by itself. It is worth knowing because it says that **the way back is a convolution too**, and just as fast.
#
# Walk over dx with the arrow keys, and see which numbers of dout come together in each cell. (Here $d$ is called dout.)

# %%
ConvBackwardExplorer(height=4, width=4, kernel=2, stride=1, pad=0)

# %% [markdown]
# ## 5. The weights: nothing is rotated
#
# Now look for $w_{12}$ in the four lines. It stands in each of them, beside $a_{12}, a_{13}, a_{22}, a_{23}$:
#
# $$\frac{\partial L}{\partial w_{12}} = d_{11} a_{12} + d_{12} a_{13} + d_{21} a_{22} + d_{22} a_{23}$$
#
# Both are in reading order. It is the input, looked at through a window of the size of $d$: a convolution of $a$ with $d$, and nothing
# is turned. The reason is that $a_{pq}$ and $z_{ij}$ move together: one step to the right in $z$ is one step to the right in $a$, for a
# fixed weight.
#
# **The bias** stands in all four lines with the factor 1. Its gradient is the **sum** of all $d$, over all places and all pictures. It
# is no mean: if a mean is wanted, the loss has divided already.

# %%
measured_w, _ = numerical_gradient(lambda v: convolved(a, v), w, d)
print("a convolved with d:\n", convolved(a, d), "\nmeasured:\n", measured_w.round(6))
print("bias:", d.sum())

# %% [markdown]
# Window by window it looks like this: each adds its $d$ times what it saw. Step forward until dw is complete.

# %%
ConvBackwardExplorer(height=4, width=4, kernel=2, stride=1, pad=0, view="dw")

# %% [markdown]
# > **Question.** Rotate $d$ in the formula for the gradient of the weights by mistake. For which $d$ would nobody notice?
# >
# > <details><summary>Answer</summary>
# >
# > For one that is equal to itself turned by 180 degrees, such as all ones. So test with numbers that have no symmetry.
# >
# > </details>

# %%
ones = np.ones((2, 2))
print("d of ones, right:  ", convolved(a, ones).ravel(), "  with d turned:", convolved(a, ones[::-1, ::-1]).ravel())
print("this d, right:     ", convolved(a, d).ravel(), "  with d turned:", convolved(a, d[::-1, ::-1]).ravel())

# %% [markdown]
# ## 6. Stride and padding
#
# **Stride 2.** The filter skips every other place. Think of it as a convolution of stride 1 whose skipped outputs nobody has asked for:
# their gradient is 0. So put zeros between the numbers of $d$, as many as were skipped, and go on as before. This is called *dilating*.
#
# **Padding.** The layer has put zeros around the input. Compute the gradient of the padded input, then **cut the border off**: nobody
# asks for the gradient of a constant.

# %%
rng = np.random.default_rng(1)
big, pad, stride = rng.integers(-3, 4, (5, 5)).astype(float), 1, 2
d_big = rng.integers(-3, 4, (3, 3)).astype(float)


def strided(v):
    """Return the output with padding and stride: every other place of the padded input's output."""
    return convolved(np.pad(v, pad), kernel)[::stride, ::stride]


kernel = np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0], [0.0, -2.0, 1.0]])
dilated = np.zeros((5, 5))
dilated[::stride, ::stride] = d_big
of_padded = convolved(np.pad(dilated, 2), kernel[::-1, ::-1])
cropped = of_padded[pad : pad + 5, pad : pad + 5]
measured_big, _ = numerical_gradient(strided, big, d_big)
plots.show(
    plots.grids(
        {"d": d_big, "dilated": dilated, "gradient of the padded input": of_padded, "cropped": cropped},
        {"gradient of the padded input": [np.s_[1:6, 1:6]]},
    ),
    alt="A gradient of 3 by 3 numbers, the same with zeros in between, the gradient of the padded input of 7 by 7, and its middle of "
    "5 by 5.",
)
print("largest difference to the measured gradient:", f"{np.abs(cropped - measured_big).max():.1e}")

# %% [markdown]
# > **Question.** `of_padded[pad:-pad]` cuts the border off too. When does it go wrong?
# >
# > <details><summary>Answer</summary>
# >
# > With pad 0: `[0:-0]` is `[0:0]`, which is empty.
# >
# > </details>
#
# > **Question.** The input has 6 rows, the filter 3, stride 2, no padding. Which rows have a gradient of 0, whatever comes from above?
# >
# > <details><summary>Answer</summary>
# >
# > The last one. $(6 - 3)/2 = 1.5$, so there are two places, and they cover rows 1 to 5. The dilated $d$
# > is one row too short: fill it up with zeros.
# >
# > </details>
#
# All of this with numbers of your choice, stride, padding and even a dilated filter:

# %%
ConvBackwardExplorer(height=6, width=6, kernel=3, stride=2, pad=1)

# %% [markdown]
# ## 7. Several channels, filters and pictures
#
# Nothing new happens, but sums get longer:
#
# - the gradient of an input channel is the sum over all **filters**: each has used it;
# - the gradient of a filter's slice is the sum over all **pictures** of the batch;
# - the gradient of a bias is the sum over all pictures and places.
#
# ## In short
#
# | of what | is | rotated? |
# |---|---|---|
# | input, max pooling | d at the place of the maximum, 0 elsewhere | |
# | input, mean pooling | d divided by the size of the window, everywhere in it | |
# | input, convolution | padded d, convolved with the filter | yes |
# | filter | input, convolved with d | no |
# | bias | the sum of d | |
#
# With stride, dilate d first. With padding, crop at the end. And measure: a numerical gradient does not care how good a derivation looks.
