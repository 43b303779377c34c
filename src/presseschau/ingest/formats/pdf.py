"""PDF files of one column: an article per file, or what WISO, Factiva or Nexis exported.

Several columns are refused, since in which order they are read stands nowhere; so are encrypted and scanned files.
Nothing but text is taken out: no attachment, script, link or picture.
"""

from __future__ import annotations

import io
import logging
import math
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, BinaryIO

from presseschau.findings import flag
from presseschau.ingest.document import MEBI, Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats.bounded import LargeError, read_all
from presseschau.ingest.formats.office import export_in
from presseschau.ingest.formats.press_export import Around
from presseschau.ingest.formats.unread import missing
from presseschau.ingest.formats.wiso import wiso_items
from presseschau.ingest.text.normalize import join_hyphens

_MOST_PAGES, _MOST_STEPS, _MOST_STREAM = 3_000, 2_000_000, 8 * MEBI
_UNPACKED = (
    "zlib_maximum_output_length", "lzw_maximum_output_length", "run_length_maximum_output_length",
    "array_based_stream_maximum_output_length", "brotli_maximum_output_length",
)  # fmt: skip
_BROKEN = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError,
    NotImplementedError, EOFError, struct.error, zlib.error,
)  # fmt: skip
"""What pypdf raises on nonsense, beside its own errors."""
_WIDTH = 0.5
"""Of a letter, as a share of its height."""
_FEWEST_LINES, _SHARE, _LONG = 5, 0.12, 12
"""Lines beside each other, and share of all letters, from which there are columns; letters of a line of text."""
_SHORT = 60
"""Letters: a shorter line or paragraph without an end is a headline."""
_FOLIO = re.compile(r"(?:Seite\s*)?[-–]?\s*(?:\d{1,4}|[ivxlc]{1,6})\s*(?:(?:von|/)\s*\d{1,4})?\s*[-–]?$")
_ENDS = re.compile(r"[.!?:…][»“”\"')]*$")
_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]|/[gG]\\d+")


@dataclass(slots=True)
class _Drawn:
    """A piece of text, and where on the page it begins, in points from below."""

    x: float
    y: float
    size: float
    text: str

    @property
    def right(self) -> float:
        return self.x + _WIDTH * self.size * len(self.text)


