# ---
# jupyter:
#   course:
#     lesson: how-convolution-works
#     number: 2
#     title: How convolution works
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
# # How convolution works
#
# A ConvNet looks at a picture through small windows. This lecture follows one picture through such a net: filters, ReLU,
# pooling, and at the end a classifier. Every number in it is computed here, and you can change each of them.
#
# There is nothing to hand in. Change the numbers, run the cell again, and answer the questions; the answers are folded away.

# %%
import numpy as np

from course import filters, plots
from course.data.cat import cat
from course.explorers import (
    ChannelExplorer,
    ConvExplorer,
    PoolExplorer,
    ReceptiveFieldExplorer,
    WeightSharingExplorer,
)

# %%
picture = cat()
edges = filters.through(picture, filters.on_grey(filters.BY_HAND["vertical edges"])[None], pad=1)
plots.show(
    plots.images(
        {
            "a cat, in grey": picture.mean(axis=0),
            "through an edge filter": edges[0],
            "ReLU": filters.relu(edges)[0],
            "the largest of 4 x 4": filters.pooled(filters.relu(edges), 4)[0],
        }
    ),
    alt="A cat's face four times: the photograph in grey, its vertical edges in light and dark, only the light ones on "
    "black, and the same in large pixels.",
)

# %% [markdown]
# This is the order of a small ConvNet: **input, convolution, ReLU, pooling**, and behind them a **fully connected** classifier.
# It is not the only order. Most nets repeat convolution and ReLU two or three times before they pool, some pool only once,
# and some have no fully connected layer but the last.
#
# ## What you will learn
#
# After this lecture you can
#
# - work out one output of a convolution by hand, for a grey picture and for a colour picture;
# - say how large the output is, and what happens when a stride does not fit;
# - say why filters are small, odd and shared, and what that costs and saves in numbers;
# - say what ReLU, pooling and the classifier at the end are there for.
#
# ## 1. One window, one filter, one number
#
# A filter is a small table of weights. Lay it on the picture, multiply each weight with the pixel below it, and add up the
# products. That is one output. Here is a filter that compares the right with the left. Its weights add up to 0, so on an
# even surface it gives 0.

# %%
x = np.array([[2, 2, 2, 8, 8], [2, 2, 2, 8, 8], [2, 2, 2, 8, 8], [2, 2, 8, 8, 8], [2, 8, 8, 8, 8]], dtype=float)
w = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]], dtype=float)
out = filters.through(x[None], w[None, None])[0]
plots.show(
    plots.window(x, w, out, at=(0, 1)),
    alt="A grid of 5 by 5 numbers, 2 at the left and 8 at the right, with a window of 3 by 3 around the border between them. "
    "Beside it the filter, minus 1 at the left and 1 at the right, and the output of 3 by 3. The window's number is 18.",
)

# %% [markdown]
# The output is large where the border between 2 and 8 is, and 0 where nothing changes. So the output is a **map** of the
# picture: it says where something was found.
#
# The filter here is moved as it is. In mathematics this is called cross-correlation; a convolution turns the filter by 180
# degrees first. Nets learn their filters, so it makes no difference to them, and everybody says convolution.
#
# > **Question.** What does the filter give on the picture's mirror image, at the same border?
# >
# > <details><summary>Answer</summary>
# >
# > −18: bright is now at the left, where the weights are −1.
# >
# > </details>

# %% [markdown]
# ## 2. How large is the output?
#
# A filter of size $F$ has $N - F + 1$ places on a line of $N$ pixels. A border of $P$ zeros on each side makes the line $N + 2P$
# long. And a stride of $S$ takes only each $S$-th place:
#
# $$\text{size of the output} = \left\lfloor \frac{N + 2P - F}{S} \right\rfloor + 1$$
#
# Move the sliders. The formula above the picture is the one that you see in books, with your numbers in it.

# %%
ConvExplorer(height=7, width=7, kernel=3, stride=2, pad=1)

# %% [markdown]
# **When it does not fit.** Set input 8, kernel 3, stride 2, pad 0. $(8 - 3) / 2 = 2.5$ is not whole. The kernel stands in 3 places,
# and the last row and the last column are never looked at. Libraries round down without a word, so it is you who has to see it.
#
# A famous paper has this slip. AlexNet's first layer has filters of 11 × 11 with stride 4 and gives 55 × 55 outputs, and the
# paper says that pictures have 224 × 224 pixels. But $(224 - 11) / 4 + 1 = 54.25$. With 227 pixels it is 55.

# %%
for N in (224, 227):
    print(f"{N} pixels: ({N} - 11) / 4 + 1 = {(N - 11) / 4 + 1}")

# %% [markdown]
# **Why a border of zeros?** Without it each layer of 3 × 3 takes away two rows and two columns. And a corner pixel lies in a
# single window, a pixel in the middle in nine. With $P = (F - 1) / 2$ and stride 1 the size stays: this is called *same*. It needs an
# odd $F$; that is one reason why filters are 3, 5, 7 or 11 wide. The other is that only an odd window has a pixel at its
# centre.
#
# > **Question.** Ten layers of 3 × 3 without padding on 32 × 32 pixels: what is left? And ten layers of 5 × 5?
# >
# > <details><summary>Answer</summary>
# >
# > $32 - 10 \cdot 2 = 12$. With 5 × 5 each layer takes 4: after seven layers $32 - 7 \cdot 4 = 4$ are left, and the eighth
# > filter does not fit any more.
# >
# > </details>

