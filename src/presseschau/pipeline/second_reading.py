"""A second reader: another model holds the English against its German, and says which words are wrong.

    rows ─▶ numbered German and English ─▶ errors ─▶ those whose words stand in the text ─▶ findings `reader.*`
     ▲                                        └─ a grave one ─▶ new English, asked for once ─▶ read again ─┐
     └──────────────── kept if the checks find no more in it and the reader nothing grave ◀───────────────┘

A reader may be wrong: what it finds is a warning or a note, and code drops what it says of words that are not there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict

from presseschau.errors import AnswerError, PresseschauError
from presseschau.findings import badness, flag
from presseschau.models import (
    Analysis,
    Article,
    Claim,
    Evidence,
    Finding,
    Message,
    Part,
    Request,
    SecondReader,
    Severity,
    Span,
    Status,
    Summary,
    TranslatedSentence,
)
from presseschau.pipeline.answer_schema import STRING, array, one_of, record
from presseschau.pipeline.asking import Asker, Engine, Options, ReadingTally, Work, failure
from presseschau.pipeline.numbered import german, shown, stretches
from presseschau.pipeline.translation import check, translated

Kind = Literal[
    "mistranslation", "omission", "addition", "negation", "attribution", "number", "name", "untranslated", "fluency"
]
Gravity = Literal["minor", "major", "critical"]

WINDOW = 6_000
"""German and English characters in one request: some 20 sentences. Not measured with a model."""
_ERRORS_PER_ITEM = 3
_TOKENS_PER_ITEM = 60  # half an error a sentence, with its words and why


class ReaderError(BaseModel):
    """One error as a reader names it: MQM's kinds and severities; `en` and `de` are words of the two texts."""

    model_config = ConfigDict(extra="forbid", strict=True)

    n: int
    kind: Kind
    severity: Gravity
    en: str | None
    de: str | None
    why: str


class ReadingAnswer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    errors: list[ReaderError]


@dataclass(frozen=True)
class Item:
    """English and the German sentences it must say the same as. `said_by` is shown with it; it is no part of it."""

    german: tuple[Evidence, ...]
    english: str
    said_by: str = ""


class ReadError(NamedTuple):
    """An error whose words stand in the text; spans count in Article.text and in the English."""

    error: ReaderError
    de_span: Span | None
    en_span: Span | None

    @property
    def grave(self) -> bool:
        return self.error.severity != "minor"

    def finding(self, *, sentence: int | None = None, claim: str | None = None, part: Part) -> Finding:
        why = shown(self.error.why)[:300] or "it is not what the German says"
        said = f"A second reader calls this a {self.error.severity} {self.error.kind}: {why.rstrip('.')}."
        grade: Severity = "warning" if self.grave else "info"
        found = flag(f"reader.{self.error.kind}", said, grade=grade, de=self.de_span, en=self.en_span)
        return found.stamped(sentence=sentence, claim=claim, part=part)


def request(items: Mapping[int, Item], options: Options, notes: Sequence[str] = ()) -> Request[ReadingAnswer]:
    """What to ask about these items, by their number. `notes` say what was wrong with the last answer."""
    render = options.prompts.render
    shown_items = "\n\n".join(
        render("reader/item", n=n, de=german(" ".join(e.text for e in item.german)), en=_shown(item))
        for n, item in items.items()
    )
    task = render("reader/task", items=shown_items, first=next(iter(items)))
    nullable: dict[str, Any] = {"type": ["string", "null"]}
    kinds: dict[str, Any] = {"type": "string", "enum": list(get_args(Kind))}
    grades: dict[str, Any] = {"type": "string", "enum": list(get_args(Gravity))}
    row = record(n=one_of(list(items)), kind=kinds, severity=grades, en=nullable, de=nullable, why=STRING)
    return Request(
        task="second reading",
        messages=(
            Message(role="system", content=render("reader/system")),
            Message(role="user", content="\n".join((task, *notes))),
        ),
        answer=ReadingAnswer,
        tight=record(errors=array(row, 0, _ERRORS_PER_ITEM * len(items))),
        max_tokens=200 + _TOKENS_PER_ITEM * len(items),
        reader=True,
    )


