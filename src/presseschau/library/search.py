"""Search in an archive by words, over German and English, with filters; the sentences that answer are shown.

A word finds its forms, both ways to write an umlaut, and compounds that it is part of. All words must be in an article;
"a phrase" is in quotation marks, -word must not be there, begin* is a beginning. Articles with more of them in one
sentence come first, then by weight (BM25).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from presseschau.errors import InputError
from presseschau.facts.lexicon import english_forms
from presseschau.lang import cuts
from presseschau.library import words
from presseschau.library.store import Archive, Listed

Order = Literal["best", "newest"]
Place = tuple[int, int]
"""Where something stands in a text: start, end."""


@dataclass(frozen=True)
class Question:
    """What is looked for; what is None or empty is not asked.

    `speaker` and `outlet` are looked for as part of the name, in any case, or in quotation marks as the whole name;
    `since` and `until` are days (YYYY-MM-DD, the last one included); `finding` is a code or how one begins (number);
    `stance` one of models.Stance, of a claim by the speaker if there is one; `risk`: a sentence has this risk or more
    (0 to 1); `after` and `upto`: numbers of articles, only those that were stored later
    than the one and no later than the other.
    """

    text: str = ""
    speaker: str | None = None
    outlet: str | None = None
    since: str | None = None
    until: str | None = None
    stance: str | None = None
    finding: str | None = None
    risk: float | None = None
    order: Order = "best"
    after: int | None = None
    upto: int | None = None


@dataclass(frozen=True)
class Shown:
    """A sentence that answers. `german_at` and `english_at` are where the words stand in it (start, end)."""

    n: int
    german: str
    english: str | None
    german_at: tuple[Place, ...] = ()
    english_at: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Hit:
    """An article that answers, with the sentences that say most of it and the claims of the speaker or stance asked."""

    article: Listed
    sentences: tuple[Shown, ...]
    claims: tuple[str, ...] = ()
    score: float = 0.0


@dataclass(frozen=True)
class Answered:
    """`total` articles answer; `hits` are those asked for."""

    total: int
    hits: tuple[Hit, ...]


_RANKED = 40
"""Articles of the greatest weight that are put in order by how many of several words stand in one sentence."""


def search(archive: Archive, question: Question, *, most: int = 20, skip: int = 0, sentences: int = 3) -> Answered:
    """The articles that answer, `most` of them after the first `skip`, each with up to so many sentences.

    Raises InputError for a question that cannot be asked.
    """
    return search_and_first(archive, question, most=most, skip=skip, sentences=sentences)[0]


def search_and_first(
    archive: Archive, question: Question, *, most: int = 20, skip: int = 0, sentences: int = 3, first: int = 0
) -> tuple[Answered, list[int]]:
    """The same, and the numbers of the `first` articles that answer, by weight alone."""
    asked = terms(question.text)
    if question.text.strip() and not any(not term.without for term in asked):
        raise InputError(f"{question.text!r} holds no word to look for.")
    numbers, total, weights = _matching(archive, question, asked, max(first, skip + most))
    page = numbers[skip : skip + most]
    together = question.order == "best" and len(asked) > 1
    shown = asked if sentences else []  # who wants none looks for none
    lots = _sentences(archive, numbers[:_RANKED], asked) if together else _sentences(archive, page, shown)
    if together and skip < _RANKED:
        scores = {number: max((one.score for one in many), default=0) for number, many in lots.items()}
        ranked = sorted(lots, key=lambda number: (-scores[number], weights[number]))
        page = (ranked + numbers[_RANKED:])[skip : skip + most]
    lots |= _sentences(archive, [number for number in page if number not in lots], shown)
    said = _claims(archive, page, question)
    hits = (
        Hit(
            entry,
            tuple(one.shown for one in sorted(lots[entry.id], key=lambda one: -one.score)[:sentences]),
            said.get(entry.id, ()),
            -weights.get(entry.id, 0.0),
        )
        for entry in archive.entries(page)
    )
    return Answered(total, tuple(hits)), numbers[:first]


def matching(archive: Archive, question: Question, most: int = -1) -> list[int]:
    """The numbers of the articles that the filters of a question leave, the newest first, one without a date where it
    came in; `most` -1 are all."""
    where, values = filters(archive, question)
    also = "".join(f" AND {one}" for one in where)
    dated, undated = (  # each as the index has it
        f"SELECT * FROM (SELECT id, {at} AS at FROM articles WHERE published {known}{also} "  # noqa: S608
        "ORDER BY published DESC, id DESC LIMIT ?)"
        for at, known in (("published", "IS NOT NULL"), ("stored", "IS NULL"))
    )
    rows = archive.database.all(
        f"SELECT id FROM ({dated} UNION ALL {undated}) ORDER BY at DESC, id DESC LIMIT ?",  # noqa: S608
        *values, most, *values, most, most,
    )  # fmt: skip
    return [number for (number,) in rows]


@dataclass(frozen=True)
class Term:
    """A word or a phrase of a question."""

    text: str
    phrase: bool = False
    without: bool = False
    begins: bool = False

    @property
    def expression(self) -> str:
        """As FTS5 has it."""
        plain = self.text.replace('"', '""')
        if self.phrase:
            return f'"{plain}"'
        if self.begins:
            return f'"{plain}" *'
        keys = "".join(f' OR words : "{key}"' for key in words.asked(self.text))
        return f'("{plain}"{keys})'


_TERM = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')


def terms(text: str) -> list[Term]:
    """The words and phrases of a question."""
    found = []
    for minus, phrase, word in _TERM.findall(text.translate(str.maketrans("„“”»«", '"""""')).replace("\0", " ")):
        said = phrase or word
        if not re.search(r"\w", said):
            continue
        for part in [said] if phrase else [said] if said.endswith("*") else re.findall(r"\w+", said):
            several = bool(phrase) and len(said.split()) > 1
            found.append(Term(part.rstrip("*").strip(), several, bool(minus), part.endswith("*") and not phrase))
    return found


