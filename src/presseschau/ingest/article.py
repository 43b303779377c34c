"""One article from bytes: decode, mend, lay out, number."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from presseschau.errors import InputError, NotGermanError
from presseschau.findings import flag
from presseschau.ingest.blocks import Part, is_prose, unwrap, wrap_width
from presseschau.ingest.decode import decode
from presseschau.ingest.document import legible
from presseschau.ingest.editor_notes import is_bracketed_note
from presseschau.ingest.formats.detect import refuse
from presseschau.ingest.instructions import find_instruction, triggers
from presseschau.ingest.language import identify, is_german
from presseschau.ingest.layout import Layout, read_layout
from presseschau.ingest.metadata import read_metadata, with_headline
from presseschau.ingest.normalize import normalize
from presseschau.ingest.repair import repair as mend
from presseschau.ingest.sentences import split
from presseschau.models import Article, Dropped, Finding, Kept, Repair, Sentence, Span

_SHORT: Final = 200
"""Fewer characters of lead and body than this get a warning: hardly anything to translate or to check."""


@dataclass(frozen=True)
class _Clean:
    text: str
    repairs: tuple[Repair, ...]
    findings: tuple[Finding, ...]


def read_article(
    data: bytes | str,
    *,
    source: str,
    declared: str | None = None,
    repair: bool = True,
    lang_check: bool = True,
    metadata: Mapping[str, str] | None = None,
) -> Article:
    """The cleaned, numbered article in `data`.

    `source` says where it came from; `declared` is the charset its container names; `metadata` what the container
    says beside the text (`metadata.read_metadata`): it wins over the text, and a headline that is not in the text is
    put above it. `repair=False` leaves encoding damage as it is.

    Raises InputError when there is no article (empty, not text, nothing but page furniture), FormatError when it is
    no prose but a known format or an export of several, NotGermanError when it is in another language and `lang_check`
    is on.
    """
    source, given = legible(source), read_metadata(metadata)
    clean = _clean(data, source, declared, given.headline, repair)
    layout = read_layout(clean.text, given)
    _require_article(layout, source)
    if lang_check:
        _require_german(layout, source)
    sentences, notes = _number(layout.numbered())
    return Article(
        id=_sha256("\n".join(sentence.text for sentence in sentences)),
        source=source,
        text=clean.text,
        text_sha256=_sha256(clean.text),
        topic=layout.metadata.topic,
        headline=layout.metadata.headline,
        published=layout.metadata.published,
        updated=layout.metadata.updated,
        agency=layout.metadata.agency,
        outlet=layout.metadata.outlet,
        author=layout.metadata.author,
        sentences=sentences,
        dropped=tuple(_dropped(layout.parts)),
        kept=tuple(sorted((*_kept(layout.parts), *notes), key=lambda kept: kept.start)),
        repairs=clean.repairs,
        findings=(*clean.findings, *_findings(layout, sentences)),
    )


def _clean(data: bytes | str, source: str, declared: str | None, headline: str | None, repair: bool) -> _Clean:
    """Text of the bytes, mended and in one way of writing, with the headline on top."""
    repairs: list[Repair] = []
    findings: list[Finding] = []
    if isinstance(data, bytes):
        decoded = decode(data, declared)
        text = decoded.text
        repairs += decoded.repairs
        findings += decoded.findings
    else:
        text = data
    refuse(text, source)
    text = with_headline(text, headline)
    if repair:
        mended = mend(text)
        text = mended.text
        repairs += mended.repairs
        findings += mended.findings
    width = wrap_width(text)
    text, changes = normalize(text)
    text, joined = unwrap(text, width)
    wrapped = [Repair(kind="wrapped line", count=joined)] if joined else []
    return _Clean(text, (*repairs, *changes, *wrapped), tuple(findings))


def _require_article(layout: Layout, source: str) -> None:
    reasons = {part.reason for part in layout.parts if part.reason}
    numbered = layout.numbered()
    if numbered and not ("cookie wall" in reasons and not any(is_prose(part.text) for part in numbered)):
        return
    if not layout.parts:
        raise InputError(f"{source} holds no text: it is empty or blank. Check the file.")
    if "cookie wall" in reasons:
        raise InputError(f"{source} is a cookie wall without an article. Save the page after agreeing or declining.")
    if "paywall" in reasons:
        raise InputError(f"{source} is a paywall without an article. Save the page while logged in.")
    raise InputError(f"{source} holds no article text, only page furniture. Check what was saved.")


def _require_german(layout: Layout, source: str) -> None:
    text = "\n".join(part.text for part in layout.numbered())
    if not is_german(text):
        raise NotGermanError(
            f"{source} is not German (it looks like '{identify(text)}'). To read it all the same, use --lang-check off."
        )


def _number(parts: Sequence[Part]) -> tuple[tuple[Sentence, ...], list[Kept]]:
    """The sentences of the article, numbered from 1, and notes found as bracketed sentences among them."""
    sentences: list[Sentence] = []
    notes: list[Kept] = []
    for paragraph, part in enumerate(parts, start=1):
        role = part.role
        spans = split(part.text) if role in ("lead", "body") else [(0, len(part.text))]
        for begin, end in spans:
            text = part.text[begin:end]
            start = part.block.start + begin
            if role in ("lead", "body") and is_bracketed_note(text):
                notes.append(Kept(role="note", text=text, start=start, end=start + len(text)))
            elif role is not None:
                sentences.append(
                    Sentence(
                        n=len(sentences) + 1,
                        role=role,
                        text=text,
                        start=start,
                        end=start + len(text),
                        paragraph=paragraph,
                        when=part.when,
                    )
                )
    return tuple(sentences), notes


def _kept(parts: Sequence[Part]) -> Iterator[Kept]:
    for part in parts:
        if part.role is None and part.kind != "dropped":
            yield Kept(role=part.kind, text=part.text, start=part.block.start, end=part.block.end)


def _dropped(parts: Sequence[Part]) -> Iterator[Dropped]:
    for part in parts:
        if part.kind == "dropped":
            yield Dropped(reason=part.reason, text=part.text, start=part.block.start, end=part.block.end)


def _findings(layout: Layout, sentences: Sequence[Sentence]) -> Iterator[Finding]:
    """What a reader must know: cut short, much left out, hardly any text, words meant for a language model."""
    if layout.incomplete:
        message = f"The article is incomplete. {layout.incomplete}"
        yield flag("input.incomplete", message).stamped()
    if layout.missed:
        message = f"{layout.missed}, and was left out. Look whether it is part of the article."
        yield flag("input.cut", message).stamped()
    running = [s for s in sentences if s.role in ("lead", "body")]
    length = sum(len(s.text) for s in running)
    if length < _SHORT:
        message = f"There is hardly any text ({len(running)} sentence(s), {length} characters without headlines)."
        yield flag("input.short", message).stamped()
    letters = triggers("\n".join(s.text for s in sentences))
    for sentence in sentences if letters else ():
        found = find_instruction(sentence.text, letters)
        if found:
            start, end = sentence.start + found[0], sentence.start + found[1]
            span = Span(start=start, end=end, text=sentence.text[found[0] : found[1]])
            message = "The text addresses a language model here; it is treated as part of the article."
            yield flag("input.instruction", message, de=span).stamped(sentence=sentence.n)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
