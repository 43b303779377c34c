"""What is new, changed, corrected or withdrawn since the previous note.

It is found on the German of the articles and its figures, never on the wording of the English: the same articles
analysed again by another model bring no change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from presseschau.briefing.comparisons import figures
from presseschau.briefing.corrections import corrections
from presseschau.briefing.likeness import Passages, what_is_said
from presseschau.briefing.sources import telling, usable
from presseschau.notes import Change, Note, Source, SourceClaim

APART = 1_000_000
"""Added to the numbers of an earlier note's sources, once for the last one, twice for the next, so that all can be
compared in one table."""
NO_LONGER = "no longer reports this in its present version of the article."


def changes(claims: Sequence[SourceClaim], sources: Sequence[Source], previous: Note | None) -> tuple[Change, ...]:
    """The changes against the previous note: changed figures, corrections, what was withdrawn, then what is new.

    None without a previous note and none for the same articles. Ids are those of the present note. New is what only
    articles say that the previous note did not have, copies apart; withdrawn what a later version of an article (same
    link, or same outlet and headline) no longer says.
    """
    if previous is None:
        return ()
    had = {source.id for source in previous.sources}
    fresh = [s for s in sources if s.id not in had]
    if not fresh:
        return ()
    numbers = {s.n for s in fresh if s.copy_of is None}
    told = [c for c in usable(claims) if c.source in numbers]
    changed = list(_changed(told, [s for s in fresh if s.copy_of is None], previous))
    corrected = list(corrections(told, fresh))
    taken = {claim for change in (*changed, *corrected) for claim in change.claims}
    new = new_claims([c for c in told if c.id not in taken], previous.sources)
    return (*changed, *corrected, *_withdrawn(fresh, previous), *new)


def _changed(told: Sequence[SourceClaim], fresh: Sequence[Source], previous: Note) -> Iterator[Change]:
    """Figures for which the new articles give a value that the previous note did not have."""
    old_sources = [s.model_copy(update={"n": s.n + APART, "copy_of": None}) for s in previous.sources]
    old_claims = [
        c.model_copy(update={"id": f"{c.source + APART}.{c.claim.id}", "source": c.source + APART})
        for c in usable(previous.claims)
    ]
    english = {c.id: c.claim.text for c in told}
    seen: set[str] = set()
    for comparison in figures([*told, *old_claims], [*fresh, *old_sources]):
        before = [f for f in comparison.figures if any(n > APART for n in f.sources)]
        for figure in comparison.figures:
            if not before or figure in before or not (mine := [c for c in figure.claims if c in english]):
                continue
            if mine[0] not in seen:
                seen.update(mine)
                was = f"{comparison.about}: {' or '.join(f.value for f in before)}"
                yield Change(kind="changed", text=english[mine[0]], before=was, claims=tuple(mine))


def _withdrawn(fresh: Sequence[Source], previous: Note) -> Iterator[Change]:
    """Claims on an article of which a new version no longer says so."""
    for old in previous.sources:
        version = next((s for s in fresh if same_article(old, s)), None)
        if version is not None:
            for claim in gone([c for c in usable(previous.claims) if c.source == old.n], version):
                yield Change(kind="withdrawn", text=f"{paper(version)} {NO_LONGER}", before=claim.claim.text, claims=())


def gone(claims: Iterable[SourceClaim], version: Source) -> Iterator[SourceClaim]:
    """Those of an earlier version of an article that this version does not bear."""
    said = Passages(what_is_said(s.de) for s in version.sentences)
    return (claim for claim in claims if not any(said.like(what_is_said(sentence)) for sentence in telling(claim)))


def paper(source: Source) -> str:
    """What an article is called by."""
    return source.outlet or source.agency or f"Source {source.n}"


def same_article(old: Source, new: Source) -> bool:
    """Is it a version of the same article, by its link, else by outlet and headline?"""
    if old.link and new.link:
        return old.link == new.link
    return bool(old.outlet and old.headline_de) and (old.outlet, old.headline_de) == (new.outlet, new.headline_de)


def new_claims(told: Sequence[SourceClaim], before: Sequence[Source]) -> Iterator[Change]:
    """What nobody said in the articles before; claims of several papers that say the same are one change."""
    known = Passages(what_is_said(s.de) for source in before for s in source.sentences)
    passages = Passages(map(_said, told))
    cited: set[int] = set()
    for i, claim in enumerate(told):
        if i in cited or all(known.like(what_is_said(sentence)) for sentence in telling(claim)):
            continue
        same = [i, *(j for j in passages.like(_said(claim)) if told[j].source != claim.source and j not in cited)]
        cited.update(same)
        yield Change(kind="new", text=claim.claim.text, claims=tuple(told[j].id for j in dict.fromkeys(same)))


def _said(claim: SourceClaim) -> str:
    return " ".join(what_is_said(e.text) for e in claim.claim.evidence)
