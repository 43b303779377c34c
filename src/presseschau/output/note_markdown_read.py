"""A note in Markdown, read back as far as it goes: what it says, what that cites, and the German of the footnotes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from presseschau.lang import vocabulary
from presseschau.models import Claim, Evidence
from presseschau.notes import Source, SourceClaim, SourceSentence

_SEAL = re.compile(r"\n\[//\]: # \(presseschau/note/1 text ([0-9a-f]{64})\)\n?\Z")
_FOOTNOTE = re.compile(r"^\[\^([\w.-]+)\]: (.*)$")
_PASSAGE = re.compile(r"^    > (.*?)(  )?$")
_REFERENCES = r"(?P<cited>(?:\[\^[\w.-]+\])+)"
_FIGURE = re.compile(rf"\*\*(?P<text>(?:\\.|[^*\\])+)\*\*{_REFERENCES}")
_SENTENCE = re.compile(rf"^(?:- |  - before: )?(?:\*\*(?:\\.|[^*\\])+:\*\* )?(?P<text>(?:\\.|[^\[\\])+?){_REFERENCES}")
_CITED = re.compile(r"\[\^([\w.-]+)\]")
_SAID = re.compile(r"^(?P<verdict>\*\*not supported by the German:\*\* )?(?P<text>.*) \*\((?P<said>.*)\)\*$")
_BY = re.compile(r"said by (?P<name>.+?)(?: \(“|, via |, relying on |, carried by |;|,|$)")
_DATE = re.compile(
    r"\b(?:(?P<day>\d{1,2}) (?P<month>[A-Z][a-z]+)|(?P<us_month>[A-Z][a-z]+) (?P<us_day>\d{1,2}),) (?P<year>\d{4})"
)
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class Statement:
    """A sentence of the note, or a `figure` of its tables, and the ids of the claims that it cites."""

    text: str
    claims: tuple[str, ...]
    figure: bool = False


@dataclass(frozen=True)
class MarkdownNote:
    """What a note in Markdown holds. `sealed`: is the text as it was made; None if it carries no seal."""

    statements: tuple[Statement, ...]
    claims: tuple[SourceClaim, ...]
    sources: tuple[Source, ...]
    sealed: bool | None


def seal_line(text: str) -> str:
    """The last line of a note in Markdown, which shows nothing: the sha256 of what stands before it."""
    return f"[//]: # (presseschau/note/1 text {_digest(text)})\n"


def _digest(text: str) -> str:
    return hashlib.sha256(text.rstrip("\n").encode()).hexdigest()


def is_markdown_note(text: str) -> bool:
    """Is this what `note_markdown` wrote, of this version or an earlier one?"""
    text = text.replace("\r\n", "\n")
    return text.startswith("# ") and all(part in text for part in ("\n## Sources\n", "\n## Method\n", "\n[^"))


def read_markdown_note(text: str) -> MarkdownNote:
    """The note in a text of which `is_markdown_note`."""
    text = text.replace("\r\n", "\n")
    seal = _SEAL.search(text)
    body, footnotes = _parts((text[: seal.start()] if seal else text).splitlines())
    claims, sources = _claims(footnotes)
    sealed = _digest(text[: seal.start()]) == seal[1] if seal else None
    return MarkdownNote(tuple(_statements(body)), claims, sources, sealed)


def _parts(lines: list[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The lines that are read, and those of each footnote."""
    body: list[str] = []
    footnotes: dict[str, list[str]] = {}
    inside: list[str] | None = None
    for line in lines:
        if found := _FOOTNOTE.match(line):
            inside = footnotes.setdefault(found[1], [])
            inside.append(found[2])
        elif inside is not None and (not line.strip() or line.startswith("    ")):
            inside.append(line)
        else:
            inside = None
            body.append(line)
    return body, footnotes


def _statements(body: list[str]) -> Iterator[Statement]:
    for line in body:
        figures = list(_FIGURE.finditer(line))
        for found in figures or filter(None, [_SENTENCE.match(line)]):
            yield Statement(_plain(found["text"]), tuple(_CITED.findall(found["cited"])), figure=bool(figures))


def _claims(footnotes: dict[str, list[str]]) -> tuple[tuple[SourceClaim, ...], tuple[Source, ...]]:
    """The claims of the footnotes, and as much of their sources as stands there."""
    sentences: dict[int, list[SourceSentence]] = {}
    published: dict[int, str] = {}
    claims = []
    for id_, (head, *rest) in footnotes.items():
        number = int(id_.partition(".")[0]) if id_.partition(".")[0].isdigit() else 0
        said = _SAID.match(head)
        evidence = []
        known = sentences.setdefault(number, [])
        for german, english in _passages(rest):
            one = next((s for s in known if s.de == german), None)
            if one is None:
                start = known[-1].end + 1 if known else 0
                one = SourceSentence(
                    n=len(known) + 1, role="body", de=german, en=english, start=start, end=start + len(german)
                )
                known.append(one)
            evidence.append(Evidence(n=one.n, start=one.start, end=one.end, text=one.de))
        about = _plain(said["said"]) if said else ""
        speaker = _BY.search(about)
        if day := _day(about):
            published[number] = day
        claim = Claim(
            id=id_.partition(".")[2] or id_,
            text=_plain(said["text"] if said else head),
            sentences=tuple(one.n for one in evidence),
            evidence=tuple(evidence),
            speaker=speaker["name"] if speaker else None,
            supported=not (said and said["verdict"]),
        )
        claims.append(SourceClaim(id=id_, source=number, claim=claim))
    found_sources = (
        Source(n=n, id="", published=published.get(n), sentences=tuple(one)) for n, one in sentences.items()
    )
    return tuple(claims), tuple(found_sources)


def _day(about: str) -> str | None:
    """The ISO date of the last day that is named: when the article was printed."""
    months = list(vocabulary("en", "months", "full"))
    for found in reversed(list(_DATE.finditer(about))):
        day, month, year = (found["day"] or found["us_day"], found["month"] or found["us_month"], found["year"])
        if month in months:
            return f"{year}-{months.index(month) + 1:02d}-{int(day):02d}"
    return None


def _passages(lines: list[str]) -> Iterator[tuple[str, str | None]]:
    """German sentences, and their English where it stands in the line below."""
    found = iter([match for line in lines if (match := _PASSAGE.match(line))])
    for german in found:
        english = next(found, None) if german[2] else None
        yield _plain(german[1]), _plain(english[1]) if english else None


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text).strip()
