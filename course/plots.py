"""Pictures for the lessons: each function draws on a new figure and returns its Axes; `show` displays it."""

import base64
import html
import io
import logging

import numpy as np
from IPython.display import display
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

# Okabe and Ito's colours, which people with any colour vision can tell apart.
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
LINES = (BLUE, VERMILLION, GREEN, PURPLE, BLACK, SKY)
DASHES = ("-", "--", "-.", ":")
# The same colours made light, as a background for black numbers.
PALE_ORANGE, PALE_BLUE, PALE_GREEN, PALE_PURPLE, GREY = "#FBE3B3", "#BFDDF0", "#BFE6DA", "#F2D9E6", "#EFEFEF"
WINDOWS = (PALE_ORANGE, PALE_BLUE, PALE_GREEN, PALE_PURPLE)
STRONG = (ORANGE, SKY, "#4DBB9A", PURPLE)

# Building the font cache on the first run writes a line to stderr, which some graders take for an error.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


def show(axes, alt):
    """Display a figure with a description for those who do not see it.

    axes: what a function of this module returns.  alt: the description, one or two sentences.
    It goes out as HTML because JupyterLab gives image outputs no alt text.
    """
    figure = np.ravel(axes)[0].figure
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=144, bbox_inches="tight", pad_inches=0.08)
    png = stream.getvalue()
    pixels = int.from_bytes(png[16:20])  # where a PNG keeps its width; 1.5 of them to one on the page: sharp
    data, width = base64.b64encode(png).decode(), round(pixels / 1.5)
    style = "display:block;max-width:100%;height:auto;margin:0.4em 0"
    tag = f'<img alt="{html.escape(alt)}" width="{width}" style="{style}" src="data:image/png;base64,{data}">'
    display({"text/html": tag, "text/plain": alt}, raw=True)


def curves(lines, xlabel, ylabel):
    """Draw lines over one horizontal axis.

    lines: {label: (x, y)}, arrays of one length each.  Returns the Axes.
    """
    ax = Figure(figsize=(6, 3.2), layout="constrained").subplots()
    for i, (label, (x, y)) in enumerate(lines.items()):
        ax.plot(x, y, label=label, color=LINES[i % 6], linestyle=DASHES[i % 4], linewidth=2)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.grid(color="#DDDDDD")
    ax.spines[["top", "right"]].set_visible(False)
    if len(lines) > 1:
        ax.legend(frameon=False)
    return ax


def images(pictures, black=None, white=None):
    """Draw grey pictures beside each other.

    pictures: {title: array (H, W)}.  black, white: the numbers that look so; None: each picture's extremes.
    Returns an array of Axes.
    """
    shapes = np.array([picture.shape for picture in pictures.values()])
    across = 9 / max(4, len(pictures))
    tall = across * (shapes[:, 0] / shapes[:, 1]).max() + 0.4
    figure = Figure(figsize=(across * len(pictures), tall), layout="constrained")
    axes = figure.subplots(1, len(pictures), squeeze=False)[0]
    for ax, (title, picture) in zip(axes, pictures.items(), strict=True):
        ax.imshow(picture, cmap="gray", vmin=black, vmax=white)
        ax.set_title(title, fontsize=10)
        ax.set(xticks=[], yticks=[])
    return axes


def matrix(values, title):
    """Draw a matrix of numbers, the darker the larger in absolute value.

    values: (H, W).  Returns the Axes.
    """
    H, W = values.shape
    ax = Figure(figsize=(0.55 * W + 1.2, 0.55 * H + 0.6), layout="constrained").subplots()
    cells(ax, values, shades(values, np.abs(values).max()))
    frame(ax, W, H, title)
    return ax


