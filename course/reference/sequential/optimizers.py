"""Optimisers: how parameters follow their gradients."""


class Optimizer:
    """Change the parameters of layers by a rule.

    A rule of another kind is a subclass: step(g, state) -> (what is added to the parameter, new state).
    states: {(place of the layer, name of the parameter): state}; a training that goes on finds them again.
    """

    def __init__(self, learning_rate):
        if not learning_rate > 0:
            raise ValueError(f"learning_rate must be above 0, got {learning_rate}")
        self.learning_rate, self.states = learning_rate, {}

    def step(self, g, state):
        """Return (what is added to a parameter with gradient g, the new state); state: None at first."""
        raise NotImplementedError

    def apply(self, layers):
        """Change the parameters of all layers by one step, in place."""
        for place, layer in enumerate(layers):
            for name, value in layer.parameters.items():
                change, self.states[place, name] = self.step(
                    layer.grads[name], self.states.get((place, name))
                )
                value += change


class SGD(Optimizer):
    """Gradient descent: subtract learning_rate times the gradient.

    Whether it is stochastic is up to the batches that `fit` takes.  lr: another name of learning_rate.
    """

    def __init__(self, learning_rate=None, *, lr=None):
        if learning_rate is not None and lr is not None:
            raise TypeError("lr is another name of learning_rate: give one of them")
        given = lr if learning_rate is None else learning_rate
        super().__init__(0.01 if given is None else given)

    def step(self, g, state):
        """Return the step against the gradient; nothing is remembered."""
        return -self.learning_rate * g, None


OPTIMIZERS = {"sgd": SGD}
