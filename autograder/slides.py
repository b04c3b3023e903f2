"""Slides of a lecture: reveal.js beside them, so that they need no network.

A chapter (`##`) begins a slide; what does not fit on it goes on below. Code is shown where it prints; of a
cell that draws, its pictures and what it prints are enough. How tall something will be is estimated from its
text, on the safe side: a test measures every slide in a browser.
"""

import base64
import html
import math
import re
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode, v4

from autograder import lectures, web
from autograder.root import ROOT
from course import files

FULL = 650  # of the 720 pixels of a slide; 48 are its border, the rest is for what the estimate does not know
TEXT_LINE, TEXT_LETTERS = 36, 76  # height of a line in pixels, letters in it
CODE_LINE, CODE_LETTERS = 24, 105
CODE_MOST = 22  # lines of code, or of what it prints, in one piece
GAP = 18
WIDEST, TALLEST = 1160, 540  # of a picture, in pixels; slides.css says it too
SMALLEST = 300  # height to which a picture is made smaller so that it stays with its text
BLOCKS = re.compile(r"\n{2,}(?! )")
IMAGE = re.compile(r'<img [^>]*?alt="([^"]*)"[^>]*?src="data:image/png;base64,([^"]+)"')


@dataclass
class Piece:
    """A cell of the slides and its height in pixels.

    chapter: the one that it begins, if it does.  image: (alternative text, PNG in base64) of a picture.
    """

    cell: NotebookNode
    height: int
    chapter: str = ""
    image: tuple[str, str] | None = None

    def at_most(self, room: int) -> "Piece":
        """Return the piece; of a picture, one that fits into the room, as long as it can still be seen."""
        if not self.image or self.height <= room or room < SMALLEST:
            return self
        return drawn(*self.image, room)


def write(name: str, folder: Path, root: Path = ROOT) -> Path:
    """Write <folder>/<lecture>.html and what it loads; return its path.

    Raises: BuildError when there is no such lecture or it fails; WebError when reveal.js is not to be had.
    """
    for archive in ("slides", "formulas"):
        web.put(archive, folder)
    notebook = arranged(lectures.shown(name, root))
    path = folder / f"{name}.html"
    files.write(path, web.page(notebook, notebook.cells[0].source.lstrip("# "), "slides").encode())
    return path


