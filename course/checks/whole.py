"""Answers put together: a net made of the student's own functions, one handed to the next.

Each TODO is checked alone, with right values from upstream, so a mistake costs its points once. What these
checks ask besides is whether the pieces fit: whether a backward pass can use what its forward pass keeps.
"""

from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class Step:
    """A function on the way, what it is called with, and what it must give; made by `ask`."""

    answer: object
    args: tuple
    returns: int | type
    keeps_cache: bool


def ask(answer, *args, keeps_cache=False, returns=1):
    """Return the Step that asks a function; `yield` it, and what the function gives comes back.

    returns: how many values it gives, or dict.  keeps_cache: the second one stays where it is, and comes as
    a Handle.
    """
    return Step(answer, args, returns, keeps_cache)


class Whole:
    """An answer made of answers, which stay where they live; steps says how one is handed to the next.

    steps: a generator of Steps, made of the answers and the arguments; it returns the outputs of the task.
    """

    def __init__(self, task, answers):
        self.name, self._steps, self._answers = task.stem, task.through, answers

    def call(self, args, keep=()):
        """Go through all steps once."""
        return self.map([args], keep)[0]

    def map(self, calls, keep=()):
        """Go through all steps for each tuple of arguments, side by side: each function is asked once."""
        ways = [Way(self._steps(*self._answers, *args)) for args in calls]
        while under_way := [way for way in ways if way.step]:
            step = under_way[0].step
            together = [way for way in under_way if way.step.answer is step.answer]
            replies = step.answer.map([way.step.args for way in together], (1,) if step.keeps_cache else ())
            for way, reply in zip(together, replies, strict=True):
                way.go_on(reply)
        return [way.reply for way in ways]


class Way:
    """One way through the steps.

    step: what is to be asked next, None at the end.  reply: what it came to.
    """

    def __init__(self, steps):
        self._steps, self._printed, self._seconds = steps, [], 0.0
        self.reply = None
        self._send(None)

    def go_on(self, reply):
        """Take the reply to a step and come to the next one; what was not to be given is the end."""
        self._printed.append(reply.printed)
        self._seconds += reply.seconds
        step = self.step
        if reply.error is not None:
            where = f"{reply.error.message} (in {step.answer.name})"
            self._end(replace(reply, error=replace(reply.error, message=where)))
        elif not fits(reply.value, step):
            wanted = "a dictionary" if step.returns is dict else f"{step.returns} values"
            message = f"{step.answer.name} returns {type(reply.value).__name__}, expected {wanted}"
            self._end(Reply(error=Raised("TypeError", message)))
        else:
            self._send(reply.value)

    def _send(self, value):
        try:
            self.step = self._steps.send(value)
        except StopIteration as done:
            self._end(Reply(done.value, printed="".join(self._printed)))

    def _end(self, reply):
        self.step, self.reply = None, replace(reply, seconds=self._seconds)


def fits(value, step):
    """Return True when a value is what a Step was to give: one thing, so many things, a dictionary."""
    if step.returns is dict:
        return isinstance(value, dict)
    if step.returns > 1 and not (isinstance(value, (tuple, list)) and len(value) == step.returns):
        return False
    return not step.keeps_cache or isinstance(value[1], Handle)


def two_layer(scores_of, loss_of, grads_of, X, model, y, reg):
    """Return {loss, and the gradient of each parameter} of a two-layer net made of three functions."""
    scores, hidden = yield ask(scores_of, X, model, returns=2)
    loss, dscores = yield ask(loss_of, scores, y, model, reg, returns=2)
    return {**(yield ask(grads_of, dscores, hidden, X, model, reg, returns=dict)), "loss": loss}


def two_layer_convnet(scores_of, loss_of, grads_of, X, model, y, reg):
    """Return {loss, and the gradient of each parameter} of a ConvNet made of three functions."""
    scores, cache = yield ask(scores_of, X, model, returns=2, keeps_cache=True)
    loss, dscores = yield ask(loss_of, scores, y, model, reg, returns=2)
    return {**(yield ask(grads_of, dscores, cache, model, reg, returns=dict)), "loss": loss}


def conv_relu_pool_affine(*given):
    """Return (loss, dw, db, dw_affine, db_affine) of conv - relu - max pool - affine - softmax.

    given: nine functions in the order in which they are called, then x, w, b, w_affine, b_affine, y and the
    settings of convolution and pooling.
    """
    conv, relu, pool, affine, loss_of, affine_back, pool_back, relu_back, conv_back = given[:9]
    x, w, b, w_affine, b_affine, y, conv_param, pool_param = given[9:]
    out, conv_cache = yield ask(conv, x, w, b, conv_param, returns=2, keeps_cache=True)
    out, relu_cache = yield ask(relu, out, returns=2, keeps_cache=True)
    out, pool_cache = yield ask(pool, out, pool_param, returns=2, keeps_cache=True)
    scores, affine_cache = yield ask(affine, out, w_affine, b_affine, returns=2, keeps_cache=True)
    loss, dscores = yield ask(loss_of, scores, y, returns=2)
    dout, dw_affine, db_affine = yield ask(affine_back, dscores, affine_cache, returns=3)
    dout = yield ask(pool_back, dout, pool_cache)
    dout = yield ask(relu_back, dout, relu_cache)
    _, dw, db = yield ask(conv_back, dout, conv_cache, returns=3)
    return loss, dw, db, dw_affine, db_affine


def conv_then_pool(conv, pool, pool_back, conv_back, A_prev, W, b, conv_settings, pool_settings, dA):
    """Return (A, dA_prev, dW, db) of a convolution and a max pooling, there and back."""
    Z, conv_cache = yield ask(conv, A_prev, W, b, conv_settings, returns=2, keeps_cache=True)
    A, pool_cache = yield ask(pool, Z, pool_settings, "max", returns=2, keeps_cache=True)
    dZ = yield ask(pool_back, dA, pool_cache, "max")
    return A, *(yield ask(conv_back, dZ, conv_cache, returns=3))
