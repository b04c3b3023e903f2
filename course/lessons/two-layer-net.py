# ---
# jupyter:
#   course:
#     lesson: two-layer-net
#     number: 2
#     title: A two-layer net
#     hours: 5
#     reference: [nets, updates]
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
# # A two-layer net
#
# A two-layer net turns the pixels of a picture into one score for each class. In this assignment you write all of it:
# the scores, a loss that says how bad they are, the gradient of that loss, and the rules by which the weights follow
# the gradient.
#
# The net is small enough to be worked out with pen and paper, and you will do so for one sample. It is large enough to
# tell photographs apart far better than chance. At the end you train it, look at what its weights have become, and
# search for good settings.

# %%
import numpy as np

from course import live, plots
from course.data import load_cifar10
from course.gradient_check import check_gradient
from course.reference.trainer import ClassifierTrainer

# %% tags=["skip-execution"]
plots.show(
    plots.chain(["affine", "ReLU", "affine", "softmax"], ["N × D", "N × H", "N × H", "N × C", "loss"]),
    alt="Four layers in a row: affine, ReLU, affine, softmax. Arrows lead forward from N samples of D numbers over H hidden "
    "units and C scores to the loss, and arrows for the gradients lead back.",
)

# %% [markdown]
# ## What you will learn
#
# After this lesson you can
#
# - compute the scores of a two-layer net for a whole batch with two matrix products;
# - compute the softmax loss so that no score is too large for it, and say what it must be before any training;
# - derive the gradient of each weight and bias by hand, and check the result by measuring;
# - write five update rules, and say what each of them remembers from one step to the next;
# - explain with numbers why momentum helps, and what a bad learning rate looks like;
# - train a net on pictures and read its loss curve, its accuracies and its weights;
# - search for good settings without fooling yourself.
#
# | part | points | minutes |
# |---|---|---|
# | 1. Scores | 4 | 35 |
# | 2. Loss | 5 | 45 |
# | 3. Gradients | 6 | 60 |
# | 4. Update rules | 12 | 70 |
# | 5. Training | | 25 |
# | 6. Pictures | | 25 |
# | 7. The search for good settings | | 20 |
# | 8. A question in words | 3 | 20 |
# | **in all** | **30** | **about 5 hours** |
#
# You need: partial derivatives and the chain rule; NumPy arrays with their shapes, slices, broadcasting and the matrix
# product `@`.

# %% [markdown]
# ## How to work
#
# 1. Each task is a function with a docstring that says what to compute, and with which shapes. Write your code where
#    the cell says so, in place of `raise NotImplementedError()`.
# 2. Run the cell, then run the check below it. The check says how many points your function has. If something is
#    wrong, it shows the smallest case that fails, with your number beside the right one.
# 3. If it recognises the mistake, it offers three hints, one at a time; none of them is the answer. Open them in the
#    message, or ask in a cell of your own: `check.sgd(sgd).hint(1)`.
# 4. The cases come in three groups. *Core* is the ordinary case and gives 60 % of the points. *Other shapes* (a single
#    sample, a single hidden unit, other sizes of gradients) gives 30 %. *Care* (arguments left unchanged, large
#    numbers, float32) gives 10 %. Grading uses the same groups with other numbers.
# 5. Cells that begin with `%%after` show something with your own functions. Before a function is written they tell
#    you to write it first.
# 6. `check.all()` shows your points so far and what to do next.
#
# Scores, loss and gradients are judged apart: a mistake in the one does not cost points in the others.

# %% [markdown]
# ## 1. Scores
#
# A sample is a row of $D$ numbers, for a small photograph $32 \cdot 32 \cdot 3 = 3072$. The first layer turns it into
# $H$ **hidden units**, each a weighted sum of all inputs plus a bias, cut off below 0. The second layer turns the hidden
# units into $C$ **scores**, one for each class. The class with the largest score is the guess.
#
# $$\text{hidden}_{nh} = \max\Big(0,\ \sum_d X_{nd}\, W^{(1)}_{dh} + b^{(1)}_h\Big), \qquad
# \text{scores}_{nc} = \sum_h \text{hidden}_{nh}\, W^{(2)}_{hc} + b^{(2)}_c$$
#
# The cut $\max(0, \cdot)$ is called ReLU. Without it the two layers would be no better than one, because
# $(X W^{(1)}) W^{(2)} = X (W^{(1)} W^{(2)})$ is again a single matrix product.
#
# With rows for samples, each formula is one matrix product for the whole batch. All parameters live in one dictionary,
# the **model**, with the keys `W1`, `b1`, `W2` and `b2`:
#
# | | shape | |
# |---|---|---|
# | `X` | `(N, D)` | N samples |
# | `W1`, `b1` | `(D, H)`, `(H,)` | first layer |
# | `W2`, `b2` | `(H, C)`, `(C,)` | second layer |
# | scores | `(N, C)` | |
#
# By hand, for one sample with two numbers, three hidden units and two classes:
#
# $$x = (1, 2), \quad W^{(1)} = \begin{pmatrix} 1 & 2 & -1 \\ 1 & -1 & 0 \end{pmatrix}, \quad b^{(1)} = (0, 1, 0), \quad
# W^{(2)} = \begin{pmatrix} 1 & 0 \\ -1 & 1 \\ 2 & -2 \end{pmatrix}, \quad b^{(2)} = (0, 1)$$
#
# The sums of the first layer are $(1 + 2,\ 2 - 2 + 1,\ -1) = (3, 1, -1)$. The third one is negative, so
# $\text{hidden} = (3, 1, 0)$. The scores are $(3 \cdot 1 - 1 \cdot 1 + 0,\ \ 3 \cdot 0 + 1 \cdot 1 + 1) = (2, 2)$: this
# net cannot decide between the two classes.
#
# Two helpers make sure that a wrong shape ends in a clear message. They are given, and their calls stand in the functions
# already. Given, too, is the model at the start: small random weights, biases of 0.

