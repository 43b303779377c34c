"""Lines of a shard: articles that `presseschau split` has read already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from presseschau.ingest.document import Document, Item, Skipped
from presseschau.models import Article

SHARD = "presseschau/shard/1"
"""The schema of a line."""


def line_of(article: Article, source: str) -> str:
    """A line, with its end; `source` is what the item was called where it was read."""
    return json.dumps(
        {"schema": SHARD, "source": source, "article": article.model_dump(mode="json")}, ensure_ascii=False
    ) + "\n"  # fmt: skip


def article_of(row: Mapping[str, Any], source: str) -> Item:
    """The article of a line; Skipped if it is not one as it was written."""
    try:
        article = Article.model_validate_json(json.dumps(row["article"]))
        named = str(row["source"])
    except (KeyError, ValidationError):
        return Skipped(source, "damaged", "This line of a shard holds no article as `presseschau split` writes it.")
    numbered = "\n".join(sentence.text for sentence in article.sentences)
    if hashlib.sha256(numbered.encode()).hexdigest() != article.id:
        return Skipped(source, "damaged", "This line of a shard was changed: its article is not that of its id.")
    return Document(named, text=article.text, metadata=article.metadata, article=article)
