"""The library as README shows it to somebody with a script, a notebook, or only `help()`."""

import pydoc
import re
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

import presseschau
from test_cli import ARTICLE, ROOT, answer, served

__all__ = ["served"]  # a fixture


def test_all_is_there_before_anything_is_loaded():
    code = "import presseschau as p; print([n for n in p.__all__ if n not in dir(p)], p.errors.InputError.exit_code)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[] 1\n"
    told = pydoc.plain(pydoc.render_doc(presseschau))
    assert all(re.search(rf"\b{name}\b", told) for name in presseschau.__all__)


async def test_the_plain_calls_work_where_a_loop_is_running(served, tmp_path):
    """In a notebook there is always one."""
    server = served([answer])
    article = presseschau.read(ARTICLE)
    given = {"base_url": server.base_url, "cache": tmp_path / "answers.sqlite3"}
    analysis = presseschau.analyze_article(article, "scripted", **given)
    note = presseschau.brief_results([analysis], "scripted", **given)
    assert analysis.claims
    assert note.sources[0].id == article.id


def test_a_text_is_analysed_like_a_file_of_it(served, tmp_path):
    given = {"base_url": served([answer]).base_url, "cache": tmp_path / "answers.sqlite3"}
    analysis = presseschau.analyze_article(ARTICLE.read_text(encoding="utf-8"), "scripted", **given)
    assert analysis.article.id == presseschau.read(ARTICLE).id
    assert analysis.claims
    with pytest.raises(presseschau.errors.InputError, match="is the name of a file"):
        presseschau.analyze_article(str(ARTICLE), "scripted", **given)
    with pytest.raises(presseschau.errors.NotGermanError):
        presseschau.analyze_article("The council met on Tuesday to talk about bicycles and roads.", **given)


def test_the_plain_calls_take_what_choose_gave(served, tmp_path):
    server = served([answer])
    article, cache = presseschau.read(ARTICLE), tmp_path / "answers.sqlite3"
    choice = presseschau.choose("scripted", base_url=server.base_url)
    analysis = presseschau.analyze_article(article, choice, cache=cache)
    assert analysis.provenance.model == "scripted"
    sent = len(server.requests)
    assert presseschau.analyze_article(article, "scripted", base_url=server.base_url, cache=cache) == analysis
    assert len(server.requests) == sent
    assert presseschau.brief_results([analysis], choice, cache=cache).sources
    with pytest.raises(TypeError, match="choose"):
        presseschau.analyze_article(article, choice, api_key="sk-canary")


def test_importing_loads_nothing_not_even_for_the_version():
    code = (
        "import sys; before = {*sys.modules}; import presseschau as p; print(*{*sys.modules} - before, p.__version__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {*done.stdout.split()} <= {"presseschau", "__future__", version("presseschau")}
    assert "__version__" in dir(presseschau)


@pytest.mark.parametrize("given", [str(ROOT / "fixtures/briefing"), ROOT / "fixtures/briefing"], ids=("text", "path"))
def test_one_folder_is_a_source_as_text_or_path(given):
    assert any(isinstance(found, presseschau.Article) for found in presseschau.iter_articles(given))


def test_the_key_of_openai_goes_to_openai_only(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    assert presseschau.choose("gpt-6.1-terra").endpoint.api_key.get_secret_value() == "sk-canary"
    assert presseschau.choose("m", base_url="https://example.org/v1").endpoint.api_key.get_secret_value() == ""
    with pytest.raises(presseschau.errors.CredentialsError):
        presseschau.choose("gpt-6.1-terra", api_key="")


@pytest.mark.parametrize(("name", "first"), [("a.docx", "word/numbering.xml"), ("noname", "[Content_Types].xml")])
def test_a_word_file_is_one_article_and_not_unpacked(tmp_path: Path, name, first):
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    said = "Die Regierung hat am Montag die Steuern gesenkt. Das teilte eine Sprecherin in Berlin mit."
    with zipfile.ZipFile(tmp_path / name, "w") as file:
        file.writestr(first, "<xml/>")
        body = f"<w:body><w:p><w:r><w:t>{said}</w:t></w:r></w:p></w:body>"
        file.writestr("word/document.xml", f'<w:document xmlns:w="{space}">{body}</w:document>')
    (read,) = presseschau.iter_articles(tmp_path)
    assert [sentence.text for sentence in read.sentences] == said.replace(". ", ".\n").split("\n")
