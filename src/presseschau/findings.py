"""Every finding code, once: how grave it is, what it says, and how a finding is made.

A check of a pair yields a `Remark`: a code, and where in the two texts; `told` grades and words it, as `Found`. Whoever
knows the sentence, the claim or the part of the analysis that it belongs to stamps it into the `Finding` that a reader
gets. A new code is a row here, and a file of its name in
`prompts/repair` if a model is to be asked to fix it. `python tests/tools/make_codes_table.py` writes the table of
docs/checks.md from these rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, TypeAlias

from presseschau.models import Finding, Part, Severity, Span

Scope = Literal["pair", "claim", "note"]
"""What a finding is about: a German sentence and its English; English that must rest on evidence (claims, key points,
bottom line, headline); a sentence of a briefing note, which must rest on the claims that it cites."""
ENGLISH: Mapping[Scope, str] = {"pair": "the English", "claim": "the claim", "note": "the claim"}
"""What the English is called in messages."""


class Code(NamedTuple):
    """A row: the severity of a pair's finding; of a claim's and a note's where they differ (note: else as a claim).

    A translator may leave a name to the context, so a missing name is a warning there; a claim that adds one has
    invented it. Which codes are errors follows their measured precision (`tests/measure/false_alarms.py`). `message` is
    a template for what is always said alike: {english} is there for every check (the English, the claim), {source} and
    {target} where there is a span (“its words”), others as the check gives them; some checks word their findings
    themselves. `says` is the line of the docs. `repair`: whether prompts/repair has a file of this name; a code without
    one is told by `repair/default`. `since`: the version that was the first with the code, if that was not 0.1.0; a run
    that was begun before it goes on.
    """

    name: str
    pair: Severity
    says: str
    message: str = ""
    claim: Severity | None = None
    note: Severity | None = None
    repair: bool = True
    since: str = ""

    def severity(self, scope: Scope) -> Severity:
        claim = self.claim or self.pair
        return {"pair": self.pair, "claim": claim, "note": self.note or claim}[scope]


ROWS = (
    # A sentence and its English, or a claim and its evidence.
    Code("coverage.missing", "error", "a sentence has no English", "There is no English for this sentence."),
    Code("coverage.shifted", "error", "the English is that of another sentence"),
    Code("coverage.lead", "warning", "the points of a summary rest on the first half of the text alone",
         "The points rest on the first half of the text alone."),
    Code("summary.repeated", "warning", "a point says what another point says",
         "Point {n} says again what a point before it says.", since="0.2.0"),
    Code("summary.leaning", "warning", "a point or the bottom line cannot be understood alone",
         "{part} begins with a word for something said before it.", since="0.2.0"),
    Code("summary.unfit", "info", "no sentence is fit to be the bottom line, so there is none",
         "No sentence is translated well enough to be the bottom line.",
         repair=False, since="0.2.0"),
    Code("language.untranslated", "error", "all of the English, or a word in it, is German"),
    Code("content.omitted", "error", "much too short, and German words without a counterpart (or a warning)"),
    Code("content.dropped", "warning", "a word fell out (a hole), or members of a list", since="0.2.0"),
    Code("content.added", "error", "much too long (or a warning)"),
    Code("content.meta", "error", "talk about the task, or words of the instructions, instead of a translation"),
    Code("content.url", "error", "an address that the German does not have",
         "The English has the address {target}, which the German does not have."),
    Code("repetition.loop", "error", "the same words again and again (short: a warning)"),
    Code("number.missing", "error", "a figure is left out or changed"),
    Code("number.added", "error", "a figure that the German does not have"),
    Code("number.scale", "error", "another size: Milliarde is billion, Billion is trillion"),
    Code("number.unit", "error", "another unit",
         "The German gives {source} in {unit}; {english} gives {target} in {other}."),
    Code("number.moved", "warning", "by 12 for to 12, or two figures that changed places", since="0.2.0"),
    Code("number.converted", "info", "kilometres became miles",
         "The German says {source}; {english} converts it to {target}.",
         repair=False),
    Code("number.rounded", "info", "a figure was rounded", "The German says {source}; {english} rounds it to {target}.",
         claim="warning"),
    Code("date.missing", "error", "month, weekday, day, or a span that became another one (only missing: a warning)"),
    Code("date.added", "error", "a date that the German does not have (a span: a warning)"),
    Code("place.missing", "warning", "a place is left out or became another one"),
    Code("place.added", "warning", "a place that the German does not have", claim="error"),
    Code("name.missing", "warning", "a person or organisation is left out or became another one"),
    Code("name.added", "warning", "a name that the German does not have", claim="error"),
    Code("name.inconsistent", "warning", "a name that the rest of the article spells or renders another way",
         "{source} is {usual} elsewhere in the article; here {english} says {target}.", since="0.2.0"),
    Code("acronym.missing", "info", "a short form is left out", repair=False),
    Code("negation.lost", "warning", "the German denies something, the English nothing (and all else is there: error)",
         "The German denies something ({source}) that {english} does not.", claim="error"),
    Code("negation.added", "warning", "the English denies something that the German does not",
         "{english} denies something ({target}) that the German does not.", claim="error"),
    Code("negation.scope", "warning", "the denial takes in something else: not for not only, not for not until",
         "The German says {source}; the denial of {english} ({target}) takes in something else.", since="0.2.0"),
    Code("direction.reversed", "warning", "rises for falls, more for less, at least for at most, before for after",
         "The German says {source}; {english} says {target}, which points the other way."),
    Code("meaning.opposite", "warning", "the opposite (of courts, votes, deaths: error), or another of its kind",
         "The German says {source}; {english} says {target}, the opposite.", since="0.2.0"),
    Code("meaning.turned", "warning", "despite became because of, may must, planned done, hardly nearly, from until",
         "The German says {source}; {english} turns it round or leaves it out.", since="0.2.0"),
    Code("role.changed", "warning", "an office beside another person's name",
         "The German gives an office to {source}; {english} gives it to {target}."),
    Code("body.changed", "warning", "a public body or office became another one (government for Kreistag)",
         "The German says {source}; {english} says {target}, another body or office.", since="0.3.0"),
    Code("agent.changed", "warning", "who does it to whom",
         "In the German {source} does it; in {english} {target} does."),
    Code("hedge.lost", "warning", "a reservation became a fact",
         "The German is guarded ({source}); {english} states it as a fact.", note="error"),
    Code("voice.lost", "warning", "someone's words became a fact",
         "The German reports what someone says ({source}); {english} states it as a fact.", claim="error"),
    Code("voice.added", "warning", "a source that the German does not name, or one of another sort"),
    Code("quote.lost", "warning", "a quotation is no longer one",
         "The German quotes {source}; {english} has no quotation."),
    Code("quote.added", "warning", "quotation marks that the German does not have",
         "{english} puts {target} in quotation marks; the German does not quote it."),
    Code("glossary.missing", "error", "a required rendering is not there"),
    Code("glossary.forbidden", "error", "a forbidden rendering (of the built-in table: a warning)"),
    # What a claim rests on, and whose word it is.
    Code("speaker.unknown", "error", "the speaker stands nowhere in the article"),
    Code("speaker.wrong", "error", "the German gives the words to someone else"),
    Code("speaker.german", "info", "the speaker is left in German", "The speaker is given in German: {target}.",
         repair=False),
    Code("evidence.missing", "error", "no evidence is given", "No sentence of the article is given as evidence."),
    Code("evidence.unknown", "error", "a sentence that does not exist is cited",
         "There is no sentence {n} in the article."),
    Code("evidence.role", "error", "a headline or crosshead is cited",
         "Sentence {n} is a {role}; only lead and body sentences are evidence."),
    Code("evidence.foreign", "error", "it stands only in text that is not this article"),
    Code("evidence.elsewhere", "warning", "the article says it in another sentence (a name: info; a figure: error)",
         "{target} stands in the article, but not in the sentences given as evidence."),
    Code("evidence.unsupported", "error", "the sentences cited do not say this",
         "The sentences given as evidence do not say this; others of the article may."),
    Code("evidence.altered", "error", "the German given does not stand in the article at this place",
         "The German given here does not stand in the article at this place.", repair=False),
    # What a second reader says, whose words code has found in the texts: minor errors are infos.
    Code("reader.mistranslation", "warning", "a second reader says: a wrong word or sense",
         repair=False, since="0.2.0"),
    Code("reader.omission", "warning", "a second reader says: something is missing", repair=False, since="0.2.0"),
    Code("reader.addition", "warning", "a second reader says: something was added", repair=False, since="0.2.0"),
    Code("reader.negation", "warning", "a second reader says: a denial is lost, added or moved",
         repair=False, since="0.2.0"),
    Code("reader.attribution", "warning", "a second reader says: these are another's words, or no longer guarded",
         repair=False, since="0.2.0"),
    Code("reader.number", "warning", "a second reader says: a wrong figure, date or unit", repair=False, since="0.2.0"),
    Code("reader.name", "warning", "a second reader says: a wrong person, place or organisation",
         repair=False, since="0.2.0"),
    Code("reader.untranslated", "warning", "a second reader says: German is left", repair=False, since="0.2.0"),
    Code("reader.fluency", "warning", "a second reader says: it cannot be understood", repair=False, since="0.2.0"),
    Code("reader.differs", "warning", "another translator's English says something else", repair=False, since="0.2.0"),
    Code("reader.failed", "warning", "a second reader gave no usable answer", repair=False, since="0.2.0"),
    # A briefing note.
    Code("citation.unknown", "error", "a claim or source is cited that is not there", "There is no claim {name}."),
    Code("citation.unrelated", "error", "the cited claims do not say this", "The cited claims do not say this."),
    Code("note.tampered", "error", "the note is not as it was made, or a table is not what its claims give",
         repair=False),
    Code("note.retold", "info", "a table or page that this version makes otherwise, from the same claims",
         repair=False, since="0.2.0"),
    Code("translation.differs", "info", "English beside the German of a source differs from it", repair=False),
    # The article as it was read.
    Code("input.incomplete", "warning", "the file or page holds only a part of the article", repair=False),
    Code("input.cut", "warning", "much of the prose on the page was taken for something else", repair=False),
    Code("input.short", "warning", "hardly any text", repair=False),
    Code("input.instruction", "warning", "a passage that addresses a language model", repair=False),
    Code("input.jsonld", "warning", "page and JSON-LD differ", repair=False),
    Code("input.encoding", "warning", "letters that are damaged, or were read in a guessed encoding (info)",
         repair=False),
    Code("input.skipped", "info", "something beside the article was passed over (unreadable: a warning)", repair=False),
    Code("input.notice", "warning", "under embargo, or a correction, as the agency says; an untranslated note (info)",
         repair=False),
    Code("input.unchecked", "warning", "a sentence is too long to be checked", repair=False, since="0.2.0"),
    Code("input.row", "error", "a row of a file of pairs cannot be read", repair=False),
    # The work itself.
    Code("task.failed", "error", "a part could not be made, and why", repair=False),
    Code("review.rejected", "info", "a person rejected this English", "Rejected by a person.", repair=False),
    Code("review.evidence", "info", "a claim, a point or the bottom line rests on a sentence that was corrected after",
         "{part} rests on sentence {n}, whose English a person corrected after.", repair=False, since="0.2.0"),
)  # fmt: skip
CODES = {row.name: row for row in ROWS}


def kinds_in_words() -> str:
    """Each kind of finding with an example in plain words, a line a kind."""
    kinds: dict[str, str] = {}
    for row in ROWS:
        kinds.setdefault(row.name.partition(".")[0], row.says)
    return "\n".join(f"{kind} (as {says})" for kind, says in sorted(kinds.items()))


Place: TypeAlias = tuple[int, int]
"""Offsets of code points in a text, end exclusive."""


class Remark(NamedTuple):
    """What a check has found in a pair of texts, and where in each. `message` and `grade` only where they are not those
    of the code's row."""

    code: str
    de: Place | None = None
    en: Place | None = None
    message: str | None = None
    grade: Severity | None = None

    @property
    def severity(self) -> Severity:
        """As a finding of a pair."""
        return self.grade or CODES[self.code].pair


