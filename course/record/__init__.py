"""A record in NumPy: how far a ConvNet gets on CIFAR-10 in a given amount of work.

    images -> augment -> whitening -> 3 x (Winograd conv + pool - norm + GELU - conv - norm + GELU) -> max
    -> head;      two processes, each with half of the batch -> gradients in shared memory -> muon

One idea, one file: winograd.py (a convolution with a quarter of the multiplications), pooling.py (inside its
tiles), norm.py, whitening.py, net.py, loss.py, muon.py, augment.py, processes.py, budget.py, loop.py.
All arrays have the memory order (C, H, W, N): the images of a batch lie side by side, so each step of a
transform is one long row for BLAS and for the processor's vector units.

    OPENBLAS_NUM_THREADS=1 python -m course.record --tflop 175 --seed 0
"""
