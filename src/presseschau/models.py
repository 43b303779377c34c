"""The values handed from room to room. All are frozen; all offsets are code points, 0-based, end exclusive.

Article and Analysis are what `--json` prints (`presseschau schema` prints their JSON Schema). Request and Answer
are what `pipeline/` and `llm/` hand each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "ANALYSIS_SCHEMA",
    "EVIDENCE_ROLES",
    "READ_FIRST",
    "UNREVIEWED",
    "Analysis",
    "Answer",
    "AnswerModel",
    "Article",
    "Claim",
    "Correctable",
    "Dropped",
    "EngineInfo",
    "Evidence",
    "Finding",
    "Kept",
    "Message",
    "Moment",
    "Part",
    "Point",
    "Printed",
    "Provenance",
    "Repair",
    "Request",
    "Risk",
    "Role",
    "SecondReader",
    "Sentence",
    "Severity",
    "Span",
    "Stance",
    "Status",
    "Summary",
    "Sureness",
    "TranslatedSentence",
    "Usage",
    "Value",
]

Role = Literal["headline", "lead", "body", "crosshead"]
Severity = Literal["error", "warning", "info"]
Stance = Literal["asserted", "reported", "alleged", "planned", "predicted", "opinion"]
Part = Literal["translation", "summary", "claims"]
Status = Literal["ok", "repaired", "flagged", "missing", "human"]
Decided = Literal["accepted", "edited"]
Correctable = Literal["speaker", "stance", "when"]
"""What of a claim a person may correct beside its text."""

ANALYSIS_SCHEMA = "presseschau/analysis/1"
UNREVIEWED = "Machine translation, not reviewed by a person."
"""The notice of every result, until a person decides about all of it."""
EVIDENCE_ROLES: frozenset[Role] = frozenset({"lead", "body"})
"""Only these sentences may be evidence: a headline or crosshead shortens what the text says."""


class Value(BaseModel):
    """Base of every value: frozen, unknown fields rejected, so that a file read back is checked as strictly."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Printed(Value):
    """Base of what is printed whole and read back: its field `schema_`, in JSON `schema`, says which format it has."""

    model_config = ConfigDict(
        serialize_by_alias=True, validate_by_name=True, alias_generator=lambda name: name.removesuffix("_")
    )

    def _repr_html_(self) -> str:
        """The page, in a frame: for notebooks, which alone ask for it, so that it is looked up by name."""
        return str(import_module("presseschau.output").framed(self))


class Span(Value):
    """A stretch of text and where it stands."""

    start: int
    end: int
    text: str


class Finding(Value):
    """Something a reader must know about the article or its English.

    `code` is dotted and stable (`number.missing`). `de_span` counts in `Article.text`, or in the German sentence
    when a bare pair was checked; `en_span` counts in the English of the sentence or claim. `part` is the part of the
    analysis it belongs to; `failure` the class of a `task.failed`: refused, truncated, malformed, provider-down.
    """

    code: str
    severity: Severity
    message: str
    sentence: int | None = None
    claim: str | None = None
    part: Part | None = None
    failure: str | None = None
    de_span: Span | None = None
    en_span: Span | None = None


class Sentence(Value):
    """One numbered unit. `Article.text[start:end] == text`; `n` counts from 1; `when` is its time in a live ticker."""

    n: int
    role: Role
    text: str
    start: int
    end: int
    paragraph: int
    when: str | None = None


class Kept(Value):
    """Part of the article that is kept but not numbered: topic, timestamp, byline, dateline, caption, credit, note."""

    role: str
    text: str
    start: int
    end: int


class Dropped(Value):
    """Text of the page that is not this article; stored, shown by `read`, never prompted."""

    reason: str
    text: str
    start: int
    end: int


class Repair(Value):
    """One kind of change made to the text before it was read. `examples` are "before -> after"."""

    kind: str
    codec: str | None = None
    count: int
    examples: tuple[str, ...] = ()


_UNSAID: Any = Field(default_factory=dict, exclude_if=lambda value: not value)  # what is not there is not printed


