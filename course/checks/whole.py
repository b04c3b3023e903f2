"""Answers put together: a net made of the student's own functions, one handed to the next.

Each TODO is checked alone, with right values from upstream, so a mistake costs its points once. What these
checks ask besides is whether the pieces fit: whether a backward pass can use what its forward pass keeps.
"""

from dataclasses import replace

from .answer import Handle, Raised, Reply


def answers_of(task, asked):
    """Return (the answer to a task, the matching forward pass or None) of the functions that a test names."""
    if task.of:
        return Whole(task, asked), None
    answer, *forward = asked
    return answer, forward[0] if forward else None


def takes(task, number):
    """Return True when a test of the task can name so many functions."""
    return number == len(task.of) if task.of else number in (1, 2)


class Stopped(Exception):
    """Tell that a function on the way did not give what the next one needs; reply: what to say of it."""

    def __init__(self, reply):
        super().__init__()
        self.reply = reply


class Whole:
    """An answer made of answers, which stay where they live; steps says how one is handed to the next.

    steps: called with `ask`, the answers and the arguments, it returns the outputs of the task.
    """

    def __init__(self, task, answers):
        self.name, self._steps, self._answers = task.stem, task.through, answers

    def call(self, args, keep=()):
        """Go through all steps once."""
        way = Way()
        try:
            value = self._steps(way.ask, *self._answers, *args)
        except Stopped as stopped:
            return replace(stopped.reply, seconds=way.seconds)
        return Reply(value, printed="".join(way.printed), seconds=way.seconds)

    def map(self, calls, keep=()):
        """Go through all steps once for each tuple of arguments."""
        return [self.call(args, keep) for args in calls]


class Way:
    """What was seen on the way through the steps."""

    def __init__(self):
        self.printed, self.seconds = [], 0.0

    def ask(self, answer, *args, keeps_cache=False, returns=1):
        """Return what one function gives; returns: how many values, or dict.

        keeps_cache: the second value stays where it is and comes as a Handle.
        Raises Stopped when it gives anything else.
        """
        reply = answer.call(args, keep=(1,) if keeps_cache else ())
        self.printed.append(reply.printed)
        self.seconds += reply.seconds
        if reply.error is not None:
            where = f"{reply.error.message} (in {answer.name})"
            raise Stopped(replace(reply, error=replace(reply.error, message=where)))
        if not fits(reply.value, returns) or keeps_cache and not isinstance(reply.value[1], Handle):
            wanted = "a dictionary" if returns is dict else f"{returns} values"
            message = f"{answer.name} returns {type(reply.value).__name__}, expected {wanted}"
            raise Stopped(Reply(error=Raised("TypeError", message)))
        return reply.value


def fits(value, returns):
    """Return True when a value is what was to be returned: one thing, so many things, a dictionary."""
    if returns is dict:
        return isinstance(value, dict)
    return returns == 1 or isinstance(value, (tuple, list)) and len(value) == returns


def two_layer(ask, scores_of, loss_of, grads_of, X, model, y, reg):
    """Return {loss, and the gradient of each parameter} of a two-layer net made of three functions."""
    scores, hidden = ask(scores_of, X, model, returns=2)
    loss, dscores = ask(loss_of, scores, y, model, reg, returns=2)
    return {**ask(grads_of, dscores, hidden, X, model, reg, returns=dict), "loss": loss}


def two_layer_convnet(ask, scores_of, loss_of, grads_of, X, model, y, reg):
    """Return {loss, and the gradient of each parameter} of a ConvNet made of three functions."""
    scores, cache = ask(scores_of, X, model, returns=2, keeps_cache=True)
    loss, dscores = ask(loss_of, scores, y, model, reg, returns=2)
    return {**ask(grads_of, dscores, cache, model, reg, returns=dict), "loss": loss}


def conv_relu_pool_affine(ask, *given):
    """Return (loss, dw, db, dw_affine, db_affine) of conv - relu - max pool - affine - softmax.

    given: nine functions in the order in which they are called, then x, w, b, w_affine, b_affine, y and the
    settings of convolution and pooling.
    """
    conv, relu, pool, affine, loss_of, affine_back, pool_back, relu_back, conv_back = given[:9]
    x, w, b, w_affine, b_affine, y, conv_param, pool_param = given[9:]
    out, conv_cache = ask(conv, x, w, b, conv_param, returns=2, keeps_cache=True)
    out, relu_cache = ask(relu, out, returns=2, keeps_cache=True)
    out, pool_cache = ask(pool, out, pool_param, returns=2, keeps_cache=True)
    scores, affine_cache = ask(affine, out, w_affine, b_affine, returns=2, keeps_cache=True)
    loss, dscores = ask(loss_of, scores, y, returns=2)
    dout, dw_affine, db_affine = ask(affine_back, dscores, affine_cache, returns=3)
    dout = ask(pool_back, dout, pool_cache)
    dout = ask(relu_back, dout, relu_cache)
    _, dw, db = ask(conv_back, dout, conv_cache, returns=3)
    return loss, dw, db, dw_affine, db_affine


def conv_then_pool(ask, conv, pool, pool_back, conv_back, A_prev, W, b, conv_settings, pool_settings, dA):
    """Return (A, dA_prev, dW, db) of a convolution and a max pooling, there and back."""
    Z, conv_cache = ask(conv, A_prev, W, b, conv_settings, returns=2, keeps_cache=True)
    A, pool_cache = ask(pool, Z, pool_settings, "max", returns=2, keeps_cache=True)
    dZ = ask(pool_back, dA, pool_cache, "max")
    return A, *ask(conv_back, dZ, conv_cache, returns=3)