def _matching(
    archive: Archive, question: Question, asked: Sequence[Term], most: int
) -> tuple[list[int], int, Mapping[int, float]]:
    """The numbers of articles in order, how many there are in all, and what each weighs (the less, the better)."""
    where, values = filters(archive, question)
    conditions = f" AND {' AND '.join(where)}" if where else ""
    if not asked:
        total = archive.database.one(f"SELECT count(*) FROM articles WHERE 1{conditions}", *values)  # noqa: S608
        return matching(archive, question, most), total[0] if total else 0, {}
    wanted = " AND ".join(term.expression for term in asked if not term.without)
    unwanted = "".join(f" NOT {term.expression}" for term in asked if term.without)
    looked_up = conditions.replace("articles.id IN", "+articles.id IN")  # else a filter's list is walked for each
    order = "weight" if question.order == "best" else "coalesce(published, stored) DESC, articles.id DESC"
    rows = archive.database.all(
        "WITH found AS MATERIALIZED (SELECT rowid AS at, bm25(articles_fts, 1.0, 1.0, 0.5) AS weight "  # noqa: S608
        "FROM articles_fts WHERE articles_fts MATCH ?) SELECT articles.id, weight, count(*) OVER () FROM found "
        f"CROSS JOIN articles ON articles.doc = at WHERE 1{looked_up} ORDER BY {order} LIMIT ?",
        f"({wanted}){unwanted}", *values, max(_RANKED, most) if question.order == "best" else most,
    )  # fmt: skip
    return [row[0] for row in rows], rows[0][2] if rows else 0, {row[0]: row[1] for row in rows}