# %% kind="given"
from course.reference.inputs import expect_array, expect_labels

# %% kind="given"
from course.reference.nets import init_two_layer_model

# %% [markdown]
# `two_layer_net_scores` also returns `hidden`, because the gradients will need it.
#
# > **Trap.** `X @ W1` is a new array and you may do with it what you like. `X` and the arrays in `model` belong to the
# > caller.

# %% kind="solution"
from course.reference.nets import two_layer_net_scores

# %% kind="test" points=4
check.two_layer_net_scores(two_layer_net_scores)

# %% after="two_layer_net_scores"
small = {
    "W1": np.array([[1.0, 2.0, -1.0], [1.0, -1.0, 0.0]]),
    "b1": np.array([0.0, 1.0, 0.0]),
    "W2": np.array([[1.0, 0.0], [-1.0, 1.0], [2.0, -2.0]]),
    "b2": np.array([0.0, 1.0]),
}
x = np.array([[1.0, 2.0]])
scores, hidden = two_layer_net_scores(x, small)
print("by hand: hidden [[3. 1. 0.]]   scores [[2. 2.]]")
print("yours:   hidden", hidden, "  scores", scores)

# %% [markdown]
# ## 2. Loss
#
# To improve the scores we need one number that says how bad they are. Softmax turns the scores of a sample into
# probabilities: all positive, with the sum 1. The loss of the sample is the negative logarithm of the probability that
# its right class $y_n$ gets, and the loss of the batch is the mean over its samples.
#
# $$p_{nc} = \frac{e^{s_{nc}}}{\sum_k e^{s_{nk}}}, \qquad
# L_\text{data} = -\frac{1}{N} \sum_n \log p_{n y_n}$$
#
# In the example both scores are 2, so $p = (0.5,\ 0.5)$ and the loss is $-\log 0.5 = 0.693$ whichever class is right.
# With the scores $(2, 0)$ it would be $p = (0.881,\ 0.119)$: a loss of $0.127$ if the first class is right, and of
# $2.127$ if the second one is.
#
# **Before any training** all scores are nearly 0. With $C$ classes each has the probability $1/C$, and the loss is
# $\log C$. For ten classes this is $2.302585$. Whenever you start a training, look for this number first.
#
# **Large scores.** `np.exp(1000)` is infinite, and infinite divided by infinite is `nan`. The cure is a shift: let $m_n$ be
# the largest score of sample $n$. Then
#
# $$\log p_{nc} = (s_{nc} - m_n) - \log \sum_k e^{s_{nk} - m_n}$$
#
# since the factor $e^{m_n}$ cancels. No exponent is positive any more, and at least one is 0, so the sum lies between 1
# and $C$. For the scores $(1000, 998)$ the formula gives $\log p = (-0.127, -2.127)$, the same as for $(2, 0)$.
#
# > **Trap.** The shift alone is not enough. If a right class lies 1000 below the largest score, its probability is rounded
# > to 0, and `np.log(0)` is minus infinity, although the loss is a harmless 1000. Compute $\log p$ by the formula above,
# > and never the logarithm of a probability.
#
# **Regularisation.** Large weights make a net that depends on single pixels. So they cost something, too:
#
# $$L = L_\text{data} + \tfrac{1}{2}\, \text{reg}\, \Big(\sum_{dh} (W^{(1)}_{dh})^2 + \sum_{hc} (W^{(2)}_{hc})^2\Big)$$
#
# The biases cost nothing. In the example the squares of $W^{(1)}$ add up to 8 and those of $W^{(2)}$ to 11. With reg = 0.1 the
# loss is $0.693 + 0.05 \cdot 19 = 1.643$.
#
# > **Trap.** The $\tfrac12$ is there so that the derivative is $\text{reg} \cdot W$. With a $\tfrac12$ in the loss and a 2 in
# > the gradient, a training still runs, but its gradient is not that of its loss.
#
# **The gradient of the scores.** For one sample, $L = -s_y + \log \sum_k e^{s_k}$. The derivative of the first term with
# respect to $s_c$ is $-1$ for the right class and 0 for the others. The derivative of the logarithm is
# $e^{s_c} / \sum_k e^{s_k} = p_c$. So, with the $1/N$ of the mean,
#
# $$\frac{\partial L}{\partial s_{nc}} = \frac{p_{nc} - [c = y_n]}{N}$$
#
# where $[c = y_n]$ is 1 for the right class and 0 for the others. In the example, with the first class right, it is
# $(0.5 - 1,\ 0.5) = (-0.5,\ 0.5)$. A step against it raises the first score and lowers the second.
#
# > **Trap.** The $1/N$ stands in the loss and in the gradient, once in each. If it is missing in both, loss and gradient fit
# > together and a gradient check is content, but the steps grow with the batch.
#
# The function returns the loss and this gradient, `dscores`. The regularisation does not depend on the scores; its
# gradient comes in part 3.

# %% kind="solution"
from course.reference.nets import two_layer_net_loss

# %% kind="test" points=5
check.two_layer_net_loss(two_layer_net_loss)

