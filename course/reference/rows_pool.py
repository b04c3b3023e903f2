"""2x2 max pooling that keeps who won, on two rows of maps at a time in the memory order of rows.

    upper row   1 5 2 0                            1 if below won     1 if right won     gradients
    lower row   3 4 7 6     best of two  3 5 7 6   1 0 1 1            1   0              upper  0 d . .
                            out          5   7                                           lower  0 0 e 0

The way forward knows who wins, so it writes it down, a byte a comparison, and the way back compares nothing.
A winner's gradient is d times the mask, and the loser's is d minus what the winner got: one product and one
difference instead of two masks, and handed out exactly once, whatever the masks say.
The two rows come from a product that has just been computed and are still in the cache; the maps as a whole
are never in memory. Of equal numbers the upper one wins, then the left one.
"""

import numpy as np


def pool_pair(pair, out):
    """Write the largest number of each 2x2 window to out, and return the winners for unpool_pair.

    pair: (2, C, W, N), two rows of maps, W even.  out: (C, W / 2, N), is overwritten.
    Returns below: (C, W, N) and right: (C, W / 2, N), booleans.
    """
    upper, lower = pair
    best = np.maximum(upper, lower)
    left, right = best[:, 0::2], best[:, 1::2]
    np.maximum(left, right, out=out)
    return lower > upper, right > left


def unpool_pair(dout, winners, dpair):
    """Write the gradients of two rows of maps to dpair.

    dout: (C, W / 2, N).  winners: from pool_pair.  dpair: (2, C, W, N), is overwritten.
    """
    below, right = winners
    dupper, dlower = dpair
    dbest = np.empty(below.shape, dpair.dtype)
    np.multiply(dout, right, out=dbest[:, 1::2])
    np.subtract(dout, dbest[:, 1::2], out=dbest[:, 0::2])
    np.multiply(dbest, below, out=dlower)
    np.subtract(dbest, dlower, out=dupper)
