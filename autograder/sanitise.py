"""Make a submitted notebook fit to run: the lesson's cells as released, the student's own work as it came."""

import json
import re
from copy import deepcopy
from dataclasses import dataclass, field

import nbformat
from nbformat import NotebookNode, v4

MAX_BYTES = 20_000_000
MAX_CELLS = 2_000
MAX_CELL_CHARACTERS = 1_000_000
PICTURES = {"image/png", "image/jpeg"}


class Unreadable(ValueError):
    """The bytes are no notebook that can be graded: `state` says why in two words, the message in a line."""

    def __init__(self, state: str, reason: str):
        super().__init__(reason)
        self.state = state


@dataclass
class Cell:
    """A submitted cell, and the released cell that it is (None: the student's own)."""

    cell_type: str
    source: str
    id: str = ""
    nbgrader: dict = field(default_factory=dict)
    attachments: dict = field(default_factory=dict)
    released: NotebookNode | None = None


class Repairs:
    """What was repaired: the ids of cells under the sentence that they share."""

    def __init__(self):
        self._cells: dict[str, list[str]] = {}

    def add(self, sentence: str, cell_id: str = "") -> None:
        """Note one repair."""
        self._cells.setdefault(sentence, []).append(cell_id)

    def lines(self) -> tuple[str, ...]:
        """Return one line for each kind of repair, with the cells that it touched."""
        return tuple(
            f"{sentence}: {', '.join(ids)}" if all(ids) else sentence for sentence, ids in self._cells.items()
        )


def read(data: bytes) -> dict:
    """Return the content of a notebook file of format 4.

    Raises: Unreadable when it is empty, larger than MAX_BYTES, no JSON, no notebook or of another format.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable("too large", f"{len(data) / 1e6:.0f} MB, at most {MAX_BYTES / 1e6:.0f} MB are read")
    if not data.strip():
        raise Unreadable("empty", "the file is empty")
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON", f"the file is not JSON ({type(error).__name__})") from None
    if not isinstance(content, dict) or type(content.get("nbformat")) is not int:
        raise Unreadable("not a notebook", "the file is JSON, but not a notebook: it names no nbformat")
    if content["nbformat"] != 4:
        version = f"nbformat {content['nbformat']}"[:20]
        raise Unreadable(version, f"the file has {version}, expected 4: open it in Jupyter and save it again")
    cells = content.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise Unreadable("not a notebook", "the notebook's cells are not a list of cells")
    if not cells:
        raise Unreadable("empty", "the notebook has no cells")
    if len(cells) > MAX_CELLS:
        raise Unreadable("too large", f"{len(cells)} cells, at most {MAX_CELLS} are read")
    return content


def sanitise(data: bytes, release: NotebookNode) -> tuple[NotebookNode, tuple[str, ...]]:
    """Return the submitted notebook made whole, without outputs, and a line on each kind of repair.

    Raises: Unreadable, as `read` does.
    """
    repairs = Repairs()
    cells = [_parse(cell) for cell in read(data)["cells"]]
    match(cells, release)
    cells = drop_copies(cells, repairs)
    restore_text(cells, repairs)
    cells = restore_order(cells, release, repairs)
    cells = put_back_deleted(cells, release, repairs)
    cells = _build(cells, release)
    notebook = NotebookNode(
        metadata=deepcopy(release.metadata), cells=cells, nbformat=4, nbformat_minor=v4.nbformat_minor
    )
    nbformat.validate(notebook)
    return notebook, repairs.lines()


def is_test(released: NotebookNode) -> bool:
    """Tell whether a cell is an automatic test."""
    flags = released.metadata.get("nbgrader", {})
    return bool(flags.get("grade")) and not flags.get("solution")


def is_answer(released: NotebookNode) -> bool:
    """Tell whether a cell is for the student to fill in, in code or in words."""
    return bool(released.metadata.get("nbgrader", {}).get("solution"))


def released_ids(release: NotebookNode) -> dict[str, NotebookNode]:
    """Return the released cells by cell id and by grade id (the builder makes them equal)."""
    by_id = {cell.id: cell for cell in release.cells}
    return by_id | {cell.metadata.nbgrader.grade_id: cell for cell in release.cells if _held(cell)}


def match(cells: list[Cell], release: NotebookNode) -> None:
    """Set `released` of each cell that carries the id of a released one: its grade id, else its cell id."""
    known = released_ids(release)
    for cell in cells:
        cell.released = known.get(cell.nbgrader.get("grade_id")) or known.get(cell.id)


def drop_copies(cells: list[Cell], repairs: Repairs) -> list[Cell]:
    """Return the cells with each released one at most once: copied tests go, other copies are plain cells.

    Of an answer the first one counts that is not as it was released.
    """
    kept, counts = [], {}
    for cell in cells:
        if cell.released is not None:
            first = counts.setdefault(cell.released.id, cell)
            if is_answer(cell.released) and _is_untouched(first) and not _is_untouched(cell):
                counts[cell.released.id] = cell
    for cell in cells:
        if cell.released is not None and counts[cell.released.id] is not cell:
            if is_test(cell.released):
                repairs.add("a copied test was dropped", cell.released.id)
                continue
            repairs.add("stands more than once, one counts, others are plain cells", cell.released.id)
            cell.released = None
        kept.append(cell)
    return kept


def restore_text(cells: list[Cell], repairs: Repairs) -> None:
    """Give each released cell its kind, and each locked one its text; note edited grading flags."""
    flags = ("grade", "solution", "locked", "points", "grade_id")
    for cell in cells:
        released = cell.released
        if released is None or not _held(released):
            continue
        if cell.cell_type != released.cell_type:
            repairs.add("the kind of cell was changed, and changed back", released.id)
            cell.cell_type = released.cell_type
        if any(cell.nbgrader.get(flag) != released.metadata.nbgrader.get(flag) for flag in flags):
            repairs.add("points or grading flags were changed, the released ones count", released.id)
        if not is_answer(released):
            if not _is_untouched(cell):
                repairs.add("a locked cell was edited, its released text was put back", released.id)
            cell.source, cell.attachments = released.source, dict(released.get("attachments", {}))


def restore_order(cells: list[Cell], release: NotebookNode, repairs: Repairs) -> list[Cell]:
    """Return the cells with the released ones in the lesson's order, own cells behind what they followed."""
    groups, last = {None: []}, None
    for cell in cells:
        if cell.released is not None:
            last = cell.released.id
            groups[last] = []
        groups[last].append(cell)
    ordered = [None] + [cell.id for cell in release.cells if cell.id in groups]
    if ordered != list(groups):
        repairs.add("cells of the lesson were moved, and moved back")
    return [cell for name in ordered for cell in groups[name]]


