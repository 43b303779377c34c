"""Bytes to articles: decode and repair, tell the article from its page, number its sentences."""

from presseschau.ingest.article import read_article
from presseschau.ingest.document import Document, ReadOptions, Skipped
from presseschau.ingest.reading import iter_articles, read, read_document
from presseschau.ingest.sources import iter_documents

__all__ = [
    "Document",
    "ReadOptions",
    "Skipped",
    "iter_articles",
    "iter_documents",
    "read",
    "read_article",
    "read_document",
]
