"""Measure the explorers: from slider to picture in a real JupyterLab, and what their pages ask for.

    python -m benchmarks.explorers [--changes 120] [EXPLORER ...]

A change is timed from the slider's event to the message that follows the frame with the new picture: the
explorer's own work, style, layout and paint of the page, not what the screen adds. Beside it stand frames
in which nothing changes, begun in the same way: anywhere in a frame of 17 ms, so that a median of 30
changes is uncertain by some 1.5 ms, one of 120 by half of that. In the same notebook ipywidgets.interact
draws the picture of ConvExplorer, with the same numbers, as a new matplotlib figure for each value of the
same setting; it is timed in the page from the key to the frame that finds the new image.
times_faster_than_interact is its median over ConvExplorer's.
benchmarks/explorers.json keeps the figures. Let nothing else run meanwhile.
"""

import re
import shutil
import subprocess
import time
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Annotated

import nbformat
import typer

from benchmarks.record import ROOT, record
from course import explorers
from tests import explorer_pages
from tests.test_explorer_browser import KERNEL_ANSWERS, MOST_MS, NOTEBOOK_IS_OPEN, chromium, jupyterlab

# How each explorer is made, and which slider is moved: a trait, or "scrub", the player's.
MOVED = {
    "ActivationExplorer": ("", "z"),
    "BackpropExplorer": ("", "scrub"),
    "ChannelExplorer": ("size=6", "kernel"),
    "ConvBackwardExplorer": ("height=12, width=12, stride=1", "kernel"),
    "ConvExplorer": ("height=12, width=12, stride=1", "kernel"),
    "Dashboard": ("state='running', learning_rate=0.1, iterations=2, "
                  "curves={'loss': [[1, 2.3], [2, 1.9]]}", "learning_rate"),
    "FilterExplorer": ("", "size"),
    "GradientCheckExplorer": ("", "h"),
    "LeNetExplorer": ("", "scrub"),
    "OptimiserRace": ("", "scrub"),
    "PerceptronExplorer": ("", "scrub"),
    "PoolExplorer": ("height=10, width=10", "size"),
    "ReceptiveFieldExplorer": ("", "size"),
    "WeightSharingExplorer": ("", "change"),
}
SAME_PICTURE = "ConvExplorer"
INTERACT = """import ipywidgets
from course.explorers.conv_arithmetic import Geometry
from course.explorers.conv_figure import conv_figure
@ipywidgets.interact(kernel=(1, 11))
def draw(kernel=3):
    return conv_figure(Geometry(12, 12, kernel, stride=1, pad=1, dilation=1), seed=0, position=0, alt="")"""
MOST_INTERACT = 15
LIVE_TURNS = 3
SETTLE_MS = 500
# Times of changes and of empty frames in turn, begun at any moment of a frame, as a reader does.
TIMES = """async ([what, name, changes]) => {
    const all = [...document.querySelectorAll(".jp-Notebook .explorer")];
    const root = all.find((e) => e.innerText.startsWith(what));
    const sliders = [...root.querySelectorAll("input[type=range]")].filter((s) => !s.disabled);
    const find = { scrub: (s) => s.classList.contains("scrub") };
    const slider = sliders.find(find[name] ?? ((s) => s.dataset.name === name));
    if (!slider) throw Error(`no slider ${name} in ${sliders.map((s) => s.dataset.name)}`);
    const look = () => root.innerText + [...root.querySelectorAll("canvas")].map((c) => c.toDataURL()).join();
    const frame = () => new Promise((done) => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now());
        port2.postMessage(0);
    }));
    const timed = async (work) => {
        await new Promise((done) => setTimeout(done, 20 + 17 * Math.random()));
        const start = performance.now();
        work();
        return (await frame()) - start;
    };
    const [least, most, step] = [slider.min, slider.max, slider.step].map((x) => Number(x) || 1);
    let by = 1;
    const move = () => {
        const next = slider.valueAsNumber + by * step;
        if (next > Number(most) || next < Number(slider.min)) by = -by;
        slider.valueAsNumber += by * step;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const before = look();
    await timed(move);
    if (look() === before) throw Error(`the slider ${slider.dataset.name} changes nothing`);
    const moved = [], empty = [];
    for (let i = 0; i < changes; i += 1) {
        moved.push(await timed(move));
        empty.push(await timed(() => {}));
    }
    return { moved, empty };
}"""
PICTURE = "document.querySelector('.jp-OutputArea .widget-interact img')?.src"
AXE = """async () => (await axe.run(document.querySelector(".explorer"))).violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes[0].html}`)"""


def p95(times):
    """Return the time below which 95 of 100 lie."""
    return quantiles(times, n=20, method="inclusive")[-1]