def read_pdf(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The document of a PDF file; of an export its articles, with the sources `source#1` onwards.

    Raises ConfigurationError if the extra `pdf` is not installed.
    """
    pages = _pages(read_all(stream, options.max_whole), source)
    if isinstance(pages, Skipped):
        yield pages
        return
    if not any(pages):
        yield Skipped(source, "format", "This PDF file is a scan without text. Run OCR on it and give the result.")
        return
    text = "".join(line.text for page in pages for line in page)
    if len(_UNKNOWN.findall(text)) > 0.02 * len(text):
        yield Skipped(source, "format", "This PDF file does not say which letters it shows. Copy its text by hand.")
        return
    if number := next((n for n, page in enumerate(pages, 1) if _has_columns(page)), 0):
        what = (
            f"This PDF file is set in several columns (page {number}), and in which order they are read is not known."
        )
        yield Skipped(source, "format", f"{what} Copy the text of each of its articles into a text file of its own.")
        return
    every = [piece for page in pages for piece in _with_gaps(page)]
    read = export_in(every)
    if read is None:
        yield _article(pages, source)
    elif read is wiso_items:  # it knows its pages
        yield from read(join_hyphens("\n".join(every)).split("\n"), source)
    else:
        running = _running(pages)
        inner = [_without(page, running) for page in pages]
        yield from read(_over_pages(inner), source)
        around = Around()
        around.add(*(line.text for page, kept in zip(pages, inner, strict=True) for line in page if line not in kept))
        yield from around.item(source, "The heads and feet of its pages")


def _pages(data: bytes, source: str) -> list[list[_Drawn]] | Skipped:
    """The lines of each page, from above."""
    try:
        from pypdf import PdfReader, apply_configuration
        from pypdf.errors import PyPdfError
    except ImportError:
        raise missing("pdf") from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it says of every oddity how it took it
    found: list[list[_Drawn]] = []
    steps = _Steps()
    try:
        with apply_configuration(None, **dict.fromkeys(_UNPACKED, _MOST_STREAM)):
            reader = PdfReader(io.BytesIO(data))
            if reader.is_encrypted:
                return Skipped(source, "encrypted", "The PDF file is encrypted. Save it without a password.")
            if len(reader.pages) > _MOST_PAGES:
                return Skipped(source, "large", f"The PDF file has more than {_MOST_PAGES:,} pages.")
            for page in reader.pages:
                found.append(_lines(page, steps))
                if steps.done > _MOST_STEPS:
                    return Skipped(source, "large", "The PDF file draws more than articles do; given up.")
    except LargeError as error:
        return Skipped(source, "large", str(error))
    except (PyPdfError, *_BROKEN):
        return Skipped(source, "damaged", "The PDF file is damaged and cannot be read.")
    return found


class _Steps:
    """Counts what is drawn; a form may draw others many times over."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self, *_: Any) -> None:
        self.done += 1
        if self.done > _MOST_STEPS:
            raise LargeError("The PDF file draws more than articles do; given up.")


def _lines(page: Any, steps: _Steps) -> list[_Drawn]:
    """The lines of text of a page, from above; pieces beside each other that are far apart stay apart."""
    pieces: list[_Drawn] = []

    def took(text: str, outer: Sequence[float], inner: Sequence[float], _: Any, size: float) -> None:
        text = text.replace("\n", " ")
        if text.strip():
            x, y = (inner[4] * outer[n] + inner[5] * outer[n + 2] + outer[n + 4] for n in (0, 1))
            height = abs(size) * math.hypot(inner[2], inner[3]) * math.hypot(outer[2], outer[3])
            pieces.append(_Drawn(x, y, height if 1 < height < 400 else 10, text))

    page.extract_text(visitor_text=took, visitor_operand_before=steps)
    starts = Counter(round(piece.x) for piece in pieces if len(piece.text) >= _LONG)
    lines: list[_Drawn] = []
    for piece in pieces:
        last = lines[-1] if lines else None
        aligned = last and min(len(last.text), len(piece.text)) >= _LONG and starts[round(piece.x)] >= _FEWEST_LINES
        if last and not aligned and _goes_on(last, piece):
            last.text += piece.text
            last.size = max(last.size, piece.size)
        else:
            lines.append(piece)
    for line in lines:
        line.text = " ".join(line.text.split())
    return sorted(lines, key=lambda line: (-round(line.y), line.x))


def _goes_on(line: _Drawn, piece: _Drawn) -> bool:
    same = abs(line.y - piece.y) < 0.5 * max(line.size, piece.size)
    return same and line.x <= piece.x < line.right + 3 * line.size


def _has_columns(page: list[_Drawn]) -> bool:
    """Do at least five lines of text stand beside five others?"""
    long = [line for line in page if len(line.text) >= _LONG]
    letters = sum(len(line.text) for line in long)
    for start in {round(line.x) for line in long}:
        right = [line for line in long if abs(line.x - start) < 12]
        left = [line for line in long if line.x < start - 60 and line.right < start + 0.08 * (line.right - line.x)]
        if len(right) < _FEWEST_LINES or len(left) < _FEWEST_LINES:
            continue
        top, bottom = min(max(line.y for line in side) for side in (left, right)), max(
            min(line.y for line in side) for side in (left, right)
        )  # fmt: skip
        beside = [[line for line in side if bottom - 2 <= line.y <= top + 2] for side in (left, right)]
        if all(len(side) >= _FEWEST_LINES for side in beside) and all(
            sum(len(line.text) for line in side) >= _SHARE * letters for side in beside
        ):
            return True
    return False


def _with_gaps(page: list[_Drawn]) -> Iterator[str]:
    """The lines of a page, with a blank one where a paragraph ends; what stands in one line is joined."""
    rows: list[list[_Drawn]] = []
    for line in page:
        if rows and abs(rows[-1][0].y - line.y) < 0.5 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    steps = [above[0].y - below[0].y for above, below in pairwise(rows)]
    usual = median(steps) if steps else 0
    widest = max((sum(len(line.text) for line in row) for row in rows), default=0)
    size = _usual_size(page)
    left = Counter(round(row[0].x) for row in rows).most_common(1)[0][0] if rows else 0
    for n, row in enumerate(rows):
        if n:
            before = rows[n - 1]
            ended = _ENDS.search(before[-1].text) and sum(len(line.text) for line in before) < 0.75 * widest
            indented = left + 4 < row[0].x < left + 45 and not left + 4 < before[0].x
            sized = abs(row[0].size - before[0].size) > 0.12 * before[0].size
            apart = steps[n - 1] > max(1.35 * usual, 1.5 * row[0].size)
            if apart or sized or ((ended or indented) and row[0].size < 1.2 * size):
                yield ""
        yield "  ".join(line.text for line in row)
    yield ""


def _article(pages: list[list[_Drawn]], source: str) -> Document:
    """The one document in the pages: without heads, feet and numbers of pages, its paragraphs joined."""
    around = _running(pages)
    blocks: list[str] = []
    for page in pages:
        held = join_hyphens("\n".join(_with_gaps(_without(page, around))))
        found = [" ".join(block.split()) for block in held.split("\n\n") if block.strip()]
        if blocks and found and not _ENDS.search(blocks[-1]) and len(blocks[-1]) > _SHORT:
            blocks[-1] = join_hyphens(f"{blocks[-1]}\n{found.pop(0)}").replace("\n", " ")
        blocks += found
    beside = [("page", line.text) for page in pages for n, line in enumerate(page) if _is_around(n, page, around)]
    headline = _headline(pages[0])
    blank = sum(not page for page in pages)
    message = f"The article is incomplete. {blank} of {len(pages)} pages have no text, only pictures."
    return Document(
        source,
        text="\n\n".join(blocks),
        metadata={"headline": headline} if headline else {},
        findings=(flag("input.incomplete", message).stamped(),) if blank else (),
        beside=tuple(beside),
    )


def _without(page: list[_Drawn], running: set[tuple[str, int]]) -> list[_Drawn]:
    """The lines of a page without its head, foot and number."""
    return [line for n, line in enumerate(page) if not _is_around(n, page, running)]


def _over_pages(pages: list[list[_Drawn]]) -> list[str]:
    """The lines of all pages with gaps; full ones are joined with what follows, also over a page."""
    widest = max((len(line.text) for page in pages for line in page), default=0)
    found = [""]
    for page in pages:
        lines = list(_with_gaps(page))
        goes_on = len(lines) > 1 and not _ENDS.search(lines[-2]) and len(lines[-2]) > _SHORT
        for line in lines[:-1] if goes_on else lines:
            last = found[-1].rpartition("\n")[2]
            if line and len(last) >= 0.75 * widest:
                found[-1] = f"{found[-1]}\n{line}"
            else:
                found.append(line)
    return [join_hyphens(line).replace("\n", " ") for line in found]


def _running(pages: list[list[_Drawn]]) -> set[tuple[str, int]]:
    """The heads and feet that stand at one place on most pages, their numbers left out."""
    ends = Counter(name for page in pages for name in {_name(line) for line in (*page[:2], *page[-2:])})
    most = (name for name, count in ends.items() if count > 1 and count > 0.5 * len(pages))
    return {name for name in most if not _ENDS.search(name[0])}


def _name(line: _Drawn) -> tuple[str, int]:
    return re.sub(r"\d+", "0", line.text), round(line.y / 4)


def _is_around(number: int, page: list[_Drawn], running: set[tuple[str, int]]) -> bool:
    line = page[number]
    outer = number < 2 or number >= len(page) - 2
    return outer and (_name(line) in running or _FOLIO.match(line.text) is not None)


def _headline(page: list[_Drawn]) -> str:
    """The lines of the first page in letters clearly larger than its text."""
    largest = max((round(line.size, 1) for line in page), default=0)
    title = " ".join(line.text for line in page if round(line.size, 1) == largest)
    return title if largest >= 1.2 * _usual_size(page) and len(title) <= 250 else ""


def _usual_size(page: list[_Drawn]) -> float:
    sizes = Counter[float]()
    for line in page:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0