# %% after="two_layer_net_scores two_layer_net_loss"
scores, hidden = two_layer_net_scores(x, small)
loss, dscores = two_layer_net_loss(scores, np.array([0]), small, reg=0.1)
print("by hand: loss 1.643   dscores [[-0.5  0.5]]")
print(f"yours:   loss {loss:.3f}   dscores", dscores)
far, _ = two_layer_net_loss(np.array([[0.0, 1000.0]]), np.array([0]), small)
print("a right class 1000 below the other has the loss", far)
start, _ = two_layer_net_loss(np.zeros((4, 10)), np.array([3, 1, 4, 1]), small)
print(f"ten equal scores have the loss {start:.6f}")

# %% [markdown]
# **Find the bug.** A net with a mistake often learns all the same, so nothing tells you where to look. Practise it on a small
# piece: once your function is right, the next cell opens another answer to its task, with one mistake. Mend it. There are
# no points for it.

# %% kind="bug" mistake="two_layer_net_loss.one_subtracted_in_whole_columns"

# %% [markdown]
# **The toy problem.** Five samples of four numbers, ten hidden units, three classes. Its numbers are made by `linspace`
# and not by chance, so that everybody can compare. With reg = 0.1 the loss must be **1.38191946092**.

# %%
X = np.linspace(-0.2, 0.5, 20).reshape(5, 4)
y = np.array([0, 1, 2, 2, 1])
toy = {
    "W1": np.linspace(-0.2, 0.6, 40).reshape(4, 10),
    "b1": np.linspace(-0.3, 0.7, 10),
    "W2": np.linspace(-0.4, 0.1, 30).reshape(10, 3),
    "b2": np.linspace(-0.5, 0.9, 3),
}

# %% after="two_layer_net_scores two_layer_net_loss"
scores, hidden = two_layer_net_scores(X, toy)
loss, dscores = two_layer_net_loss(scores, y, toy, reg=0.1)
print("expected: 1.38191946092")
print(f"yours:    {loss:.11f}")

# %% [markdown]
# ## 3. Gradients
#
# How does the loss change if a weight grows a little? Go back through the net, one step at a time. For each number ask
# two things: what does it go into, and with which factor? Then multiply with the gradients of those, and add up.
#
# **Step 1, the second layer.** $W^{(2)}_{hc}$ goes into score $c$ of *every* sample, with the factor $\text{hidden}_{nh}$. So
# its gradient is a sum over the samples. The bias $b^{(2)}_c$ goes into the same scores with the factor 1:
#
# $$dW^{(2)}_{hc} = \sum_n \text{hidden}_{nh}\, \text{dscores}_{nc}, \qquad db^{(2)}_c = \sum_n \text{dscores}_{nc}$$
#
# In the example, $\text{hidden} = (3, 1, 0)$ and $\text{dscores} = (-0.5,\ 0.5)$:
#
# $$dW^{(2)} = \begin{pmatrix} -1.5 & 1.5 \\ -0.5 & 0.5 \\ 0 & 0 \end{pmatrix}, \qquad db^{(2)} = (-0.5,\ 0.5)$$
#
# **Step 2, the hidden units.** Hidden unit $h$ goes into *all* scores of its sample, into score $c$ with the factor
# $W^{(2)}_{hc}$:
#
# $$\text{dhidden}_{nh} = \sum_c \text{dscores}_{nc}\, W^{(2)}_{hc}$$
#
# In the example: $(-0.5 \cdot 1 + 0.5 \cdot 0,\ \ -0.5 \cdot (-1) + 0.5 \cdot 1,\ \ -0.5 \cdot 2 + 0.5 \cdot (-2)) =
# (-0.5,\ 1,\ -2)$.
#
# **Step 3, the ReLU.** A sum that was positive went through unchanged, and so does its gradient. A sum that was negative
# gave 0, and a small change of it still gives 0, so its gradient is 0. At 0 itself there is a kink without a derivative;
# in this course the slope there is 0. The third hidden unit was cut off, so $(-0.5,\ 1,\ -2)$ becomes $(-0.5,\ 1,\ 0)$.
#
# Which sums were positive? Those whose hidden unit is. That is why you need `hidden`, and no other number of the forward
# pass.
#
# > **Trap.** `hidden >= 0` is true everywhere. It lets every gradient pass.
#
# **Step 4, the first layer.** It is an affine layer like the second one, with $X$ in place of the hidden units:
#
# $$dW^{(1)}_{dh} = \sum_n X_{nd}\, \text{dhidden}_{nh}, \qquad db^{(1)}_h = \sum_n \text{dhidden}_{nh}$$
#
# $$dW^{(1)} = \begin{pmatrix} -0.5 & 1 & 0 \\ -1 & 2 & 0 \end{pmatrix}, \qquad db^{(1)} = (-0.5,\ 1,\ 0)$$
#
# **Step 5, the regularisation.** $\tfrac12\, \text{reg}\, w^2$, for a single weight $w$, has the derivative $\text{reg}\, w$. Add it to the gradients
# of both weight matrices, and not to those of the biases. With reg = 0.1 the upper left number of $dW^{(1)}$ becomes
# $-0.5 + 0.1 \cdot 1 = -0.4$.
#
# Each sum over samples or classes is one matrix product. The shapes leave few ways to write it: a gradient has the shape
# of what it belongs to.
#
# > **Trap.** `dscores` holds the $1/N$ already. Who divides again has gradients that are N times too small; with a single
# > sample nobody notices.

# %% kind="solution"
from course.reference.nets import two_layer_net_grads

# %% kind="test" points=5
check.two_layer_net_grads(two_layer_net_grads, two_layer_net_scores)

# %% after="two_layer_net_scores two_layer_net_loss two_layer_net_grads"
scores, hidden = two_layer_net_scores(x, small)
_, dscores = two_layer_net_loss(scores, np.array([0]), small)
grads = two_layer_net_grads(dscores, hidden, x, small)
for name, gradient in grads.items():
    print(name, gradient.tolist())