class Found(NamedTuple):
    """What a check has found, before it is known whose it is. Spans count in the texts that the check was given.

    `sentence` only where the check itself knows it.
    """

    code: str
    severity: Severity
    message: str
    de_span: Span | None = None
    en_span: Span | None = None
    sentence: int | None = None

    def stamped(
        self,
        *,
        sentence: int | None = None,
        claim: str | None = None,
        part: Part | None = None,
        failure: str | None = None,
        offset: int = 0,
    ) -> Finding:
        """The Finding of this sentence, claim and part; its German span is counted `offset` code points further on."""
        de = self.de_span
        if de is not None and offset:
            de = Span(start=de.start + offset, end=de.end + offset, text=de.text)
        return Finding(
            code=self.code,
            severity=self.severity,
            message=self.message,
            sentence=self.sentence if sentence is None else sentence,
            claim=claim,
            part=part,
            failure=failure,
            de_span=de,
            en_span=self.en_span,
        )


def flag(
    code: str,
    message: str | None = None,
    *,
    scope: Scope = "pair",
    de: Span | None = None,
    en: Span | None = None,
    grade: Severity | None = None,
    sentence: int | None = None,
    said: Mapping[str, object] = {},
) -> Found:
    """Something found, graded and worded by the row of its code, unless `grade` or `message` says otherwise.

    `said` fills the row's wording, beside what stands there already. Raises KeyError for a code that has no row.
    """
    row = CODES[code]
    if message is None:
        known = {"english": ENGLISH[scope]} | {
            name: f"“{at.text}”" for name, at in (("source", de), ("target", en)) if at
        }
        message = row.message.format_map(known | dict(said))
        message = message[0].upper() + message[1:]
    return Found(code, grade or row.severity(scope), message, de, en, sentence)


