# ---
# jupyter:
#   course:
#     lesson: convnet-cifar10
#     number: 5
#     title: A ConvNet on CIFAR-10
#     hours: 6
#     reference: [convnet]
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
# # A ConvNet on CIFAR-10
#
# A convolutional network, ConvNet for short, learns to tell what a picture shows. You know its layers. Here you put them
# together, check the whole in four steps before it costs you an hour, train it, and look at what it has learnt and what
# it takes for what.
#
# At the end you build a ConvNet of your own. It is graded by what it does: the more pictures it gets right, the more
# points it brings.

# %%
import numpy as np

from course import live, plots, submission
from course.data import load_cifar10
from course.gradient_check import check_gradient
from course.reference.fast_layers import (
    conv_backward_fast,
    conv_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)
from course.reference.inputs import expect_array, expect_labels
from course.reference.layers import affine_backward, affine_forward, relu_backward, relu_forward
from course.reference.lenet import LENET
from course.reference.losses import softmax_loss
from course.reference.network import Network
from course.reference.trainer import ClassifierTrainer, accuracy

# %% tags=["skip-execution"]
plots.show(
    plots.chain(
        ["conv", "ReLU", "max pool", "affine", "softmax"],
        ["3 × 32²", "32 × 32²", "32 × 32²", "32 × 16²", "10 scores", "loss"],
    ),
    alt="Five layers in a row: conv, ReLU, max pool, affine, softmax. Arrows lead forward from an image of 3 by 32 "
    "by 32 numbers to the loss, and arrows for the gradients lead back.",
)

# %% [markdown]
# ## What you will learn
#
# After this lesson you can
#
# - say the shape of every parameter of a ConvNet before you write it;
# - put layers together into a network: scores, loss, gradients;
# - check a network in four steps, each of which takes seconds, before you train it;
# - train a ConvNet and read its curves while they grow;
# - see in a confusion matrix, and in the worst mistakes, what a network has not learnt;
# - count the parameters and the multiply-adds of a network, and tell where its memory and its time go;
# - improve a ConvNet on your own, by measuring.
#
# | part | points | minutes |
# |---|---|---|
# | 1. Shapes of a ConvNet | 3 | 20 |
# | 2. Scores of a ConvNet | 5 | 35 |
# | 3. Loss of a ConvNet | 3 | 15 |
# | 4. Gradients of a ConvNet | 6 | 40 |
# | 5. Four checks before training | | 30 |
# | 6. Training | | 20 |
# | 7. What the filters look like | | 10 |
# | 8. Confusion matrix | 2 | 25 |
# | 9. Sizes and costs | 3 | 35 |
# | 10. Your own ConvNet | 10 | 110 |
# | 11. A question in words | 3 | 20 |
# | **in all** | **35** | **about 6 hours** |
#
# You need: what the layers of `modular-layers` compute, in both directions, and what a training does, which is in
# `two-layer-net`.

# %% [markdown]
# ## How to work
#
# 1. Write your code where a cell says so, in place of `raise NotImplementedError()`. The docstring says what to compute,
#    and with which shapes. Run the cell, then run the check below it.
# 2. The check says how many points your function has, and shows the smallest case that fails. If it recognises the
#    mistake, it offers three hints, one at a time.
# 3. *Core* cases give 60 % of the points, *other shapes* 30 %, and *care* (arguments left unchanged, other number types)
#    10 %. Grading uses the same groups with other numbers.
# 4. Cells that begin with `%%after` use your own functions. Before a function is written they tell you to write it first.
#    A cell that trains shows a bar with the time left; stop it with the square button above if you have seen enough.
# 5. `check.all()` shows your points so far and what to do next.
#
# **The layers are the course's own.** Your network calls `affine_forward`, `conv_forward_fast` and the others from the
# package `course.reference`, not from your notebook of `modular-layers`. A mistake that was made there is not paid for
# twice. The layers whose names end in `_fast` take the same arguments as yours and give the same results, up to
# rounding. They lay out the windows of a few images at a time and leave the rest to one matrix product for each image.
# That makes them several hundred times as fast as loops.

# %% [markdown]
# ## The images
#
# CIFAR-10 is a collection of 60,000 photographs of 32 × 32 pixels in ten classes, 6,000 of each: planes, cars, birds, cats,
# deer, dogs, frogs, horses, ships and trucks. The customary split is 49,000 for training, 1,000 for validation, with which
# you choose settings, and 10,000 for the test at the end. (Source: A. Krizhevsky, *Learning multiple layers of features
# from tiny images*, 2009.)
#
# `load_cifar10` takes the photographs if it finds them on this computer. If not, it draws pictures of ten shapes in front of
# clutter, and says so. They were made to be about as hard: trained on 5,000 of either, a linear classifier gets 38 % of the
# photographs right and 39 % of the pictures, a two-layer net 44 % and 44 %, the ConvNet of this lesson 53 % and 53 %.
# (Medians of five seeds. Deeper networks find the pictures easier.) So you need no download; all of this lesson works with
# either.
#
# To get the photographs, write `load_cifar10(download=True)` once. It fetches 170 MB and checks them, and from then on
# they are found without it. If you have the files of the "python version" already, set the environment variable
# `CIFAR10_DIR` to their folder before you start Jupyter.
#
# A training on 49,000 images takes its time. The cells of this lesson use 10,000, so that each of them is done in a minute
# or two on a laptop.

# %% tags=["skip-execution"]
data = load_cifar10(num_training=10_000, num_validation=1_000, num_test=2_000)
names = data.class_names
print(data)

# %% [markdown]
# Each picture is an array `(3, 32, 32)`: a red, a green and a blue channel. The loader has subtracted the mean image of
# the training pictures, so that the numbers lie around 0; to look at a picture, add it again.

# %% tags=["skip-execution"]
examples = [np.flatnonzero(data.y_train == label)[:4] for label in range(10)]
photos = data.X_train[np.transpose(examples).ravel()] + data.mean_image
plots.show(
    plots.pictures(photos, [*names, *30 * [""]], black=0, white=255),
    alt=f"Four training pictures of each of the ten classes: {', '.join(names)}.",
)

# %% [markdown]
# ## 1. Shapes of a ConvNet
#
# The network is conv – ReLU – max pool – affine – softmax. Its parameters are the weights and biases of two layers:
# `W1`, `b1` of the convolution, `W2`, `b2` of the affine layer. Shapes come first, because most mistakes are mistakes of
# shapes.
#
# - The **convolution** has F filters. Each looks at all C channels through a window of f × f pixels. With stride 1 and
#   `pad` $= (f - 1)/2$ the output is as high and as wide as the image. That is why f must be odd: for f = 4 no whole
#   number of zeros does it.
# - **Max pooling** with 2 × 2 windows and stride 2 halves both sides. Of 7 rows it makes 3; the last one is not used.
# - The **affine layer** takes what is left as one row of numbers, and gives one score for each class.
#
# By hand, for an image of 1 × 6 × 8, four filters of 3 × 3 and three classes: after the convolution 4 × 6 × 8 numbers, after
# pooling 4 × 3 × 4 = 48. So `W1` is (4, 1, 3, 3), `b1` is (4,), `W2` is (48, 3) and `b2` is (3,).
#
# > **Trap.** Halve each side by itself. A quarter of 5 × 5 pixels is 6 if you divide 25 by 4 and drop the rest, but 2 × 2
# > windows find only 4 places.