# %% [markdown]
# **Find the bug** in these gradients. Two of the four are right.

# %% kind="bug" mistake="two_layer_net_grads.bias_forgotten_in_the_mask"

# %% [markdown]
# Together the three functions are the net. With labels it returns loss and gradients, without labels the scores. This is
# the form that the trainer will ask for.

# %% kind="given"
from course.reference.models import two_layer_net

# %% [markdown]
# Each of your functions was checked alone, with right numbers from the others: a mistake costs its points once. Now they
# are asked one after the other. This shows whether they fit.

# %% kind="test" points=1
check.two_layer_net(two_layer_net_scores, two_layer_net_loss, two_layer_net_grads)

# %% [markdown]
# Now look at the same steps as a graph. It is a smaller net, with numbers that you can check by hand. Step forward to the loss and
# then back: each gradient is a sum of products, a local derivative times the gradient behind it. Press "guess first" and say
# the sign of a gradient before you see it.

# %% tags=["skip-execution"]
from course.explorers import BackpropExplorer

BackpropExplorer(step=6)

# %% [markdown]
# Never trust a derivation before you have measured it. `check_gradient` moves each number of an array up and down by a
# small $h$, watches the loss, and compares the slope $(L(w + h) - L(w - h)) / 2h$ with your gradient. A relative error of
# 1e-7 is fine; 1e-2 is a mistake.

# %% after="two_layer_net_scores two_layer_net_loss two_layer_net_grads"
loss, grads = two_layer_net(X, toy, y, reg=0.1)
for name in toy:
    measured = check_gradient(lambda v, name=name: two_layer_net(X, {**toy, name: v}, y, 0.1)[0], toy[name], grads[name])
    print(f"{name}: {measured}")

# %% [markdown]
# **Why is $h$ = 1e-5?** Guess which step has the least error, and then look. A large step misses how the function bends; a small one
# subtracts two numbers that agree in nearly all their digits. Take float32: what is the best step there? Take max(0, x) + x³
# near 0: what does a kink inside the step do?

# %% tags=["skip-execution"]
from course.explorers import GradientCheckExplorer

GradientCheckExplorer(h=1e-8)

# %% [markdown]
# ## 4. Update rules
#
# The gradient says in which direction the loss grows. An update rule decides what step to make. All rules are called in
# the same way, once for each parameter at each step:
#
# $$\text{dx, state} = \text{rule}(g,\ \text{state},\ \text{learning rate})$$
#
# `g` is the gradient and `dx` the step; the trainer then adds `dx` to the parameter. `state` is what the rule wants to
# remember. At the first step it is `None`, and afterwards it is what your rule returned the step before. The trainer keeps
# one state for each parameter and begins every training with `None`.
#
# > **Trap.** A velocity in a global variable would be shared by all parameters, and would leak from one training into the
# > next. What a rule remembers belongs into `state` and nowhere else.

# %% [markdown]
# ### Gradient descent
#
# The plain rule, SGD for *stochastic gradient descent*, makes a step against the gradient and remembers nothing:
#
# $$dx = -\text{lr} \cdot g$$
#
# `lr` is the learning rate. Stochastic means that the gradient is that of a batch drawn at random, and not that of all
# samples.

# %% kind="solution"
from course.reference.updates import sgd

# %% kind="test" points=1
check.sgd(sgd)

# %% [markdown]
# ### Momentum
#
# The second rule keeps a velocity, as a ball does that rolls downhill:
#
# $$v = \mu\, v - \text{lr} \cdot g, \qquad dx = v$$
#
# $\mu$ is a number such as 0.9; `v` starts at 0. **Gradients that agree add up.** With $\mu = 0.9$, lr = 0.1 and a gradient
# that is always 1, the steps are
#
# $$-0.1, \quad -0.19, \quad -0.271, \quad -0.3439, \quad \dots \quad \to \quad \frac{-0.1}{1 - 0.9} = -1$$
#
# ten times as large as those of SGD. **Gradients that contradict each other cancel.** If the gradient is $1, -1, 1, -1, \dots$
# the steps are
#
# $$-0.1, \quad 0.01, \quad -0.091, \quad 0.0181, \quad \dots \quad \to \quad \pm\frac{0.1}{1 + 0.9} = \pm 0.053$$
#
# about half as large. The state is the velocity.

# %% kind="solution"
from course.reference.updates import momentum

# %% kind="test" points=2
check.momentum(momentum)

# %% after="momentum"
for name, gradients in {"gradients that agree": (1.0, 1.0, 1.0, 1.0), "that alternate": (1.0, -1.0, 1.0, -1.0)}.items():
    state, walked = None, []
    for g in gradients:
        step, state = momentum(np.array([g]), state, learning_rate=0.1, mu=0.9)
        walked.append(round(float(step[0]), 4))
    print(f"{name}: {walked}")

# %% [markdown]
# Many losses look like a long valley: steep across, nearly flat along. Here is one, $f(x, y) = 0.05\, x^2 + y^2$, with your
# two rules. The square is the start, the star the lowest point, and each rule makes 30 steps.
#
# A small learning rate creeps along the floor. A large one leaps from wall to wall across the valley, and with more than
# 1 it would be thrown out of it. Momentum gathers speed along the valley, where the gradients agree, with the small
# learning rate. It overshoots a little: that is the price.

