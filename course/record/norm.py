"""Batch normalisation and GELU as one layer, a few channels at a time, which so stay in the cache.

    z = (x - mu) / std + b        y = z s(z),  s(z) = 1 / (1 + exp(-1.702 z))

The normalisation learns a shift b and no scale: the next layer's weights have a scale anyway. y is the quick
form of GELU (D. Hendrycks, K. Gimpel, 2016, arXiv 1606.08415, section 2), and s is computed by the faster
tanh: s(z) = (1 + tanh(0.851 z)) / 2.
"""

import numpy as np

from .memory import Scratch

STEEPNESS = 1.702
EPS = 1e-12
MOMENTUM = 0.9  # of the running averages
BLOCK_NUMBERS = 65_536  # numbers that are worked on at once


def sigmoid(z, out):
    """Write 1 / (1 + exp(-1.702 z)) into out."""
    np.multiply(z, STEEPNESS / 2, out=out)
    np.tanh(out, out=out)
    out *= 0.5
    out += 0.5
    return out


class NormGelu:
    """Batch normalisation with a shift, then GELU.

    F: channels.  H, W: of the images.  N: images.  pad: zeros around the output, as the next layer wants it.
    b, db: (F,), the shift and its gradient, summed since it was last set to 0.  running: (2, F), averages of
    mean and variance over the batches of the training.
    """

    def __init__(self, F, H, W, N, *, pad=0, scratch=None):
        self.shape, self.pad = (F, H, W, N), pad
        self.scratch = scratch or Scratch()
        dtype = self.scratch.dtype
        self.M = H * W * N
        self.y = np.zeros((F, H + 2 * pad, W + 2 * pad, N), dtype)
        self.inside = self.y[:, pad : pad + H, pad : pad + W]
        self.slope = np.empty((F, self.M), dtype)
        self.ones = np.ones(self.M, dtype)
        self.b, self.db, self.std = (np.zeros(F, dtype) for _ in range(3))
        self.running = np.array([np.zeros(F), np.ones(F)], dtype)
        step = max(1, BLOCK_NUMBERS // self.M)
        self.blocks = [slice(k, min(k + step, F)) for k in range(0, F, step)]

    def forward(self, x, running=None):
        """Return y (F, H + 2 pad, W + 2 pad, N), which the next pass overwrites; x becomes z.

        x: (F, H, W, N).  running: (2, F) mean and variance to normalise by; None, in training: the batch's,
        which then enter the running averages.
        """
        self.z = x.reshape(-1, self.M)
        for f in self.blocks:
            z = self.z[f]
            mu, var = self.moments(z) if running is None else running[:, f]
            self.std[f] = np.sqrt(var + EPS)
            if running is None:
                self.running[:, f] += (1 - MOMENTUM) * (np.array([mu, var]) - self.running[:, f])
            z *= (1 / self.std[f])[:, None]
            z += (self.b[f] - mu / self.std[f])[:, None]
            s = sigmoid(z, self.scratch("sigmoid", *z.shape))
            images = z.reshape(-1, *self.shape[1:])
            np.multiply(images, s.reshape(images.shape), out=self.inside[f])
            if running is None:
                self.keep_slope(f, s)
        return self.y

    def moments(self, z):
        """Return mean and variance of each channel, z: (channels, M); sums as products, through BLAS."""
        mu = z @ self.ones / self.M
        return mu, np.vecdot(z, z) / self.M - mu * mu

    def keep_slope(self, f, s):
        """Keep dy/dz = s + 1.702 y (1 - s)."""
        slope = self.slope[f]
        np.subtract(1, s, out=slope)
        images = slope.reshape(-1, *self.shape[1:])
        images *= self.inside[f]
        slope *= STEEPNESS
        slope += s

    def backward(self, dout):
        """Return dx (F, H, W, N) and add the gradient of b; dout: (F, H, W, N). Uses up what forward kept.

        With dz = dout dy/dz and x_hat = z - b:  db = sum dz,  g = 1/M sum dz x_hat,
        dx = (dz - db / M - x_hat g) / std.
        """
        for f in self.blocks:
            dz, z, b, std = self.slope[f], self.z[f], self.b[f], self.std[f]
            images = dz.reshape(-1, *self.shape[1:])
            images *= dout[f]
            db = dz @ self.ones
            g = (np.vecdot(dz, z) - b * db) / self.M
            self.db[f] += db
            z *= (g / std)[:, None]
            dz *= (1 / std)[:, None]
            dz -= z
            dz -= ((db / self.M - b * g) / std)[:, None]
        return self.slope.reshape(self.shape)
