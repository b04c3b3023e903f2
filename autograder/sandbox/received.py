"""Turn what came from a student's process into outputs and replies, or refuse it.

What comes is decoded by `wire`, so it is plain data; its form is still whatever the process wants it to be.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

from course.checks.answer import Raised, Reply

from .wire import WireError

TEXT = 10_000  # characters of each text in a reply
EXTRA_BYTES = 500_000  # of a cell's outputs, for one error and a remark above the limit
REPLY = vars(Reply())  # what need not be told
FIELDS = {
    "stream": {"name", "text"},
    "display_data": {"data", "metadata"},
    "execute_result": {"data", "metadata", "execution_count"},
    "error": {"ename", "evalue", "traceback"},
}


def content(answer: object, at: int, key: str) -> object:
    """Return the value under a key of the answer with this number."""
    need(type(answer) is dict and set(answer) == {"at", key}, f"no {key}")
    need(type(answer["at"]) is int and answer["at"] == at, f"not the {key} that should have come")
    return answer[key]


def outputs(came: object, limit: int) -> list[dict]:
    """Return a cell's outputs, checked to be nbformat output dictionaries of a limited size."""
    need(type(came) is list, "outputs that are no list")
    for output in came:
        kind = output.get("output_type") if type(output) is dict else None
        need(type(kind) is str and kind in FIELDS, "an output of an unknown type")
        need(set(output) == FIELDS[kind] | {"output_type"}, f"{kind} output with other fields")
        need(_is_output(output, kind), f"malformed {kind} output")
    try:
        size = len(json.dumps(came, allow_nan=False))
    except (TypeError, ValueError):
        raise WireError("an output that is no JSON") from None
    need(size <= 6 * limit + EXTRA_BYTES, "more output than a cell may have")  # JSON writes 6 bytes for "\0"
    return came


def replies(came: object, asked: Sequence[int]) -> list[Reply]:
    """Return the replies to some calls, the first of those with so many arguments."""
    need(type(came) is list and 0 < len(came) <= len(asked), "other replies than were asked for")
    return [reply(each, count) for each, count in zip(came, asked, strict=False)]


def reply(came: object, asked: int) -> Reply:
    """Return the reply to a call with so many arguments."""
    need(type(came) is dict and "value" in came and came.keys() <= REPLY.keys(), "a reply with other fields")
    came = {**REPLY, **came}
    args, changed, seconds, warnings = came["args"], came["changed"], came["seconds"], came["warnings"]
    need(args is None or (type(args) is tuple and len(args) == asked), "other arguments than were sent")
    need(
        type(changed) is tuple and all(type(i) is int and 0 <= i < asked for i in changed),
        "changed arguments that were not sent",
    )
    need(bool(changed) == (args is not None), "changed arguments without their values")
    need(type(seconds) is float and 0 <= seconds < math.inf, "a time that is none")
    need(_is_text(came["printed"]), "printed text that is none")
    need(type(warnings) is tuple and len(warnings) <= 100 and all(map(_is_text, warnings)), "odd warnings")
    error = None if came["error"] is None else _raised(came["error"])
    return Reply(came["value"], args, error, came["printed"], seconds, warnings, changed)


def need(true: bool, what: str) -> None:
    """Raise a WireError that names what came instead of what was expected."""
    if not true:
        raise WireError(what)


def _raised(came: object) -> Raised:
    need(type(came) is dict and set(came) == set(Raised.__dataclass_fields__), "an error with other fields")
    need(_is_text(came["kind"]) and _is_text(came["message"]), "an error without text")
    need(came["line"] is None or type(came["line"]) is int, "an error's line that is no number")
    need(came["source"] is None or _is_text(came["source"]), "an error's source that is no text")
    need(type(came["written"]) is bool, "an error's mark that is neither true nor false")
    return Raised(**came)


def _is_text(value: object) -> bool:
    return type(value) is str and len(value) <= TEXT


def _is_output(output: dict, kind: str) -> bool:
    """Return True when the fields of an output have the types that nbformat wants."""
    if kind == "stream":
        name, text = output["name"], output["text"]
        return type(name) is str and name in ("stdout", "stderr") and type(text) is str
    if kind == "error":
        lines = output["traceback"]
        texts = [output["ename"], output["evalue"], *(lines if type(lines) is list else [None])]
        return all(type(text) is str for text in texts)
    if kind == "execute_result" and type(output["execution_count"]) is not int:
        return False
    return (
        _is_json(output["metadata"], dict)
        and _is_json(output["data"], dict)
        and all(type(value) is str or mime.endswith("json") for mime, value in output["data"].items())
    )


def _is_json(value: object, *kinds: type) -> bool:
    """Return True for JSON data of one of the given types; a tuple or an array is none."""
    if type(value) not in (kinds or (dict, list, str, int, float, bool, type(None))):
        return False
    parts = value.values() if type(value) is dict else value if type(value) is list else ()
    return all(_is_json(part) for part in parts)
