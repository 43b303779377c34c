"""How right a briefing note is, held against an expected.json: strict, and by code alone.

An article counts under its name in expected.json; a source of the note is the article with the same id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise, permutations
from typing import Any

from presseschau.facts import facts
from presseschau.models import Value
from presseschau.notes import Comparison, Event, Figure, Note, Story

_DATE = re.compile(r"\d{4}-\d\d(-\d\d)?\Z")
_MONTH_DAY = re.compile(r"--(\d\d)-(\d\d)\Z")


@dataclass
class Score:
    """So many of so many; `missed` says what was expected and is not there, or is there and wrong."""

    name: str
    right: int = 0
    of: int = 0
    missed: list[str] = field(default_factory=list)

    def count(self, ok: bool, what: object) -> None:
        self.of += 1
        self.right += ok
        if not ok:
            self.missed.append(str(what))


@dataclass(frozen=True)
class Judge:
    """A note, what is expected of it, and the name of the article behind each of its sources."""

    note: Note
    expected: Mapping[str, Any]
    names: Mapping[int, str]

    def scores(self) -> list[Score]:
        return [
            self.groups(), self.unrelated(), self.copies(), self.contradictions(), self.false_contradictions(),
            self.changed(), self.corrections(), self.timeline(), self.planned(), self.agreements(), self.independent(),
            citations(self.note), *(self.ranges() for _ in self.expected.get("ranges", ())[:1]),
            *(self.single_sources() for _ in self.expected.get("single_sources", ())[:1]),
            *(self.lookalikes() for _ in self.expected.get("lookalikes", ())[:1]),
            *self.kinds(),
        ]  # fmt: skip

    def groups(self) -> Score:
        """A group is right if one story has exactly its articles."""
        score = Score("groups right")
        stories = [set(self._named(story.sources)) for story in self._every_story()]
        for name, articles in self.expected["groups"].items():
            score.count(set(articles) in stories, name)
        return score

    def unrelated(self) -> Score:
        """An unrelated article is in no story with another one, and in the note's sources if there is room."""
        score = Score("unrelated articles kept apart")
        for article in self.expected["unrelated"]:
            told = [story for story in self._every_story() if article in self._named(story.sources)]
            there = article in self.names.values() or bool(self.note.left_out)
            score.count(there and all(len(story.sources) == 1 for story in told), article)
        return score

    def copies(self) -> Score:
        """Of two copies exactly one points to the other, and no agreement rests on them alone; no other copies."""
        score = Score("wire copies counted once")
        marked = {
            frozenset((self.names[s.n], self.names[s.copy_of])) for s in self.note.sources if s.copy_of is not None
        }
        pairs = [frozenset(copy["articles"]) for copy in self.expected["wire_copies"]]
        for pair in pairs:
            agreed = [set(self._named(f.sources)) for c in self._compared("agreed") for f in c.figures]
            score.count(pair in marked and not any(sources <= pair for sources in agreed), sorted(pair))
        for pair in marked - set(pairs):
            score.count(False, f"not a copy: {sorted(pair)}")
        return score

    def contradictions(self) -> Score:
        """One disputed Comparison of the group has just these figures, each only from articles that give it."""
        score = Score("contradictions with both figures")
        for one in self.expected["contradictions"]:
            score.count(self._disputed(one), f"{one['group']}: {one['about']} {list(one['figures'])}")
        return score

    def kinds(self) -> list[Score]:
        """The same for each kind of contradiction, where the corpus names kinds."""
        scores: dict[str, Score] = {}
        for one in self.expected["contradictions"]:
            if kind := one.get("kind"):
                scores.setdefault(kind, Score(f"contradictions, {kind}")).count(self._disputed(one), one["about"])
        return list(scores.values())

    def stages(self) -> list[Score]:
        """How far each contradiction comes: its articles in one story, both values in claims, these side by side."""
        names = ("in one story", "both sides claimed", "both claims compared")
        scores = [Score(f"contradictions, {name}") for name in names]
        for one in self.expected["contradictions"]:
            stories = [self._named(story.sources) for story in self._every_story()]
            sides = [
                {c.id for c in self.note.claims if self.names[c.source] in articles and says(c.claim.text, value)}
                for value, articles in one["figures"].items()
            ]
            compared = [
                {*a.claims} & first and {*b.claims} & second
                for story in self._every_story()
                for shown in story.comparisons
                for a, b in permutations(shown.figures, 2)
                for first, second in pairwise(sides)
            ]
            together = any(all(set(articles) & set(own) for articles in one["figures"].values()) for own in stories)
            for score, ok in zip(scores, (together, all(sides), any(compared)), strict=True):
                score.count(bool(ok), f"{one['group']}: {one['about']}")
        return scores

    def false_contradictions(self) -> Score:
        """A disputed Comparison is right if it is an expected one; the others are listed."""
        score = Score("disputed comparisons that are right")
        for name in self.expected["groups"]:
            listed = (*self.expected["contradictions"], *self.expected["corrections"])
            known = [one["figures"] for one in listed if one["group"] == name and "figures" in one]
            for shown in self._compared("disputed", name):
                right = any(self._holds(shown, figures) for figures in known)
                score.count(right, f"{name}: {shown.about}: {[f.value for f in shown.figures]}")
        return score

    def lookalikes(self) -> Score:
        """No disputed Comparison of the group has both of the values, which do not contradict each other."""
        score = Score("look-alikes not disputed")
        for one in self.expected["lookalikes"]:
            shown = [[f.value for f in c.figures] for c in self._compared("disputed", one["group"])]
            both = [f for f in shown if all(any(says(value, said) for value in f) for said in one["values"])]
            score.count(not both, f"{one['group']}: {one['about']}: {both}")
        return score

    def changed(self) -> Score:
        """One changed Comparison of the group has both figures, the later one from the article that reports it."""
        score = Score("changed")
        for one in self.expected["changed"]:
            found = [
                shown
                for shown in self._compared("changed", one["group"])
                if any(says(figure.value, one["from"]) for figure in shown.figures)
                and any(says(f.value, one["to"]) and one["article"] in self._named(f.sources) for f in shown.figures)
            ]
            score.count(bool(found), f"{one['group']}: {one['about']}")
        return score

    def corrections(self) -> Score:
        """A correction of the group says one of the expected words and cites the article, or names its outlet."""
        score = Score("corrections reported")
        for one in self.expected["corrections"]:
            outlet = self.expected["outlets"][one["article"]]
            found = [
                change
                for story in self._stories(one["group"])
                for change in story.corrections
                if change.kind in ("corrected", "withdrawn")
                and holds(f"{change.text} {change.before or ''}", one["words"])
                and (one["article"] in self._cited(change.claims) or (not change.claims and outlet in change.text))
            ]
            score.count(bool(found), f"{one['group']}: {one['article']}")
        return score

    def timeline(self) -> Score:
        """An event has the date, one of the expected words, and claims from the expected articles."""
        score = Score("timeline dates right")
        for one in self.expected["timeline"]:
            score.count(bool(self._events(one)), f"{one['date']} {one['event']}")
        return score

    def planned(self) -> Score:
        """Of the events that are there, the one found says rightly whether it lies ahead."""
        score = Score("planned or past told right")
        for one in self.expected["timeline"]:
            if events := self._events(one):
                score.count(any(event.planned == one["planned"] for event in events), f"{one['date']} {one['event']}")
        return score

    def agreements(self) -> Score:
        """An agreed Comparison gives the value from two of the articles that are no copies; so may, for a day, the
        timeline."""
        score = Score("agreements shown")
        for one in self.expected["agreements"]:
            articles = set(one["articles"])
            backed = [
                figure.sources
                for shown in self._compared("agreed", one["group"])
                for figure in shown.figures
                if says(figure.value, one["value"])
            ] + [
                tuple({self._source_of(claim) for claim in event.claims})
                for story in self._stories(one["group"])
                for event in story.timeline
                if same_day(event.date, one["value"])
            ]
            right = [sources for sources in backed if len(self._originals(sources, articles)) > 1]
            score.count(bool(right), f"{one['group']}: {one['about']}")
        return score

    def independent(self) -> Score:
        """An agreed value rests on two sources of which neither is a copy of the other."""
        score = Score("agreed values from two originals")
        for shown in self._compared("agreed"):
            for figure in shown.figures:
                originals = self._originals(figure.sources, set(self.names.values()))
                score.count(len(originals) > 1, f"{shown.about}: {figure.value}")
        return score

    def ranges(self) -> Score:
        """A span of years is one event of its group, not one for its beginning and one for its end."""
        score = Score("ranges once in the timeline")
        for one in self.expected["ranges"]:
            ends = (one["from"], one["to"])
            events = [
                event
                for story in self._stories(one["group"])
                for event in story.timeline
                if event.date.startswith(ends) and set(one["articles"]) & set(self._cited(event.claims))
            ]
            score.count(len(events) == 1, f"{one['event']}: {[event.date for event in events]}")
        return score

    def single_sources(self) -> Score:
        """What one article alone says is told as such, and what two say is not."""
        score = Score("single sources right")
        for one in self.expected["single_sources"]:
            score.count(self._single(one, [one["article"]]), f"{one['group']}: {one['about']} stands alone")
        for one in self.expected["not_single"]:
            score.count(not self._single(one, self.names.values()), f"{one['group']}: {one['about']} has two sources")
        return score

    def _disputed(self, one: Mapping[str, Any]) -> bool:
        return any(self._holds(shown, one["figures"]) for shown in self._compared("disputed", one["group"]))

    def _single(self, one: Mapping[str, Any], articles: Iterable[str]) -> bool:
        lines = [line for story in self._stories(one["group"]) for line in story.single_source]
        return any(holds(line.text, one["words"]) and set(articles) & set(self._cited(line.claims)) for line in lines)

    def _holds(self, shown: Comparison, figures: Mapping[str, Sequence[str]]) -> bool:
        """Every expected figure from articles that give it, and no other figure."""
        if not all(any(says(figure.value, value) for value in figures) for figure in shown.figures):
            return False
        return all(
            any(says(figure.value, value) and self._only_from(figure, articles) for figure in shown.figures)
            for value, articles in figures.items()
        )

    def _only_from(self, figure: Figure, articles: Sequence[str]) -> bool:
        from_claims = self._cited(figure.claims)
        return bool(from_claims) and {*from_claims, *self._named(figure.sources)} <= set(articles)

    def _events(self, one: Mapping[str, Any]) -> list[Event]:
        return [
            event
            for story in self._stories(one["group"])
            for event in story.timeline
            if event.date[:10] == one["date"]
            and holds(event.text, one["words"])
            and set(one["articles"]) & set(self._cited(event.claims))
        ]

    def _originals(self, sources: Iterable[int], articles: set[str]) -> set[int]:
        copied = {source.n: source.copy_of or source.n for source in self.note.sources}
        return {copied[n] for n in sources if self.names[n] in articles}

    def _every_story(self) -> tuple[Story, ...]:
        return (*self.note.stories, *self.note.others)

    def _stories(self, group: str) -> list[Story]:
        """The stories of which most articles are of the group."""
        own = set(self.expected["groups"][group])
        return [s for s in self._every_story() if 2 * len(own & set(self._named(s.sources))) > len(s.sources)]

    def _compared(self, kind: str, group: str | None = None) -> list[Comparison]:
        stories = self._stories(group) if group else self._every_story()
        return [one for story in stories for one in story.comparisons if one.kind == kind]

    def _named(self, sources: Iterable[int]) -> list[str]:
        return [self.names[n] for n in sources]

    def _source_of(self, claim: str) -> int:
        return next((one.source for one in self.note.claims if one.id == claim), 0)

    def _cited(self, claims: Iterable[str]) -> list[str]:
        return [self.names.get(self._source_of(claim), "?") for claim in claims]


