import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sandbox import received
from autograder.sandbox.wire import WireError
from course.checks.answer import Raised, Reply

STREAM = {"output_type": "stream", "name": "stdout", "text": "a\n"}
DISPLAY = {
    "output_type": "display_data",
    "data": {"text/plain": "a", "application/json": {"a": [1]}},
    "metadata": {},
}
RESULT = {**DISPLAY, "output_type": "execute_result", "execution_count": 1}
ERROR = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["line"]}
REPLY = {**vars(Reply(value=1, seconds=0.5)), "error": vars(Raised("E", "message", 3, "1 / 0"))}
CHANGED = {**REPLY, "args": (1, np.zeros(2)), "changed": (1,)}


def test_good_outputs_are_what_nbformat_wants():
    outputs = received.outputs([STREAM, DISPLAY, RESULT, ERROR], 1000)
    cell = nbformat.v4.new_code_cell(outputs=[nbformat.from_dict(output) for output in outputs])
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


@pytest.mark.parametrize("came", [REPLY, CHANGED, {**REPLY, "error": None}])
def test_a_good_reply_is_a_reply(came):
    reply = received.reply(came, 2)
    assert (reply.value, reply.changed) == (1, came["changed"])
    assert reply.error == (came["error"] and Raised(**came["error"]))


@pytest.mark.parametrize(
    "outputs",
    [
        None,
        {},
        [None],
        [{}],
        [{"output_type": "pyout"}],
        [{"output_type": ["stream"]}],
        [{**STREAM, "more": 1}],
        [{"output_type": "stream", "name": "stdout"}],
        [{**STREAM, "name": "stdin"}],
        [{**STREAM, "name": ["stdout"]}],
        [{**STREAM, "text": ["a"]}],
        [{**DISPLAY, "data": {"text/plain": ["a"]}}],
        [{**DISPLAY, "data": {"application/json": (1, 2)}}],
        [{**DISPLAY, "data": {"application/json": np.zeros(1)}}],
        [{**DISPLAY, "data": {"application/json": [float("nan")]}}],
        [{**DISPLAY, "data": []}],
        [{**DISPLAY, "metadata": None}],
        [{**RESULT, "execution_count": "1"}],
        [{**RESULT, "execution_count": True}],
        [{**ERROR, "ename": 1}],
        [{**ERROR, "traceback": "line"}],
        [{**ERROR, "traceback": [1]}],
        [{**STREAM, "text": "x" * (received.EXTRA_BYTES + 6000)}],
        [STREAM] * 20_000,
    ],
    ids=lambda outputs: repr(outputs)[:80],
)
def test_bad_outputs_are_refused(outputs):
    with pytest.raises(WireError):
        received.outputs(outputs, 1000)


@pytest.mark.parametrize(
    "reply",
    [
        None,
        {},
        {**REPLY, "more": 1},
        {**REPLY, "args": (1,)},
        {**REPLY, "args": [1, 2]},
        {**REPLY, "args": (1, 2)},
        {**CHANGED, "args": None},
        {**CHANGED, "changed": (2,)},
        {**CHANGED, "changed": (-1,)},
        {**CHANGED, "changed": (True,)},
        {**CHANGED, "changed": [1]},
        {**REPLY, "seconds": "1"},
        {**REPLY, "seconds": -1.0},
        {**REPLY, "seconds": float("nan")},
        {**REPLY, "seconds": np.float64(1)},
        {**REPLY, "printed": None},
        {**REPLY, "printed": "x" * 20_000},
        {**REPLY, "warnings": ["a"]},
        {**REPLY, "warnings": (1,)},
        {**REPLY, "warnings": ("a",) * 101},
        {**REPLY, "error": "E"},
        {**REPLY, "error": {}},
        {**REPLY, "error": {**REPLY["error"], "kind": None}},
        {**REPLY, "error": {**REPLY["error"], "message": 1}},
        {**REPLY, "error": {**REPLY["error"], "line": "1"}},
        {**REPLY, "error": {**REPLY["error"], "source": 1}},
        {**REPLY, "error": {**REPLY["error"], "written": 1}},
    ],
    ids=lambda reply: repr(reply)[:80],
)
def test_a_bad_reply_is_refused(reply):
    with pytest.raises(WireError):
        received.reply(reply, 2)


@pytest.mark.parametrize("came", [None, {}, (REPLY,), [], [REPLY] * 4, [REPLY, None], [REPLY, {}]], ids=str)
def test_replies_that_answer_no_calls_or_too_many_are_refused(came):
    with pytest.raises(WireError):
        received.replies(came, [2, 2, 2])


def test_replies_to_the_first_calls_are_read():
    assert [each.value for each in received.replies([REPLY, {"value": 7}], [2, 2, 2])] == [REPLY["value"], 7]


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        {"reply": 1},
        {"at": 3, "reply": 1, "more": 1},
        {"at": 2, "reply": 1},
        {"at": 3.0, "reply": 1},
    ],
)
def test_an_answer_to_something_else_is_refused(answer):
    with pytest.raises(WireError):
        received.content(answer, 3, "reply")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(np.zeros(2)),
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.lists(parts, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from([*REPLY, "text", "name"]), parts, max_size=3)
    ),
)


@settings(deadline=None)
@given(st.data())
def test_any_plain_data_in_any_place_raises_nothing_but_a_wire_error(data):
    whole = data.draw(st.sampled_from([STREAM, DISPLAY, RESULT, ERROR, REPLY, REPLY["error"]]))
    field = data.draw(st.sampled_from(list(whole)))
    odd = {**whole, field: data.draw(PLAIN)}
    for judge in (
        lambda: received.outputs([odd], 1000),
        lambda: received.reply(odd, 2),
        lambda: received.reply({**REPLY, "error": odd}, 2),
    ):
        try:
            judge()
        except WireError:
            pass


def test_a_reply_need_not_tell_what_is_as_in_every_plain_reply():
    assert received.reply({"value": 3}, 2) == Reply(value=3)
    with pytest.raises(WireError):
        received.reply({"seconds": 0.5}, 2)
