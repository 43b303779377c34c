"""A second export of each format, written before its reader was read (`tests/second_exports.py`), is read whole and
right; `tests/measure/second_exports.py` prints the shares."""

from __future__ import annotations

import io
from typing import Any

import pytest

from presseschau.ingest import Document, iter_documents, read_document
from second_exports import exports

EXPORTS = exports()


@pytest.mark.parametrize("name", EXPORTS)
def test_each_article_with_its_fields_and_nothing_else(name: str) -> None:
    data, expected = EXPORTS[name]
    items = list(iter_documents("-", stdin=io.BytesIO(data)))
    articles = [read_document(item, lang_check=False) for item in items if isinstance(item, Document)]
    assert [item.reason for item in items if not isinstance(item, Document)] == expected.get("skipped", [])
    assert len(articles) == len(expected["articles"])
    for article, wanted in zip(articles, expected["articles"], strict=True):
        assert article.headline == wanted["headline"]
        assert (article.outlet or article.agency) == wanted["outlet"]
        assert (article.published or "").startswith(wanted["published"] or "")
        assert bool(article.published) == bool(wanted["published"])
        assert names(article.author) == names(wanted["author"])
        sentences = [sentence.text for sentence in article.sentences]
        assert [part for part in wanted["has"] if not any(part in line for line in sentences)] == []
        assert [line for line in sentences if any(bad in line for bad in expected["never"])] == []


def names(author: Any) -> set[str]:
    return set((author or "").casefold().replace(" und ", ", ").split(", "))
