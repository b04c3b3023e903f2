# ---
# jupyter:
#   course:
#     lesson: what-a-convnet-sees
#     number: 5
#     title: What a ConvNet sees
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
# # What a ConvNet sees
#
# Pictures of what a network *sees* are everywhere, and they persuade. This lecture makes such pictures of a cat: with random filters,
# with filters made by hand, and with filters trained on 49,000 photographs. Then it asks what they show and what they don't.
#
# Nothing is to be handed in. Change a number, run the cell again, and look.

# %%
import numpy as np

from course import filters, plots
from course.data.cat import cat, trained
from course.explorers import FilterExplorer, LeNetExplorer
from course.reference.lenet import LENET
from course.reference.network import Network

picture = cat()
learnt = trained()

# %%
plots.show(
    plots.pictures(
        np.concatenate([picture[None], filters.through(picture, learnt["convnet"][:3], pad=2)[None]]),
        captions=["a cat", "the same cat through three trained filters"],
        columns=2,
    ),
    alt="A photograph of a cat's face in colour, and beside it the face in false colours, with coloured edges.",
)

# %% [markdown]
# ## What you will learn
#
# After this lecture you can
#
# - make pictures of what filters do, and say what a false colour means;
# - say what ReLU and pooling take away, and what sizes are left;
# - tell random filters from trained ones, by eye and by a number;
# - name four sentences about ConvNets that are often written and not true;
# - say what a picture of a map proves.
#
# ## 1. Three random filters
#
# Take three filters of 3 × 3, with random numbers in them. Each gives a map. Three maps can be shown as one picture: the first as red,
# the second as green, the third as blue.

# %%
rng = np.random.default_rng(0)
random_3 = rng.standard_normal((3, 3, 3, 3))
maps = filters.through(picture, random_3)


def each_by_itself(maps):
    """Scale every map to the range from 0 to 1, each with its own smallest and largest number."""
    low, high = maps.min(axis=(1, 2), keepdims=True), maps.max(axis=(1, 2), keepdims=True)
    return (maps - low) / (high - low)


together = (maps - maps.min()) / (maps.max() - maps.min())
plots.show(
    plots.pictures(
        np.array([each_by_itself(maps), together]),
        captions=["each channel scaled by itself", "all three scaled together"],
        columns=2,
        black=0,
        white=1,
    ),
    alt="Twice the same three maps of the cat as red, green and blue. Scaled one by one the colours are balanced; scaled together "
    "one colour prevails.",
)
for number, plane in enumerate(maps):
    print(f"map {number}: from {plane.min():7.0f} to {plane.max():7.0f}")

# %% [markdown]
# Both pictures show the same numbers. **The colours say nothing about the cat.** They depend on which filter was called red, and on how
# each map was scaled to what a screen can show. Never compare such colours between two pictures.
#
# The shape of the cat, though, is plain to see, with filters that know nothing. Remember this for part 5.
#
# ## 2. Larger filters, fewer filters
#
# A filter of 10 × 10 mixes 100 pixels of each channel. Details that are smaller than that are smeared.

# %%
grey = []
for size in (3, 10, 20):
    one = rng.standard_normal((1, 3, size, size))
    grey.append(filters.through(picture, one)[0])
    print(f"one filter of {size:2} x {size:<2}   output {grey[-1].shape}   {one.size:>5,} weights")
plots.show(
    plots.images({f"{size} x {size}": plane for size, plane in zip((3, 10, 20), grey, strict=True)}),
    alt="The cat through one random filter of 3 by 3, 10 by 10 and 20 by 20 pixels: the larger the filter, the more blurred.",
)

# %% [markdown]
# One filter gives one map, so the picture is grey. The larger filter has a smaller output: a filter of $F$ has $N - F + 1$ places.
#
# ## 3. ReLU, pooling, both
#
# ReLU sets everything below 0 to 0. Pooling keeps the largest of each 2 × 2 pixels. Here is one map, then with each, then with both.

