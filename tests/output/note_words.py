"""Everything that a reader of a note must be able to find in it, whatever its form."""

from collections.abc import Iterator

from presseschau.notes import Note
from presseschau.output.note_outline import Outline, outline


def told(note: Note) -> Iterator[str]:
    """Every statement, name, value, reason and headline of the note."""
    yield from (note.title, note.topic or "", note.method.notice, note.method.prompts, *note.method.models)
    for cited in (*note.bottom_line, *note.key_points):
        yield cited.text
    for story in (*note.stories, *note.others):
        yield story.title
        for cited in (*story.points, *story.single_source, *story.questions):
            yield from (cited.text, *(finding.message for finding in cited.findings))
        for position in story.positions:
            yield from (position.speaker[1:], position.text, *position.via, position.relies_on or "", *position.outlets)
        for event in story.timeline:
            yield from (event.text, event.phrase)
        for comparison in story.comparisons:
            yield comparison.about[1:]
            yield from (figure.value for figure in comparison.figures)
    for change in (*note.changes, *(change for story in note.stories for change in story.corrections)):
        yield from (change.text, change.before or "")
    for left in note.left_out:
        yield from (left.text, left.reason)
    for source in note.sources:
        yield from (source.outlet or "", source.author or "", source.headline or "", source.headline_de or "")
        yield from (source.id[:12], source.link or "")


def evidence(note: Note) -> Iterator[str]:
    """Every cited claim with its German and its voices."""
    cited = outline(note).numbers
    for claim in (one.claim for one in note.claims if one.id in cited):
        yield from (claim.text, claim.speaker or "", *claim.via, claim.relies_on or "")
        yield from (passage.text for passage in claim.evidence)


def statements(whole: Outline) -> int:
    """How many places of the note bear citations."""
    chapters = (*whole.stories, *whole.others)
    blocks = (*whole.front, *(block for chapter in chapters for block in chapter.blocks), whole.left_out)
    lines = sum(bool(line.claims) for block in blocks for line in block.lines)
    return lines + sum(len(figures.cells) for block in blocks for figures in block.figures)