# %% after="sgd momentum" tags=["skip-execution"]
def walk(rule, learning_rate, **settings):
    """Return the points (31, 2) of a walk through the valley by an update rule."""
    points, state = [np.array([-8.0, 2.0])], None
    for _ in range(30):
        g = np.array([0.1, 2.0]) * points[-1]
        step, state = rule(g, state, learning_rate, **settings)
        points.append(points[-1] + step)
    return np.array(points)


walks = {
    "sgd, learning rate 0.1": walk(sgd, 0.1),
    "sgd, learning rate 0.95": walk(sgd, 0.95),
    "momentum 0.9, learning rate 0.1": walk(momentum, 0.1, mu=0.9),
}
plots.show(
    plots.paths(lambda x, y: 0.05 * x**2 + y**2, walks, (-9, 4), (-2.4, 2.4)),
    alt="Three walks of your rules through a long valley. Plain descent with a small learning rate creeps along the floor, "
    "with a large one it zigzags between the walls; momentum reaches the lowest point and overshoots it a little.",
)
for name, points in walks.items():
    print(f"{name}: ends at x = {points[-1][0]:.2f}, y = {points[-1][1]:.2f}")

# %% [markdown]
# ### RMSprop
#
# A single learning rate for all numbers is a compromise: some have large gradients, others small ones. RMSprop divides
# each number's step by the size that its gradients have had lately. It keeps a moving average $c$ of the squared gradients:
#
# $$c = 0.99\, c + 0.01\, g^2, \qquad dx = -\text{lr}\, \frac{g}{\sqrt{c + 10^{-8}}}$$
#
# Now it hardly matters whether all gradients are 1000 or 0.001. The $10^{-8}$ stands **inside** the root here; without it, a
# number whose gradients are all 0 would ask for 0 divided by 0.
#
# $c$ starts at 0, and after one step it is $0.01\, g^2$, whose root is $0.1\, |g|$. So the first step is **ten times** the
# learning rate. Remember this when you see the first curves.

# %% kind="solution"
from course.reference.updates import rmsprop

# %% kind="test" points=3
check.rmsprop(rmsprop)

# %% [markdown]
# ### Nesterov's momentum
#
# A ball that looks ahead: momentum will carry it by $\mu v$ in any case, so the gradient should be taken there and not
# here. Written so that the gradient can be taken where we stand, with $v$ the old velocity and $w$ the new one:
#
# $$w = \mu\, v - \text{lr} \cdot g, \qquad dx = w + \mu\, (w - v)$$
#
# The state is the velocity, now $w$; the extra term $\mu\, (w - v)$ goes into the step alone. With $\mu = 0.9$, lr = 0.1 and
# $g = 1$ the first step is $-0.1 + 0.9 \cdot (-0.1) = -0.19$.
#
# > **Trap.** $w - v$ needs both velocities. If `v` is overwritten by the new one first, the difference is 0.

# %% kind="solution"
from course.reference.updates import nesterov

# %% kind="test" points=2
check.nesterov(nesterov)

# %% [markdown]
# ### Adam
#
# Adam joins both ideas: a moving average $m$ of the gradients, which works like a velocity, and a moving average $c$ of their
# squares. Both start at 0 and are therefore too small at first. Adam corrects this: after $t$ steps the weights of an
# average add up to $1 - \beta^t$ and not to 1, so it divides by that.
#
# $$\begin{aligned}
# m &= \beta_1\, m + (1 - \beta_1)\, g, \qquad c = \beta_2\, c + (1 - \beta_2)\, g^2 \\
# dx &= -\text{lr}\, \frac{m / (1 - \beta_1^t)}{\sqrt{c / (1 - \beta_2^t)} + 10^{-8}}
# \end{aligned}$$
#
# At the first step, $t = 1$, this gives $m / (1 - \beta_1) = g$ and $c / (1 - \beta_2) = g^2$: the step is the learning rate
# times the sign of the gradient, whatever its size. The $10^{-8}$ stands **outside** the root here, as in the article that
# introduced the rule (Kingma and Ba, 2015). The state is the tuple `(m, c, t)`.

# %% kind="solution"
from course.reference.updates import adam

# %% kind="test" points=4
check.adam(adam)

# %% [markdown]
# The first step of each rule for three gradients of different sizes, with the learning rate 0.1. Which rules care about the
# size?

# %% after="sgd momentum rmsprop nesterov adam"
g = np.array([100.0, 1.0, -0.01])
for rule in (sgd, momentum, nesterov, rmsprop, adam):
    step, _ = rule(g, None, 0.1)
    print(f"{rule.__name__:9}", "".join(f"{number:12.4f}" for number in step))

# %% [markdown]
# **A race.** The rules do not differ in their first step alone. Here they go downhill side by side, and gradient descent once
# more with noise in its gradients, as batches make it. Guess first: which one is lowest after 50 steps? Then set the learning
# rate to 1: why is `nesterov` thrown out of the ravine when `momentum` stays in? And on the saddle: who gets away from
# the flat middle?

# %% tags=["skip-execution"]
from course.explorers import OptimiserRace

OptimiserRace(surface="ravine", learning_rate=0.1, step=5)

# %% [markdown]
# **Find the bug** in this Adam. Its first step is right.

# %% kind="bug" mistake="adam.corrected_averages_remembered"

