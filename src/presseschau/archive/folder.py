"""A folder with one file an article, numbered in input order, and an index of them all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from presseschau.archive.journal import Journal
from presseschau.archive.row import Row, unpacked
from presseschau.archive.sink import GO_ON
from presseschau.models import Analysis
from presseschau.storage.files import cannot_write, write_file

_OURS = re.compile(r"(\d{6,})-[0-9a-f]{12}\.(?:md|html)")


def file_name(position: int, article: str, format: str) -> str:
    return f"{position + 1:06d}-{article[:12]}.{format}"


class Folder:
    """Writes a file for each record. Raises OutputError when it cannot."""

    def __init__(self, path: Path, format: str) -> None:
        self._path = path
        self._format = format
        try:
            path.mkdir(exist_ok=True)
        except OSError as error:
            raise cannot_write(path, error, GO_ON) from None

    def rewind(self, position: int, offset: int) -> bool:
        """Deletes the files from `position` on. False if there are fewer before it than were written: begin at 0."""
        try:
            for file in self._path.iterdir():
                found = _OURS.fullmatch(file.name)
                if found and int(found[1]) > position:
                    file.unlink()
        except OSError as error:
            raise cannot_write(self._path, error, GO_ON) from None
        return True

    def write(self, position: int, record: bytes) -> None:
        from presseschau.output import rendered

        analysis = Analysis.model_validate_json(record)
        file = self._path / file_name(position, analysis.article.id, self._format)
        write_file(file, rendered(analysis, self._format), sync=False, advice=GO_ON)

    def sync(self) -> None:
        """Nothing: a file that a power cut takes is made again from the journal by --overwrite."""

    def close(self) -> None:
        pass


def write_index(journal: Journal, folder: Path, format: str) -> None:
    """The page that lists every article, failures marked; what has no file is listed in the files beside the folder."""
    write_file(folder / f"index.{format}", _html(journal) if format == "html" else _markdown(journal), advice=GO_ON)


def _markdown(journal: Journal) -> Iterator[str]:
    yield "# Articles\n\n"
    for row, title, outlet in _entries(journal):
        assert row.article is not None
        said = re.sub(r"([\\`*_\[\]<>#|!&])", r"\\\1", title)
        note = f" ({row.state}: {row.reason})" if row.state == "failed" else ""
        name = file_name(row.position, row.article, "md")
        yield f"{row.position + 1}. [{said}]({name}){outlet and f', {outlet}'}{note}\n"


def _html(journal: Journal) -> Iterator[str]:
    yield (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Articles</title>\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "li{margin:.3rem 0}.failed{color:#a00}</style>\n<h1>Articles</h1>\n<ol>\n"
    )
    for row, title, outlet in _entries(journal):
        assert row.article is not None
        note = f' <span class="failed">failed: {escape(row.reason)}</span>' if row.state == "failed" else ""
        name = file_name(row.position, row.article, "html")
        yield f'<li value="{row.position + 1}"><a href="{name}">{escape(title)}</a> {escape(outlet)}{note}</li>\n'
    yield "</ol></html>\n"


def _entries(journal: Journal) -> Iterator[tuple[Row, str, str]]:
    """Row, English title (else German), outlet."""
    for row in journal.rows():
        if row.record is None:
            continue
        data = json.loads(unpacked(row.record))
        article = data["article"]
        english = next((t["en"] for t in data["translation"] or () if t["role"] == "headline" and t["en"]), None)
        title = english or article["headline"] or article["sentences"][0]["text"]
        yield row, " ".join(title.split())[:200], " ".join((article["outlet"] or "").split())
