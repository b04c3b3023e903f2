"""What every explorer owes its reader: words, a still picture, one small module that needs nothing else."""

import inspect
import re
import shutil
import subprocess
from io import BytesIO

import pytest
from matplotlib.image import imread

from course import explorers
from course.explorers import bundle as bundling
from course.explorers.bundle import bundle

NAMES = sorted(explorers.__all__)
MOST_BYTES = 30_000
NETWORK = re.compile(r"https?:|\bfetch\b|XMLHttpRequest|WebSocket|\bimport\b|\beval\b", re.IGNORECASE)
ENTRY = """
import {{ readFileSync }} from "node:fs";
const module = await import(`data:text/javascript;base64,${{readFileSync({path!r}).toString("base64")}}`);
process.stdout.write(typeof module.default.render);
"""


@pytest.fixture(scope="module", params=NAMES)
def explorer(request):
    """One explorer of each kind, as it is when nothing is set."""
    return getattr(explorers, request.param)()


@pytest.mark.parametrize("name", NAMES)
def test_an_explorer_says_what_it_is_for(name):
    first, *_ = inspect.cleandoc(vars(getattr(explorers, name))["__doc__"]).splitlines()
    assert first.endswith(".") and len(first.split()) > 5


def test_an_explorer_has_a_still_picture_with_words(explorer):
    data, metadata = explorer._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    assert imread(BytesIO(data["image/png"]))[..., :3].std() > 0.02
    assert metadata["image/png"]["alt"] == explorer.alt and len(explorer.alt.split()) > 8
    assert data["text/plain"] == repr(explorer) and repr(explorer).endswith(explorer.alt)


def test_the_module_of_an_explorer_is_small_and_reaches_for_nothing(explorer):
    module = explorer.get_state()["_esm"]
    assert len(module.encode()) <= MOST_BYTES
    assert not NETWORK.search(module)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_module_of_an_explorer_can_be_rendered(explorer, tmp_path):
    path = tmp_path / "module.mjs"
    path.write_text(explorer.get_state()["_esm"], encoding="utf-8")
    done = subprocess.run(["node", "--input-type=module", "-e", ENTRY.format(path=str(path))],
                          capture_output=True, encoding="utf-8")
    assert (done.stdout, done.stderr) == ("function", "")


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """Write modules to bundle: a dictionary of their texts."""
    monkeypatch.setattr(bundling, "HERE", tmp_path)
    return lambda texts: [(tmp_path / f"{name}.mjs").write_text(text) for name, text in texts.items()]


def run(module):
    """Return what a module writes, run without its neighbours."""
    command = ["node", "--input-type=module", "-e", module]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_a_bundle_holds_each_neighbour_once_and_their_names_do_not_meet(modules):
    modules({
        "one": "// once\nexport const one = 1;\nconst same = 'a';\n"
               "export function first() {\n  return same;\n}\n",
        "two": 'import { one } from "./one.mjs";\n\n/** More\n * words. */\nexport const two = one + 1;\n'
               "const same = 'b';\nexport const second = () => same;\n",
        "entry": 'import { first, one } from "./one.mjs";\nimport {\n  second, two,\n} from "./two.mjs";\n'
                 "const same = 'c';\nprocess.stdout.write(`${one}${two}${first()}${second()}${same}`);\n"
                 "export default { render() {} };\n",
    })
    text = bundle("entry.mjs")
    assert run(text) == "12abc"
    assert text.count("const one=1;") == 1
    assert "once" not in text and "words" not in text and "import" not in text


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_functions_that_nobody_calls_stay_behind_with_those_that_only_they_called(modules):
    modules({
        "other": "export function used() {\n  return deep();\n}\nfunction deep() {\n  return 'ok';\n}\n"
                 "// idle(): not a call\nexport function idle() {\n  return below();\n}\n"
                 "function below() {\n  return 1;\n}\n",
        "entry": 'import { used } from "./other.mjs";\nprocess.stdout.write(used());\n',
    })
    text = bundle("entry.mjs")
    assert run(text) == "ok"
    assert "idle" not in text and "below" not in text


@pytest.mark.parametrize(("other", "said"), [
    ("export default 1;\n", "other.mjs can't be put in front of another module: export default 1;"),
    ('import * as all from "./that.mjs";\nexport const one = 1;\n', "can't be put in front"),
    ("const one = 1;\n", "entry.mjs imports one that other.mjs does not export"),
], ids=["a default", "an import of all", "a name that is not there"])
def test_what_cannot_be_bundled_is_refused(modules, other, said):
    one = "" if "one" in other else "export const one = 1;\n"
    modules({"other": other + one, "entry": 'import { one } from "./other.mjs";\n'})
    with pytest.raises(ValueError, match=re.escape(said)):
        bundle("entry.mjs")
