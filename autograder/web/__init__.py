"""Pages that ask no other host for anything: what they load lies beside them.

Some of that no Python package brings. It comes through npm, once, and is kept in .cache/web/; an archive
whose hash is not the one that stands here is not used.
"""

import base64
import hashlib
import io
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import nbconvert
from nbformat import NotebookNode

from autograder.errors import AutograderError
from autograder.root import ROOT
from course import files

HERE = Path(__file__).parent
CACHE = ROOT / ".cache" / "web"
FETCH_SECONDS = 120


class WebError(AutograderError):
    """Something that pages need is not to be had."""


class Archive(NamedTuple):
    """A package of npm: its version, the hash of its archive, and {path in it: name for us}."""

    package: str
    version: str
    sha512: str
    files: dict[str, str]

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return CACHE / f"{self.package.rpartition('/')[2]}-{self.version}.tgz"


ICONS = ("1551f4f60c37af51121f", "7a3337626410ca2f4071", "d878b0a6a1144760244f")  # fonts, asked for by name
ARCHIVES = {
    "formulas": Archive(
        "mathjax",
        "3.2.2",  # version 4 fetches fonts while it runs
        "Bt+SSVU8eBG27zChVewOicYs7Xsdt40qm4+UpHyX7k0/O9NliPc+x77k1/FEsPsjKPZGJvtRZM1vO+geW0OhGw==",
        {"es5/tex-svg-full.js": "mathjax.js", "LICENSE": "mathjax-license.txt"},
    ),
    "widgets": Archive(
        "@jupyter-widgets/html-manager",
        "1.0.15",
        "5thBIV6ymNgmPVOHvzx+gGy8ZSKmSazhtGw4/c4xJDVzRhG9PTeQsRjF3FUTopvFi//SABeNz1yp47bCrJ3CQA==",
        {
            "dist/embed-amd.js": "embed-amd.js",
            "dist/embed.js.LICENSE.txt": "embed-amd-license.txt",
            **{f"dist/{font}.woff2": f"{font}.woff2" for font in ICONS},
        },
    ),
    "modules": Archive(
        "requirejs",
        "2.3.8",
        "7/cTSLOdYkNBNJcDMWf+luFvMriVm7eYxp4BcFCsAX0wF421Vyce5SXP17c+Jd5otXKGNehIonFlyQXSowL6Mw==",
        {"require.js": "require.js"},
    ),
    "slides": Archive(
        "reveal.js",
        "5.2.1",
        "r7//6mIM5p34hFiDMvYfXgyjXqGRta+/psd9YtytsgRlrpRzFv4RbH76TXd2qD+7ZPZEbpBDhdRhJaFgfQ7zNQ==",
        {"dist/reveal.js": "reveal.js", "dist/reveal.css": "reveal.css", "LICENSE": "reveal-license.txt"},
    ),
}


def put(name: str, folder: Path) -> None:
    """Write the files of one of the ARCHIVES into a folder.

    Raises: WebError when it is neither kept nor to be fetched.
    """
    archive = ARCHIVES[name]
    with tarfile.open(fileobj=io.BytesIO(content(archive))) as packed:
        for path, ours in archive.files.items():
            files.write(folder / ours, packed.extractfile(f"package/{path}").read())


def content(archive: Archive) -> bytes:
    """Return an archive's bytes, fetched when they are not kept yet.

    Raises: WebError when they are not to be had or have another hash.
    """
    if archive.path.is_file() and is_right(archive, kept := archive.path.read_bytes()):
        return kept
    data = fetched(archive)
    if not is_right(archive, data):
        raise WebError(f"{archive.package} {archive.version}: npm gave another archive than the one expected")
    files.write(archive.path, data)
    return data


def is_right(archive: Archive, data: bytes) -> bool:
    """Return True when data has the archive's hash."""
    return base64.b64encode(hashlib.sha512(data).digest()).decode() == archive.sha512


def fetched(archive: Archive) -> bytes:
    """Return what npm gives for an archive.

    Raises: WebError when there is no npm, or it gives nothing.
    """
    wanted = f"{archive.package}@{archive.version}"
    if not shutil.which("npm"):
        raise WebError(f"{wanted} is needed once: install npm, or put its archive into {archive.path}")
    with TemporaryDirectory() as folder:
        command = ["npm", "pack", wanted, "--silent", "--ignore-scripts", "--pack-destination", folder]
        try:
            subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=FETCH_SECONDS)
            [packed] = Path(folder).glob("*.tgz")
        except (subprocess.SubprocessError, ValueError):
            advice = f"try again with a network, or put its archive into {archive.path}"
            raise WebError(f"npm could not fetch {wanted}: {advice}") from None
        return packed.read_bytes()


def page(notebook: NotebookNode, title: str, template: str = "page") -> str:
    """Return a notebook as HTML, by a template of this folder; formulas need "formulas" beside it."""
    kind = nbconvert.SlidesExporter if template == "slides" else nbconvert.HTMLExporter
    exporter = kind(
        template_name=template,
        extra_template_basedirs=[str(HERE)],
        extra_template_paths=[str(HERE)],
        mathjax_url="mathjax.js",
    )
    return exporter.from_notebook_node(notebook, {"metadata": {"name": title}})[0]