# %% [markdown]
# ## 5. Training
#
# A training repeats: draw a batch, compute loss and gradients, make a step. `ClassifierTrainer` does this; it is given, and
# it uses your rules. Read `help(ClassifierTrainer.train)` once. What it promises:
#
# - An **epoch** is one round through the data, `N // batch_size` iterations, and at least one: a batch larger than the data
#   is a batch of all of them.
# - `loss_history` has one number for each iteration, the loss of that batch.
# - Accuracies are measured after the first iteration and at the end of each epoch, on validation data and on at most 1,000
#   training samples.
# - At the end of each epoch the learning rate is multiplied by `learning_rate_decay`.
# - It returns the model that did **best on the validation data**, not the last one: the first model counts as best until a
#   better one comes, so there always is one. Your `model` is copied, not changed.
# - It prints nothing, unless you ask with `verbose=True`. All chance comes from the generator `rng`: the same seed gives the
#   same training again.
#
# > **Trap.** The rule is `update='momentum'` unless you say otherwise, but the setting `momentum` is 0 unless you say otherwise.
# > With $\mu = 0$ the rule is plain gradient descent, and nothing tells you so. Whoever wants momentum writes `momentum=0.9`.
#
# First the toy problem, with `sample_batches=False`: all five samples in each iteration, so that no chance is involved.
# After 100 iterations the loss must be 0.940686 with `sgd`.

# %% after="two_layer_net_scores two_layer_net_loss two_layer_net_grads sgd momentum rmsprop nesterov adam" tags=["skip-execution"]
trainer = ClassifierTrainer(
    {"sgd": sgd, "momentum": momentum, "rmsprop": rmsprop, "nesterov": nesterov, "adam": adam}
)
whole = {"reg": 0.001, "learning_rate_decay": 1, "num_epochs": 100, "sample_batches": False}
_, losses, _, _ = trainer.train(X, y, X, y, toy, two_layer_net, update="sgd", learning_rate=0.1, **whole)
print(f"the first loss is {losses[0]:.6f}, the last one {losses[-1]:.6f}")

# %% [markdown]
# ### The rules compared
#
# The same start, the same learning rate of 0.1, your five rules. With `momentum` the last loss must be 0.494394, with
# `rmsprop` 0.439368.

# %% after="two_layer_net_scores two_layer_net_loss two_layer_net_grads sgd momentum rmsprop nesterov adam" tags=["skip-execution"]
steps, lines = np.arange(1, 101), {}
for update in ("sgd", "momentum", "nesterov", "rmsprop", "adam"):
    settings = {"update": update, "momentum": 0.9, "learning_rate": 0.1}
    _, losses, _, _ = trainer.train(X, y, X, y, toy, two_layer_net, **settings, **whole)
    lines[update] = (steps, losses)
    print(f"{update:9} last loss {losses[-1]:.6f}")
plots.show(
    plots.curves(lines, "iteration", "loss"),
    alt="The loss on the toy problem over 100 iterations with your five rules. sgd falls slowest, momentum and nesterov go "
    "together and lower, rmsprop jumps up at first and then falls, adam comes lowest.",
)

# %% [markdown]
# Three things to see. Momentum is far ahead of `sgd` with the same learning rate. `nesterov` does nearly the same as
# `momentum` on so smooth a problem. And `rmsprop` begins with a leap upwards: that is the first step of ten times the learning
# rate.
#
# Does `adam` win? Here it does, at this learning rate. A comparison at one learning rate is not a fair one, because each rule
# has a good learning rate of its own: those of `rmsprop` and `adam` say how far a number moves at each step, those of the
# others say by how much a gradient is multiplied.

# %% [markdown]
# ### The learning rate
#
# It is the setting that matters most. Four values with `sgd`:

# %% after="two_layer_net_scores two_layer_net_loss two_layer_net_grads sgd momentum rmsprop nesterov adam" tags=["skip-execution"]
lines = {}
for learning_rate in (0.001, 0.1, 0.3, 10):
    settings = {"update": "sgd", "learning_rate": learning_rate}
    _, losses, _, _ = trainer.train(X, y, X, y, toy, two_layer_net, **settings, **whole)
    lines[f"{learning_rate:g}"] = (steps, losses)
    print(f"learning rate {learning_rate:<5g} first loss {losses[0]:.3f}, last loss {losses[-1]:.3f}, largest {max(losses):.3f}")
plots.show(
    plots.curves(lines, "iteration", "loss", top=3),
    alt="The loss on the toy problem over 100 iterations of sgd for four learning rates. With 0.001 it hardly moves, with "
    "0.1 and 0.3 it falls, with 10 it jumps up and down above where it began.",
)

# %% [markdown]
# How to find a good one:
#
# - The loss hardly moves: too small. Multiply by 3 or 10; a factor of 1.1 teaches nothing.
# - The loss jumps, grows or becomes `nan`: too large. Divide.
# - Good values often lie a little below the largest one that works.
# - Momentum of 0.9 makes steps up to ten times as long. Divide the learning rate by about 10 when you switch it on.
# - Near the end smaller steps help: `learning_rate_decay` of 0.95 halves the learning rate about every 14 epochs.

# %% [markdown]
# ## 6. Pictures
#
# CIFAR-10 has 60,000 small photographs of ten kinds of things, 32 × 32 pixels in three colours. `load_cifar10` reads it if
# your computer has it, and fetches it if you ask: `load_cifar10(download=True)`. Otherwise it makes pictures of shapes that
# are about as hard to tell apart, and says so in a line. Everything below works with both.
#
# The mean picture of the training images has been subtracted, so that the numbers lie around 0. To look at the images we
# add it again. To keep the wait short, 5,000 training images must do.

# %% tags=["skip-execution"]
data = load_cifar10(num_training=5000, num_validation=1000, num_test=1000)
X_train, X_val, X_test = (images.reshape(len(images), -1) for images in (data.X_train, data.X_val, data.X_test))
print(data, "as rows:", X_train.shape)
first = [int(np.argmax(data.y_train == c)) for c in range(10)]
plots.show(
    plots.pictures(data.X_train[first] + data.mean_image, data.class_names, columns=10, black=0, white=255),
    alt=f"Ten small colour pictures, one of each class: {', '.join(data.class_names)}.",
)