def errors(mine, right):
    """Draw two matrices that should be equal, and their difference in red where it is more than rounding.

    mine: (H, W), derived.  right: (H, W), measured.  Returns an array of three Axes.
    """
    H, W = right.shape
    axes = Figure(figsize=(1.65 * W + 1.2, 0.55 * H + 0.7), layout="constrained").subplots(1, 3)
    largest = np.abs(right).max()
    difference = np.where(np.abs(mine - right) <= 1e-6 * largest, 0, mine - right)  # keeps nan
    red = np.where(difference != 0, VERMILLION, "white")
    panels = (mine, shades(mine, largest)), (right, shades(right, largest)), (difference, red)
    for ax, panel, title in zip(axes, panels, ("yours", "numerical", "difference"), strict=True):
        cells(ax, *panel, fontsize=8)
        frame(ax, W, H, title)
    return axes


def window(x, w, out, at, stride=1, pad=0, bias=0):
    """Draw one step of a convolution: the padded input with its window, the filter, the output, and the sum.

    x: (H, W).  w: (HH, WW).  out: (H_out, W_out), what was computed.  at: (i, j), the output cell.
    Returns an array of three Axes.
    """
    (HH, WW), (i, j) = w.shape, at
    x_pad = np.pad(x, pad)
    columns = x_pad.shape[1] + WW + out.shape[1]
    figure = Figure(figsize=(0.5 * columns + 1.6, 0.5 * x_pad.shape[0] + 1.2), layout="constrained")
    axes = figure.subplots(1, 3, width_ratios=[x_pad.shape[1], WW, out.shape[1]])
    faces = np.full(x_pad.shape, GREY)
    faces[pad : pad + x.shape[0], pad : pad + x.shape[1]] = "white"
    here = slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
    faces[here] = PALE_ORANGE
    cells(axes[0], x_pad, faces)
    cells(axes[1], w, np.full(w.shape, PALE_ORANGE))
    chosen = np.full(out.shape, "white", dtype="U7")
    chosen[at] = PALE_BLUE
    cells(axes[2], out, chosen)
    panels = {"input x, padded" if pad else "input x": x_pad, "filter w": w, "output": out}
    for ax, (title, values) in zip(axes, panels.items(), strict=True):
        frame(ax, values.shape[1], values.shape[0], title)
    pairs = zip(x_pad[here].ravel(), w.ravel(), strict=True)
    terms = " + ".join(f"{bracket(a)}·{bracket(b)}" for a, b in pairs)
    terms += f" + {bracket(bias)}" if bias else ""
    figure.supxlabel(f"out[{i}, {j}] = {terms} = {number((x_pad[here] * w).sum() + bias)}", fontsize=10)
    return axes


def im2col(x, rows, column, out, stride=1):
    """Draw the matrix phi(x): each window of x in the colour of its row, then the filter and the product.

    x: (H, W).  rows: (windows, HH * WW).  column: (HH, WW), the filter.  out: (H_out, W_out).
    Returns the Axes.
    """
    (H, W), (HH, WW), count = x.shape, column.shape, len(rows)
    height = max(count, rows.shape[1])
    ax = Figure(figsize=(9, 0.6 * height + 0.7), layout="constrained").subplots()
    small, left = 0.88 / H, 2.4
    for k, row in enumerate(rows):
        i, j = np.unravel_index(k, out.shape)
        faces = np.full((H, W), "white", dtype="U7")
        faces[i * stride : i * stride + HH, j * stride : j * stride + WW] = WINDOWS[k % 4]
        cells(ax, x, faces, corner=(0, k + 0.06), size=small, fontsize=7)
        arrow(ax, (small * W + 0.15, k + 0.5), (left - 0.15, k + 0.5))
        cells(ax, row[None, :], np.full((1, rows.shape[1]), WINDOWS[k % 4]), corner=(left, k))
    times, equals = left + rows.shape[1] + 0.5, left + rows.shape[1] + 2.5
    middle = (height - rows.shape[1]) / 2
    cells(ax, column.reshape(-1, 1), corner=(times + 0.5, middle))
    cells(ax, out.reshape(-1, 1), np.array(WINDOWS)[np.arange(count) % 4, None], corner=(equals + 0.5, 0))
    centres = small * W / 2, left + rows.shape[1] / 2, times + 1, equals + 1
    for place, word in zip(centres, ("windows", "phi(x): one row each", "filter", "output"), strict=True):
        ax.text(place, -0.25, word, ha="center", fontsize=10)
    for place, sign in ((times, "·"), (equals, "=")):
        ax.text(place, height / 2, sign, ha="center", va="center", fontsize=16)
    frame(ax, equals + 1.6, height, top=-0.7)
    return ax


