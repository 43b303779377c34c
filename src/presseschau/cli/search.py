"""`search`: articles of an archive by their words, German or English, or by their meaning."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from presseschau.cli.library import ArchiveFile, check_archive

if TYPE_CHECKING:
    from presseschau.library.search import Answered, Hit, Shown

_DAY = ["%Y-%m-%d"]


class SearchFormat(StrEnum):
    text = "text"
    json = "json"
    csv = "csv"


class StanceName(StrEnum):
    asserted = "asserted"
    reported = "reported"
    alleged = "alleged"
    planned = "planned"
    predicted = "predicted"
    opinion = "opinion"


def search(
    archive: ArchiveFile,
    question: Annotated[
        str,
        typer.Argument(
            help='German or English words, all in one pair of quotes; "a phrase", -without, begin*. Empty: all that '
            "the filters leave."
        ),
    ] = "",
    speaker: Annotated[str | None, typer.Option(help="With a claim by someone whose name has this in it.")] = None,
    outlet: Annotated[str | None, typer.Option(help="Of outlets whose name has this in it.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=_DAY, help="Published on this day or later.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=_DAY, help="Published on this day or before.")] = None,
    stance: Annotated[StanceName | None, typer.Option(help="With a claim (of the speaker) that is so.")] = None,
    finding: Annotated[
        str | None,
        typer.Option(help="With this finding (number.missing) or kind (number): docs/checks.md."),
    ] = None,
    risk: Annotated[float | None, typer.Option(min=0, max=1, help="With a sentence of this risk or more.")] = None,
    newest: Annotated[bool, typer.Option("--newest", help="The newest first, not the best.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Articles at the most.")] = 20,
    skip: Annotated[int, typer.Option(min=0, help="Without the first so many.")] = 0,
    semantic: Annotated[bool, typer.Option("--semantic", help="By meaning (extra: semantic; `index` before).")] = False,
    format: Annotated[SearchFormat, typer.Option("--format", "-f", help="How it is printed.")] = SearchFormat.text,
) -> None:
    """Find articles of an archive by German or English words in any form, also inside compounds, or by meaning."""
    from presseschau.archives import search as answered
    from presseschau.cli.exits import complain
    from presseschau.cli.terminal import emit, tell
    from presseschau.findings import CODES, kinds_in_words
    from presseschau.library.search import Question

    check_archive(archive)
    if since and until and since > until:
        raise typer.BadParameter(f"--since {since:%Y-%m-%d} is after --until {until:%Y-%m-%d}.")
    if finding and not any(code == finding or code.startswith(f"{finding.rstrip('.')}.") for code in CODES):
        raise typer.BadParameter(f"there is no finding or kind of finding {finding}. The kinds are\n{kinds_in_words()}")
    asked = Question(
        question,
        speaker=speaker,
        outlet=outlet,
        since=f"{since:%Y-%m-%d}" if since else None,
        until=f"{until:%Y-%m-%d}" if until else None,
        stance=stance.value if stance else None,
        finding=finding,
        risk=risk,
        order="newest" if newest else "best",
    )
    found = answered(archive, asked, most=limit, skip=skip, semantic=semantic)
    if format is SearchFormat.json:
        emit(_json(found))
    elif format is SearchFormat.csv:
        emit(_csv(found), end="")
    else:
        for number, hit in enumerate(found.hits, skip + 1):
            tell(_text(number, hit))
        says = f" with {finding} ({CODES[finding].says})" if finding in CODES else ""
        complain(f"{found.total:,} article{'s' * (found.total != 1)}{says}{_rest(found, skip)}.")


def _rest(found: Answered, skip: int) -> str:
    last = skip + len(found.hits)
    return f", {skip + 1} to {last} shown" if found.hits and (skip or last < found.total) else ""


def _text(number: int, hit: Hit) -> str:
    article = hit.article
    title = article.english or article.headline or article.source
    about = ", ".join(
        filter(None, (article.outlet, (article.published or "")[:10], article.source, article.article[:12]))
    )
    lines = [f"{number}. {title}", f"   {about}"]
    lines += [f"   {', '.join(article.marks)}"] if article.marks else []
    earlier = "version 1" if article.versions == 1 else f"versions 1 to {article.versions}"
    lines += [f"   changed: earlier {earlier} (render --version)"] if article.versions else []
    for shown in hit.sentences:
        lines.append(f"   {shown.n:>4}  {_marked(shown.german, shown.german_at)}")
        lines += [f"         {_marked(shown.english, shown.english_at)}"] if shown.english else []
    lines += [f"      -  {claim}" for claim in hit.claims[:3]]
    return "\n".join(lines)


def _marked(text: str, at: tuple[tuple[int, int], ...]) -> str:
    """The words that were found between asterisks."""
    for start, end in reversed(at):
        text = f"{text[:start]}*{text[start:end]}*{text[end:]}"
    return text


def _json(found: Answered) -> str:
    from dataclasses import asdict
    from json import dumps

    return dumps(asdict(found), ensure_ascii=False, indent=2)


_COLUMNS = ("id", "article", "source", "outlet", "published", "headline", "english", "n", "german_sentence",
            "english_sentence")  # fmt: skip


def _csv(found: Answered) -> str:
    from presseschau.output.claims import BOM, inert

    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for hit in found.hits:
        one = hit.article
        about = (one.id, *(inert(cell) for cell in (one.article, one.source, one.outlet, one.published, one.headline,
                                                    one.english)))  # fmt: skip
        shown: tuple[Shown | None, ...] = hit.sentences or (None,)
        for s in shown:
            writer.writerow((*about, s.n if s else "", inert(s.german if s else None), inert(s.english if s else None)))
    return BOM + out.getvalue()
