"""Bytes to articles: decode and mend, tell the article from its page, number its sentences."""

from presseschau.ingest.article import read_article
from presseschau.ingest.document import ReadOptions, Skipped
from presseschau.ingest.reading import iter_articles, read

__all__ = ["ReadOptions", "Skipped", "iter_articles", "read", "read_article"]
