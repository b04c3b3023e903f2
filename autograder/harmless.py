"""Make an executed notebook harmless to open: the formgrader shows it in the teacher's own Jupyter.

nbgrader shows HTML and JavaScript of a submission as they are. Here pictures and text stay, HTML in outputs
is cleaned, and tags and links in a student's words get a space that keeps them from working.
"""

import json
import re
from dataclasses import replace

from nbformat import NotebookNode

from autograder import notebooks
from autograder.engine import Result
from autograder.reports.clean import students_html

KEPT = {"text/plain", "image/png", "image/jpeg"}
PLAIN_TAGS = "b|br|code|del|details|em|hr|i|kbd|li|ol|p|pre|small|strong|sub|summary|sup|u|ul"
TAG = re.compile(rf"<(?=[A-Za-z/!?])(?!/?(?:{PLAIN_TAGS})\s*/?>)", re.IGNORECASE)
LINK = re.compile(
    r"(?<=\]) (?= \( \s* <? (?!https?://|\#|attachment:) | : \s* (?!https?://|\#) )",
    re.IGNORECASE | re.VERBOSE,
)
THIN = "\u200b"  # a space without width: after it "(" begins no link


def harmless(result: Result, release: NotebookNode) -> Result:
    """Return a Result whose notebook does nothing when it is opened; Verdicts and released text stay."""
    notebook = json.loads(result.notebook)
    released = {cell.source for cell in release.cells}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and cell["id"] not in result.verdicts:
            cell["outputs"] = [shown(output) for output in cell["outputs"]]
        elif cell["cell_type"] == "raw" or cell["cell_type"] == "markdown" and cell["source"] not in released:
            cell["source"] = words(cell["source"])
    return replace(result, notebook=notebooks.dumps(notebook))


def shown(output: dict) -> dict:
    """Return an output with text and pictures as they are and HTML cleaned; the rest goes."""
    if "data" not in output:
        return output  # printed text and errors are shown as text
    data = {mime: value for mime, value in output["data"].items() if mime in KEPT}
    if isinstance(output["data"].get("text/html"), str):
        data["text/html"] = students_html(output["data"]["text/html"])
    return {**output, "data": data, "metadata": {}}


def words(source: str) -> str:
    """Return Markdown whose tags, but for plain ones, and whose links, but for those to pages, are text."""
    return LINK.sub(THIN, TAG.sub("< ", source))
