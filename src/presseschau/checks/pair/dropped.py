"""`content.dropped`: a word fell out of the English: a hole stands where it was, or a list has fewer members."""

from __future__ import annotations

from collections.abc import Iterator

from presseschau.checks.bitext import Bitext, Content
from presseschau.findings import Remark
from presseschau.lang import SOURCE, any_of, regex
from presseschau.patterns import late

CODE = "content.dropped"
FEWEST = 3
"""Members of a list that is looked at."""
AROUND = 40
"""Characters before and after the members that are there in which others may stand."""
_SPACED = late(r"\s[.,;!?](?:\s|$)")


def dropped(pair: Bitext) -> Iterator[Remark]:
    """A remark for the first hole in the English that the German has not, else for a list with members lost."""
    hole = any_of("en", "holes", "hole").search(pair.en)
    if not hole and not _SPACED.search(pair.de):
        hole = any_of("en", "holes", "spaced hole").search(pair.en)
    if hole:
        yield Remark(CODE, en=hole.span(), message=f"A word seems to be missing in the English: “{hole[0].strip()}”.")
        return
    yield from _members(pair)


def _members(pair: Bitext) -> Iterator[Remark]:
    """Members of a German list without a counterpart, if others have one and as many joints are missing around it."""
    for found in regex(SOURCE, "lists", "list").finditer(pair.de):
        content = [item for item in pair.coverage if found.start() <= item.start < found.end()]
        members = [part for part in _parts(found.group(), found.start(), content) if part]
        lost = [part for part in members if not any(item.covered for item in part)]
        sure = len(lost) > 1 or any(item.known for part in lost for item in part)
        if len(members) >= FEWEST and sure and len(lost) < len(members) - _joints(pair, content):
            start, end = lost[0][0].start, lost[0][-1].end
            yield Remark(CODE, de=(start, end), message=f"The English leaves “{pair.de[start:end]}” out of the list.")
            return


def _joints(pair: Bitext, content: list[Content]) -> int:
    """Commas and the like in the English around the counterparts of these words; many if there are none."""
    places = [place for item in content if (place := pair.place(item.start)) is not None]
    if not places:
        return len(content)
    around = pair.en[max(0, min(places) - AROUND) : max(places) + AROUND]
    return len(regex("en", "holes", "joint").findall(around))


def _parts(text: str, start: int, content: list[Content]) -> Iterator[list[Content]]:
    """The content words of each member."""
    at = start
    for joint in [*regex(SOURCE, "lists", "joint").finditer(text), None]:
        end = start + joint.start() if joint else start + len(text)
        yield [item for item in content if at <= item.start < end]
        at = start + joint.end() if joint else end