# %% kind="solution"
from course.reference.convnet import two_layer_convnet_shapes

# %% kind="test" points=3
check.two_layer_convnet_shapes(two_layer_convnet_shapes)

# %% after="two_layer_convnet_shapes"
shapes = two_layer_convnet_shapes((1, 6, 8), 3, 4, 3)
print("by hand: (4, 1, 3, 3) (4,) (48, 3) (3,)")
print("yours:  ", *shapes.values())
print()
for name, shape in two_layer_convnet_shapes().items():
    print(f"{name}  {str(shape):16}{np.prod(shape):>8,} numbers")

# %% [markdown]
# Nearly all the numbers are in `W2`. Keep that in mind for part 9.
#
# The parameters start as small random numbers; this function is given, and uses your shapes. They have to be random:
# filters that start equal get equal gradients, and stay equal for ever. How small they have to be is a question of part
# 5.

# %% kind="given"
from course.reference.models import init_two_layer_convnet

# %% [markdown]
# ## 2. Scores of a ConvNet
#
# The forward pass calls four layers, one after the other:
#
# | call | takes | gives |
# |---|---|---|
# | `conv_forward_fast(x, w, b, conv_param)` | (N, C, H, W) | (N, F, H, W) |
# | `relu_forward(x)` | (N, F, H, W) | the same shape |
# | `max_pool_forward_fast(x, pool_param)` | (N, F, H, W) | (N, F, ⌊H/2⌋, ⌊W/2⌋) |
# | `affine_forward(x, w, b)` | any shape with N in front | (N, K), K classes |
#
# Each returns its output and a cache. `conv_param` is a dictionary with `"stride"` and `"pad"`, `pool_param` one with
# `"pool_height"`, `"pool_width"` and `"stride"`. The affine layer lays each image out as a row by itself; you need no
# `reshape`.
#
# By hand, as small as possible: one image of 2 × 4 pixels, one filter of a single weight 2 with the bias −1, two classes.
#
# $$X = \begin{pmatrix} 1 & 0 & 3 & -2 \\ 2 & -1 & 0 & 1 \end{pmatrix} \;\to\;
# \text{conv} \begin{pmatrix} 1 & -1 & 5 & -5 \\ 3 & -3 & -1 & 1 \end{pmatrix} \;\to\;
# \text{ReLU} \begin{pmatrix} 1 & 0 & 5 & 0 \\ 3 & 0 & 0 & 1 \end{pmatrix} \;\to\;
# \text{pool}\; (3,\ 5)$$
#
# With $W_2 = \begin{pmatrix} 1 & 0 \\ -1 & 1 \end{pmatrix}$ and $b_2 = (0,\ 0.5)$ the scores are
# $(3 \cdot 1 - 5 \cdot 1,\ \ 3 \cdot 0 + 5 \cdot 1 + 0.5) = (-2,\ 5.5)$.
#
# > **Trap.** The padding follows from the size of the filters. A `pad` of 2 that is written into the code is right for
# > 5 × 5 filters alone.

# %% kind="solution"
from course.reference.convnet import two_layer_convnet_scores

# %% kind="test" points=5
check.two_layer_convnet_scores(two_layer_convnet_scores)

# %%
X = np.array([[[[1.0, 0.0, 3.0, -2.0], [2.0, -1.0, 0.0, 1.0]]]])
tiny = {
    "W1": np.array([[[[2.0]]]]),
    "b1": np.array([-1.0]),
    "W2": np.array([[1.0, 0.0], [-1.0, 1.0]]),
    "b2": np.array([0.0, 0.5]),
}

# %% after="two_layer_convnet_scores"
scores, cache = two_layer_convnet_scores(X, tiny)
print("by hand: [[-2.   5.5]]")
print("yours:  ", scores)

# %% [markdown]
# ## 3. Loss of a ConvNet
#
# The loss has two parts. The softmax loss says how well the scores fit the labels. The penalty says how large the weights
# are, and so keeps them from growing where it does not help:
#
# $$L = -\frac{1}{N} \sum_n \log p_{n y_n} + \frac{\text{reg}}{2} \Big( \sum W_1^2 + \sum W_2^2 \Big)$$
#
# The biases are left out of the penalty: they shift, and do not make a network more sensitive to its input.
#
# In the example from above, with the label 0: the scores are 7.5 apart, so $-\log p_0 = 7.5 + \log(1 + e^{-7.5}) =
# 7.50055$. The squares of the weights add up to $2^2 + 1^2 + 1^2 + 1^2 = 7$. With reg = 0.1 the penalty is
# $0.05 \cdot 7 = 0.35$, and the loss is 7.85055.
#
# `softmax_loss(scores, y)` returns the loss and its gradient with respect to the scores, $(p_c - [c = y])/N$. The penalty
# adds nothing to this gradient, because it does not depend on the scores. Its own gradient goes straight to the weights,
# in part 4.

# %% kind="solution"
from course.reference.convnet import two_layer_convnet_loss

# %% kind="test" points=3
check.two_layer_convnet_loss(two_layer_convnet_loss)

# %% after="two_layer_convnet_scores two_layer_convnet_loss"
scores, cache = two_layer_convnet_scores(X, tiny)
loss, dscores = two_layer_convnet_loss(scores, np.array([0]), tiny, reg=0.1)
print("by hand: loss 7.85055")
print(f"yours:   loss {loss:.5f}, gradient of the scores {dscores.round(5)}")

# %% [markdown]
# ## 4. Gradients of a ConvNet
#
# The gradient goes back through the four layers in reverse order. Each backward pass gets the gradient of its layer's
# output and its own layer's cache:
#
# | call | returns |
# |---|---|
# | `affine_backward(dout, cache)` | dx, dw, db |
# | `max_pool_backward_fast(dout, cache)` | dx |
# | `relu_backward(dout, cache)` | dx |
# | `conv_backward_fast(dout, cache)` | dx, dw, db |
#
# Each `dx` is the `dout` of the next call. The last one, the gradient of the images, is thrown away: nobody trains the
# images. Call with `need_dx=False`, and the convolution does not even compute it.
#
# By hand, with the example from above and $\text{dscores} = (-1, 1)$:
#
# - affine: $dW_2 = (3, 5)^\top (-1, 1) = \begin{pmatrix} -3 & 3 \\ -5 & 5 \end{pmatrix}$, $db_2 = (-1, 1)$, and the pooled
#   numbers get $(-1 \cdot 1 + 1 \cdot 0,\ \ -1 \cdot (-1) + 1 \cdot 1) = (-1, 2)$.
# - pooling: −1 goes to where the 3 came from, 2 to where the 5 came from.
# - ReLU: both places were positive, so both pass.
# - convolution: the pixels there are 2 and 3, so $dW_1 = -1 \cdot 2 + 2 \cdot 3 = 4$, and $db_1 = -1 + 2 = 1$.
#
# Then the penalty: the derivative of $\frac{\text{reg}}{2} w^2$ is $\text{reg} \cdot w$. With reg = 0.1 the gradient of
# `W1` becomes $4 + 0.1 \cdot 2 = 4.2$. The biases have no penalty, so nothing is added to theirs.
#
# > **Trap.** Four layers, four caches: each backward pass wants that of its own layer.

