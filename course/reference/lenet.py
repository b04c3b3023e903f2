"""LeNet-5 with the parts of today: ReLU, max pooling, a softmax, and images in colour.

Source: LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition, 1998.
"""

LENET = [
    {"layer": "conv", "filters": 6, "size": 5},
    {"layer": "relu"},
    {"layer": "max_pool", "size": 2, "stride": 2},
    {"layer": "conv", "filters": 16, "size": 5},
    {"layer": "relu"},
    {"layer": "max_pool", "size": 2, "stride": 2},
    {"layer": "affine", "units": 120},
    {"layer": "relu"},
    {"layer": "affine", "units": 84},
    {"layer": "relu"},
    {"layer": "affine", "units": 10},
]
