"""What was measured of a model, and what it is fit for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from presseschau.facts.chrf import Interval
from presseschau.models import Printed, Value

CHECK_SCHEMA = "presseschau/model-check/1"

Verdict = Literal["facts", "first look", "demonstration", "unfit", "limit", "down"]
WORDS: dict[Verdict, str] = {
    "facts": "fit for facts: check what is marked before it is used",
    "first look": "fit for a first look: check every sentence before it is used",
    "demonstration": "fit for a demonstration: shows how the program works, and makes many mistakes",
    "unfit": "not fit",
    "limit": "not judged: the limit was reached before all was asked",
    "down": "not judged: its server could not be used for all that was asked",
}
NOT_JUDGED: tuple[Verdict, ...] = ("limit", "down")
"""What is missing then says nothing about the model."""


class TranslationFigures(Value):
    """Of `sentences`, `missing` have no English; `errors` and `warnings` are findings of the checks, `codes` the
    number of each. `chrf` is against the reference translation, a missing sentence being an empty one."""

    sentences: int
    missing: int
    chrf: Interval
    errors: int
    warnings: int
    codes: dict[str, int]


class ClaimFigures(Value):
    """Of `labelled` claims `found` are told, `speaker` and `stance` of them as labelled; of `claims` that were made
    `supported` carry no error."""

    labelled: int
    found: int
    claims: int
    supported: int
    speaker: int
    stance: int


class SummaryFigures(Value):
    """Of `points` (bottom lines are none) `on_lead` rest on nothing but the lead; of `labelled` points the summaries
    cite a sentence that carries `found`."""

    points: int
    on_lead: int
    labelled: int
    found: int


class AnswerFigures(Value):
    """Of the `asked` requests `at_once` were answered the first time in a form that fits. `requests` are all that
    were sent, and their tokens, as first bought; `schema_mode`: how answers are bound to their schema."""

    asked: int
    at_once: int
    requests: int
    prompt_tokens: int
    completion_tokens: int
    schema_mode: str


class Taken(Value):
    """What differs from run to run. `cached` answers took no time; `tokens_a_second`: written of the others."""

    day: str
    cached: int
    seconds: float
    tokens_a_second: float | None


class ModelFigures(Value):
    """One model on `articles`; a part is None if it was not asked for. `cost`: US dollars an article, None if no price
    is known. `failures`: why parts are missing, with how often; `notes`: what is odd about the answers."""

    model: str
    identity: str
    articles: int
    translation: TranslationFigures
    claims: ClaimFigures | None = None
    summary: SummaryFigures | None = None
    answers: AnswerFigures
    cost: float | None = None
    price: str = ""
    failures: dict[str, int] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    verdict: Verdict
    because: tuple[str, ...] = ()
    taken: Taken


class ModelDifference(Value):
    """The chrF of `model` minus that of `than`, on the same sentences."""

    model: str
    than: str
    chrf: Interval


class ModelCheck(Printed):
    """Models side by side, each with its difference from the first. `quick`: translation only, on four articles;
    `prompts`: the version of those used."""

    schema_: str = CHECK_SCHEMA
    presseschau: str
    prompts: str
    quick: bool
    repair_rounds: int = 1
    samples: int = 1
    models: tuple[ModelFigures, ...]
    differences: tuple[ModelDifference, ...] = ()


@dataclass(frozen=True)
class Bar:
    """What a model must reach: chrF (the low end of its interval), and at most so many in 100 sentences missing, and
    errors; of 100 labelled claims found, of its claims supported."""

    verdict: Verdict
    chrf: float
    missing: float
    errors: float
    found: float
    supported: float


BARS = (
    Bar("facts", chrf=65, missing=0.5, errors=3, found=60, supported=75),
    Bar("first look", chrf=52, missing=3, errors=10, found=40, supported=60),
    Bar("demonstration", chrf=35, missing=25, errors=60, found=0, supported=0),
)
"""Set by judgement (docs/models.md says on what)."""


def judged(translation: TranslationFigures, claims: ClaimFigures | None) -> tuple[Verdict, tuple[str, ...]]:
    """The best bar that is reached, and why the next better one is not."""
    if translation.missing == translation.sentences:
        return "unfit", ("no sentence was translated",)
    because: tuple[str, ...] = ()
    for bar in BARS:
        short = tuple(_short(bar, translation, claims))
        if not short:
            return bar.verdict, because
        because = short
    return "unfit", because


def _short(bar: Bar, translation: TranslationFigures, claims: ClaimFigures | None) -> list[str]:
    def share(part: int, whole: int) -> float:
        return 100 * part / whole if whole else 0.0

    missing, errors = (share(n, translation.sentences) for n in (translation.missing, translation.errors))
    short = [f"chrF {translation.chrf.low:.1f} at the low end, not {bar.chrf:g}"] * (translation.chrf.low < bar.chrf)
    short += [f"{missing:.1f} of 100 sentences missing, not {bar.missing:g}"] * (missing > bar.missing)
    short += [f"{errors:.1f} errors in 100 sentences, not {bar.errors:g}"] * (errors > bar.errors)
    if claims is not None:
        found, supported = share(claims.found, claims.labelled), share(claims.supported, claims.claims)
        short += [f"{found:.0f} of 100 labelled claims found, not {bar.found:g}"] * (found < bar.found)
        short += [f"{supported:.0f} of 100 claims supported, not {bar.supported:g}"] * (supported < bar.supported)
    return short