# %%
edge = filters.on_grey(filters.BY_HAND["vertical edges"])[None]
one = filters.through(picture, edge)
steps = {
    "map": one,
    "ReLU": filters.relu(one),
    "max pooling": filters.pooled(one),
    "ReLU, max pooling": filters.pooled(filters.relu(one)),
}
plots.show(
    plots.images({name: plane[0] for name, plane in steps.items()}),
    alt="A map of the cat's vertical edges, the same with everything dark cut off, the same in half the size, and with both.",
)
for name, plane in steps.items():
    print(f"{name:18} {str(plane.shape[1:]):11} smallest {plane.min():6.0f}   zeros {np.mean(plane == 0):4.0%}")

# %% [markdown]
# ReLU and max pooling may change places: the largest of some numbers, cut at 0, is the same as the largest of the cut numbers. With pooling
# first, ReLU has a quarter of the work. Mean pooling may not change places with ReLU.

# %%
before, after = filters.relu(filters.pooled(one)), filters.pooled(filters.relu(one))
print("max: ", np.array_equal(before, after))
before, after = filters.relu(filters.pooled(one, how=np.mean)), filters.pooled(filters.relu(one), how=np.mean)
print("mean:", np.allclose(before, after))

# %% [markdown]
# Now choose three filters yourself, their size, ReLU and pooling, or write a filter of your own. A picture of yours may take the cat's
# place; it stays in your browser. Guess first how large the maps are.

# %%
FilterExplorer()

# %% [markdown]
# ## 4. LeNet, layer by layer
#
# LeNet is two rounds of convolution and pooling with three fully connected layers behind them. Here it gets a colour picture of 32 × 32:

# %%
Network(LENET)

# %% [markdown]
# Walk through it step by step, with trained or with random filters, and watch the maps become smaller and more. Guess first how many
# numbers come out of a step. Below, the same is computed in NumPy.

# %%
LeNetExplorer(step=1)

# %%
small = picture[:, 11:139, 48:176].reshape(3, 32, 4, 32, 4).mean(axis=(2, 4))  # the face, in 32 x 32 pixels
random_net = Network(LENET).init(rng=rng)


def one_round(maps, weights, layer):
    """Return what convolution, ReLU and pooling make of maps."""
    out = filters.through(maps, weights[f"{layer}.w"]) + weights[f"{layer}.b"][:, None, None]
    return filters.pooled(filters.relu(out))


for name, weights in (("random", random_net), ("trained", learnt)):
    first = one_round((small - small.mean()) / 64, weights, 0)
    second = one_round(first, weights, 3)
    plots.show(
        plots.pictures(first, columns=6),
        alt=f"Six maps of 14 by 14 pixels of the cat's face after the first round of LeNet with {name} filters.",
    )
    plots.show(
        plots.pictures(second, columns=16),
        alt=f"Sixteen maps of 5 by 5 pixels after the second round of LeNet with {name} filters: no face can be seen any more.",
    )

# %% [markdown]
# Above the maps of random weights, below those of trained ones. After the first round you may find an eye, if you know where to look.
# After the second round nobody sees a cat, in either. The fully connected layers work with these 400 numbers. What they mean cannot be told by looking.
#
# ## 5. Random against trained
#
# Below are first filters of the ConvNet of the assignment, after five epochs on CIFAR-10. Above them are random ones of the same size, as
# any training starts with.

# %%
start = rng.standard_normal(learnt["convnet"].shape)
for name, bank in (("random", start), ("trained", learnt["convnet"])):
    plots.show(
        plots.pictures(bank[:16], columns=16),
        alt=f"Sixteen {name} filters of 5 by 5 pixels in colour."
        + (" Neighbouring pixels have nothing to do with each other." if name == "random" else " Edges, and patches of one colour."),
    )

# %% [markdown]
# Random filters are noise. In trained ones neighbours are more alike: there are edges and patches of one colour. Put it into a number.
# How much are two neighbouring weights alike? The correlation is 1 for equal and 0 for unrelated neighbours.

# %%
def likeness(bank):
    """Return the correlation of each weight with its right neighbour, over all filters and channels."""
    return np.corrcoef(bank[..., :-1].ravel(), bank[..., 1:].ravel())[0, 1]


print(f"random  {likeness(start):+.2f}\ntrained {likeness(learnt['convnet']):+.2f}")

# %% [markdown]
# Now what they do to the cat, four of each kind, and four filters made by hand:

# %%
hand = np.array([filters.on_grey(filters.BY_HAND[name]) for name in ("blur", "sharpen", "vertical edges", "horizontal edges")])
for name, bank in (("random", start), ("trained", learnt["convnet"]), ("made by hand", hand)):
    plots.show(
        plots.pictures(filters.through(picture, bank[:4]), columns=4),
        alt=f"The cat through four filters that are {name}.",
    )

# %% [markdown]
# Could you have told which row is which without the order? The random filters show edges as well. Any filter whose weights differ from
# place to place does, because edges are where neighbouring pixels differ. So:
#
# - **A map that shows edges does not prove that anything was learnt.**
# - A map of a random net can look as rich as one of a trained net.
# - What proves learning is a number on pictures that were not trained on: the accuracy on a test set.
# - What a unit responds to is found by an experiment: show it many pictures, and look at those for which it is largest. Zeiler and Fergus
#   did this in 2013, for every layer of a net.
#
# ## 6. Four sentences that are not true
#
# **"Average pooling adds a nonlinearity."** It is a sum with fixed weights, so it is linear. Maximum and median are not.

# %%
rng = np.random.default_rng(1)
a, b = rng.standard_normal((2, 1, 8, 8))
for name, how in (("mean", np.mean), ("max", np.max), ("median", np.median)):
    linear = np.allclose(filters.pooled(a + b, how=how), filters.pooled(a, how=how) + filters.pooled(b, how=how))
    print(f"{name:7} pooled(a + b) = pooled(a) + pooled(b): {linear}")

# %% [markdown]
# **"ReLU squashes the numbers into a range."** tanh and sigmoid do. ReLU has no upper limit: what was 1000 stays 1000.
#
# **"Same padding adds zeros so that the output has the same size as the filter."** It keeps the size of the **input**, with stride 1 and an
# odd filter.

# %%
for size in (3, 5, 11):
    same = filters.through(picture, np.ones((1, 3, size, size)), pad=(size - 1) // 2)
    print(f"{size:2} x {size:<2}  in {picture.shape[1:]}  out {same.shape[1:]}")

# %% [markdown]
# **"The colours show what the network looks at."** Part 1: they show how the maps were scaled.
#
# ## 7. How it came here
#
# The ImageNet challenge asked for one of 1,000 classes; 1.2 million photographs to train on. A guess counted as right when the class was
# **among five** that the program named. The number of the table is how often it was not: the top-5 error on the challenge's test
# pictures.
#
# | year | network | top-5 error | weights | what was new |
# |---|---|---|---|---|
# | 1998 | LeNet-5 | (digits: 0.95 %) | 60 thousand | convolution, pooling, trained as a whole |
# | 2012 | AlexNet | 15.3 % | 60 million | ReLU, dropout, two graphics cards |
# | 2013 | ZFNet | 14.8 % | about as many | smaller first filters, chosen after looking at what layers respond to |
# | 2014 | VGG | 7.3 % | 138 million | 3 × 3 filters only, 16 to 19 layers |
# | 2014 | GoogLeNet | 6.7 % | about 7 million | several filter sizes side by side, no large layers at the end |
#
# The errors are those of several networks voting together, as the papers give them (LeCun et al. 1998; Krizhevsky et al. 2012; Zeiler and
# Fergus 2013; Simonyan and Zisserman 2014; Szegedy et al. 2014).
#
# Two figures are often told wrongly.
#
# - *"AlexNet was 15 % better."* 15.3 % was its error. The second in 2012 had 26.2 %. So it was 10.9 points better, or 42 % fewer errors.
# - *"ConvNets are right in 94 % of all cases."* This is one minus GoogLeNet's error, rounded up from 93.3 %: one of **five** guesses
#   was right, of seven networks together. With a single guess AlexNet was wrong in 37.5 % on the pictures of 2010, where its top-5 error
#   was 17.0 %.

# %%
print(f"fewer errors: {1 - 15.3 / 26.2:.0%}   in points: {26.2 - 15.3:.1f}   GoogLeNet: {100 - 6.7:.1f} % among five")

# %% [markdown]
# ## In short
#
# - A map is a picture of numbers. Its colours are yours, not the network's.
# - Sizes shrink with each filter and each pooling; after two rounds nobody recognises a cat.
# - Trained filters are smoother than random ones. Their maps may still look alike.
# - A picture can give an idea. A number on unseen pictures is what counts.