def put_back_deleted(cells: list[Cell], release: NotebookNode, repairs: Repairs) -> list[Cell]:
    """Return the cells with each deleted locked cell or answer after the released cell that it followed."""
    cells = list(cells)
    position = 0
    for released in release.cells:
        found = next((i for i, cell in enumerate(cells) if cell.released is released), None)
        if found is None and _held(released):
            repairs.add("a deleted cell was put back as released", released.id)
            cells.insert(position, Cell(released.cell_type, released.source, released=released))
            found = position
        if found is not None:
            position = found + 1
    return cells


def _held(released: NotebookNode) -> bool:
    """Tell whether nbgrader holds on to a cell: locked, test or answer."""
    return "nbgrader" in released.metadata


def _is_untouched(cell: Cell) -> bool:
    return cell.source.strip() == cell.released.source.strip()


def _parse(raw: dict) -> Cell:
    """Read one cell of the file, of whatever shape; outputs and all other metadata stay behind."""
    metadata = raw.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    flags = nbgrader.items() if isinstance(nbgrader, dict) else ()
    cell_type = raw.get("cell_type")
    return Cell(
        cell_type=cell_type if cell_type in ("code", "markdown", "raw") else "raw",
        source=_text(raw.get("source")),
        id=raw["id"] if isinstance(raw.get("id"), str) else "",
        nbgrader={key: value for key, value in flags if isinstance(value, (str, int, float))},
        attachments=_pictures(raw.get("attachments")),
    )


def _text(source) -> str:
    """Return a cell's text: a string or a list of them, without what no file can hold."""
    parts = source if isinstance(source, list) else [source]
    text = "".join(part for part in parts if isinstance(part, str))[:MAX_CELL_CHARACTERS]
    return text.replace("\r\n", "\n").encode("utf-8", "replace").decode()  # a lone surrogate becomes "?"


def _pictures(attachments) -> dict:
    """Return the pictures pasted into a written answer (a photographed derivation), and nothing else."""
    if not isinstance(attachments, dict):
        return {}
    bundles = {name: bundle for name, bundle in attachments.items() if isinstance(bundle, dict)}
    return {
        _text(name): {mime: data for mime, data in bundle.items() if mime in PICTURES and _is_base64(data)}
        for name, bundle in bundles.items()
    }


def _is_base64(data) -> bool:
    return isinstance(data, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]*", data) is not None


def _build(cells: list[Cell], release: NotebookNode) -> list[NotebookNode]:
    """Make notebook cells: the released ones with the released metadata, the student's own with none."""
    used = {cell.id for cell in release.cells}
    built = []
    for number, cell in enumerate(cells, 1):
        if cell.released is not None:
            name, metadata = cell.released.id, deepcopy(cell.released.metadata)
        else:
            free = re.fullmatch(r"(?!own-)[a-zA-Z0-9_-]{1,64}", cell.id) and cell.id not in used
            name, metadata = (cell.id if free else f"own-{number}"), NotebookNode()
        used.add(name)
        # Made by nbformat, each cell would be checked against the schema; it takes the time of all the rest.
        node = NotebookNode(cell_type=cell.cell_type, id=name, metadata=metadata, source=cell.source)
        if cell.cell_type == "code":
            node.update(outputs=[], execution_count=None)
        if cell.attachments and cell.cell_type == "markdown":
            node.attachments = NotebookNode(cell.attachments)
        built.append(node)
    return built