def _shown(item: Item) -> str:
    return shown(item.english) + (f" (said by: {shown(item.said_by)})" if item.said_by else "")


def located(error: ReaderError, items: Mapping[int, Item]) -> ReadError | str:
    """The error with the places of its words, or why it is dropped: `number`, `words`, `nothing`."""
    item = items.get(error.n)
    if item is None:
        return "number"
    wanted_en, wanted_de = (error.en or "").strip(), (error.de or "").strip()
    if not (wanted_en or wanted_de):
        return "nothing"
    if wanted_en and wanted_en == wanted_de:
        return "nothing"
    en_span = _place(wanted_en, item.english, 0) if wanted_en else None
    de_span = next(filter(None, (_place(wanted_de, e.text, e.start) for e in item.german)), None) if wanted_de else None
    if wanted_en and en_span is None and wanted_en not in item.said_by:
        return "words"
    return "words" if wanted_de and de_span is None else ReadError(error, de_span, en_span)


_QUOTES = str.maketrans(dict.fromkeys("„“”‟»«", '"') | dict.fromkeys("‚‘’›‹", "'"))


def _place(words: str, text: str, offset: int) -> Span | None:
    """Where the words stand, letter by letter but for the marks of quotation, which a prompt shows as English ones."""
    at = text.translate(_QUOTES).find(words.translate(_QUOTES))
    if at < 0:
        return None
    return Span(start=offset + at, end=offset + at + len(words), text=text[at : at + len(words)])


async def read(
    asker: Asker, items: Sequence[Item], reading: ReadingTally
) -> tuple[dict[int, list[ReadError]], list[Any]]:
    """(errors by place in `items`, failures). What was not answered has no errors and one failure a request."""
    groups = grouped(items)
    asked = [
        partial(asker.answered, partial(request, {n: items[n - 1] for n in group}, asker.options)) for group in groups
    ]
    found: dict[int, list[ReadError]] = {}
    failures: list[Any] = []
    for group, outcome in zip(groups, await asker.every(asked), strict=False):  # none after the endpoint failed
        if isinstance(outcome, PresseschauError):
            failures.append(outcome)
            continue
        reading.read += len(group)
        within = {n: items[n - 1] for n in group}
        for error in {(e.n, e.kind, e.en, e.de): e for e in outcome.errors}.values():  # some say a thing many times
            place = located(error, within)
            if isinstance(place, str):
                reading.dropped[place] += 1
            else:
                reading.errors += 1
                found.setdefault(error.n - 1, []).append(place)
    return found, failures


def grouped(items: Sequence[Item]) -> list[list[int]]:
    """The numbers of the items, from 1, as they are asked about together."""
    lengths = {n: sum(len(e.text) for e in item.german) + len(item.english) for n, item in enumerate(items, 1)}
    return stretches(lengths, lengths.__getitem__, WINDOW)


async def reread(work: Work, rows: tuple[TranslatedSentence, ...]) -> tuple[TranslatedSentence, ...]:
    """The rows with what the second reader found; a grave error is put to the translator once. Without one as they
    were, as the other parts."""
    if not work.engine.info.reader:
        return rows
    places = [i for i, row in enumerate(rows) if row.en]
    errors, failures = await read(work, [_item_of(rows[i], rows[i].en or "") for i in places], work.reading)
    found = {places[i]: those for i, those in errors.items()}
    _fail(work, "translation", failures)
    rows = await _with_new_english(work, rows, found) if work.options.rounds else rows
    return tuple(_with(row, found.get(i, ())) for i, row in enumerate(rows))