# %% [markdown]
# ## 3. Colour: a filter goes through all channels
#
# A colour picture has three channels. A filter has weights for each of them, so it is a block of $3 \times F \times F$ numbers. Each
# channel is multiplied with its own slice; then **everything is added up**, and the bias is added once. One filter gives one map,
# however many channels go in.

# %%
window = np.array([[[8, 8], [1, 1]], [[2, 2], [1, 1]], [[0, 1], [1, 0]]], dtype=float)  # red, green, blue
red_above = np.array([[[1, 1], [-1, -1]], [[-1, 0], [0, 0]], [[0, -1], [0, 1]]], dtype=float)
bias = -2.0
result = (window * red_above).sum() + bias
plots.show(
    plots.channels(window.transpose(1, 2, 0), red_above.transpose(1, 2, 0), bias, result),
    alt="Three rows, one for each colour channel: a window of 2 by 2 numbers, the slice of the filter, and the sum of their "
    "products. Below them the three sums and the bias add up to one number.",
)
for name, pixels, weights in zip(("red", "green", "blue"), window, red_above, strict=True):
    print(f"{name:6}{(pixels * weights).sum():+.0f}")
print(f"bias  {bias:+.0f}\nsum   {result:+.0f}")

# %% [markdown]
# Follow the window with the arrow keys. Each channel gives a partial sum, and the sums and the bias make one cell; below stands the
# same layer as one matrix product, in which a window is a row. Guess first how many parameters a layer has.

# %%
ChannelExplorer(channels=3, filters=2, size=4, kernel=2)

# %% [markdown]
# A layer has many filters. Their number is the **width** of the layer: 64 filters give 64 maps, and these are the 64 channels of
# the next layer. Here are six filters on the cat.

# %%
bank = np.array([filters.on_grey(plane) for plane in filters.BY_HAND.values()])
maps = filters.through(picture, bank, pad=1)
plots.show(
    plots.pictures(maps, captions=list(filters.BY_HAND), columns=3),
    alt="The cat through six filters: unchanged, blurred, sharpened, with its vertical edges, its horizontal edges, and all edges.",
)

# %% [markdown]
# Nobody writes such filters into a net. Its filters start as small random numbers, and training moves them until they help to
# tell the classes apart. That the first layer then often looks for edges and colours is a result, not an instruction.
#
# ## 4. Small windows, and what lies below them
#
# One output of a 3 × 3 filter sees 9 pixels: its **local receptive field**. That is little. But the next layer looks at 3 × 3 outputs,
# and these see 5 × 5 pixels together. Each further layer of 3 × 3 adds two.

# %%
C = 64
print("layers of 3x3   see       weights   |   one layer that sees as much")
for layers in (1, 2, 3, 5):
    seen = 2 * layers + 1
    print(f"{layers:8}       {seen:2} x {seen:<2} {layers * 9 * C * C:10,}   |   {seen:2} x {seen:<2} {seen * seen * C * C:10,}")

# %% [markdown]
# The weights are those of layers with 64 channels in and 64 out. Two layers of 3 × 3 see as much as one of 5 × 5, have 28 % fewer
# weights, and a ReLU more in between. This is why most nets since 2014 are made of 3 × 3 filters. The first layer is the exception: it
# has only 3 channels in, so a large filter is cheap there. AlexNet took 11 × 11.
#
# Build a stack yourself: pick a cell with the arrow keys or a click, and see which input cells it reads. A stride makes everything after
# it see further, a dilation leaves holes, and most of the paths lead to the middle. Guess the size of the field first.

# %%
ReceptiveFieldExplorer()

# %% [markdown]
# ## 5. Shared weights, in numbers
#
# A fully connected layer has a weight for each pair of input and output. A convolution uses the same few weights at every place. The
# reason: an edge is an edge, wherever it is. Count both, for a picture of 32 × 32 with 3 channels and 64 maps of 32 × 32:

# %%
inputs, outputs, one_output = 3 * 32 * 32, 64 * 32 * 32, 3 * 3 * 3
print(f"convolution      {one_output * 64 + 64:>13,} parameters  {one_output * outputs:>13,} multiply-adds")
print(f"fully connected  {inputs * outputs + outputs:>13,} parameters  {inputs * outputs:>13,} multiply-adds")
print(f"500 hidden units {inputs * 500 + 500:>13,} parameters  {inputs * 500:>13,} multiply-adds")