def in_jupyterlab(names, changes):
    """Return {name: {"moved": [ms, ...], "empty": [...]}}, interact's times, and requests to other hosts."""
    calls = [f"from course.explorers import {name}\n{name}({MOVED[name][0]})" for name in names]
    cells = [nbformat.v4.new_code_cell(call) for call in (INTERACT, *calls)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    outside, times = [], {}
    with TemporaryDirectory() as folder, jupyterlab(Path(folder), notebook) as address, chromium() as page:
        page.on("request", lambda request: outside.append(request.url) if abroad(request.url) else None)
        page.goto(address)
        page.wait_for_function(NOTEBOOK_IS_OPEN)
        page.evaluate(KERNEL_ANSWERS)
        run = page.locator("[data-jp-item-name=run]")
        run.click()
        page.wait_for_function(PICTURE, timeout=MOST_MS)
        interact = interact_times(page, min(changes, MOST_INTERACT))
        page.locator(".jp-Cell .jp-InputPrompt").nth(1).click()
        for name in names:
            what = getattr(explorers, name)().what
            run.click()
            page.locator(".jp-Notebook .explorer", has_text=what).wait_for(timeout=MOST_MS)
            page.wait_for_timeout(SETTLE_MS)
            times[name] = page.evaluate(TIMES, [what, MOVED[name][1], changes])
            typer.echo(f"{name}: median {median(times[name]['moved']):.1f} ms, "
                       f"empty frame {median(times[name]['empty']):.1f} ms")
    return times, interact, outside


def abroad(url):
    """Tell whether a request leaves this machine."""
    return url.startswith(("http:", "https:", "ws:", "wss:")) and "://127.0.0.1:" not in url


def interact_times(page, changes):
    """Return how many ms pass from a key on the slider of interact to its new picture."""
    handle, times = page.locator(".widget-interact .noUi-handle").first, []
    page.evaluate("addEventListener('keydown', () => { window.pressed = performance.now(); }, true)")
    passed = f"src => ![undefined, src].includes({PICTURE}) && performance.now() - window.pressed"
    for i in range(changes):
        before = page.evaluate(PICTURE)
        handle.focus()
        page.keyboard.press("ArrowRight" if i % 10 < 5 else "ArrowLeft")
        times.append(page.wait_for_function(passed, arg=before).json_value())
    return times


def on_pages(names):
    """Return {name: seconds from opening a page to a live explorer}, and axe's findings."""
    live, findings, script = {}, [], axe()
    with explorer_pages.chromium() as browser:
        for name in names:
            explorer, turns = getattr(explorers, name)(), []
            with explorer_pages.showing(browser) as show:
                for turn in range(LIVE_TURNS):
                    begun = time.perf_counter()
                    page = show(explorer, theme=("light", "dark")[turn % 2])
                    page.locator(".explorer").wait_for()
                    turns.append(time.perf_counter() - begun)
                    if script and turn < 2:
                        page.evaluate(script)
                        findings += [f"{name}: {found}" for found in page.evaluate(AXE)]
            live[name] = median(turns)
    return live, findings if script else "not measured: npm is not there, or axe-core cannot be fetched"


def axe():
    """Return the text of axe-core, fetched with npm; None where that cannot be."""
    if shutil.which("npm") is None:
        return None
    with TemporaryDirectory() as folder:
        command = ["npm", "install", "--no-audit", "--no-fund", "--silent", "axe-core@4"]
        done = subprocess.run(command, cwd=folder)
        found = Path(folder) / "node_modules" / "axe-core" / "axe.min.js"
        return found.read_text("utf-8") if done.returncode == 0 and found.is_file() else None


def size(explorer):
    """Return the bytes of an explorer's module."""
    return len(explorer.get_state()["_esm"].encode())


def rows():
    """Return {row: [test, ...]} of the features in docs/explorers.md."""
    lines = (ROOT / "docs" / "explorers.md").read_text(encoding="utf-8").splitlines()
    cells = [line.split("|")[1:-1] for line in lines if re.match(r"\| \d+ \|", line)]
    return {int(number): re.findall(r"`(\S+::\S+)`", tests) for number, *_, tests in cells}


def main(
    names: Annotated[list[str] | None, typer.Argument(help="Explorers; none: all.")] = None,
    changes: Annotated[int, typer.Option(help="Changes of each slider.")] = 120,
):
    """Measure the explorers; with all of them and at least 30 changes, keep the figures."""
    chosen = names or explorers.__all__
    if lacking := set(explorers.__all__) - set(MOVED):
        raise typer.BadParameter(f"say in MOVED which slider is moved in {', '.join(sorted(lacking))}")
    times, interact, outside = in_jupyterlab(chosen, changes)
    live, findings = on_pages(chosen)
    figures = {
        "changes": changes,
        "slider_median_ms": {name: round(median(each["moved"]), 1) for name, each in times.items()},
        "slider_p95_ms": {name: round(p95(each["moved"]), 1) for name, each in times.items()},
        "empty_frame_median_ms": {name: round(median(each["empty"]), 1) for name, each in times.items()},
        "empty_frame_p95_ms": {name: round(p95(each["empty"]), 1) for name, each in times.items()},
        "interact_median_ms": round(median(interact), 1),
        "times_faster_than_interact": SAME_PICTURE in times
        and round(median(interact) / median(times[SAME_PICTURE]["moved"]), 1),
        "module_bytes": {name: size(getattr(explorers, name)()) for name in chosen},
        "page_to_live_seconds": {name: round(seconds, 3) for name, seconds in live.items()},
        "external_requests": len(outside),
        "axe_serious_findings": findings if isinstance(findings, str) else len(findings),
        "rows_with_a_test": f"{sum(map(bool, rows().values()))} of 28",
    }
    for finding in findings if isinstance(findings, list) else []:
        typer.echo(finding)
    typer.echo(figures)
    if set(chosen) == set(explorers.__all__) and changes >= 30:
        record("explorers", figures, measured=("course/explorers", "benchmarks/explorers.py"))
        typer.echo(f"kept in {ROOT / 'benchmarks' / 'explorers.json'}")


if __name__ == "__main__":
    typer.run(main)
