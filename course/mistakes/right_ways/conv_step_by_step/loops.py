"""Plain loops over every index, with nothing of NumPy but its arrays."""

import numpy as np


def zero_pad(X, pad):
    """Copy pixel by pixel into zeros."""
    m, n_H, n_W, n_C = X.shape
    X_pad = np.zeros((m, n_H + 2 * pad, n_W + 2 * pad, n_C), dtype=X.dtype)
    for i in range(m):
        for h in range(n_H):
            for w in range(n_W):
                for c in range(n_C):
                    X_pad[i, h + pad, w + pad, c] = X[i, h, w, c]
    return X_pad


def conv_single_step(a_slice_prev, W, b):
    """Start from the bias and add product by product."""
    Z = float(b[0, 0, 0])
    f_H, f_W, n_C = W.shape
    for p in range(f_H):
        for q in range(f_W):
            for k in range(n_C):
                Z += a_slice_prev[p, q, k] * W[p, q, k]
    return Z


def conv_forward(A_prev, W, b, hparameters):
    """Ask of each pixel whether it lies in the image instead of padding."""
    m, H, width, n_C_prev = A_prev.shape
    f, _, _, n_C = W.shape
    stride, pad = hparameters["stride"], hparameters["pad"]
    n_H = int((H + 2 * pad - f) / stride) + 1
    n_W = int((width + 2 * pad - f) / stride) + 1
    Z = np.zeros((m, n_H, n_W, n_C))
    for i, h, w, c in np.ndindex(*Z.shape):
        total = b[0, 0, 0, c]
        for p, q, k in np.ndindex(f, f, n_C_prev):
            row, column = h * stride + p - pad, w * stride + q - pad
            if 0 <= row < H and 0 <= column < width:
                total = total + A_prev[i, row, column, k] * W[p, q, k, c]
        Z[i, h, w, c] = total
    return Z, (A_prev, W, b, hparameters)


def conv_backward(dZ, cache):
    """Hand each product's gradient to its two factors, pixel by pixel, without padding."""
    A_prev, W, b, hparameters = cache
    H, width = A_prev.shape[1], A_prev.shape[2]
    stride, pad = hparameters["stride"], hparameters["pad"]
    dA_prev, dW, db = np.zeros(A_prev.shape), np.zeros(W.shape), np.zeros(b.shape)
    for i, h, w, c in np.ndindex(*dZ.shape):
        db[0, 0, 0, c] += dZ[i, h, w, c]
        for p, q, k in np.ndindex(*W.shape[:3]):
            row, column = h * stride + p - pad, w * stride + q - pad
            if 0 <= row < H and 0 <= column < width:
                dW[p, q, k, c] += dZ[i, h, w, c] * A_prev[i, row, column, k]
                dA_prev[i, row, column, k] += dZ[i, h, w, c] * W[p, q, k, c]
    return dA_prev, dW, db


def pool_forward(A_prev, hparameters, mode="max"):
    """Go through each window and keep the largest number so far, or the sum so far."""
    m, H, width, n_C = A_prev.shape
    f, stride = hparameters["f"], hparameters["stride"]
    A = np.zeros((m, (H - f) // stride + 1, (width - f) // stride + 1, n_C))
    for i, h, w, c in np.ndindex(*A.shape):
        numbers = [A_prev[i, h * stride + p, w * stride + q, c] for p in range(f) for q in range(f)]
        if mode == "max":
            A[i, h, w, c] = max(numbers)
        else:
            A[i, h, w, c] = sum(float(number) for number in numbers) / len(numbers)
    return A, (A_prev, hparameters)


def create_mask_from_window(x):
    """Compare every number with the largest."""
    largest = max(max(row) for row in x)
    mask = np.zeros(x.shape, dtype=bool)
    for p in range(x.shape[0]):
        for q in range(x.shape[1]):
            mask[p, q] = x[p, q] == largest
    return mask


def distribute_value(dz, shape):
    """Write the share into every place."""
    a = np.zeros(shape)
    for p in range(shape[0]):
        for q in range(shape[1]):
            a[p, q] = dz / (shape[0] * shape[1])
    return a


def pool_backward(dA, cache, mode="max"):
    """Give every pixel of every window what it is due."""
    A_prev, hparameters = cache
    f, stride = hparameters["f"], hparameters["stride"]
    dA_prev = np.zeros(A_prev.shape)
    for i, h, w, c in np.ndindex(*dA.shape):
        top, left = h * stride, w * stride
        largest = A_prev[i, top : top + f, left : left + f, c].max()
        for row in range(top, top + f):
            for column in range(left, left + f):
                if mode == "average":
                    dA_prev[i, row, column, c] += dA[i, h, w, c] / f**2
                elif A_prev[i, row, column, c] == largest:
                    dA_prev[i, row, column, c] += dA[i, h, w, c]
    return dA_prev
