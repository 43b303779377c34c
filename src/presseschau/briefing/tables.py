"""The parts of a story that code derives from its claims alone, so that they hold with any model.

Open questions: what the articles themselves say is not known. Disputes without figures: what one says and another one,
in the sentence after it, denies. Single-source warnings. How much goes into a note of so many pages: more than its name
says, about three events print on 2 to 3, 4 and 6 pages (tests/measure/note_pages.py); what was cut to fit lost disputed
figures, which a reader misses more than brevity.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING

from presseschau.briefing.accounts import AccountPair, accounts
from presseschau.briefing.comparisons import comparisons, figures
from presseschau.briefing.corrections import corrections, marked, put_right, taken_back
from presseschau.briefing.likeness import Passages, nouns, own_words
from presseschau.briefing.positions import positions
from presseschau.briefing.sources import origins, telling, usable
from presseschau.briefing.timeline import timeline
from presseschau.checks import not_known
from presseschau.facts import facts
from presseschau.facts.numbers import read as numbers
from presseschau.facts.speech.carried import own_report
from presseschau.lang import SOURCE, regex
from presseschau.models import Analysis
from presseschau.notes import Cited, Comparison, Source, SourceClaim, Story

if TYPE_CHECKING:
    from presseschau.facts.encoder import Encoder


@dataclass(frozen=True)
class Room:
    """The most of each kind; `points` to `questions` count within a story."""

    bottom_line: int
    key_points: int
    stories: int
    others: int
    points: int
    positions: int
    timeline: int
    comparisons: int
    single_source: int
    questions: int
    changes: int


_ROOMS = {
    1: Room(1, 3, 3, 3, 1, 2, 4, 3, 3, 1, 3),
    2: Room(2, 6, 6, 8, 4, 8, 8, 8, 12, 3, 10),
    4: Room(2, 10, 12, 24, 6, 16, 16, 14, 24, 6, 20),
}
WHOLE = Room(**dict.fromkeys((one.name for one in fields(Room)), sys.maxsize))
PAGES = tuple(_ROOMS)


def room(pages: int) -> Room:
    """The room of 1, 2 or 4 pages. Raises ValueError for another number."""
    if pages not in _ROOMS:
        raise ValueError(f"A note has {', '.join(map(str, PAGES[:-1]))} or {PAGES[-1]} pages, not {pages}.")
    return _ROOMS[pages]


def questions(analyses: Sequence[Analysis], claims: Sequence[SourceClaim]) -> tuple[Cited, ...]:
    """The claims that say so, the latest article's first; those that say the same are one.

    `analyses` are all, in the order of the sources; the claims may be those of one story. What is not known is what
    the German says so of (`checks.not_known`), so that a weak model's list of it is not needed.
    """
    open_in = {n: set(not_known(analyses[n - 1].article)) for n in {c.source for c in claims}}
    told = [c for c in usable(claims) if c.claim.evidence and c.claim.evidence[-1].n in open_in[c.source]]
    told.sort(key=lambda c: analyses[c.source - 1].article.published or "", reverse=True)
    passages = Passages([own_words(c) for c in told])
    found: list[Cited] = []
    cited: set[int] = set()
    for i, claim in enumerate(told):
        if i not in cited:
            same = {i, *passages.like(own_words(claim))} - cited
            cited |= same
            found.append(Cited(text=claim.claim.text, claims=tuple(told[j].id for j in sorted(same))))
    return tuple(found)


def disputes(claims: Sequence[SourceClaim], sources: Sequence[Source]) -> tuple[Cited, ...]:
    """One sentence of what is said and one of its denial, in the order of the sources; copies repeat none.

    Only a denial that takes up what stands right before it (Die Bank weist das zurück) and is another one's.
    """
    by_source = [[c for c in usable(claims) if c.source == s.n] for s in sources if s.copy_of is None]
    return tuple(found for own in by_source for found in _of_article(own))


def _of_article(claims: Sequence[SourceClaim]) -> Iterator[Cited]:
    told = {max(c.claim.sentences): c for c in reversed(claims) if c.claim.sentences}
    seen: set[int] = set()
    for denial in claims:
        at = _denies(denial)
        said = told.get(at - 1) if at is not None and at not in seen else None
        if at is None or said is None or said.claim.speaker == denial.claim.speaker or _denies(said):
            continue
        seen.add(at)
        yield Cited(text=f"Disputed: {said.claim.text} {denial.claim.text}", claims=(said.id, denial.id))


def _denies(claim: SourceClaim) -> int | None:
    """The number of the sentence in which the claim's speaker denies what stands before it."""
    if not claim.claim.speaker:
        return None
    return next((e.n for e in claim.claim.evidence if denies(e.text)), None)


def denies(german: str) -> bool:
    """Does the sentence deny what stands before it: bestritt das, weist die Vorwürfe zurück, dementiert: ...?"""
    rule = partial(regex, SOURCE, "disputes")
    match = rule("denies").search(german)
    if match is None or rule("forward").search(german):
        return False
    return not rule("points").search(match[0]) or rule("back").search(german) is not None


