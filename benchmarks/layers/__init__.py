"""How fast the layers are: beside loops, plain im2col, PyTorch, and what the processor could do at best."""