# %% [markdown]
# You may read that a convolution has fewer parameters but needs more computing. Look at the table. Against a fully connected layer
# **of the same input and output** it needs a hundredth of the computing. It needs more only against a much smaller layer, such as 500
# hidden units.
#
# > **Question.** What does the convolution need with 5 × 5 filters?
# >
# > <details><summary>Answer</summary>
# >
# > $5 \cdot 5 \cdot 3 = 75$ products an output: 4,864 parameters and 4,915,200 multiply-adds.
# >
# > </details>
#
# What sharing means can be seen on a small layer. Change one weight and look at the outputs; in the matrix of the layer the same
# letter is the same weight. A *locally connected* layer has the windows, but no sharing.

# %%
WeightSharingExplorer()

# %% [markdown]
# ## 6. ReLU: why anything stands between two convolutions
#
# Two convolutions in a row are one convolution with larger filters, because sums of sums are sums. Something that is not linear has to
# stand between them. ReLU is the simplest choice: $\max(0, x)$.

# %%
plots.show(
    plots.functions(
        {
            "ReLU": (lambda x: np.maximum(0, x), lambda x: (x > 0).astype(float)),
            "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
            "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2),
        }
    ),
    alt="ReLU, tanh and sigmoid with their slopes. ReLU's slope is 0 or 1; those of tanh and sigmoid are close to 0 far from the "
    "middle, and the sigmoid's is 0.25 at most.",
)
print("a gradient of 1 behind 10 sigmoids is at most", 0.25**10)

# %% [markdown]
# - **Its slope is 0 or 1.** Where it is 1 the gradient passes unchanged, through any number of layers. A sigmoid multiplies it by 0.25 at
#   most, ten of them by less than a millionth.
# - **It does not squash.** tanh and sigmoid press all numbers into a small range; ReLU leaves positive numbers as they are.
# - **It is cheap.** A comparison, no exponential.
#
# Krizhevsky, Sutskever and Hinton (2012) measured what that means: a ConvNet with ReLU came to 25 % training error on CIFAR-10 in a
# sixth of the epochs that the same net with tanh took. The price: a unit whose input is negative for every picture gets no gradient
# any more.
#
# ## 7. Pooling: where exactly does not matter
#
# Pooling takes the maximum (or the mean, or rarely the median) of each window. The map gets smaller, and it forgets a little about
# places. Here the cat moves by one pixel to the right. How much do the numbers of the edge map change?

# %%
edge = filters.relu(filters.through(picture, filters.on_grey(filters.BY_HAND["vertical edges"])[None], pad=1))
moved = np.roll(edge, 1, axis=2)
print("window   max    mean   median   change of the map when the cat moves by one pixel")
for size in (1, 2, 4, 8):
    row = []
    for how in (np.max, np.mean, np.median):
        before, after = filters.pooled(edge, size, how), filters.pooled(moved, size, how)
        row.append(np.abs(after - before).sum() / np.abs(before).sum())
    print(f"{size} x {size}   " + "   ".join(f"{change:.2f}" for change in row))

# %% [markdown]
# The larger the window, the smaller the change. This is all that pooling gives: it tolerates **small** shifts. It knows nothing of turned
# or larger cats.
#
# Mean pooling is linear, maximum and median are not. The maximum asks *is it anywhere here?*, the mean *how much of it is here?* After
# ReLU most numbers are 0, so the median is often 0 too. Compare the three, and let the windows overlap:

# %%
PoolExplorer(height=7, width=7, size=3, stride=2)

# %% [markdown]
# ## 8. The classifier at the end
#
# After a few rounds the maps are small: for example 64 maps of 4 × 4. Laid out in a row these are 1,024 numbers, and the last layer is
# an ordinary one: a weight for each of them and each class, ten scores, softmax. What comes before it has one purpose: to turn pixels
# into numbers from which a linear classifier can tell the classes.

# %%
shape, parameters, total = (3, 32, 32), [], 0
for layer, C_out in (("conv 3x3", 32), ("conv 3x3", 64), ("conv 3x3", 64)):
    C, H, W = shape
    count, work = C * 9 * C_out + C_out, C * 9 * C_out * H * W
    shape = (C_out, H // 2, W // 2)
    total += count
    print(f"{layer}, ReLU, pool 2x2   {str(shape):14} {count:>7,} parameters   {work:>10,} multiply-adds")
inputs = int(np.prod(shape))
print(f"fully connected          {'(10,)':14} {inputs * 10 + 10:>7,} parameters   {inputs * 10:>10,} multiply-adds")
print(f"in all {total + inputs * 10 + 10:,} parameters")

# %% [markdown]
# > **Question.** Where are most of the parameters of this net, and where is most of its work?
# >
# > <details><summary>Answer</summary>
# >
# > The third convolution has the most parameters, 36,928 of 66,570. The second one has the most work,
# > 4.7 of 8.0 million multiply-adds: its maps are still 16 × 16.
# >
# > </details>
#
# ## In short
#
# - One output is one window times one filter, summed over all channels, plus a bias.
# - The size is $\lfloor (N + 2P - F) / S \rfloor + 1$; what does not fit is left out in silence.
# - Weights are shared over all places; the number of filters is the width.
# - ReLU keeps the layers from melting into one, and lets gradients through.
# - Pooling tolerates small shifts.
# - At the end stands a linear classifier.
#
# In the next assignment you write the layers yourself, one step at a time.