def single_source(
    claims: Sequence[SourceClaim],
    sources: Sequence[Source],
    measured: Sequence[AccountPair] = (),
    shown: Sequence[Comparison] = (),
) -> tuple[Cited, ...]:
    """The claims of a story that rest on one independent source alone, in the order of the claims.

    A copy or a further paper of the same agency is no second source; its claim is cited beside the first one. What two
    independent sources give figures of or dispute (`shown`) is no single-source claim, however differently they put it;
    nor what a sentence of another source has most nouns of, or tells in words of its own (`measured`).
    """
    whose = origins(sources)
    disputed = [one for one in shown if one.kind == "disputed"]
    told = [c for c in usable(claims) if telling(c) and not any(own_report(e.text) for e in c.claim.evidence)]
    known = {claim.id: claim for claim in told}
    sentences = Passages([s.de for source in sources for s in source.sentences])
    owner = [whose[source.n] for source in sources for _ in source.sentences]
    passages = Passages([own_words(c) for c in told])
    shared = {
        claim
        for comparison in (*figures(claims, sources), *disputed)
        if len({whose[n] for figure in comparison.figures for n in figure.sources}) > 1
        for figure in comparison.figures
        for claim in figure.claims
    } | {
        claim
        for event in timeline(told, sources)
        if len({whose[known[claim].source] for claim in event.claims}) > 1
        for claim in event.claims
    }
    shared |= {claim for pair in measured if pair.holds("same") for claim in pair.ids}
    elsewhere = [(owner[i], nouns(text)) for i, text in enumerate(sentences.texts)]
    found: list[Cited] = []
    cited: set[str] = set()
    for claim in told:
        if claim.id in cited or claim.id in shared:
            continue
        having = [{owner[i] for i in sentences.like(german)} for german in telling(claim)]
        if set.intersection(*having) - {whose[claim.source]}:
            continue
        if _is_told(
            _without_persons(own_words(claim)), (other for paper, other in elsewhere if paper != whose[claim.source])
        ):
            continue
        same = [claim.id, *(told[i].id for i in passages.like(own_words(claim)) if told[i].source != claim.source)]
        cited.update(same)
        found.append(Cited(text=claim.claim.text, claims=tuple(dict.fromkeys(same))))
    return tuple(found)


_TOLD, _NOUNS = 0.6, 3
"""Share and number of a claim's nouns that a sentence of another source has if it tells the same; or both of two."""


def _without_persons(german: str) -> frozenset[str]:
    """The nouns: two sentences about one person tell of different things."""
    persons = {word for fact in facts(german, SOURCE).persons for word in nouns(fact.text)}
    return nouns(german) - persons


def _is_told(own: frozenset[str], others: Iterable[frozenset[str]]) -> bool:
    least = len(own) if len(own) == 2 else max(_NOUNS, _TOLD * len(own))
    return any(len(own & other) >= least for other in others)


def most_telling(
    rows: Sequence[Cited], claims: Sequence[SourceClaim], key_points: Sequence[Cited], most: int
) -> tuple[Cited, ...]:
    """The `most` single-source rows that a reader must know of, in their order: of each source in turn, allegations
    first, then figures, then what is stated as a fact; what somebody is quoted with needs no second paper. What a key
    point cites beside another source is none."""
    known = {claim.id: claim for claim in claims}
    beside = {i for one in key_points if len({i.partition(".")[0] for i in one.claims}) > 1 for i in one.claims}

    def weight(i: int) -> int:
        claim = known[rows[i].claims[0]].claim
        return 4 * (claim.stance == "alleged") + 2 * bool(numbers.read(claim.text, "en")) + (claim.speaker is None)

    turns: Counter[int] = Counter()
    ranked: list[tuple[int, int, int]] = []
    for i in sorted((i for i, row in enumerate(rows) if not beside & {*row.claims}), key=lambda i: (-weight(i), i)):
        paper = known[rows[i].claims[0]].source
        ranked.append((turns[paper], paper, i))
        turns[paper] += 1
    return tuple(rows[i] for i in sorted(i for *_, i in sorted(ranked)[:most]))


def tables(
    story: Story,
    claims: Sequence[SourceClaim],
    sources: Sequence[Source],
    analyses: Sequence[Analysis],
    limits: Room,
    key_points: Sequence[Cited] = (),
    encoder: Encoder | None = None,
) -> Story:
    """The story with who says what, timeline, figures side by side, corrections, single sources and open questions.

    `claims` and `sources` are those of the story, `analyses` all of the note in the order of its sources. Each table
    is cut to `limits`. What a paper has taken back is not an event, position or single source.
    """
    wrong, right = taken_back(claims, sources), put_right(claims, sources)
    measured = accounts(claims, sources, encoder)
    shown = comparisons(claims, sources, measured)
    held = [claim for claim in claims if claim.id not in wrong]
    return story.model_copy(
        update={
            "positions": positions(held, sources)[: limits.positions],
            "timeline": timeline(held, sources, limits.timeline),
            "comparisons": tuple(marked(one, wrong, right) for one in shown[: limits.comparisons]),
            "corrections": corrections(claims, sources),
            "single_source": most_telling(
                single_source(held, sources, measured, shown), held, key_points, limits.single_source
            ),
            "questions": (*disputes(claims, sources), *questions(analyses, claims))[: limits.questions],
        }
    )