async def _with_new_english(
    work: Work, rows: tuple[TranslatedSentence, ...], found: dict[int, list[ReadError]]
) -> tuple[TranslatedSentence, ...]:
    """New English where the reader found a grave error, if it is better; `found` then says what was found in that."""
    grave = {i: [error for error in errors if error.grave] for i, errors in found.items()}
    numbers = {rows[i].n: i for i, errors in grave.items() if errors}
    if not numbers:
        return rows
    english = {row.n: row.en for row in rows if row.en}
    notes = {n: _told(work, grave[i]) for n, i in numbers.items()}
    known = {n: en for n, en in english.items() if n not in numbers}
    again, failures = await translated(work, known, notes, work.manner.piece)
    _fail(work, "translation", [error for error in failures if not isinstance(error, AnswerError)])
    new = {n: again[n] for n in numbers if n in again and again[n] != english[n]}
    checked = check(work, english | new)
    sound = [n for n in new if not _grows(rows[numbers[n]].findings, checked[n])]
    errors, failures = await read(work, [_item_of(rows[numbers[n]], new[n]) for n in sound], work.reading)
    if failures:  # nobody has read it: the first English stands, and what was found in it
        return rows
    changed = list(rows)
    for place, n in enumerate(sound):
        after = errors.get(place, [])
        if any(error.grave for error in after):
            continue
        i = numbers[n]
        found[i] = after
        work.repairs += 1
        changed[i] = rows[i].model_copy(
            update={"en": new[n], "earlier": rows[i].en, "status": "repaired", "findings": checked[n]}
        )
    return tuple(changed)


def _grows(before: Iterable[Finding], after: Iterable[Finding]) -> bool:
    return any(new > old for old, new in zip(badness(before), badness(after), strict=True))


def _told(work: Work, errors: Iterable[ReadError]) -> str:
    told = (
        work.options.prompts.render(
            "reader/note", target=shown(e.error.en or ""), source=shown(e.error.de or ""), why=shown(e.error.why)[:300]
        )
        for e in errors
    )
    return "; ".join(dict.fromkeys(told))


def _with(row: TranslatedSentence, errors: Sequence[ReadError]) -> TranslatedSentence:
    if not errors:
        return row
    findings = (*row.findings, *(e.finding(sentence=row.n, part="translation") for e in errors))
    status: Status = "flagged" if any(f.severity != "info" for f in findings) else row.status
    return row.model_copy(update={"findings": findings, "status": status})


