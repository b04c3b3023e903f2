"""What pages need and no Python package brings: fetched once, kept, never another archive."""

import re
import subprocess

import nbformat
import pytest

from autograder import web
from autograder.web import ARCHIVES, WebError
from tests.web_pages import require_archives


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(web, "CACHE", tmp_path / "cache")
    return tmp_path


@pytest.mark.parametrize("name", ARCHIVES)
def test_every_file_of_an_archive_is_put_where_it_is_wanted(name, tmp_path):
    require_archives()
    web.put(name, tmp_path)
    found = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert set(found) == set(ARCHIVES[name].files.values()) and min(found.values()) > 500


def test_without_npm_one_line_says_what_to_do(empty_cache, monkeypatch):
    monkeypatch.setattr(web.shutil, "which", lambda name: None)
    said = r"^mathjax@3\.2\.2 is needed once: install npm, .*mathjax-3\.2\.2\.tgz$"
    with pytest.raises(WebError, match=said):
        web.put("formulas", empty_cache / "pages")
    assert not (empty_cache / "pages").exists()


def test_without_a_network_one_line_says_so(empty_cache, monkeypatch):
    def fails(command, **how):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(web.shutil, "which", lambda name: name)
    monkeypatch.setattr(web.subprocess, "run", fails)
    with pytest.raises(WebError, match=r"^npm could not fetch requirejs@2\.3\.8: try again with a network"):
        web.put("modules", empty_cache)


def test_an_archive_with_another_hash_is_neither_used_nor_kept(empty_cache, monkeypatch):
    monkeypatch.setattr(web, "fetched", lambda archive: b"something else")
    with pytest.raises(WebError, match="another archive than the one expected"):
        web.put("slides", empty_cache / "pages")
    assert not ARCHIVES["slides"].path.exists() and not (empty_cache / "pages").exists()


def test_a_damaged_archive_is_fetched_again(empty_cache, monkeypatch):
    require_archives()
    archive = ARCHIVES["modules"]
    right = web.content(archive)
    archive.path.write_bytes(right[:-1])
    monkeypatch.setattr(web, "fetched", lambda asked: right)
    assert web.content(archive) == right == archive.path.read_bytes()


def test_a_page_names_no_host_and_gives_every_picture_its_words():
    data = {"image/png": "iVBORw0KGgo=", "text/plain": "Explorer()"}
    words = {"image/png": {"alt": "A cat & a dog"}}
    output = nbformat.v4.new_output("execute_result", data=data, metadata=words)
    cells = [
        nbformat.v4.new_markdown_cell("## $x^2$"),
        nbformat.v4.new_code_cell("Explorer()", outputs=[output]),
    ]
    page = web.page(nbformat.v4.new_notebook(cells=cells), "title")
    assert re.findall(r"""(?:src|href|from|import)\s*=?\s*\(?["'](?:https?:)?//[^"']*""", page) == []
    assert 'alt="A cat &amp; a dog"' in page