# %% [markdown]
# Now train, with 50 hidden units. `live.Progress()` shows a bar with the time left. `live.Plot()` draws loss and accuracy while
# the training runs. Both are **callbacks**: what the trainer calls after each iteration. The weights are made float32, as the
# pictures are; that takes half the memory and less time. The run of ten epochs takes some seconds.
#
# Watch the first loss. It must be $\log 10$, about 2.3026.

# %% after="two_layer_net_scores two_layer_net_loss two_layer_net_grads sgd momentum rmsprop nesterov adam" tags=["skip-execution"]
def fresh_model(hidden_size, rng):
    """Return the model at the start, for pictures of 3072 numbers and ten classes, in float32."""
    model = init_two_layer_model(3072, hidden_size, 10, rng=rng)
    return {name: value.astype(np.float32) for name, value in model.items()}


rng = np.random.default_rng(0)
best, losses, train_acc, val_acc = trainer.train(
    X_train,
    data.y_train,
    X_val,
    data.y_val,
    fresh_model(50, rng),
    two_layer_net,
    reg=0.1,
    learning_rate=1e-4,
    momentum=0.9,
    num_epochs=10,
    rng=rng,
    callback=[live.Progress(), live.Plot()],
)
print(f"first loss {losses[0]:.4f}, last loss {losses[-1]:.3f}")
print(f"best accuracy on validation images: {max(val_acc):.1%}; chance would be 10%")

# %% [markdown]
# Read the picture. On the left, the loss of single batches jumps, because each batch is another handful of images; the mean of
# its neighbours shows the trend. It stays near 2.3 for a while before it falls: part 8 asks why. On the right, the net does
# better on images that it has been trained with than on others. This gap is called **overfitting**. More images make it
# smaller, and so does more regularisation.
#
# What has the net learnt? Each hidden unit has 3,072 weights, one for each number of a picture. So they can be shown as a
# picture themselves: where it is bright, the unit likes bright pixels.

# %% after="two_layer_net_scores two_layer_net_loss two_layer_net_grads sgd momentum rmsprop nesterov adam" tags=["skip-execution"]
plots.show(
    plots.pictures(best["W1"].T.reshape(50, 3, 32, 32)),
    alt="The weights of the 50 hidden units of your net as small colour pictures. Some show blurred shapes in one "
    "colour against another, others are mostly noise.",
)

# %% [markdown]
# Many of them are blurred templates: a bright blob against a dark ground, one colour against another. A unit looks at the whole
# picture at once, so it needs another template for each place where a thing may stand. Convolutional networks, in later
# lessons, do away with that.

# %% [markdown]
# **Steer a training yourself.** The dashboard below takes the steps of your trainer one by one, so it can pause between two of
# them. Change the learning rate while it runs, and watch how far a step moves the weights compared with their size. Units that
# no picture wakes are called dead: they get no gradient, and so they learn nothing any more.

# %% after="two_layer_net_scores two_layer_net_loss two_layer_net_grads sgd momentum rmsprop nesterov adam" tags=["skip-execution"]
from course.explorers import Dashboard

rng = np.random.default_rng(0)
training, validation = (X_train, data.y_train), (X_val, data.y_val)
settings = {"reg": 0.1, "learning_rate": 1e-4, "momentum": 0.9, "num_epochs": 20, "rng": rng}
dashboard = Dashboard(
    trainer.steps(*training, *validation, fresh_model(50, rng), two_layer_net, **settings),
    units=lambda model: two_layer_net_scores(X_val[:200], model)[1],
    filters=lambda model: model["W1"].T.reshape(50, 3, 32, 32),
)
dashboard.run()

# %% [markdown]
# Try a learning rate of 0.001 in the middle, then go back: does the loss come back too? And the dead units? When the training has
# ended, `dashboard.result()` gives the best model and the histories, as `train` does.
#
# **All of CIFAR-10.** With the photographs on your computer, `num_training=49_000` and the settings above reach 51 % on the
# validation images after ten epochs, in ten times the time. With 500 hidden units and settings from a search it was 53.2 %.
# (Medians of five seeds.) The best known result of such a net is about 56 %.

# %% [markdown]
# ## 7. The search for good settings
#
# Learning rate, momentum, regularisation, hidden units: nobody can compute the best of these **hyper-parameters**. One tries. Three
# habits make the search honest and short:
#
# - **Steps by factors.** Learning rates from 0.0001 to 0.001 lie evenly when each is about three times the one before.
# - **Short runs.** A few epochs tell a bad setting from a good one.
# - **Choose on validation images, report on test images.** Whoever tries nine settings and keeps the best has been lucky,
#   too. The accuracy that they were chosen by is a little too high on average; the test images, used once at the end, are not
#   in on the choice.
#
# And a warning: an accuracy $p$ measured on $N$ images is uncertain by about $\sqrt{p (1 - p) / N}$. For 40 % of 1,000 images
# this is 1.5 points. Two settings that differ by one or two points do not differ, as far as you can tell.
#
# The cell below tries three values of momentum with three learning rates, four epochs each; it takes about two or three
# times as long as the training above. A callback that returns `True` ends
# a training, and this one ends those whose loss has run away.

# %% after="two_layer_net_scores two_layer_net_loss two_layer_net_grads sgd momentum rmsprop nesterov adam" tags=["skip-execution"]
def ran_away(step):
    """Return True, which ends the training, when the loss is no number or far above that of guessing."""
    return not step.loss < 10


