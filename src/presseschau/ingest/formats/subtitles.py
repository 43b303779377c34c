"""Subtitles: SubRip (.srt) and WebVTT (https://www.w3.org/TR/webvtt1/), the cues joined to sentences.

Numbers, times, settings, styles, comments and marks of cues are left out; what is said of sounds ("[Applaus]") stands
beside the text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import BinaryIO

from presseschau.errors import InputError
from presseschau.ingest.document import Document, Item, ReadOptions, Skipped
from presseschau.ingest.formats.bounded import read_all
from presseschau.ingest.text.decode import decode

_TIME = re.compile(r"\s*(?:\d{1,4}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}\s*-->\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,]\d{1,3}")
_BEGIN = re.compile(r"\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,]\d{1,3}")
_MARK = re.compile(r"<[/!]?[A-Za-z0-9][^<>]{0,200}>|\{\\[^{}]{0,80}\}")
_SOUND = re.compile(r"[\[(♪][^\[\]()]{1,80}[\])♪]\.?|[♪♫ ]+")
_SPEAKER = re.compile(r"^[-–—] (?=\S)")
_ENDS = re.compile(r"[.!?…][»“”\"'’)]*$")
_PAUSE = 8
"""Seconds without speech from which a new paragraph begins."""
_LONGEST, _MOST = 600, 4_000
"""Characters from which the next sentence begins a paragraph, and the next line does."""


def read_subtitles(stream: BinaryIO, source: str, options: ReadOptions) -> Iterator[Item]:
    """The one document of a file of subtitles."""
    try:
        text = decode(read_all(stream, options.max_item), options.charset).text
    except InputError as error:
        yield Skipped(source, "damaged", str(error))
        return
    paragraphs: list[list[str]] = []
    beside: list[tuple[str, str]] = []
    ended, size, last = 0, 0, ""
    for begin, end, lines in _cues(text):
        for line in lines:
            if _SOUND.fullmatch(line):
                beside.append(("sound", line))
                continue
            if line == last:
                continue  # a rolling caption shows each line twice
            apart = begin - ended > _PAUSE or size > _LONGEST
            if not paragraphs or size > _MOST or (apart and _ENDS.search(last)):
                paragraphs.append([])
                size = 0
            paragraphs[-1].append(_SPEAKER.sub("", line, count=1))
            size, last, ended = size + len(line), line, end
    if paragraphs:
        yield Document(source, text="\n\n".join(map(" ".join, paragraphs)), beside=tuple(beside))
    else:
        yield Skipped(source, "empty", "The subtitles hold no speech.")


def _cues(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Begin and end in seconds, and the lines, of each cue."""
    times: tuple[int, int] | None = None
    held: list[str] = []
    for line in (*text.splitlines(), ""):
        if time := _TIME.match(line):
            if times and held and held[-1].isdecimal():
                held.pop()  # the number of the next cue, without a blank line before it
            if times:
                yield (*times, held)
            times, held = (_seconds(_BEGIN.match(line)), _seconds(time)), []
        elif times and line.strip():
            tidy = " ".join(html.unescape(_MARK.sub("", line)).split())
            held += [tidy] if tidy else []
        elif times and held:
            yield (*times, held)
            times, held = None, []


def _seconds(found: re.Match[str] | None) -> int:
    hours, minutes, seconds = found.groups(default="0") if found else ("0", "0", "0")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)
