"""The articles that models are measured on: what is written beside them is about the sentences as they are read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from presseschau.ingest import read_article

FOLDER = Path(__file__).parent.parent / "fixtures/models/articles"
STANCES = {"asserted", "reported", "alleged", "planned", "predicted", "opinion"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_the_labels_are_about_the_article_as_it_is_read(path: Path) -> None:
    article = read_article(path.read_bytes(), source=path.name)
    labels = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert [(unit["n"], unit["de"]) for unit in labels["english"]] == [(s.n, s.text) for s in article.sentences]
    assert (article.headline, article.published, article.outlet) == (
        labels["headline"],
        labels["published"],
        labels["outlet"],
    )
    german = {s.n: s for s in article.sentences}
    for claim in labels["claims"]:
        assert claim["evidence"] == [german[n].text for n in claim["sentences"]]
        assert {german[n].role for n in claim["sentences"]} <= {"lead", "body"}
        assert claim["stance"] in STANCES
        for words in (claim["speaker_de"], claim["when_de"]):
            assert words is None or words in article.text
    assert all(set(point["sentences"]) <= set(german) for point in labels["points"])