def filters(archive: Archive, question: Question) -> tuple[list[str], list[Any]]:
    """Conditions on `articles`, and their values."""
    where: list[str] = []
    values: list[Any] = []
    if question.outlet:
        known = archive.database.all("SELECT DISTINCT outlet FROM articles WHERE outlet IS NOT NULL")
        where.append("outlet IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(_named(question.outlet, [outlet for (outlet,) in known])))
    if question.since:
        where.append("published >= ?")
        values.append(question.since)
    if question.until:
        where.append("published < ? || '~'")  # whatever hour of that day
        values.append(question.until)
    claimed, said = of_claims(archive, question)
    if claimed:
        where.append(f"articles.id IN (SELECT article FROM claims WHERE {' AND '.join(claimed)})")  # noqa: S608
        values += said
    if question.finding:
        where.append("articles.id IN (SELECT article FROM findings WHERE code = ? OR (code >= ? AND code < ?))")
        begins = f"{question.finding.rstrip('.')}."
        values += [question.finding, begins, f"{begins}~"]
    if question.risk is not None:
        least = "risk >= 0.1 AND " if question.risk >= INDEXED else ""  # as the index has it
        where.append(f"articles.id IN (SELECT article FROM sentences WHERE {least}risk >= ?)")  # noqa: S608
        values.append(question.risk)
    if question.after is not None:
        where.append("articles.id > ?")
        values.append(question.after)
    if question.upto is not None:
        where.append("articles.id <= ?")
        values.append(question.upto)
    return where, values


INDEXED = 0.1
"""The risk from which on sentences are in an index."""


def of_claims(archive: Archive, question: Question) -> tuple[list[str], list[Any]]:
    """Conditions on `claims`, and their values."""
    where: list[str] = []
    values: list[Any] = []
    if question.speaker:
        like = re.sub(r"[aou]|ss|[^a-z0-9 ]", "%", words.folded(question.speaker))  # however an umlaut is written
        names = dict(archive.database.all("SELECT name, id FROM speakers WHERE name LIKE ?", f"%{like}%"))
        where.append("speaker IN (SELECT value FROM json_each(?))")
        values.append(json.dumps([names[name] for name in _named(question.speaker, list(names))]))
    if question.stance:
        where.append("stance = ?")
        values.append(question.stance)
    return where, values


def _named(part: str, names: Sequence[str]) -> list[str]:
    if len(part) > 2 and part[0] == part[-1] == '"':
        return [name for name in names if name == part[1:-1]]
    wanted = words.folded(part)
    return [name for name in names if wanted in words.folded(name)]


def _claims(archive: Archive, numbers: Sequence[int], question: Question) -> Mapping[int, tuple[str, ...]]:
    """The claims that the filters are about, by article."""
    where, values = of_claims(archive, question)
    if not where:
        return {}
    rows = archive.database.all(
        f"SELECT article, text FROM claims WHERE article IN (SELECT value FROM json_each(?)) AND {' AND '.join(where)} "  # noqa: S608
        "ORDER BY article, n",
        json.dumps(list(numbers)), *values,
    )  # fmt: skip
    found: dict[int, tuple[str, ...]] = {}
    for number, text in rows:
        found[number] = (*found.get(number, ()), text)
    return found


@dataclass(frozen=True)
class _Scored:
    shown: Shown
    score: int


def _sentences(archive: Archive, numbers: Sequence[int], asked: Sequence[Term]) -> dict[int, list[_Scored]]:
    """The sentences of these articles in which something that is asked for stands."""
    look = _Look([term for term in asked if not term.without])
    if not look.terms:
        return {number: [] for number in numbers}
    found: dict[int, list[_Scored]] = {number: [] for number in numbers}
    rows = archive.database.all(
        "SELECT article, n, german, english FROM sentences WHERE article IN (SELECT value FROM json_each(?))",
        json.dumps(list(numbers)),
    )
    told = archive.as_decided([row[2] for row in rows], [row[3] for row in rows])
    for (number, n, german, _), english in zip(rows, told, strict=True):
        scored = look.at(n, german, english)
        if scored is not None:
            found[number].append(scored)
    return found


class _Look:
    """Finds the words of a question in sentences."""

    def __init__(self, asked: Sequence[Term]) -> None:
        self.terms = [
            (
                set(words.asked(term.text)), words.folded(term.text), term,
                tuple(words.folded(form) for one in _singular(term.text.lower()) for form in english_forms(one)),
            )
            for term in asked
        ]  # fmt: skip

    def at(self, n: int, german: str, english: str | None) -> _Scored | None:
        in_german = [list(self._german(german, *one)) for one in self.terms]
        in_english = [list(self._english(english or "", *one)) for one in self.terms]
        score = sum(bool(a or b) for a, b in zip(in_german, in_english, strict=True))
        if not score:
            return None
        shown = Shown(n, german, english, _spans(in_german), _spans(in_english))
        return _Scored(shown, score)

    def _german(self, text: str, keys: set[str], plain: str, term: Term, forms: Sequence[str]) -> Iterator[Place]:
        if term.phrase:
            yield from _phrase(text, term.text)
            return
        for word in words.WORD.finditer(text):
            if words.folded(word[0]).startswith(plain) if term.begins else not keys.isdisjoint(words.keys(word[0])):
                yield word.span()

    def _english(self, text: str, keys: set[str], plain: str, term: Term, forms: Sequence[str]) -> Iterator[Place]:
        if term.phrase:
            yield from _phrase(text, term.text)
            return
        for word in words.WORD.finditer(text):
            said = words.folded(word[0])
            if said.startswith(plain) if term.begins else said == plain or _related(said, forms):
                yield word.span()


def _singular(word: str) -> tuple[str, ...]:
    """The word, and what it may be one of more of: fire of fires."""
    return (word, *(base for base, _ in cuts("en", word, "word"))) if word.endswith("s") else (word,)


def _related(word: str, forms: Sequence[str]) -> bool:
    """Is an English word a form of one of which forms begin so: resigned, resignation of resign?"""
    return any(len(form) > 3 and word.startswith(form) and len(word) - len(form) < 6 for form in forms)


def _phrase(text: str, phrase: str) -> Iterator[Place]:
    pattern = r"\W+".join(map(re.escape, re.findall(r"\w+", phrase)))
    return (match.span() for match in re.finditer(pattern, text, re.IGNORECASE))


def _spans(lists: Sequence[Sequence[Place]]) -> tuple[Place, ...]:
    return tuple(sorted({span for one in lists for span in one}))