def told(remarks: Iterable[Remark], de: str, en: str, scope: Scope = "pair") -> Iterator[Found]:
    """What was remarked in the texts `de` and `en`, graded and worded."""
    for remark in remarks:
        here, there = remark.de and span(de, *remark.de), remark.en and span(en, *remark.en)
        yield flag(remark.code, remark.message, scope=scope, de=here, en=there, grade=remark.grade)


def span(text: str, start: int, end: int) -> Span:
    """The stretch `text[start:end]`; offsets are code points, end exclusive."""
    return Span(start=start, end=end, text=text[start:end])


WARNINGS_FOR_AN_ERROR = 2


def badness(findings: Iterable[Finding | Found]) -> tuple[int, int]:
    """(errors, warnings): compares as wanted, smaller is better. Info does not count."""
    kinds = [finding.severity for finding in findings]
    return kinds.count("error"), kinds.count("warning")


def better(new: Iterable[Finding | Found], old: Iterable[Finding | Found]) -> bool:
    """True if `new` has fewer errors than `old`, or as many and fewer warnings. A tie keeps the old one.

    Fewer errors do not count if each of them was bought with more than `WARNINGS_FOR_AN_ERROR` new warnings: a weak
    model asked to fix a sentence sometimes writes about another one, which leaves nothing for an error to point at.
    """
    new_errors, new_warnings = badness(new)
    old_errors, old_warnings = badness(old)
    if new_errors > old_errors:
        return False
    if new_errors < old_errors:
        return new_warnings - old_warnings <= WARNINGS_FOR_AN_ERROR * (old_errors - new_errors)
    return new_warnings < old_warnings