# %% kind="solution"
from course.reference.convnet import two_layer_convnet_grads

# %% kind="test" points=5
check.two_layer_convnet_grads(two_layer_convnet_grads, two_layer_convnet_scores)

# %% after="two_layer_convnet_scores two_layer_convnet_grads"
scores, cache = two_layer_convnet_scores(X, tiny)
grads = two_layer_convnet_grads(np.array([[-1.0, 1.0]]), cache, tiny, reg=0.1)
print("by hand: W1 4.2, b1 1, b2 -1 and 1")
for name, gradient in grads.items():
    print(name, gradient.ravel())

# %% [markdown]
# **Find the bug.** What other people have written has mistakes too, and to find them is half of a programmer's work. Once
# your function is right, the next cell opens another answer to the same task, with one mistake. Mend it. There are no
# points for it.

# %% kind="bug" mistake="two_layer_convnet_grads.features_for_their_slope"

# %% [markdown]
# Scores, loss and gradients together are a **loss function**, in the form that the trainer wants: without labels it
# returns scores, with labels the loss and the gradients. It is given, and made of your three functions.

# %% kind="given"
from course.reference.models import two_layer_convnet

# %% [markdown]
# Each function was checked alone. Do they fit? The backward pass now gets the cache that your own forward pass has kept.

# %% kind="test" points=1
check.two_layer_convnet(two_layer_convnet_scores, two_layer_convnet_loss, two_layer_convnet_grads)

# %% [markdown]
# ## 5. Four checks before training
#
# A training with a fault in it does not stop with an error. It runs for an hour and ends with a poor accuracy, and nobody
# can tell a fault from a bad setting. So check first what can be predicted. Four checks, in this order, each cheaper than
# finding out later:
#
# 1. Is the loss at the start what it must be?
# 2. Are the gradients right?
# 3. Can the network learn 50 images by heart?
# 4. Only then: does it learn?
#
# ### The loss at the start
#
# With weights close to 0 all scores are close to 0, each of the ten classes has a probability of nearly 1/10, and the loss
# is
#
# $$\log 10 = 2.302585$$
#
# whatever the images and labels are. A first loss of 6.9 or 0.7 would say at once that something is wrong.
#
# The penalty can be predicted too. There are $2{,}400 + 81{,}920 = 84{,}320$ weights, and the mean of their squares is
# $0.001^2$. So the penalty is about $\frac{\text{reg}}{2} \cdot 84{,}320 \cdot 10^{-6} = 0.0422 \cdot \text{reg}$.

# %% after="two_layer_convnet_shapes two_layer_convnet_scores two_layer_convnet_loss two_layer_convnet_grads" tags=["skip-execution"]
model = init_two_layer_convnet(rng=np.random.default_rng(0))
X, y = data.X_val[:200], data.y_val[:200]
for reg in (0.0, 1.0, 10.0, 100.0):
    loss, _ = two_layer_convnet(X, model, y, reg)
    print(f"reg {reg:5g}   predicted {np.log(10) + 0.04216 * reg:.4f}   yours {loss:.4f}")

# %% [markdown]
# They agree to about 0.01, and what is left over is the same in each line: the scores are not exactly 0. A mistake looks
# otherwise. A penalty without the factor 1/2, for example, would be off by 4.2 in the last line.
#
# The same measurement tells how small is small enough. Weights that are too large make a network sure of itself before it
# has learnt anything, and it has to unlearn that first:

# %% after="two_layer_convnet_shapes two_layer_convnet_scores two_layer_convnet_loss two_layer_convnet_grads" tags=["skip-execution"]
for weight_scale in (1e-4, 1e-3, 1e-2, 1e-1):
    large = init_two_layer_convnet(weight_scale, rng=np.random.default_rng(0))
    scores = two_layer_convnet(X, large)
    loss, _ = two_layer_convnet(X, large, y)
    print(f"weight_scale {weight_scale:g}   scores up to {np.abs(scores).max():9.3f}   loss {loss:9.3f}")

# %% [markdown]
# ### Gradient check
#
# The checks above have compared your gradients with measured ones on cases of theirs. Do it once yourself, on the whole
# network: this is how you will find faults in networks of your own. Four rules make it work:
#
# - **float64**, because the difference of two losses that are nearly equal needs all its digits;
# - **a tiny network**: each number of each parameter takes two forward passes;
# - **shapes that differ**, such as 4 × 6 pixels, so that nothing that has been exchanged can fit by chance;
# - **weights of ordinary size and reg above 0**, so that each part of the loss has its say.

# %% after="two_layer_convnet_shapes two_layer_convnet_scores two_layer_convnet_loss two_layer_convnet_grads"
rng = np.random.default_rng(0)
tiny = init_two_layer_convnet(0.5, 0.5, input_shape=(2, 4, 6), num_classes=3, num_filters=2, filter_size=3, rng=rng)
X_tiny, y_tiny = rng.standard_normal((5, 2, 4, 6)), np.array([0, 1, 2, 1, 0])
loss, grads = two_layer_convnet(X_tiny, tiny, y_tiny, reg=0.1)
for name in tiny:
    measured = check_gradient(
        lambda v, name=name: two_layer_convnet(X_tiny, {**tiny, name: v}, y_tiny, 0.1)[0], tiny[name], grads[name]
    )
    print(f"{name}: {measured}")

# %% [markdown]
# Relative errors of about 1e-7 and less are fine, 1e-2 is a mistake. The place of a fault shows in what fails: if `W2` and
# `b2` pass and `W1` and `b1` do not, it lies on the way from the affine layer back to the convolution.
#
# ### Learn 50 images by heart
#
# The network has 84,362 parameters, more than enough to learn 50 images by heart. If it cannot, something between the
# data and the update is broken: labels that are all alike, gradients that never arrive, a learning rate far too small.
# This takes seconds, and needs no luck.
#
# The model is turned into **float32** first. Half the bytes take half the time to fetch, and the processor multiplies
# twice as many of them at once. The gradient check needed 16 digits; a training does not, because each step
# corrects the last one. And the images are float32 already. (Both must be: one float64 array in the chain
# makes everything after it float64.)

# %% after="two_layer_convnet_shapes two_layer_convnet_scores two_layer_convnet_loss two_layer_convnet_grads" tags=["skip-execution"]
model = init_two_layer_convnet(rng=np.random.default_rng(0))
model = {name: value.astype(np.float32) for name, value in model.items()}
_, losses, train_acc, val_acc = ClassifierTrainer().train(
    data.X_train[:50],
    data.y_train[:50],
    data.X_val[:200],
    data.y_val[:200],
    model,
    two_layer_convnet,
    learning_rate=5e-5,
    momentum=0.9,
    learning_rate_decay=1.0,
    batch_size=10,
    num_epochs=20,
    rng=np.random.default_rng(1),
    callback=live.Progress("50 images"),
)
steps = np.array([1, *range(5, 101, 5)])  # 5 steps an epoch; measured after the first step and each epoch
plots.show(
    plots.curves(
        {"training": (steps, 100 * np.array(train_acc)), "validation": (steps, 100 * np.array(val_acc))},
        "step",
        "accuracy in %",
    ),
    alt=f"The accuracy on the 50 images of training rises to {train_acc[-1]:.0%} in 20 epochs; that on other images "
    f"stays low and ends at {val_acc[-1]:.0%}.",
)
print(f"the loss falls from {losses[0]:.3f} to {losses[-1]:.3f}")

