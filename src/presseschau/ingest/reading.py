"""What a user names, read as articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from presseschau.errors import InputError, SeveralError
from presseschau.findings import flag
from presseschau.ingest.article import read_article
from presseschau.ingest.document import Document, Item, ReadOptions, Skipped
from presseschau.ingest.sources import iter_documents
from presseschau.models import Article
from presseschau.patterns import late

_NAMED, _MOST_COUNTED = 10, 1_000
"""Articles of a file that are named and counted when one of them is to be chosen."""
_FEWEST = 4
"""Characters of the beginning of a headline that name an article."""
_SHOWN = 60
"""Characters of a headline that a message shows."""
_DIGEST = late(r"[0-9a-f]{6,64}")


def read(
    source: str | Path,
    *,
    options: ReadOptions | None = None,
    repair: bool = True,
    lang_check: bool = True,
    article: str | None = None,
) -> Article:
    """The one article in `source`: a file, an http(s) address, or `-` for standard input.

    `article` names one of several: its source or the end of that behind `#`, `!` or `/`, its number where that has
    none, its own id or link, or how its headline or its `Article.id` begins. Raises InputError if it cannot be read,
    SeveralError if it holds several and none is named, or not exactly one of that name, NotGermanError if it is in
    another language.
    """
    wanted: Document | None = None
    others: list[Document] = []
    skipped: list[Skipped] = []
    refused: Skipped | None = None
    counts = {"documents": 0, "skipped": 0, "unread": 0}
    for item in iter_documents([source], options=options):
        if isinstance(item, Skipped):
            counts["skipped"] += 1
            counts["unread"] += item.reason != "passed"
            refused = item if article is not None and _ends_with(item.source, article) else refused
            skipped += [item] if len(skipped) < _NAMED else []
            continue
        counts["documents"] += 1
        ordinal = article == str(counts["documents"]) and "#" not in item.source
        if article is not None and (ordinal or _is_named(item, article, repair=repair, lang_check=lang_check)):
            if wanted is not None:
                raise SeveralError(f"Several articles of {source} are named {article!r}. Give more of the name.")
            wanted = item
        elif len(others) < _NAMED:
            others.append(item)
        if article is None and counts["documents"] >= _MOST_COUNTED:
            break
    if counts["documents"] == 0 and skipped and skipped[0].reason == "follow":
        addresses = f"{counts['skipped']:,} web address{'es' * (counts['skipped'] != 1)}"
        raise SeveralError(
            f"{source} holds {addresses} and no text: {skipped[0].detail} Of several, take one with --article, or all "
            "with `batch --follow`."
        )
    if counts["documents"] == 0:
        why = [one.detail if one.source in one.detail else f"{one.source}: {one.detail}" for one in skipped[:1]]
        raise InputError(why[0] if why else f"{source} holds no article.")
    if wanted is None and refused is not None:
        raise InputError(f"{refused.source}: {refused.detail}")
    if article is not None and wanted is None:
        raise SeveralError(f"{source} holds no article {article!r}. {_named(source, others, counts['documents'])}")
    if article is None and counts["documents"] > 1:
        every = "Take one with --article, or all of them with `batch` (from Python: iter_articles)."
        raise SeveralError(f"{_named(source, others, counts['documents'])} {every}")
    chosen = wanted or others[0]
    try:
        found = read_document(chosen, repair=repair, lang_check=lang_check)
    except InputError as error:
        if chosen.source not in (said := str(error)) and chosen.source != "-":
            error.args = (f"{chosen.source}: {said}",)
        raise
    if article is not None or not skipped:
        return found
    more = f" And {counts['skipped'] - 1:,} more." if counts["skipped"] > 1 else ""
    message = f"Not read beside it: {skipped[0].source}: {skipped[0].detail}{more}"
    beside = flag("input.skipped", message, grade="warning" if counts["unread"] else None).stamped()
    return found.model_copy(update={"findings": (*found.findings, beside)})


def _is_named(document: Document, name: str, *, repair: bool, lang_check: bool) -> bool:
    if name in (document.source, document.metadata.get("id"), document.metadata.get("url")):
        return True
    if _ends_with(document.source, name):
        return True
    if len(name) >= _FEWEST and document.metadata.get("headline", "").casefold().startswith(name.casefold()):
        return True
    if not _DIGEST.fullmatch(name):
        return False
    try:
        return read_document(document, repair=repair, lang_check=lang_check).id.startswith(name)
    except InputError:
        return False


def _ends_with(source: str, name: str) -> bool:
    """Also a file of a folder by the end of its path; a bare number is the place in the file."""
    return source.endswith((f"#{name.lstrip('#')}", f"!{name}")) or (not name.isdigit() and source.endswith(f"/{name}"))


def _named(source: str | Path, documents: list[Document], count: int) -> str:
    """How many articles a file holds, and the names of the first."""
    most = "at least " if count >= _MOST_COUNTED else ""
    beyond = [one.source.removeprefix(str(source)).removeprefix("/") or one.source for one in documents]
    headlines = [_cut(one.metadata.get("headline", "")) for one in documents]
    names = [f"{name} {headline}".strip() for name, headline in zip(beyond, headlines, strict=True)]
    articles = f"{most}{count:,} article{'s' * (count != 1)}"
    return f"{source} holds {articles}: {'; '.join(names)}{' ...' if count > len(names) else '.'}"


def _cut(headline: str) -> str:
    return headline if len(headline) <= _SHOWN else f"{headline[: _SHOWN - 1].rstrip()}…"


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
    yield from articles_of(iter_documents(sources, options=options), repair=repair, lang_check=lang_check)


def articles_of(items: Iterable[Item], *, repair: bool = True, lang_check: bool = True) -> Iterator[Article | Skipped]:
    """The articles in documents that were found, likewise."""
    for item in items:
        if isinstance(item, Skipped):
            yield item
            continue
        try:
            yield read_document(item, repair=repair, lang_check=lang_check)
        except InputError as error:
            yield Skipped(item.source, error.failure, str(error))


def read_document(document: Document, *, repair: bool = True, lang_check: bool = True) -> Article:
    """The article in one document of a container, with what the container says about it. A page that is still to be
    fetched for it is."""
    document = document.load() if document.load else document
    if document.article is not None:
        return document.article
    article = read_article(
        document.text if document.text is not None else document.data or b"",
        source="standard input" if document.source == "-" else document.source,
        declared=document.declared,
        repair=repair,
        lang_check=lang_check,
        metadata=document.metadata,
        beside=document.beside,
        roles=document.roles,
    )
    known = {finding.code for finding in article.findings}
    further = [finding for finding in document.findings if finding.code not in known]
    return article.model_copy(update={"findings": (*article.findings, *further)})