def attempt(mu, learning_rate):
    """Return the best model of four epochs, and its accuracy on validation images: nan if the loss ran away."""
    rng = np.random.default_rng(1)
    settings = {"reg": 0.1, "learning_rate": learning_rate, "momentum": mu, "num_epochs": 4}
    training, validation = (X_train, data.y_train), (X_val, data.y_val)
    model, losses, _, val_acc = trainer.train(
        *training, *validation, fresh_model(50, rng), two_layer_net, **settings, rng=rng, callback=ran_away
    )
    return model, max(val_acc) if losses[-1] < 10 else np.nan


mus, learning_rates = (0, 0.9, 0.97), (1e-4, 3e-4, 1e-3)
accuracies, models = np.zeros((3, 3)), {}
for i, mu in enumerate(mus):
    for j, learning_rate in enumerate(learning_rates):
        models[i, j], accuracies[i, j] = attempt(mu, learning_rate)
        said = "the loss ran away" if np.isnan(accuracies[i, j]) else f"{accuracies[i, j]:.1%}"
        print(f"momentum {mu:<4g}  learning rate {learning_rate:<6g}  {said}")
i, j = np.unravel_index(np.nan_to_num(accuracies).argmax(), accuracies.shape)
found, found_at = models[i, j], (mus[i], learning_rates[j])
plots.show(
    plots.heat_map(100 * accuracies, mus, [f"{rate:g}" for rate in learning_rates], "momentum", "learning rate", "{:.1f}"),
    alt="The accuracy on validation images in percent, for three values of momentum and three learning rates. The more "
    "momentum, the smaller the learning rate that does best. Fields where the loss ran away are empty.",
)

# %% [markdown]
# Look for the good fields: more momentum needs a smaller learning rate. Part 4 says why. Gradients that agree make steps of
# $\text{lr} / (1 - \mu)$ times their size, and this number decides: where it is well below 0.001, the net has not got far
# in four epochs; near 0.003 it does best; from 0.01 on, the loss may run away.
#
# Your turn: which of the nine is best, and would it still be best after twenty epochs? Try `update="adam"` with a learning rate
# of 0.0003, another `reg`, more hidden units.
#
# When you have chosen, ask the test images, once:

# %% after="two_layer_net_scores two_layer_net_loss two_layer_net_grads sgd momentum rmsprop nesterov adam" tags=["skip-execution"]
print(f"chosen on validation images: momentum {found_at[0]:g}, learning rate {found_at[1]:g}")
for name, chosen in {"best of the search, 4 epochs": found, "part 6, 10 epochs": best}.items():
    right = np.mean(two_layer_net(X_test, chosen).argmax(axis=1) == data.y_test)
    print(f"{name}: right on {right:.1%} of the test images")

# %% [markdown]
# ## 8. A question in words
#
# `init_two_layer_model` draws small random weights. Why random, and why small? Biases of 0 are fine in all of this.
#
# 1. Suppose all weights start at 0. Follow the five steps of part 3: which gradients are 0 at the first step, which are not, and
#    what can the net learn in the end?
# 2. Suppose all weights start at the same number, 0.01, and all inputs are positive. Compare two hidden units: their values,
#    their gradients, and how they differ after a thousand steps.
# 3. In part 6 the loss stayed near 2.3 for a while. The weights start at about $10^{-5}$. Which factors in the formulas of $dW^{(1)}$
#    and $dW^{(2)}$ are tiny then, and why does learning become faster and faster?
#
# Six to twelve sentences are enough. What counts:
#
# | points | for |
# |---|---|
# | 1 | zeros: which gradients are 0 and why, and what this means for every later step |
# | 1 | equal weights: values and gradients of the two units, and a reason for what they are after a thousand steps |
# | 1 | tiny weights: the tiny factor in each gradient, and how the two layers act on each other |

# %% [markdown] kind="written" points=3
# **Zeros.** All hidden units are 0, because the sums are 0. So $dW^{(2)} = \text{hidden}^\top \text{dscores} = 0$. Since $W^{(2)} = 0$, also
# $\text{dhidden} = \text{dscores}\, (W^{(2)})^\top = 0$, and with it $dW^{(1)}$ and $db^{(1)}$. Only $db^{(2)}$ is not 0. After the step the weights
# are still 0, so the same holds at every later step. The net learns $b^{(2)}$ alone, that is, how frequent each class is; it never
# looks at the picture.
#
# **Equal weights.** All hidden units compute the same sum from the same inputs, so they have equal values. They go into
# the scores with equal weights, so they get the same dhidden, and therefore equal columns in $dW^{(1)}$ and equal rows in $dW^{(2)}$.
# Equal numbers with equal steps stay equal. After a thousand steps there are still H copies of one unit, and the net can do
# no more than a net with a single hidden unit. Random weights break this symmetry. (In this example dhidden is even 0 at the
# first step, as the rows of dscores add up to 0; this changes once the columns of $W^{(2)}$ differ.)
#
# **Tiny weights.** The hidden units are sums with weights of $10^{-5}$, so $dW^{(2)}$, which has hidden as a factor, is tiny, and
# dhidden, which has $W^{(2)}$ as a factor, is tiny, too. Near 0 both layers hardly move, the scores stay near 0, and the loss stays
# at $\log 10$. But each gradient grows with the other layer's weights. So the growth of one layer speeds up the
# other; this is growth like that of interest on interest, slow at first and then fast. Large weights would avoid the wait, but
# would start with large, arbitrary scores and a loss far above $\log 10$.

# %% [markdown]
# ## Where you stand

# %% tags=["skip-execution"]
check.all()