def selection(x, S, dout):
    """Draw pooling as a matrix: out = S x is read along the rows, dx = S^T dout down the columns.

    x: (H, W), with windows that do not overlap.  S: (windows, H * W).  dout: (windows,).
    Returns an array of three Axes.
    """
    count, size = S.shape
    faces = np.full(S.shape, "white", dtype="U7")
    for k in range(count):
        faces[k, S[k] != 0] = STRONG[k % 4]
    over = np.array([next((face for face in column if face != "white"), "white") for column in faces.T])
    figure = Figure(figsize=(9.6, 3.6), layout="constrained")
    grid = figure.add_gridspec(2, 2, width_ratios=[1, 4.6])
    axes = np.array([figure.add_subplot(place) for place in (grid[0, 0], grid[1, 0], grid[:, 1])])
    dx, rows = S.T @ dout, np.array(STRONG)[np.arange(count) % 4, None]
    for ax, values, title in ((axes[0], x, "x"), (axes[1], dx, "dx")):
        cells(ax, values.reshape(x.shape), over.reshape(x.shape), fontsize=9)
        frame(ax, x.shape[1], x.shape[0], title)
    ax, middle, below = axes[2], count / 2, count + 0.8
    cells(ax, x.reshape(1, -1), over[None, :], corner=(0, -1.8), fontsize=9)
    cells(ax, S, faces, fontsize=9, faint=True)
    cells(ax, dx[None, :], over[None, :], corner=(0, below), fontsize=9)
    cells(ax, dout[:, None], rows, corner=(-1.8, 0), fontsize=9)
    cells(ax, S @ x.reshape(-1, 1), rows, corner=(size + 0.8, 0), fontsize=9)
    for start, end in (((size + 0.1, middle), (size + 0.7, middle)), ((size / 2, -0.7), (size / 2, -0.1))):
        arrow(ax, start, end, BLUE)
    for start, end in (((-0.7, middle), (-0.1, middle)), ((size / 2, count + 0.1), (size / 2, below - 0.1))):
        arrow(ax, start, end, VERMILLION)
    for left, top, word in ((-1.3, -0.4, "dout"), (size + 1.3, -0.4, "out")):
        ax.text(left, top, word, ha="center", va="center", fontsize=10)
    for top, word in ((-1.3, "x"), (below + 0.5, "dx")):
        ax.text(-0.3, top, word, ha="right", va="center", fontsize=10)
    frame(ax, size + 2, below + 1, "S: one row for each output, one column for each pixel", top=-1.9, left=-2)
    return axes


def chain(names, shapes):
    """Draw a net: values go forward above the layers, gradients come back below them, caches wait inside.

    names: one for each layer.  shapes: what goes into the first layer and what comes out of each, as text.
    Returns the Axes.
    """
    step, wide, low = 2.35, 1.25, 0.9
    ax = Figure(figsize=(9.6, 2.1), layout="constrained").subplots()
    for k, name in enumerate(names):
        left = step * k + step - wide
        box(ax, left, 0, wide, 1.2, PALE_BLUE)
        ax.text(left + wide / 2, 0.4, name, ha="center", va="center", fontsize=11, weight="bold")
        if k < len(names) - 1:  # the loss is the turning point: it returns its gradient at once
            box(ax, left + 0.27, low - 0.16, wide - 0.54, 0.32, "white")
            ax.text(left + wide / 2, low, "cache", ha="center", va="center", fontsize=8)
    for k, shape in enumerate(shapes):
        start, end = step * k + 0.06, step * (k + 1) - wide - 0.06
        arrow(ax, (start, 0.4), (end, 0.4), BLUE)
        arrow(ax, (end, low), (start, low), VERMILLION)
        ax.text((start + end) / 2, 0.22, shape, ha="center", fontsize=9)
    ax.text(0, -0.45, "forward: values, from the image to the loss", color=BLUE, fontsize=11)
    ax.text(0, 1.7, "backward: gradients of the loss, shaped like the values", color="#A84800", fontsize=11)
    frame(ax, step * (len(names) + 1) - wide, 1.8, top=-0.75)
    return ax


