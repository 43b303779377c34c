"""Bytes to articles: decode and mend, tell the article from its page, number its sentences."""

from presseschau.ingest.article import read_article

__all__ = ["read_article"]
