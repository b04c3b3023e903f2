"""What fast layers share: windows as shifted views, and batches taken in blocks that stay in the cache."""

BLOCK_BYTES = 1 << 19


def shifted(x, axis, kernel, stride, count):
    """Yield, for each place in a window, the view of x that holds this place of every window along one axis.

    View p holds x at p, p + stride, ..., p + (count - 1) * stride: entry i belongs to window i.

        x, kernel 3, stride 1    a b c d e     view 0   a b c
                                               view 1   b c d
                                               view 2   c d e    (window 0 is the column a b c)

    x: an array.  axis: which one.  kernel: places in a window.  count: how many windows fit along the axis.
    """
    before = (slice(None),) * axis
    for place in range(kernel):
        yield x[(*before, slice(place, place + stride * count, stride))]


def parts(x):
    """Yield indices that cut (N, C, H, W) into blocks along N or C, whichever lies further out in memory.

    In memory order (N, C, H, W) a block is a few images; in another order, a few channels of all images.
    """
    axis = 0 if x.strides[0] >= x.strides[1] else 1
    for block in blocks(x.shape[axis], x.nbytes // x.shape[axis]):
        yield (slice(None),) * axis + (block,)


def blocks(N, each, most=None):
    """Yield slices that cut N images, or columns, into blocks of about `most`, at least one of them each.

    each: what the largest array of the work on a block needs for one of them.  most: BLOCK_BYTES if None.
    """
    size = max(1, (most or BLOCK_BYTES) // each)
    yield from (slice(first, min(first + size, N)) for first in range(0, N, size))