def timings(seconds):
    """Draw how long things took, as bars on a logarithmic axis.

    seconds: {what: {how: seconds}}, the same hows for each what.  Returns the Axes.
    """
    hows = list(next(iter(seconds.values())))
    ax = Figure(figsize=(7, 0.45 * len(seconds) * len(hows) + 1.2), layout="constrained").subplots()
    height = 0.8 / len(hows)
    for k, how in enumerate(hows):
        places = np.arange(len(seconds)) + (k - (len(hows) - 1) / 2) * height
        lengths = [1000 * row[how] for row in seconds.values()]
        bars = ax.barh(places, lengths, 0.9 * height, label=how, color=LINES[k % 6])
        ax.bar_label(bars, [f"{length:.3g} ms" for length in lengths], padding=4, fontsize=10)
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.set_yticks(np.arange(len(seconds)), list(seconds))
    ax.invert_yaxis()
    ax.margins(x=0.25)
    ax.set_xlabel("milliseconds, on a logarithmic axis")
    ax.spines[["top", "right"]].set_visible(False)
    ax.figure.legend(loc="outside upper right", ncols=len(hows), frameon=False)
    return ax


def cells(ax, values, faces=None, corner=(0, 0), size=1, fontsize=11, faint=False):
    """Draw numbers in boxes. values, faces: (H, W).  corner: (left, top).  faint: white zeros in grey."""
    for (row, column), value in np.ndenumerate(values):
        left, top = corner[0] + column * size, corner[1] + row * size
        face = "white" if faces is None else faces[row, column]
        box(ax, left, top, size, size, face)
        ink = "#767676" if face == GREY or (faint and face == "white" and not value) else BLACK
        middle = left + size / 2, top + size / 2
        ax.text(*middle, number(value), ha="center", va="center", fontsize=fontsize, color=ink)


def box(ax, left, top, width, height, face):
    """Draw a rectangle."""
    ax.add_patch(Rectangle((left, top), width, height, facecolor=face, edgecolor="#777777", linewidth=0.8))


def frame(ax, width, height, title="", top=0, left=0):
    """Show this much of an Axes, rows downwards, squares as squares, without lines around it."""
    ax.set(xlim=(left - 0.05, width + 0.05), ylim=(height + 0.05, top - 0.05), aspect="equal")
    ax.axis("off")
    if title:
        ax.set_title(title, fontsize=10)


def arrow(ax, start, end, colour=BLACK):
    """Draw an arrow."""
    style = {"arrowstyle": "-|>", "mutation_scale": 12, "shrinkA": 0, "shrinkB": 0}
    ax.add_patch(FancyArrowPatch(start, end, color=colour, **style))


def shades(values, largest):
    """Return a pale colour for each number: orange above 0, blue below, white at 0 and for nan."""
    strength = np.clip(np.nan_to_num(np.abs(values) / (largest or 1)), 0, 1)
    strong = np.where(values[..., None] > 0, to_rgb(ORANGE), to_rgb(SKY))
    mixed = 1 - 0.75 * strength[..., None] * (1 - strong)
    return np.array([[to_hex(colour) for colour in row] for row in mixed])


def number(value):
    """Return a number as people write it: at most three digits that count, a real minus sign."""
    return f"{float(value):.3g}".replace("-", "\N{MINUS SIGN}")


def bracket(value):
    """Return a number, in brackets when it is negative."""
    return f"({number(value)})" if value < 0 else number(value)