# %% [markdown]
# The training accuracy must reach 100 % and the loss go towards 0. The validation accuracy is poor, and that is as it
# should be: 50 images, 5 of a class, do not show what a class is. The gap between the two curves is what **overfitting**
# looks like; you will see it again.

# %% [markdown]
# ## 6. Training
#
# Now all 10,000 images. The settings:
#
# | setting | value | why |
# |---|---|---|
# | update | momentum 0.9 | gradients that agree over many steps add up |
# | learning rate | 1e-4 | the pixels are large, up to ±200, and so are the gradients of `W1` |
# | decay | 0.8 after each epoch | large steps to get near, small ones to settle |
# | batch size | 50 | 200 steps an epoch; a larger batch would make fewer, quieter steps |
# | reg | 0.01 | a light hand on the weights |
#
# Five epochs are 1,000 steps. Watch the first loss, about 2.30. Then watch whether the two accuracies rise together; when the
# training accuracy runs away from the other, the network has begun to learn by heart.

# %% after="two_layer_convnet_shapes two_layer_convnet_scores two_layer_convnet_loss two_layer_convnet_grads" tags=["skip-execution"]
model = init_two_layer_convnet(rng=np.random.default_rng(0))
start = {name: value.astype(np.float32) for name, value in model.items()}
trained, losses, train_acc, val_acc = ClassifierTrainer().train(
    data.X_train,
    data.y_train,
    data.X_val,
    data.y_val,
    start,
    two_layer_convnet,
    reg=0.01,
    learning_rate=1e-4,
    momentum=0.9,
    learning_rate_decay=0.8,
    batch_size=50,
    num_epochs=5,
    rng=np.random.default_rng(1),
    callback=[live.Progress(), live.Plot()],
)
print(f"first loss {losses[0]:.4f}")
print(f"best validation accuracy {max(val_acc):.1%}")
print(f"test accuracy {accuracy(data.X_test, data.y_test, trained, two_layer_convnet):.1%}")

# %% [markdown]
# Guessing would get 10 % right. Over five seeds, with 10,000 images, the median of the test accuracy was 55.6 % on generated
# pictures (from 54.8 to 56.6) and 54.6 % on photographs (from 53.9 to 55.8). More images bring more. With all 49,000
# photographs, medians of five seeds:
#
# | network, settings | epochs | validation | test |
# |---|---|---|---|
# | this one: learning rate 1e-4, momentum 0.9, batch 50, reg 0.01, decay 0.7 | 5 | 64.5 % | 63.7 % |
# | LeNet of part 9: pixels / 64, learning rate 1e-2, momentum 0.9, batch 50, decay 0.75 | 8 | 63.4 % | 62.9 % |
#
# `python -m course.train lenet` in a terminal trains with the settings of the second row, and can be interrupted:
# with `--checkpoint net.npz` the same command goes on where it was.

# %% [markdown]
# To steer a training while it runs, take its steps in the dashboard: pause it, change the learning rate, go on. Watch the filters
# change from noise into something.

# %% after="two_layer_convnet_shapes two_layer_convnet_scores two_layer_convnet_loss two_layer_convnet_grads" tags=["skip-execution"]
from course.explorers import Dashboard

training, validation = (data.X_train, data.y_train), (data.X_val, data.y_val)
settings = {"reg": 0.01, "learning_rate": 1e-4, "momentum": 0.9, "learning_rate_decay": 0.8, "batch_size": 50}
dashboard = Dashboard(
    ClassifierTrainer().steps(*training, *validation, start, two_layer_convnet, **settings, num_epochs=5),
    filters=lambda model: model["W1"],
)
dashboard.run()

# %% [markdown]
# ## 7. What the filters look like
#
# A filter of the first layer has three channels, red, green and blue, so it can be shown as a small picture. What the
# filter looks for is what it looks like: an image patch gives the largest output, among all patches of one length, where
# it is a multiple of the filter. In the pictures grey is 0, and each filter has its contrast turned up by itself.

# %% after="two_layer_convnet_shapes two_layer_convnet_scores two_layer_convnet_loss two_layer_convnet_grads" tags=["skip-execution"]
for filters, when in ((start["W1"], "before"), (trained["W1"], "after")):
    print(f"{when} training")
    stretched = filters / np.abs(filters).max(axis=(1, 2, 3), keepdims=True)
    plots.show(
        plots.pictures(stretched, columns=16, black=-1, white=1),
        alt=f"The 32 filters of the first layer {when} training, as pictures of 5 by 5 pixels in colour.",
    )

# %% [markdown]
# Before training they are noise. After it, expect filters that go from one colour to another or from dark to bright,
# at some angle: detectors of edges and of colours. Nobody asked for them. They are what the gradient found useful. With
# more training and more images they become smoother; noise that is left in a filter tells of a network that could have
# learnt longer, or on more.

# %% [markdown]
# ## 8. Confusion matrix
#
# What does your network take the 2,000 test images for? The class with the largest score is the guess.

# %% after="two_layer_convnet_shapes two_layer_convnet_scores two_layer_convnet_loss two_layer_convnet_grads" tags=["skip-execution"]
scores = np.concatenate([two_layer_convnet(batch, trained) for batch in np.split(data.X_test, 20)])
guesses = scores.argmax(axis=1)
for n in range(5):
    print(f"image {n} is {names[data.y_test[n]]}, taken for {names[guesses[n]]}")

# %% [markdown]
# An accuracy is one number. It does not say whether all classes are equally hard, or which ones are taken for which. The
# **confusion matrix** does. It counts, for each right class r and each guessed class g, how many images of class r were
# taken for g:
#
# $$\text{counts}_{rg} = \text{number of images } n \text{ with } y_n = r \text{ and } \text{guess}_n = g$$
#
# Rows are right classes, columns are guesses. On the diagonal stand the right answers. By hand, for
# $y = (0, 0, 1, 2, 2, 2)$ and the guesses $(0, 1, 1, 2, 0, 2)$:
#
# $$\begin{pmatrix} 1 & 1 & 0 \\ 0 & 1 & 0 \\ 1 & 0 & 2 \end{pmatrix}$$
#
# > **Trap.** NumPy carries out `counts[rows, columns] += 1` once for each *place*, even if the place comes up several
# > times.

# %% kind="solution"
from course.reference.convnet import confusion_matrix

# %% kind="test" points=2
check.confusion_matrix(confusion_matrix)

# %% after="confusion_matrix"
print(confusion_matrix(np.array([0, 0, 1, 2, 2, 2]), np.array([0, 1, 1, 2, 0, 2]), num_classes=3))

# %% [markdown]
# **Find the bug** in this count. NumPy does what it says, which is not what its author meant.

# %% kind="bug" mistake="confusion_matrix.repeated_pairs_counted_once"

# %% [markdown]
# Your network on the test images, about 200 of each class:

# %% after="two_layer_convnet_shapes two_layer_convnet_scores two_layer_convnet_loss two_layer_convnet_grads confusion_matrix" tags=["skip-execution"]
counts = confusion_matrix(data.y_test, guesses)
plots.show(
    plots.heat_map(counts, names, names, "right class", "guess"),
    alt="The confusion matrix of the test images: right classes in rows, guesses in columns.",
)
by_class = counts.diagonal() / counts.sum(axis=1)
print(f"easiest: {names[by_class.argmax()]}, {by_class.max():.0%} right")
print(f"hardest: {names[by_class.argmin()]}, {by_class.min():.0%} right")
wrong = counts - np.diag(counts.diagonal())
r, g = np.unravel_index(wrong.argmax(), wrong.shape)
print(f"most frequent mistake: {names[r]} taken for {names[g]}, {wrong[r, g]} times")

# %% [markdown]
# Look for pairs that are light on both sides of the diagonal, and ask what the two classes have in common. Among the
# photographs cats and dogs are such a pair. A column that is light from top to bottom is something else: a class
# that the network guesses when it does not know.
#
# ### The worst mistakes
#
# A wrong answer given with a probability of 30 % is a doubt. One with 99 % is a conviction. Such pictures are worth
# looking at, one by one: some are hard for you too, some show what the network goes by, and in real data some are
# labelled wrongly.

# %% after="two_layer_convnet_shapes two_layer_convnet_scores two_layer_convnet_loss two_layer_convnet_grads" tags=["skip-execution"]
powers = np.exp(scores - scores.max(axis=1, keepdims=True))
p_guess = (powers / powers.sum(axis=1, keepdims=True)).max(axis=1)
worst = np.argsort(np.where(guesses == data.y_test, 0, p_guess))[::-1][:16]
captions = [f"{names[guesses[n]]}, {p_guess[n]:.0%}\nright: {names[data.y_test[n]]}" for n in worst]
plots.show(
    plots.pictures(data.X_test[worst] + data.mean_image, captions, columns=8, black=0, white=255),
    alt="The 16 test pictures with the highest probability of a wrong class: " + "; ".join(captions),
)

# %% [markdown]
# ## 9. Sizes and costs
#
# How large is a network, and how long does it take? Both can be counted before a line of it is written. **Parameters** are
# what is stored and learnt. **Multiply-adds** are what takes the time: one multiplication with the addition of its result.
#
# For a convolution, one filter has $C f^2$ weights and a bias. Each number of the output is a sum over one window, which
# takes one multiply-add for each weight. The output has $F \cdot H_\text{out} \cdot W_\text{out}$ numbers, with
#
# $$H_\text{out} = \left\lfloor \frac{H + 2P - f}{s} \right\rfloor + 1$$
#
# and $W_\text{out}$ alike. By hand, for the first layer of your network, 32 filters of 5 × 5 with pad 2 on 3 × 32 × 32:
#
# - the output is 32 × 32 × 32;
# - a filter has $3 \cdot 25 = 75$ weights, so there are $32 \cdot (75 + 1) = 2{,}432$ parameters;
# - each of the 32,768 output numbers takes 75 multiply-adds: 2,457,600 in all.
#
# Its affine layer has $8{,}192 \cdot 10 + 10 = 81{,}930$ parameters, and takes one multiply-add for each weight: 81,920.
# **So the affine layer has 97 % of the parameters, and the convolution does 97 % of the work.** Shared weights are few, but
# each is used at every place.

# %% kind="solution"
from course.reference.convnet import conv_size

# %% kind="test" points=3
check.conv_size(conv_size)

# %% after="conv_size"
output_shape, parameters, multiply_adds = conv_size((3, 32, 32), 32, 5, stride=1, pad=2)
print("by hand: (32, 32, 32), 2,432 parameters, 2,457,600 multiply-adds")
print(f"yours:   {output_shape}, {parameters:,} parameters, {multiply_adds:,} multiply-adds")

# %% [markdown]
# **Find the bug** in these sizes.

# %% kind="bug" mistake="conv_size.padded_on_one_side"

# %% [markdown]
# What would a dense layer take for the same job, from 3 × 32 × 32 numbers to 32 × 32 × 32? One weight for each pair of an input
# and an output number: $3{,}072 \cdot 32{,}768 = 100{,}663{,}296$. That is about 41,000 times the parameters of the convolution,
# and 41 times its work.
#
# ### LeNet
#
# LeNet-5 is the ancestor of most ConvNets. Yann LeCun, Léon Bottou, Yoshua Bengio and Patrick Haffner described it in
# *Gradient-based learning applied to document recognition* (Proceedings of the IEEE, November 1998); a first network of
# this kind had read handwritten zip codes in 1989. LeNet-5 read grey images of 32 × 32 pixels with a digit in it. It had
# exactly 60,000 parameters that were learnt, misread 0.95 % of the 10,000 test digits of MNIST, 0.8 % when it was
# trained on distorted copies as well, and a system with such networks in it read several million bank checks a day.
# Larger images had to wait for more data and faster computers. In 2012 AlexNet, a network of the same kind with 60
# million parameters, won the ImageNet contest, and within a few years ConvNets were the usual way to recognise images.
#
# `LENET` is that network with the parts of today: ReLU in place of a sigmoid-like function, max pooling in place of
# averages with a learnt factor, each filter of the second convolution looking at all six channels, a softmax at the end,
# and three colours at the beginning. As data it is a list of layers:

# %%
LENET

# %% [markdown]
# A worked example, with your `conv_size`: go down the list, keep the shape, and count.