class Article(Value):
    """One German article, cleaned and numbered.

    `text` is the whole cleaned document and all offsets count in it. `id` is the sha256 of the numbered sentences
    joined by newlines; `text_sha256` that of `text`. Dates are ISO 8601, local time as printed; `language` ISO 639-1.
    `metadata` is what else came with it: url, page, section, the user's own columns.
    """

    id: str
    source: str
    text: str
    text_sha256: str
    topic: str | None = None
    headline: str | None = None
    published: str | None = None
    updated: str | None = None
    agency: str | None = None
    outlet: str | None = None
    author: str | None = None
    language: str = "de"
    metadata: dict[str, str] = _UNSAID
    sentences: tuple[Sentence, ...]
    dropped: tuple[Dropped, ...] = ()
    kept: tuple[Kept, ...] = ()
    repairs: tuple[Repair, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __hash__(self) -> int:
        return hash((self.id, self.source, self.text_sha256))  # `metadata` has none


_UNDECIDED: Any = Field(default=None, exclude_if=lambda value: value is None)  # what is not there is not printed
_UNCORRECTED: Any = Field(default=(), exclude_if=lambda value: not value)


READ_FIRST = 0.5
"""A risk from which on a reader should look first."""


class Risk(Value):
    """How likely English is wrong, 0 to 1, and what speaks for that. A probability where the model was measured (the
    demonstration model), else an order (`checks/risk.py`). `signs`: what only models say of it, as `checks.risk.Heard`
    has it."""

    value: float = Field(ge=0, le=1)
    reasons: tuple[str, ...] = ()
    signs: dict[str, float] = _UNSAID


class TranslatedSentence(Value):
    """A numbered sentence with its English; `en` is None exactly when `status` is "missing". `decided` is what a person
    did with it whose decision it is ("human"); `decided_by` and `decided_at` say who and when (UTC), if known.
    `earlier` is English in which a second reader found a grave error, where `en` stands in its place; `beside` that of
    another translator, where it says something else."""

    n: int
    role: Role
    de: str
    en: str | None
    start: int
    end: int
    status: Status
    decided: Decided | None = _UNDECIDED
    earlier: str | None = _UNDECIDED
    beside: str | None = _UNDECIDED
    decided_by: str | None = _UNDECIDED
    decided_at: str | None = _UNDECIDED
    risk: Risk | None = _UNDECIDED
    findings: tuple[Finding, ...] = ()


class Point(Value):
    """One key point of the summary and the sentences it rests on."""

    text: str
    sentences: tuple[int, ...]
    risk: Risk | None = _UNDECIDED


class Summary(Value):
    """The article in short. Every part names the sentences it rests on; `unknown`: those that say what is not known.

    `risk` is that of the bottom line, which is None, and there are no points, if no sentence of a model that only
    translates is fit for it (`summary.unfit`).
    """

    headline: str
    bottom_line: str | None
    bottom_line_sentences: tuple[int, ...] = ()
    points: tuple[Point, ...]
    unknown: tuple[int, ...] = ()
    risk: Risk | None = _UNDECIDED


class Evidence(Value):
    """A German sentence that a claim rests on, looked up by code, never written by a model."""

    n: int
    start: int
    end: int
    text: str

    @classmethod
    def of(cls, sentence: Sentence) -> Evidence:
        return cls(n=sentence.n, start=sentence.start, end=sentence.end, text=sentence.text)


class Moment(Value):
    """When something happened: the German phrase, and the ISO date it means if that can be settled."""

    text: str
    date: str | None = None


class Claim(Value):
    """One statement of the article in English that stands alone.

    `speaker` is None when the article itself says it; `speaker_de` is where the speaker stands in the German;
    `via` is the chain it came through, nearest the speaker first; `relies_on` is whose word the speaker relies on.
    `supported` is False when an error was found; `status` says whether a person decided, `decided` what, `decided_by`
    and `decided_at` who and when (UTC); `corrected` names what that person has corrected.
    """

    id: str
    text: str
    sentences: tuple[int, ...]
    evidence: tuple[Evidence, ...]
    speaker: str | None = None
    speaker_de: Span | None = None
    via: tuple[str, ...] = ()
    relies_on: str | None = None
    stance: Stance = "asserted"
    verb: str | None = None
    quotation: Literal["direct", "partial", "indirect"] | None = None
    when: Moment | None = None
    supported: bool = True
    status: Status = "ok"
    decided: Decided | None = _UNDECIDED
    decided_by: str | None = _UNDECIDED
    decided_at: str | None = _UNDECIDED
    corrected: tuple[Correctable, ...] = _UNCORRECTED
    risk: Risk | None = _UNDECIDED
    findings: tuple[Finding, ...] = ()


class Usage(Value):
    """Tokens as first bought (a cached answer keeps the usage of the request that paid for it)."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    requests: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            requests=self.requests + other.requests,
        )


class SecondReader(Value):
    """Who held the English against its German, and what came of it. `read`: sentences, claims and points; `errors`:
    those it found; `dropped`: what it said of words that do not stand in the text ("words"), of a number that was not
    asked ("number"), or of nothing ("nothing")."""

    model: str
    engine: str
    read: int
    errors: int
    dropped: dict[str, int] = Field(default_factory=dict)


class Provenance(Value):
    """How an Analysis came about: enough to cite it and to make it again. `notes` say what is odd about the answers:
    what the server wrapped them in, and which other model it says they are from. `made`: how much there was of each
    part, so that what was taken out is missed."""

    model: str
    engine: str
    prompts: str
    usage: Usage
    repairs: int
    versions: dict[str, str]
    notice: str
    notes: tuple[str, ...] = ()
    second_reader: SecondReader | None = _UNDECIDED
    made: dict[Part, int] | None = _UNDECIDED


class Analysis(Printed):
    """What one article became. A part that failed or was not asked for is None; a failure is a `task.failed` finding.

    `findings` lists every finding once: those of the article, of its sentences, of its summary and of its claims.
    `risk` is the mean of the sentences': the share that is probably wrong, where the model was measured.
    """

    schema_: str = ANALYSIS_SCHEMA
    article: Article
    translation: tuple[TranslatedSentence, ...] | None = None
    summary: Summary | None = None
    claims: tuple[Claim, ...] | None = None
    findings: tuple[Finding, ...] = ()
    risk: float | None = _UNDECIDED
    provenance: Provenance


class Message(Value):
    """One chat message."""

    role: Literal["system", "user", "assistant"]
    content: str


AnswerModel = TypeVar("AnswerModel", bound=BaseModel)


@dataclass(frozen=True)
class EngineInfo:
    """What is known of the model that is asked.

    `identity` names it in the answer cache; `context_tokens` is the size of its context, if known. `english_first`:
    summary and claims are asked for with the finished translation in view (left alone with the German, a model of this
    size copies it: `tests/measure/english_first.py`). `translates_only`: it is too small for anything else
    (`pipeline/small_model.py`), and `form` names the prompt in which it is asked for a translation, "" the usual one.
    `notice` is what every result must say of it. `demonstration`: it is the model for which
    risks were measured. `probabilities`: it says how likely it finds what it writes. `reader` is the second reader
    beside it.
    """

    model: str
    identity: str
    context_tokens: int | None = None
    english_first: bool = False
    translates_only: bool = False
    notice: str = ""
    form: str = ""
    demonstration: bool = False
    probabilities: bool = False
    reader: EngineInfo | None = None


@dataclass(frozen=True)
class Request(Generic[AnswerModel]):
    """What a task asks of a model.

    `answer` is the Pydantic model every answer must satisfy, and its JSON schema what a server is sent; `tight` is
    the same schema narrowed to this article (exact count, allowed numbers), sent instead where the server profits.
    `task` names it in progress and messages; `reader`: it is for the second reader. `sample` i > 0 asks for the i-th
    other answer to the same question, and with `n` for n of them from there on: a server may give fewer.
    `forced`: the only answer there may be. `probabilities`: how sure the model is of each text is of use, where the
    server says it.
    """

    task: str
    messages: tuple[Message, ...]
    answer: type[AnswerModel]
    max_tokens: int
    tight: Mapping[str, Any] | None = None
    temperature: float = 0.0
    reader: bool = False
    sample: int = 0
    n: int = 1
    probabilities: bool = False
    forced: str = ""


class Sureness(NamedTuple):
    """How sure a model was of a text: mean and lowest natural logarithm of its tokens' probabilities, at most 0;
    `nouns`: the mean of the three least likely of its words that begin with a capital (in German the nouns), that of a
    word being the sum of its tokens'. None if there is no such word, or an older version kept the answer. `torn`: the
    mean entropy, in nats, of the three choices in a row where it wavered most; None if that is not known."""

    mean: float
    least: float
    nouns: float | None = None
    torn: float | None = None


@dataclass(frozen=True)
class Answer(Generic[AnswerModel]):
    """A complete answer that fits the request's schema. `text` is the raw JSON; `cached` says whether it was free;
    `notes` say what had to be taken off it, and which other model made it; `more` are further samples that came with
    it; `sure` says of texts in it how sure the model was."""

    value: AnswerModel
    text: str
    usage: Usage
    cached: bool
    notes: tuple[str, ...] = ()
    more: tuple[Answer[AnswerModel], ...] = ()
    sure: Mapping[str, Sureness] = field(default_factory=dict)