async def reread_claims(work: Work, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """The claims with what the second reader found."""
    if not work.engine.info.reader:
        return claims
    errors, failures = await read(work, [_item_of_claim(claim) for claim in claims], work.reading)
    _fail(work, "claims", failures)
    return tuple(
        claim.model_copy(update={"findings": (*claim.findings, *_findings_of_claim(claim, errors.get(i, ())))})
        for i, claim in enumerate(claims)
    )


async def reread_summary(work: Work, made: tuple[Summary, tuple[Finding, ...]]) -> tuple[Summary, tuple[Finding, ...]]:
    """The summary as it is, and its findings with those of the second reader."""
    if not work.engine.info.reader:
        return made
    summary, findings = made
    errors, failures = await read(work, items_of_summary(work.article, summary), work.reading)
    _fail(work, "summary", failures)
    return summary, (*findings, *(e.finding(part="summary") for those in errors.values() for e in those))


def _fail(work: Work, part: Part, failures: Sequence[PresseschauError]) -> None:
    """A reader without an answer costs nothing but its reading; an endpoint or a budget that ends is a failure."""
    for error in failures[:1]:
        if isinstance(error, AnswerError):
            work.failures.append(flag("reader.failed", f"No second reading of the {part}: {error}").stamped(part=part))
        else:
            work.failures.append(failure(part, error))


def _item_of(row: TranslatedSentence, english: str) -> Item:
    return Item((Evidence(n=row.n, start=row.start, end=row.end, text=row.de),), english)


def _item_of_claim(claim: Claim) -> Item:
    return Item(claim.evidence, claim.text, claim.speaker or "")


def _findings_of_claim(claim: Claim, errors: Iterable[ReadError]) -> list[Finding]:
    return [e.finding(claim=claim.id, part="claims") for e in errors]


def items_of_summary(article: Article, summary: Summary) -> list[Item]:
    """Bottom line and points with the sentences that they rest on."""
    by_number = {s.n: s for s in article.sentences}
    said = [
        (summary.bottom_line or "", summary.bottom_line_sentences),
        *((p.text, p.sentences) for p in summary.points),
    ]
    return [
        Item(tuple(Evidence.of(by_number[n]) for n in numbers if n in by_number), text)
        for text, numbers in said
        if text and numbers
    ]


async def read_stored(analysis: Analysis, engine: Engine, options: Options) -> tuple[tuple[Finding, ...], SecondReader]:
    """What `engine`, a second reader, finds in a stored result, whatever findings are stored in it.

    Raises the first failure: what was not read is not right.
    """
    asker, reading, found = Asker(engine, options), ReadingTally(), []
    rows = [row for row in analysis.translation or () if row.en]
    errors = await _whole(asker, [_item_of(row, row.en or "") for row in rows], reading)
    found += [e.finding(sentence=rows[i].n, part="translation") for i, those in errors.items() for e in those]
    if analysis.summary is not None:
        errors = await _whole(asker, items_of_summary(analysis.article, analysis.summary), reading)
        found += [e.finding(part="summary") for those in errors.values() for e in those]
    claims = analysis.claims or ()
    errors = await _whole(asker, [_item_of_claim(claim) for claim in claims], reading)
    found += [finding for i, those in errors.items() for finding in _findings_of_claim(claims[i], those)]
    return tuple(found), reading.by(engine.info)


async def read_pairs(
    pairs: Sequence[tuple[str, str]], engine: Engine, options: Options
) -> tuple[list[tuple[Finding, ...]], SecondReader]:
    """The findings of each (German, English), none where one is empty; German spans count in the sentence. Raises the
    first failure."""
    asker, reading = Asker(engine, options), ReadingTally()
    places = [i for i, texts in enumerate(pairs) if all(texts)]
    items = [Item((Evidence(n=1, start=0, end=len(de), text=de),), en) for de, en in (pairs[i] for i in places)]
    found: list[tuple[Finding, ...]] = [()] * len(pairs)
    for i, errors in (await _whole(asker, items, reading)).items():
        found[places[i]] = tuple(e.finding(part="translation") for e in errors)
    return found, reading.by(engine.info)


async def _whole(asker: Asker, items: Sequence[Item], reading: ReadingTally) -> dict[int, list[ReadError]]:
    errors, failures = await read(asker, items, reading)
    if failures:
        raise failures[0]
    return errors


def expected(article: Article, options: Options, analysis: Analysis) -> list[Request[ReadingAnswer]]:
    """The requests that a reader would be sent for the parts that `analysis` lacks since nothing was asked yet.

    The German stands in for the English, and a claim is expected for each sentence of lead and body: guesses that
    tests/test_second_reader.py holds to a fifth.
    """
    items: list[list[Item]] = []
    whole = [Item((Evidence.of(s),), s.text) for s in article.sentences]
    prose = [item for item, s in zip(whole, article.sentences, strict=True) if s.role in ("lead", "body")]
    if "translate" in options.tasks and analysis.translation is None:
        items.append(whole)
    if "summary" in options.tasks and analysis.summary is None:
        items.append(prose[: options.points + 1])
    if "claims" in options.tasks and analysis.claims is None:
        items.append(prose)
    return [request({n: each[n - 1] for n in group}, options) for each in items for group in grouped(each)]


REREAD: Mapping[Part, Callable[[Work, Any], Awaitable[Any]]] = {
    "translation": reread,
    "summary": reread_summary,
    "claims": reread_claims,
}
"""How each part is read, as its first maker left it."""