# %% after="conv_size"
shape, counted = (3, 32, 32), []
for layer in LENET:
    parameters = multiply_adds = 0
    if layer["layer"] == "conv":
        shape, parameters, multiply_adds = conv_size(shape, layer["filters"], layer["size"])
    elif layer["layer"] == "max_pool":
        C, H, W = shape
        shape = (C, (H - layer["size"]) // layer["stride"] + 1, (W - layer["size"]) // layer["stride"] + 1)
    elif layer["layer"] == "affine":
        D, units = np.prod(shape), layer["units"]
        shape, parameters, multiply_adds = (units,), (D + 1) * units, D * units
    counted.append((parameters, multiply_adds))
    print(f"{layer['layer']:10}{str(shape):16}{parameters:>10,}{multiply_adds:>12,}")
all_parameters, all_multiply_adds = np.sum(counted, axis=0)
print(f"{'in all':26}{all_parameters:>10,}{all_multiply_adds:>12,}")

# %% [markdown]
# `Network` makes a network of such a list, with the course's layers. It is a loss function as `two_layer_convnet` is, and
# printing it shows the same table. Do your numbers agree?

# %%
lenet = Network(LENET)
print(lenet)

# %% [markdown]
# Compare it with your first network: three quarters of its parameters, and a quarter of its multiply-adds. Now train it.
# The cell first says what an epoch costs: forward once, and backward about twice as much, because each layer's
# weights and its input want a gradient.
#
# Its weights start with the spread $\sqrt{2/\text{inputs}}$, which keeps the numbers at one size from layer to layer, but
# only if the pixels are of ordinary size themselves. So they are divided by 64.

# %% after="conv_size" tags=["skip-execution"]
billions = 3 * len(data.X_train) * all_multiply_adds / 1e9
print(f"an epoch takes about {billions:.0f} billion multiply-adds")
divided_by = np.float32(64)
lenet_model, losses, train_acc, val_acc = ClassifierTrainer().train(
    data.X_train / divided_by,
    data.y_train,
    data.X_val / divided_by,
    data.y_val,
    lenet.init(rng=np.random.default_rng(0)),
    lenet,
    learning_rate=1e-2,
    momentum=0.9,
    learning_rate_decay=0.75,
    batch_size=50,
    num_epochs=8,
    rng=np.random.default_rng(1),
    callback=[live.Progress("LeNet"), live.Plot()],
)
print(f"best validation accuracy {max(val_acc):.1%}")
print(f"test accuracy {accuracy(data.X_test / divided_by, data.y_test, lenet_model, lenet):.1%}")

# %% [markdown]
# Is it better than your first network? That depends on the images and on their number. Of the generated pictures LeNet got
# 69 % right (median of five seeds, from 68 to 70), the first network 56 %. Trained on 10,000 photographs it came to 52 % (from
# 50 to 53), the first network to 55 %. With 49,000, in part 6, the first came to 64 % and LeNet to 63 %, and LeNet needs a quarter
# of the multiply-adds for an image. A comparison says little without its data.

# %% [markdown]
# ### Beyond im2col
#
# In `modular-layers` you turned a convolution into one matrix product. What is left to gain? The product itself is nearly as
# fast as the processor can be. What takes time is *moving numbers*: $\varphi(x)$ for 100 images and 5 × 5 filters has 7.7
# million of them. They are written to memory, too many for any cache, and read from there twice. The course's layers save such
# moves, in three ways. Each has a file of its own in `course/reference/`, and its first lines draw how the numbers lie.
#
# 1. **A few images at a time** (`fast_conv.py`, which your network calls). The patches of a few images fit into the cache.
#    They are made, multiplied and forgotten.
# 2. **Another order in memory** (`rows_conv.py`). What NumPy calls `x[n, c, i, j]` may lie anywhere. Put the rows of an image
#    outermost and the images innermost: (H, C, W, N). Then copy only the *columns* of each window, 5 times the memory of
#    $x$ where im2col takes 25. The five rows of a window already lie one after another, so the patches of an output row are a
#    view, without a copy. A transposed view shows the arrays to you as (N, C, H, W).
# 3. **Several layers as one** (`rows_fused.py`). The largest of four numbers stays the largest when a bias is added and
#    negative numbers are set to 0. So the pooling can come first: two rows of maps are computed, pooled while they are in the
#    cache, and a quarter of the numbers goes on to bias and ReLU. The maps themselves are never in memory.
#
# `Network` trains with all three, and never computes the gradient of the images, which nobody asks for. The first two on 100
# images, beside im2col:

# %% tags=["skip-execution"]
from time import perf_counter

from course.reference.im2col import conv_backward_im2col, conv_forward_im2col
from course.reference.rows_conv import conv_backward_rows, conv_forward_rows


def there_and_back(forward, backward):
    """Return the shortest of five runs of a convolution, in seconds, and its output."""
    w, b = np.ones((32, 3, 5, 5), np.float32), np.zeros(32, np.float32)
    seconds = []
    for _ in range(5):
        begun = perf_counter()
        out, cache = forward(data.X_train[:100], w, b, {"stride": 1, "pad": 2})
        backward(out, cache)
        seconds.append(perf_counter() - begun)
    return min(seconds), out


for name, forward, backward in [
    ("im2col", conv_forward_im2col, conv_backward_im2col),
    ("a few images at a time", conv_forward_fast, conv_backward_fast),
    ("in rows", conv_forward_rows, conv_backward_rows),
]:
    seconds, out = there_and_back(forward, backward)
    order = np.argsort(out.strides)[::-1]
    print(f"{name:24}{1000 * seconds:5.0f} ms, in memory ({', '.join('NCHW'[axis] for axis in order)})")

# %% [markdown]
# ## 10. Your own ConvNet
#
# This part is free, and worth 10 points. Build the network that gets the most images right. You hand in its weights, a file
# `weights.npz` beside this notebook, and its accuracy makes the points. The ladder, where *stand-in* means the generated
# pictures:

# %% tags=["skip-execution"]
from course.submission.ladder import LADDERS

for source, ladder in LADDERS.items():
    print(f"{source:10}", ", ".join(f"{10 * share:g} points from {part:.0%}" for part, share in ladder))

# %% [markdown]
# **What is measured.** Train on whichever images you have; the file is graded on the kind that it does better on.
#
# - *Generated pictures:* 4,000 new ones, drawn at grading from a secret number. Nobody has seen them before.
# - *Photographs:* the 10,000 test images of CIFAR-10, and a copy of them that is mirrored, shifted a little and made a
#   little brighter. The lower of the two accuracies counts. The test images are public. A network that was trained on
#   them does far better on them than on the changed copies, and a gap of more than 5 percentage points is shown to the
#   teacher. So leave them alone: they are the only way to know how good you are.
#
# **What is allowed.** The file may have 20 MB, which is about 5 million float32 numbers. The network may take 5 billion
# multiply-adds for 100 images, so 50 million for one: 20 times your first network, 77 times LeNet. And its layers may lay
# out at most 4 million numbers for an image, windows and outputs together; a convolution of 5 × 5 on 64 channels of
# 32 × 32 pixels takes 1.6 million.
#
# **What is in the file.** The arrays of the model, and the list of layers as text. The file is read as data, with these
# layers and nothing else; nothing in it is executed:
#
# | layer | settings |
# |---|---|
# | `conv` | `filters`, `size`, `stride` (1), `pad` (0) |
# | `max_pool`, `avg_pool` | `size`, `stride` |
# | `affine` | `units` |
# | `relu`, `flatten` | none |
# | `batchnorm`, `dropout` | `dropout` has `p`, the probability to keep; both are evaluated, but `Network` does not train them |
#
# **How you get there.** The network below is small and earns some of the points. Change it, train it, look at the curves,
# change one thing, train again. Write down what you tried.

# %% tags=["skip-execution"]
my_architecture = [
    {"layer": "conv", "filters": 8, "size": 5, "pad": 2},
    {"layer": "relu"},
    {"layer": "max_pool", "size": 2, "stride": 2},
    {"layer": "affine", "units": 10},
]
my_network = Network(my_architecture)
print(my_network)

# %% tags=["skip-execution"]
divided_by = np.float32(64)
my_model, losses, train_acc, val_acc = ClassifierTrainer().train(
    data.X_train / divided_by,
    data.y_train,
    data.X_val / divided_by,
    data.y_val,
    my_network.init(rng=np.random.default_rng(0)),
    my_network,
    reg=0.0,
    learning_rate=1e-2,
    momentum=0.9,
    learning_rate_decay=0.9,
    batch_size=50,
    num_epochs=4,
    rng=np.random.default_rng(1),
    callback=[live.Progress("your ConvNet"), live.Plot()],
)
print(f"best validation accuracy {max(val_acc):.1%}")

# %% [markdown]
# The next cell writes `weights.npz`, reads it back, and says its size, its cost and its accuracy on your validation
# images. Run it whenever you have a network that is better than the last. The file is evaluated on pixels that nobody
# has divided. So `pack` divides the first weights by `divided_by` instead, which comes to the same; if you train without
# dividing, set it to 1.

# %% kind="locked" tags=["skip-execution"]
submission.pack(my_model, my_network, data, divided_by=divided_by)

# %% kind="test" points=10
check.free_convnet()

# %% [markdown]
# The check counts on 1,000 images that no cell of this lesson trains on. Grading takes others, so the accuracy may come
# out a point or two higher or lower: aim for a little more than a step of the ladder asks.
#
# **Hand in `weights.npz` together with this notebook.** Without the file there are no points for this part. The notebook
# is not trained again when it is graded; only the file counts.
#
# ### What usually helps
#
# What we measured, on 10,000 generated pictures and on 10,000 photographs: five epochs, the settings above, right answers
# among 2,000 other images. All are medians of five seeds. From seed to seed the same network differs by one to five percentage
# points, the mirrored one on photographs by eight.
#
# | network | pictures | photographs |
# |---|---|---|
# | the one above: one convolution of 8 filters | 55 % | 52 % |
# | **two convolutions, 16 and 32 filters of 5 × 5 with pad 2**, each with ReLU and 2 × 2 max pooling | **67 %** | **55 %** |
# | the one in bold, trained on 20,000 images | 76 % | 61 % |
# | the one in bold, training images mirrored at random | 70 % | 58 % |
# | the one in bold and a third convolution, 64 filters of 3 × 3, with ReLU and pooling | 75 % | 58 % |
# | the one in bold and an affine layer of 64 units with ReLU before the scores | 70 % | 55 % |
#
# More images help most. A third convolution helps about as much on the pictures, and less on so few photographs. Other changes
# of the one in bold, on the pictures alone: ten epochs with a decay of 0.8, 71 %; 32 and 64 filters, 68 %; reg 0.001, 67 %;
# Adam with a learning rate of 0.001, 67 %; a learning rate of 0.02, 66 % (from 58 to 67).
#
# Mirroring costs a line. Most things are as likely to look left as right, and with two versions of each image there is
# more to learn and less to remember. A loss function may change its batch before it passes it on, so this works for
# any network: hand `mirrored(my_network, np.random.default_rng(2))` to the trainer in place of `my_network`. Without
# labels, that is for scores, it changes nothing.

# %%
def mirrored(network, rng):
    """Return the network as a loss function that mirrors each training image or not, by chance."""

    def loss_function(X, model, y=None, reg=0.0):
        if y is not None:
            X = np.where(rng.random((len(X), 1, 1, 1)) < 0.5, X, X[..., ::-1])
        return network(X, model, y, reg)

    return loss_function


# %% [markdown]
# How to go on:
#
# - **Read the gap.** If the training accuracy is far above the other, the network learns by heart: more images, mirrored
#   images, some `reg`. If both are low and close, it is too small or has not been trained long enough.
# - **More images** than 10,000 come from `load_cifar10(num_training=49_000)`. They take 0.6 GB of memory, and the divided
#   ones as much again.
# - **Change one thing at a time**, on few images and epochs. Then train the best once, for long.
# - **Lower the learning rate towards the end.** The last epochs with a small one bring a few points, so let the decay bring
#   it to about a tenth. If the loss becomes `nan`, it was too large from the start.
# - **The best model is kept.** The trainer returns the parameters of the epoch with the best validation accuracy.

# %% [markdown]
# ### A record in NumPy
#
# How far does NumPy alone get on CIFAR-10? In the course's own repository `make record` trains a larger ConvNet, and
# `course/record/` has its code, one idea in a file. After a quarter of an hour on two cores it got 92.9 % of the test images
# right (median of three seeds, from 91.9 to 93.3). In one training of 50 minutes it came to 94.8 %.
#
# Three blocks of conv – pool – batch norm – GELU – conv – batch norm – GELU follow one another; GELU is a ReLU with a round
# corner. Four of its ideas save time, and five make more answers right. Here is a small part of each.
#
# **1. Winograd: fewer multiplications.** A filter of three weights $g$ slides over four numbers $d$ and makes two outputs.
# Directly that takes six multiplications. This way it takes four:
#
# $$m_1 = (d_0 - d_2)\, g_0 \qquad m_2 = (d_1 + d_2)\, \tfrac{g_0 + g_1 + g_2}{2} \qquad
# m_3 = (d_2 - d_1)\, \tfrac{g_0 - g_1 + g_2}{2} \qquad m_4 = (d_1 - d_3)\, g_2$$
#
# The outputs are $m_1 + m_2 + m_3$ and $m_2 - m_3 - m_4$. The sums cost something too. But those of $g$ are made once for
# all places, and those of $d$ once for all filters.

# %%
d, g = np.array([1.0, 2.0, 4.0, 3.0]), np.array([2.0, -1.0, 1.0])
sums_of_d = np.array([d[0] - d[2], d[1] + d[2], d[2] - d[1], d[1] - d[3]])
sums_of_g = np.array([g[0], (g[0] + g[1] + g[2]) / 2, (g[0] - g[1] + g[2]) / 2, g[2]])
m = sums_of_d * sums_of_g
print("six multiplications: ", np.correlate(d, g))
print("four multiplications:", np.array([m[0] + m[1] + m[2], m[1] - m[2] - m[3]]))

# %% [markdown]
# For images both directions are treated so. With 3 × 3 filters and 4 × 4 outputs at a time, 36 multiplications take the
# place of 144 (A. Lavin and S. Gray, 2015).
#
# **2. All of it through BLAS.** BLAS is the library that makes NumPy's matrix products fast. The sums of a tile of 6 × 6
# numbers are $B^\top d\, B$: two small products for each tile. Write the tile as one row of 36 numbers instead. Then one
# matrix of 36 × 36, the Kronecker product of $B^\top$ with itself, makes the same sums, for all tiles in one large product.

# %%
from course.record.winograd import B_T

tile = np.random.default_rng(0).integers(0, 10, (6, 6))
print("the same sums:", np.array_equal(B_T @ tile @ B_T.T, (np.kron(B_T, B_T) @ tile.ravel()).reshape(6, 6)))

# %% [markdown]
# **3. Memory order (C, H, W, N).** Each step of a transform treats the same pixel of all images alike. With the images
# innermost these numbers are neighbours, and the processor reads them in one go.

# %%
for order in ("NCHW", "CHWN"):
    sizes = {"N": 250, "C": 32, "H": 18, "W": 18}
    x = np.empty([sizes[axis] for axis in order], np.float32)
    print(f"{order}: {x.strides[order.index('N')]:6,} bytes from a pixel to that of the next image")

# %% [markdown]
# **4. Two processes.** The loss of a batch is a sum over its images, so its gradient is the sum of the gradients of its halves.
# Each process takes one half and one core. The gradients lie in memory that both share. (Threads would wait for one another:
# Python lets only one of them run at a time, except in products and the like.)

# %%
rng = np.random.default_rng(0)
inputs, dout = rng.standard_normal((6, 4)), rng.standard_normal((6, 3))
whole, halves = inputs.T @ dout, inputs[:3].T @ dout[:3] + inputs[3:].T @ dout[3:]
print(f"the largest difference is below 1e-14: {np.abs(whole - halves).max() < 1e-14}")

# %% [markdown]
# **5. A first layer that whitens.** Neighbouring pixels are much alike, and a net first has to learn to take differences. The
# record computes its first filters from the images instead: 12 of 2 × 2 pixels and three colours. What they find in a patch
# is uncorrelated, and has variance 1. They are never trained.

# %% tags=["skip-execution"]
from course.record.whitening import filters as whitening_filters

some = data.X_train[:1000] / 64
patches = np.lib.stride_tricks.sliding_window_view(some, (2, 2), axis=(2, 3))
patches = patches.transpose(0, 2, 3, 1, 4, 5).reshape(-1, 12)
for what, numbers in {"pixels": patches, "whitened": patches @ whitening_filters(some).T}.items():
    related = np.corrcoef(numbers.T)[~np.eye(12, dtype=bool)]
    print(f"{what:9} mean size of a correlation {np.abs(related).mean():.2f}")

# %% [markdown]
# **6. Muon.** A gradient of a matrix of weights is mostly a few large directions. Muon makes all of them, the singular
# values, about equally large before it takes the step. Matrix products alone do that (K. Jordan, 2024).

# %%
from course.record.muon import orthogonal

G = np.outer(rng.standard_normal(6), rng.standard_normal(6)) + 0.2 * rng.standard_normal((6, 6))
for what, matrix in {"gradient": G, "step": orthogonal(G)}.items():
    values = np.linalg.svd(matrix, compute_uv=False)
    print(f"{what:9} singular values as shares of the largest:", (values / values[0]).round(2))

# %% [markdown]
# **7. Label smoothing.** A softmax loss always asks for a little more, even of answers that are right. Now the right class is
# to have the probability 0.82 and each other one 0.02. The scores are best when they differ by a finite amount, so that hard
# images keep a say.
#
# **8. Alternating flip.** A coin decides which images are mirrored in the first epoch; in the second it is all the others. With
# a new coin for each epoch, half of the images are seen twice from the same side.

# %%
print(f"best difference of two scores: {np.log(0.82 / 0.02):.2f}, without smoothing: infinity")
coins = rng.random((2, 10_000)) < 0.5
print(f"seen from one side only after two epochs: {np.mean(coins[0] == coins[1]):.0%} by coins, 0% by turns")

# %% [markdown]
# **9. Several views.** A cat is a cat in the mirror, too. So show the trained net the image, its mirror image, and both moved a
# little. Take the mean of the scores. It costs six evaluations and no training. With your LeNet and two views:

# %% after="conv_size" tags=["skip-execution"]
one, other = (lenet(images / divided_by, lenet_model) for images in (data.X_val, data.X_val[..., ::-1]))
for what, scores in {"one view": one, "with its mirror image": one + other}.items():
    print(f"{what:22}{np.mean(scores.argmax(axis=1) == data.y_val):.1%} of the validation images right")

# %% [markdown]
# **What does each bring?** Here is a short training with all of them, and with each one left out: a net of 16, 32 and 32
# channels, four epochs on 5,000 photographs, so 80 steps; five seeds, with the same weights at the start. 2,000 other
# photographs of the training files were asked. Test images were not read.
#
# | left out | in its place | right, median | lowest | highest |
# |---|---|---|---|---|
# | nothing |  | 67.7 % | 63.3 | 68.0 |
# | whitening | 12 directions drawn by chance | 61.7 % | 61.3 | 62.3 |
# | Muon | momentum, with the best of three learning rates | 46.3 % | 44.5 | 53.6 |
# | label smoothing | the labels as they are | 65.3 % | 62.5 | 67.5 |
# | alternating flip | a coin for each image and epoch | 67.0 % | 63.0 | 68.7 |
# | moved views | the image and its mirror image | 67.5 % | 63.3 | 68.0 |
# | all views but one | the image as it is | 65.8 % | 62.5 | 67.0 |
#
# Seed by seed, whitening brought 2 to 6 points here, and Muon 14 to 23. Label smoothing helped in all five (by 0.2 to 2.8), and
# so did all six views instead of one (by 0.8 to 2.2). Of alternating flips and moved views five seeds cannot tell.
# So short a training tells what helps at the beginning. What makes the last percent of a long one may be something else.
#
# The first four ideas do not change the numbers, but their pace. Without Winograd, that is with the course's fast layers, a
# convolution of 64 to 128 maps takes 2.1 times as long (from 2.0 to 2.2 in nine rounds). With the images outermost in memory
# the transform of the input takes 1.7 times as long (from 1.5 to 2.5). One process takes 1.8 times as long as two (from 1.6 to
# 1.9), if two cores have nothing else to do.

# %% [markdown]
# ## 11. A question in words
#
# Three trainings of the ConvNet of parts 1 to 4 went wrong. All used the settings of this lesson but for one thing each.
#
# 1. **Ada's** first loss is 6.5 with reg = 0.
# 2. **Ben's** first loss is 2.28, and his gradient check passes for every parameter. But when he trains with 50 images, the
#    loss is still 2.27 after 20 epochs, and the training accuracy is 28 %. He thinks that the labels of his images have been
#    shuffled.
# 3. **Cleo's** training accuracy in part 6 is 65 %, and her validation accuracy 10 %. She thinks that this is overfitting.
#
# For each: what is a likely cause, and why does it fit all the numbers? What would you look at next to make sure? Say for
# Ben and for Cleo why their own explanation does not fit. Five to ten sentences are enough. What counts:
#
# | points | for |
# |---|---|
# | 1 | Ada: what a first loss other than log 10 says, a cause that explains it, and a way to test it |
# | 1 | Ben: why shuffled labels cannot be the cause, and a cause that fits all his numbers, with a way to test it |
# | 1 | Cleo: why 10 % is not what overfitting looks like, and a cause that fits, with a way to test it |

# %% [markdown] kind="written" points=3
# **Ada.** A first loss of log 10 means ten nearly equal scores. 6.5 is larger, so her network prefers some classes before it
# has learnt anything, and is wrong in most cases. The likely cause is a `weight_scale` that is too large, 0.01 in place
# of 0.001; the penalty is not it, because reg is 0. To test it: print the largest score before training, and start again
# with smaller weights; the loss should be close to 2.303. (Pixels that are ten times too large would do the same, and
# show in the same scores.)
#
# **Ben.** A network of 84,362 parameters can learn any labels of 50 images by heart, shuffled ones too: there is nothing
# to understand in them, only to remember. Shuffled labels would show in the validation accuracy, but not here. The
# gradients are right, and the loss falls by a hundredth in 100 steps: the steps are too small. A learning rate that is a
# hundred times too small fits all the numbers. (A large reg, which holds the weights near 0, would show in the first
# loss.) To test it: the same 50 images with ten times the learning rate, and again.
#
# **Cleo.** A network that has begun to learn its training images by heart still does better than guessing on others, since
# part of what it has learnt is true of all images. Here 65 % in training go with about 56 % in validation. 10 % is exactly
# what guessing gives. So the validation labels have nothing to do with the validation images; most likely one of the two
# has been shuffled without the other. To test it: look at ten validation images with their labels, or measure the
# accuracy on 1,000 training images that are sent the way that the validation images go.

# %% [markdown]
# ## Where you stand

# %% tags=["skip-execution"]
check.all()