def mixed(groups: Sequence[Sequence[int]]) -> Score:
    """For articles about as many things: each is a group of its own."""
    score = Score("unrelated articles that form no group")
    for one in groups:
        for _ in one:
            score.count(len(one) == 1, one)
    return score


def citations(note: Note) -> Score:
    """Every claim id in the note is a claim, and its German stands in its source word for word."""
    score = Score("citations that resolve")
    claims = {one.id: one for one in note.claims}
    sentences = {(source.n, s.n): s for source in note.sources for s in source.sentences}
    for cited in cited_in(note):
        one = claims.get(cited)
        evidence = one.claim.evidence if one else ()
        own = [(sentences.get((one.source, e.n)), e) for e in evidence] if one else []
        opens = all(s and (s.de, s.start, s.end) == (e.text, e.start, e.end) for s, e in own)
        score.count(bool(own) and opens, cited)
    return score


def cited_in(value: object) -> list[str]:
    """All claim ids that any part of the note cites, as often as they are cited; [""] for a line that cites none."""
    if isinstance(value, (tuple, list)):
        return [cited for item in value for cited in cited_in(item)]
    if not isinstance(value, Value):
        return []
    found = []
    for name in type(value).model_fields:
        item = getattr(value, name)
        if name == "claims" and not isinstance(value, Note):
            optional = hasattr(value, "reason") or hasattr(value, "kind")  # what is left out; a correction in a note
            found += list(item) or ([] if optional else [""])
        elif not isinstance(value, Note) or name not in ("sources", "claims"):
            found += cited_in(item)
    return found


def says(written: str, value: str) -> bool:
    """Does the figure, as it is written in English, say the expected value: a number, a date, or a name?"""
    if _MONTH_DAY.match(value) or _DATE.match(value):
        parts = [int(part) for part in value.split("-") if part]
        day = (parts[-2], parts[-1]) if len(parts) != 2 or value.startswith("--") else parts[-1]
        return day in [fact.value for fact in facts(written, "en").dates] or same_day(written, value)
    if not re.fullmatch(r"[\d.]+", value):
        return value.casefold() in written.casefold()
    return any(getattr(fact.value, "amount", None) == Fraction(value) for fact in facts(written, "en").numbers)


def same_day(iso: str, value: str) -> bool:
    return bool(_DATE.match(iso)) and (iso == value or (value.startswith("--") and iso.endswith(value[1:])))


def holds(text: str, words: Iterable[str]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE) for word in words)


def judge(note: Note, expected: Mapping[str, Any], article_ids: Mapping[str, str]) -> list[Score]:
    """All scores of a note. `article_ids`: name in expected.json -> id of the article."""
    by_id = {id_: name for name, id_ in article_ids.items()}
    return Judge(note, expected, {s.n: by_id.get(s.id, s.id) for s in note.sources}).scores()
