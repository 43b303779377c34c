"""What a user names, read as articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from presseschau.errors import InputError
from presseschau.findings import flag
from presseschau.ingest.article import read_article
from presseschau.ingest.document import Document, ReadOptions, Skipped
from presseschau.ingest.sources import iter_documents
from presseschau.models import Article


def read(
    source: str | Path,
    *,
    options: ReadOptions | None = None,
    repair: bool = True,
    lang_check: bool = True,
) -> Article:
    """The one article in `source`: a file, an http(s) address, or `-` for standard input.

    Raises InputError if it cannot be read or holds several, NotGermanError if it is in another language.
    """
    found: Document | None = None
    first: Skipped | None = None
    skipped = unread = 0
    for item in iter_documents([source], options=options):
        if isinstance(item, Skipped):
            first = first or item
            skipped += 1
            unread += item.reason != "passed"
        elif found is not None:
            raise InputError(f"{source} holds more than one article; one is taken here. All: `batch`, iter_articles().")
        else:
            found = item
    if found is None:
        raise InputError(f"{first.source}: {first.detail}" if first else f"{source} holds no article.")
    article = read_document(found, repair=repair, lang_check=lang_check)
    if first is None:
        return article
    more = f" And {skipped - 1:,} more." if skipped > 1 else ""
    message = f"Not read beside it: {first.source}: {first.detail}{more}"
    beside = flag("input.skipped", message, grade="warning" if unread else None).stamped()
    return article.model_copy(update={"findings": (*article.findings, beside)})


def iter_articles(
    sources: str | Path | Sequence[str | Path],
    *,
    options: ReadOptions | None = None,
    repair: bool = True,
    lang_check: bool = True,
) -> Iterator[Article | Skipped]:
    """Every article in `sources` in order, one in memory at a time; what cannot be used is a Skipped with its reason.

    Sources are files, folders, archives, addresses, or `-`. Raises ConfigurationError if a format needs an extra that
    is not installed.
    """
    for item in iter_documents(sources, options=options):
        if isinstance(item, Skipped):
            yield item
            continue
        try:
            yield read_document(item, repair=repair, lang_check=lang_check)
        except InputError as error:
            yield Skipped(item.source, error.failure, str(error))


def read_document(document: Document, *, repair: bool = True, lang_check: bool = True) -> Article:
    """The article in one document of a container, with what the container says about it."""
    article = read_article(
        document.text if document.text is not None else document.data or b"",
        source="standard input" if document.source == "-" else document.source,
        declared=document.declared,
        repair=repair,
        lang_check=lang_check,
        metadata=document.metadata,
    )
    known = {finding.code for finding in article.findings}
    further = [finding for finding in document.findings if finding.code not in known]
    return article.model_copy(update={"findings": (*article.findings, *further)})