def arranged(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook in small cells that say which slide they begin."""
    cells, room, chapter = [], 0, ""
    for piece in pieces(notebook):
        piece = piece if piece.chapter else piece.at_most(room)
        if piece.chapter:
            kind, room, chapter = "slide", FULL, piece.chapter
        elif piece.height > room:
            kind, room = "subslide", FULL - TEXT_LINE
            cells.append(v4.new_markdown_cell(f'<p class="chapter">{chapter}</p>'))
        else:
            kind = "-"
        room -= piece.height
        cells.append(piece.cell)
        begins = cells[-2] if kind == "subslide" else piece.cell
        begins.metadata["slideshow"] = {"slide_type": kind}
    return v4.new_notebook(cells=cells)


def pieces(notebook: NotebookNode) -> list[Piece]:
    """Return what the slides show, in order."""
    found = []
    for cell in notebook.cells:
        found += of_text(cell.source) if cell.cell_type == "markdown" else of_code(cell)
    return found


def of_text(source: str) -> list[Piece]:
    """Return a piece for each paragraph, list, table, quotation or heading; a chapter's first one says so."""
    found = []
    for block in filter(None, map(str.strip, BLOCKS.split(source))):
        heading = re.match(r"#{1,2} (.*)$", block)
        chapter = heading[1] if heading else ""
        found.append(Piece(v4.new_markdown_cell(block), text_height(block), chapter))
    return found


def of_code(cell: NotebookNode) -> list[Piece]:
    """Return what a code cell shows: its code, when it prints and does not draw; then its outputs."""
    pictures = [image(output) for output in cell.outputs]
    shown = parts(cell.source) if pictures and not any(pictures) else []
    found = [Piece(v4.new_code_cell(part), code_height(part)) for part in shown]
    for output, picture in zip(cell.outputs, pictures, strict=True):
        said = output.get("text") or output.get("data", {}).get("text/plain", "")
        found += [drawn(*picture)] if picture else map(printing, parts(said))
    return found


def parts(text: str) -> list[str]:
    """Return code, or what it prints, in parts of at most CODE_MOST lines, cut at empty lines if possible."""
    found = []
    for block in re.split(r"\n{2,}(?=\S)", text.rstrip("\n")):
        lines = block.split("\n")
        joined = [*found[-1].split("\n"), "", *lines] if found else lines
        if len(joined) <= CODE_MOST:
            found[-1:] = ["\n".join(joined)]
        else:
            found += ["\n".join(lines[i : i + CODE_MOST]) for i in range(0, len(lines), CODE_MOST)]
    return found


def printing(text: str) -> Piece:
    """Return the piece of a text that a cell has printed."""
    return Piece(without_source([v4.new_output("stream", text=text)]), code_height(text))


def image(output: NotebookNode) -> tuple[str, str] | None:
    """Return (alternative text, PNG in base64) of an output that is a picture, or has one as explorers do."""
    data = output.get("data", {})
    if "image/png" in data:
        said = output.metadata.get("image/png", {}).get("alt", data.get("text/plain", ""))
        return said, "".join(data["image/png"].split())
    found = IMAGE.search(data.get("text/html", ""))
    return (html.unescape(found[1]), found[2]) if found else None


def drawn(alt: str, png: str, room: int = TALLEST) -> Piece:
    """Return the piece of a picture that is at most as tall as the room, in pixels."""
    tallest = min(room - GAP, TALLEST)
    shown = f'<img alt="{html.escape(alt)}" style="max-height:{tallest}px" src="data:image/png;base64,{png}">'
    head = base64.b64decode(png[:64])
    width, height = int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    cell = without_source([v4.new_output("display_data", data={"text/html": shown})])
    tall = math.ceil(min(height * min(1, WIDEST / width), tallest)) + GAP
    return Piece(cell, tall, image=(alt, png))


def without_source(outputs: list[NotebookNode]) -> NotebookNode:
    """Return a code cell of which only the outputs are shown."""
    return v4.new_code_cell("", outputs=outputs, metadata={"transient": {"remove_source": True}})


def text_height(block: str) -> int:
    """Return about how tall a block of Markdown is."""
    if heading := re.match(r"(#+) (.*)", block):
        line, letters = ((64, 40), (50, 52), (42, 64))[min(len(heading[1]), 3) - 1]
        return GAP + line * math.ceil(len(heading[2]) / letters)
    if block.startswith(">"):
        inside = re.sub(r"<details>.*?</details>", "", block, flags=re.DOTALL)
        answers = block.count("<details>")
        return text_height(inside.replace("> ", "").strip(" >\n")) + (TEXT_LINE + GAP) * (answers + 1)
    if block.startswith("$$"):
        return GAP + 3 * TEXT_LINE + TEXT_LINE * block.count(r"\\")
    if block.startswith("```"):
        return code_height(block) - CODE_LINE
    own_lines = re.compile(r"^(?:[-|]|\d+\. )", re.MULTILINE)
    paragraphs = own_lines.sub("\0\\g<0>", block).split("\0")
    lines = sum(math.ceil(len(" ".join(p.split())) / TEXT_LETTERS) for p in paragraphs)
    return GAP + TEXT_LINE * max(lines, 1) + (12 * len(paragraphs) if len(paragraphs) > 1 else 0)


def code_height(text: str) -> int:
    """Return about how tall code or printed text is."""
    lines = text.rstrip("\n").split("\n")
    return GAP + 16 + CODE_LINE * sum(max(1, math.ceil(len(line) / CODE_LETTERS)) for line in lines)
