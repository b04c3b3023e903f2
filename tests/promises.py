"""What each lesson promises: its points, what it prints, how much it shows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """What a lesson promises.

    points: of its tests, in order, and of its written question.  handed: what a test hands over besides its
    own function.  announced: lines that the answered notebook prints, the numbers that its text gives.
    gradient_checks: how many of the text pass, and how many cannot decide.  pictures: at least so many.
    """

    points: dict
    written: int
    handed: dict
    announced: tuple
    gradient_checks: tuple
    pictures: int


LESSONS = {
    "perceptron-xor": Promise(
        {
            "step": 1,
            "perceptron_update": 3,
            "sigmoid": 3,
            "tanh_slope": 2,
            "output_delta": 3,
            "hidden_delta": 5,
            "weight_step": 3,
        },
        3,
        {},
        (
            "yours:   [1 0 0]",
            "AND: w = [2. 1.], b = -2, mistakes in each epoch [1, 3, 3, 2, 1, 0]",
            "OR: w = [1. 1.], b = 0, mistakes in each epoch [1, 2, 1, 0]",
            "14 of 16 functions of two bits are learnt",
            "best weights [0. 0.], bias 0.50, cost 0.25",
            "yours:    [0.     0.0067 0.5    0.9933 1.    ]",
            "yours:   hidden (0.462, 0), output 0.604, loss 0.503",
            "W1 moves by [[0.0, 0.0], [0.311, -0.198]]  W2 by [[0.091], [0.0]]",
            "after one step the loss is 0.158",
            "Trainable parameters: 41",
            "[[0.5       ]\n",
            "classes [0 1 1 0]\n",
            "right on 100% of the points",
            "the largest difference is below 1e-12: True",
            "before loading, the same predictions: False\nafter loading, the same predictions:  True",
            "into another network: dense_1, W: expected shape (2, 5), got (2, 10)",
            "predictions like these have the loss 0.0072",
        ),
        (4, 0),
        11,
    ),
    "two-layer-net": Promise(
        {
            "two_layer_net_scores": 4,
            "two_layer_net_loss": 5,
            "two_layer_net_grads": 5,
            "two_layer_net": 1,
            "sgd": 1,
            "momentum": 2,
            "rmsprop": 3,
            "nesterov": 2,
            "adam": 4,
        },
        3,
        {"two_layer_net_grads": "two_layer_net_scores"},
        (
            "yours:   hidden [[3. 1. 0.]]   scores [[2. 2.]]",
            "yours:   loss 1.643   dscores [[-0.5  0.5]]",
            "a right class 1000 below the other has the loss 1000.0",
            "ten equal scores have the loss 2.302585",
            "yours:    1.38191946092",
            "W1 [[-0.5, 1.0, 0.0], [-1.0, 2.0, 0.0]]",
            "W2 [[-1.5, 1.5], [-0.5, 0.5], [0.0, 0.0]]",
            "gradients that agree: [-0.1, -0.19, -0.271, -0.3439]",
            "that alternate: [-0.1, 0.01, -0.091, 0.0181]",
            "rmsprop        -1.0000     -1.0000      0.9950",
            "adam           -0.1000     -0.1000      0.1000",
            "the first loss is 1.125220, the last one 0.940686",
            "momentum  last loss 0.494394",
            "rmsprop   last loss 0.439368",
            "first loss 2.3026, ",
        ),
        (4, 0),
        8,
    ),
    "conv-step-by-step": Promise(
        {
            "zero_pad": 2,
            "conv_single_step": 2,
            "conv_forward": 6,
            "pool_forward": 4,
            "conv_backward": 6,
            "create_mask_from_window": 2,
            "distribute_value": 2,
            "pool_backward": 5,
            "conv_then_pool": 1,
        },
        3,
        {"conv_backward": "conv_forward", "pool_backward": "pool_forward"},
        (
            "by hand: 0.5\nyours:   0.5",
            "6 pixels, filter 3, stride 2, pad 0: 2",
            "int((3 - 4) / 2) + 1 = 1",
            "ValueError: a kernel of 4 is larger than the padded input of 3 + 2 * 0 = 3",
            "changed by the last row: False",
            "yours:   dW[1, 0] = 7.0   da[1, 1] = 5.0   db = 2.0",
            "cannot decide: [[True, True], [False, False]]",
            "by yours 2.865128636\n",
            "directly 2.865128636",
        ),
        (7, 0),
        15,
    ),
    "modular-layers": Promise(
        {
            "affine_forward": 3,
            "affine_backward": 3,
            "relu_forward": 2,
            "relu_backward": 2,
            "softmax_loss": 4,
            "svm_loss": 3,
            "conv_forward_naive": 5,
            "conv_backward_naive": 5,
            "max_pool_forward_naive": 3,
            "max_pool_backward_naive": 4,
            "conv_relu_pool_affine": 1,
            "avg_pool_forward_naive": 2,
            "avg_pool_backward_naive": 3,
            "conv_forward_im2col": 3,
            "conv_backward_im2col": 4,
        },
        3,
        {
            f"{layer}_backward{way}": f"{layer}_forward{way}"
            for layer, way in [
                ("affine", ""),
                ("relu", ""),
                ("conv", "_naive"),
                ("max_pool", "_naive"),
                ("avg_pool", "_naive"),
                ("conv", "_im2col"),
            ]
        },
        (
            "yours:   [[ 5.5  2.  -1. ]]",
            "dx [[-1.  1.]]",
            "your loss at the start: 2.302585     log 10 = 2.302585",
            "your loss at the start: 9.000000",
            "8 pixels, filter 3, stride 2, pad 0: 3",
            "ValueError: a kernel of 5 is larger than the padded input of 3 + 2 * 0 = 3",
            "changed by the last row: False",
            "dw[0, 1] = 8.0   dx[1, 1] = -1.0   db = 2.0",
            "dx is dout convolved with the turned filter: True",
            "S x = [4. 5. 6. 7.]   your forward pass: [4. 5. 6. 7.]",
            "cannot decide: 1 of 3 numbers at a kink",
        ),
        (8, 1),
        15,
    ),
    "convnet-cifar10": Promise(
        {
            "two_layer_convnet_shapes": 3,
            "two_layer_convnet_scores": 5,
            "two_layer_convnet_loss": 3,
            "two_layer_convnet_grads": 5,
            "two_layer_convnet": 1,
            "confusion_matrix": 2,
            "conv_size": 3,
            "free_convnet": 10,
        },
        3,
        {"two_layer_convnet_grads": "two_layer_convnet_scores"},
        (
            "yours:   (4, 1, 3, 3) (4,) (48, 3) (3,)",
            "yours:   [[-2.   5.5]]",
            "yours:   loss 7.85055",
            "W1 [4.2]",
            "reg     1   predicted 2.3447",
            "[[1 1 0]\n [0 1 0]\n [1 0 2]]",
            "yours:   (32, 32, 32), 2,432 parameters, 2,457,600 multiply-adds",
            "in all                        62,006     651,720",
            "an epoch takes about 20 billion multiply-adds",
        ),
        (4, 0),
        7,
    ),
    "more-layers": Promise(
        {
            f"{layer}_{way}": points
            for layer, pair in {
                "batchnorm": (4, 4),
                "spatial_batchnorm": (2, 2),
                "lrn": (2, 3),
                "dropout": (2, 2),
                "median_pool": (2, 3),
                "local_conv": (2, 3),
                "concat": (1, 1),
                "upsample_nearest": (1, 1),
                "conv_transpose": (2, 3),
            }.items()
            for way, points in zip(("forward", "backward"), pair, strict=True)
        },
        3,
        {
            f"{layer}_backward": f"{layer}_forward"
            for layer in (
                "batchnorm spatial_batchnorm lrn dropout median_pool local_conv concat upsample_nearest "
                "conv_transpose"
            ).split()
        },
        (
            "yours:   [ 7.  7. 13. 13.]\nrunning averages: 0.30 and 0.40",
            "yours:   dx 0.75 -0.75 0.0 0.0  dgamma -1.0  dbeta 1.0",
            "yours:   [ 7. 13. -1.  1.]",
            "yours:   [0.1667 0.3333 0.    ]",
            "yours:   [ 0.1111 -0.1111  0.    ]",
            "local response normalisation: the first image changes by up to 0.00",
            "yours:   0 or 5, on average 3.99",
            "yours:   2.5, gradient [0.  0.5 0.5 0. ]",
            "yours:   out [ 1. 30.] dx [ 1.  0. 20.] dw [1. 2. 4. 6.]",
            "yours:   (1, 5, 4, 4), and back (1, 2, 4, 4) (1, 3, 4, 4)",
            "yours:   [1. 1. 2. 2. 1. 1. 2. 2.] and [4. 4.]",
            "yours:   out [  1.  10. 102.  20. 200.] dx [111. 111.] dw [3. 3. 3.]",
        ),
        (2, 0),
        10,
    ),
}
