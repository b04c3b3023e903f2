"""Run one notebook and ask its test cells, in processes that may die at any moment.

At each test cell the visible cases are asked. When the last cell has run and its outputs are here, the hidden
ones are: nothing that runs after a hidden input was seen can show it to anyone.

By then an answer may not be what it was at its test cell: another cell may have replaced it since.
Nobody loses a point by that: where hidden cases would take one, or end the process, the cells run a second
time in a fresh process with all output dropped, and what counts is what the answer says at its test cell.
(A copy of the process that waits at each test cell would say the same; it costs more than a second run of all
cells, because copy and process each pay for every page of memory that they touch from then on.)
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

from nbformat import NotebookNode

from autograder import scoring
from autograder.sandbox import Session, SessionDied
from autograder.scoring import GradedCell, Patient
from course.checks import Verdict, undecided

RESTARTS = 3  # of the process in each run; a cell or a question that ends it is left out
SKIPPED = "skip-execution"  # the tag of cells that are not run, such as long training
NEVER = f"not asked: its process had ended {RESTARTS + 1} times"
WAITS = "%%after "
OUTPUT_BYTES = 10_000_000  # of all cells together; the session limits each
TOO_MUCH = f"(left out: this notebook has shown more than {OUTPUT_BYTES / 1e6:g} MB)"


class Run:
    """The run of a notebook, and what comes of it.

    outputs: of each cell of the first run.  left_out: cells that ended the process, or would hang, and why.
    """

    def __init__(
        self, notebook: NotebookNode, asked: dict[str, GradedCell], open_session: Callable[[], Session]
    ):
        self._code = [
            cell
            for cell in notebook.cells
            if cell.cell_type == "code"
            and SKIPPED not in cell.metadata.get("tags", ())
            and (cell.id not in asked or asked[cell.id].names)  # no names: it asks for a file
        ]
        self._asked, self._open_session = asked, open_session
        self._home: dict[str, Verdict] = {}
        self._final: dict[str, Verdict] = {}
        self._stuck: dict[str, str] = {}  # function -> how a call of it was stopped
        self._deadly: dict[str, str] = {}  # function -> how a call of it ended the process
        self._sizes: dict[str, int] = {}  # of the outputs that are kept
        self.outputs: dict[str, list[dict]] = {}
        self.left_out: dict[str, str] = {}

    def ask(self, seed: int) -> None:
        """Ask the visible cases at each test cell, and when all cells have run the hidden ones."""
        self._walk(self._code, self._ask_visible, partial(self._ask_at_the_end, seed))
        self._final |= {name: home for name, home in self._home.items() if not scoring.can_lose(home)}
        unsettled = self._home.keys() - self._final.keys()
        last = max((i for i, cell in enumerate(self._code) if cell.id in unsettled), default=-1)

        def visit(session, answer_of, cell):
            if cell.id not in self._asked:
                session.run_cell(cell.source)
            elif cell.id in unsettled and cell.id not in self._final:
                home = self._home[cell.id]
                self._final[cell.id] = scoring.in_grading(self._asked[cell.id], home, answer_of, seed)

        if unsettled:
            self._walk(self._code[: last + 1], visit)

    def _ask_visible(self, session: Session, answer_of: Callable[[str], Patient], cell: NotebookNode) -> None:
        """Run a cell and keep its outputs; at a test cell ask the visible cases."""
        if cell.id not in self._asked:
            self._keep(cell.id, session.run_cell(cell.source))
            return
        asked = self._asked[cell.id]
        if cell.id not in self._home:
            self._home[cell.id] = scoring.at_home(asked, answer_of)
            self._stuck |= {name: stuck for name in asked.names if (stuck := answer_of(name).stuck)}

    def _ask_at_the_end(self, seed: int, answer_of: Callable[[str], Patient]) -> None:
        """Ask the hidden cases; what would lose by them, or ends the process, is left for the second run."""
        made = {}
        for name, home in self._home.items():
            if scoring.can_lose(home):
                try:
                    final = scoring.in_grading(self._asked[name], home, answer_of, seed, made)
                except SessionDied:
                    return
                if final.points == home.points:
                    self._final[name] = final

    def _keep(self, name: str, outputs: list[dict]) -> None:
        """Keep a cell's outputs, unless all cells together have shown too much."""
        self._sizes[name] = len(json.dumps(outputs))
        if sum(self._sizes.values()) > OUTPUT_BYTES:
            self._sizes[name] = 0
            outputs = [{"output_type": "stream", "name": "stderr", "text": TOO_MUCH}]
        self.outputs[name] = outputs

    def verdict(self, name: str) -> Verdict:
        """Return the Verdict of a test cell; one that could not be asked says why."""
        cell = self._asked[name]
        return self._final.get(name) or undecided(cell.stem, cell.points, self.left_out.get(name, NEVER))

    def stopped(self) -> dict[str, str]:
        """Return the cells and functions that did not come to their end, and why."""
        late = {
            name: output["evalue"]
            for name, outputs in self.outputs.items()
            for output in outputs
            if output["output_type"] == "error" and output["ename"] == scoring.INTERRUPTED
        }
        return self._stuck | late | self.left_out

    def _walk(
        self, cells: list[NotebookNode], visit: Callable, finish: Callable = lambda answer_of: None
    ) -> None:
        """Visit the cells in one session, then finish; when it dies, leave out where, and begin again.

        That is a cell, or a test of the function that was asked; what other tests ask besides it is theirs.
        """
        for _ in range(RESTARTS + 1):
            at, answers = None, {}
            try:
                with self._open_session() as session:
                    answer_of = partial(self._answer, session, answers)
                    for cell in cells:
                        at = cell.id
                        self._leave_out_when_waiting(cell)
                        if cell.id not in self.left_out:
                            visit(session, answer_of, cell)
                    finish(answer_of)
                return
            except SessionDied as died:
                if at is None:  # it could not even start: no fault of the student's
                    raise
                culprit = next((name for name, answer in answers.items() if answer.asking), None)
                if culprit:
                    self._deadly[culprit] = died.reason
                if not culprit or culprit == self._asked[at].names[0]:
                    self.left_out[at] = died.reason

    def _answer(self, session: Session, answers: dict[str, Patient], name: str) -> Patient:
        """Return the answer of this name in a session, the same at every call."""
        if name not in answers:
            answers[name] = Patient(session.answer(name), self._deadly.get(name, ""))
        return answers[name]

    def _leave_out_when_waiting(self, cell: NotebookNode) -> None:
        """Leave out a cell that waits for a function which does not come to its end."""
        first, _, _ = cell.source.partition("\n")
        named = first.removeprefix(WAITS).split() if first.startswith(WAITS) else ()
        stuck, deadly = self._stuck.keys() & named, self._deadly.keys() & named
        if stuck:
            self.left_out[cell.id] = f"not run: {min(stuck)} does not come to an end"
        elif deadly:
            self.left_out[cell.id] = f"not run: {min(deadly)} ends the process"
