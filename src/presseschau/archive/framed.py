"""Files with a frame around all articles, made as a whole from the journal: TMX for translators, CSV of claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from presseschau.models import Analysis
from presseschau.output import rendered
from presseschau.storage.files import write_file

_UNIT = re.compile(r'^<tu tuid="(\d+)">$', re.M)
_OF_ONE_ARTICLE = re.compile(r'^<prop type="x-(?:source|article)">.*\n', re.M)


def write_framed(analyses: Iterable[Analysis], path: Path, format: str, advice: str = "") -> None:
    """One file of all of them; none if there are no analyses. Raises OutputError, which ends with the advice."""
    first = next(iter(analyses := iter(analyses)), None)
    if first is not None:
        write_file(path, (_tmx if format == "tmx" else _csv)(_chained(first, analyses)), advice=advice)


def _chained(first: Analysis, others: Iterator[Analysis]) -> Iterator[Analysis]:
    yield first
    yield from others


def _csv(analyses: Iterable[Analysis]) -> Iterator[str]:
    """The tables below one header; every cell is one line, so the header is the first."""
    for number, analysis in enumerate(analyses):
        table = rendered(analysis, "csv")
        yield table if number == 0 else table.partition("\n")[2]


def _tmx(analyses: Iterable[Analysis]) -> Iterator[str]:
    """The units in one body, numbered ARTICLE-SENTENCE; what a header says of one article stands before its units."""
    for number, analysis in enumerate(analyses):
        head, body, rest = rendered(analysis, "tmx").partition("<body>\n")
        if number == 0:
            yield _OF_ONE_ARTICLE.sub("", head) + body
        about = "".join(_OF_ONE_ARTICLE.findall(head))
        units = rest.rpartition("</body>")[0]
        yield _UNIT.sub(rf'<tu tuid="{analysis.article.id[:12]}-\1">', units).replace(
            '<prop type="x-status">', f'{about}<prop type="x-status">'
        )
    yield "</body>\n</tmx>\n"
