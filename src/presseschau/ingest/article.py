"""One article from bytes: decode, repair, lay out, number; passages that address a language model are flagged."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from textwrap import shorten
from typing import Final, NamedTuple

from presseschau.errors import FormatError, InputError, NotGermanError
from presseschau.findings import flag
from presseschau.ingest.document import legible
from presseschau.ingest.formats.detect import refuse
from presseschau.ingest.language import identify, is_german
from presseschau.ingest.layout.blocks import Part, is_prose, unwrap, wrap_width
from presseschau.ingest.layout.layout import Layout, read_layout
from presseschau.ingest.layout.sorting import is_bracketed_note
from presseschau.ingest.metadata import further, read_metadata, with_headline
from presseschau.ingest.sentences import split
from presseschau.ingest.text.decode import decode
from presseschau.ingest.text.normalize import normalize
from presseschau.ingest.text.repair import repair as mend
from presseschau.lang import PAIR, any_of, rules, table, vocabulary
from presseschau.models import Article, Dropped, Finding, Kept, Repair, Sentence, Span
from presseschau.patterns import late

ENOUGH = 3
"""Kinds of evidence from which a sentence is flagged; to be spoken to as a machine, and in English, is worth two."""

_MARK, _MACHINE = "mark", "spoken to a machine"
_READ, _THIS = "read by a machine", "about this very text"
_NEEDED = (_MACHINE, _THIS, "about what a model is asked")
_QUOTED = late(r"[„“»«\"][^„“”»«\"]{3,}[“”»«\"]")


def triggers(text: str) -> tuple[str, ...]:
    """The letters of `text` without which no wording fits: found once a text, they spare most sentences the rest."""
    lowered = text.lower()
    return tuple(row.letters for row in table(PAIR, "addressed_letters", _Letters) if row.letters in lowered)


def find_instruction(sentence: str, letters: tuple[str, ...] | None = None) -> tuple[int, int] | None:
    """The passage of `sentence` that addresses a language model, as (start, end); None if there is none.

    `letters` may be the `triggers` of the text that the sentence is from.
    """
    lowered = sentence.lower()
    if not any(some in lowered for some in (triggers(sentence) if letters is None else letters)):
        return None
    wording = partial(any_of, PAIR, "addressed")
    if mark := wording(_MARK).search(sentence):
        return mark.span()
    own = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), sentence)
    said = own if len(own.split()) >= 3 else sentence
    if not any(wording(kind).search(said) for kind in _NEEDED):
        return None
    kinds = {rule.kind for rule in rules(PAIR, "addressed").values()} - {_MARK}
    found = {kind: match for kind in kinds if (match := wording(kind).search(said))}
    if _THIS not in found:
        found.pop(_READ, None)  # news about machines
    english, german = (vocabulary(PAIR, "addressed", lang) for lang in ("english", "german"))
    said_in = [(word in english, word in german) for word in re.findall(r"\w+", own.lower())]
    is_english = sum(one for one, _ in said_in) > 1 + 2 * sum(other for _, other in said_in)
    weight = len(found) + (_MACHINE in found) + 2 * is_english
    spans = [match.span() for match in found.values()]
    return (min(start for start, _ in spans), max(end for _, end in spans)) if weight >= ENOUGH else None


class _Letters(NamedTuple):
    letters: str


_SHORT: Final = 200
"""Fewer characters of lead and body than this get a warning: hardly anything to translate or to check."""


_WORDS_OF_NOTE: Final = 4
"""Fewer are a mark (EILMELDUNG), no note."""
_SHOWN: Final = 300


class _Clean(NamedTuple):
    text: str
    repairs: tuple[Repair, ...]
    findings: tuple[Finding, ...]


_LONGEST: Final = 1_000_000
"""Characters (bytes, where they are not read yet): no article has as many, and each thousand is a request or two."""


def read_article(
    data: bytes | str,
    *,
    source: str,
    declared: str | None = None,
    repair: bool = True,
    lang_check: bool = True,
    metadata: Mapping[str, str] | None = None,
    beside: Sequence[tuple[str, str]] = (),
    roles: Sequence[tuple[str, str]] = (),
) -> Article:
    """The cleaned, numbered article in `data`.

    `source` says where it came from; `declared` is the charset its container names; `metadata` what the container
    says beside the text (`metadata.read_metadata`): it wins over the text, and a headline that is not in the text is
    put above it; fields that no article has go to `Article.metadata`. `beside` is what stands around the article in its
    container, each with a reason: it stands dropped behind the text. `roles` are blocks of the text with what the
    container says they are (`Document.roles`). `repair=False` leaves encoding damage as it is.

    Raises InputError when there is no article (empty, not text, nothing but page furniture), FormatError when it is
    no prose but a known format or an export of several, NotGermanError when it is in another language and `lang_check`
    is on.
    """
    source, given = legible(source), read_metadata(metadata)
    _require_length(data, source)
    clean = _clean(data, source, declared, given.headline, repair)
    layout = read_layout(clean.text, given, roles)
    _require_article(layout, source)
    if lang_check:
        _require_german(layout, source)
    sentences, notes = _number(layout.numbered())
    text, around = _with_beside(clean.text, beside)
    kept = tuple(sorted((*_kept(layout.parts), *notes), key=lambda kept: kept.start))
    return Article(
        id=_sha256("\n".join(sentence.text for sentence in sentences)),
        source=source,
        text=text,
        text_sha256=_sha256(text),
        topic=layout.metadata.topic,
        headline=layout.metadata.headline,
        published=layout.metadata.published,
        updated=layout.metadata.updated,
        agency=layout.metadata.agency,
        outlet=layout.metadata.outlet,
        author=layout.metadata.author,
        metadata=further(metadata),
        sentences=sentences,
        dropped=(*_dropped(layout.parts), *around),
        kept=kept,
        repairs=clean.repairs,
        findings=(*clean.findings, *_findings(layout, sentences), *_left_german(kept)),
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


def _with_beside(text: str, beside: Sequence[tuple[str, str]]) -> tuple[str, list[Dropped]]:
    """The text with what stands beside it at its end, a line each."""
    found: list[Dropped] = []
    pieces, length = [text.rstrip("\n")], len(text.rstrip("\n"))
    for reason, line in beside:
        tidy = " ".join(normalize(line)[0].split())
        if tidy:
            found.append(Dropped(reason=reason, text=tidy, start=length + 2, end=length + 2 + len(tidy)))
            pieces.append(tidy)
            length += 2 + len(tidy)
    return ("\n\n".join(pieces), found) if found else (text, found)


def _require_length(data: bytes | str, source: str) -> None:
    if len(data) > _LONGEST * (2 if isinstance(data, bytes) else 1):
        raise InputError(
            f"{source} has {len(data):,} characters, and an article has at most {_LONGEST:,}: of several, give each "
            "alone, or all as an archive."
        )


def _require_article(layout: Layout, source: str) -> None:
    reasons = {part.reason for part in layout.parts if part.reason}
    numbered = layout.numbered()
    if numbered and not ("cookie wall" in reasons and not any(is_prose(part.text) for part in numbered)):
        return
    if not layout.parts:
        raise InputError(f"{source} holds no text: it is empty or blank. Check the file.")
    if "cookie wall" in reasons:
        raise FormatError(f"{source} is a cookie wall without an article. Save the page after agreeing or declining.")
    if "paywall" in reasons:
        raise FormatError(f"{source} is a paywall without an article. Save the page while logged in.")
    raise InputError(f"{source} holds no article text, only page furniture. Check what was saved.")


def _require_german(layout: Layout, source: str) -> None:
    text = "\n".join(part.text for part in layout.numbered())
    if not is_german(text):
        raise NotGermanError(
            f"{source} is not German (it looks like '{identify(text)}'). To read it anyway, use --lang-check off."
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
        message = f"{layout.missed}, and was left out. Check whether it is part of the article."
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


def _left_german(kept: Sequence[Kept]) -> Iterator[Finding]:
    """The notes of the editors, which are no sentences of the article, and so have no English."""
    for note in kept:
        if note.role == "note" and len(note.text.split()) >= _WORDS_OF_NOTE:
            span = Span(start=note.start, end=note.end, text=note.text)
            message = f"A note of the editors is not translated: “{shorten(note.text, _SHOWN, placeholder=' …')}”."
            yield flag("input.notice", message, de=span, grade="info").stamped()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
