"""Grouping by event: precision and recall of pairs on fixtures/briefing, and what is grouped among real articles.

With `--history`: fixtures/archive/history instead, 30 articles of five days, as they arrive and all at once; then, with
`--follow` too or alone for all corpora, as an archive follows them from day to day.
With `--changes`: a note a day without a model from what has answers, each with the one before: which figures are said
to have changed, against `changed` in expected.json.
Run: python tests/measure/stories.py [--data DIR] [--history] [--follow] [--changes]
"""

import argparse
import asyncio
import json
import re
import sys
import tempfile
import time
from datetime import datetime
from itertools import combinations
from pathlib import Path

from outside import add_data, rows

sys.path.insert(0, str(Path(__file__).parents[1]))

import briefing_world
import days_world
import presseschau
from presseschau import NoteRequest, note_of_day
from presseschau.briefing.following import KnownStory, follow
from presseschau.briefing.sources import copies
from presseschau.briefing.stories import group
from presseschau.errors import MalformedAnswer
from presseschau.facts import facts
from presseschau.library.store import Archive
from presseschau.models import Analysis, Provenance, Usage
from scripted import ScriptedEngine

FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "briefing"
HISTORY = FIXTURES.parent / "archive" / "history"
NOTHING = Provenance(model="", engine="", prompts="", usage=Usage(), repairs=0, versions={}, notice="")


def analysis(article):
    return Analysis(article=article, provenance=NOTHING)


def fixtures(folder=FIXTURES):
    return [analysis(presseschau.read(str(path))) for path in sorted(folder.glob("*.txt"))]


def name(one):
    return Path(one.article.source).stem


def real(data: Path):
    """tenkgnad (no dates), Wikinews (dates of ten years) and NTREX (one week of 2018, so some are about one event)."""
    for row in rows(data / "tenkgnad/articles.jsonl"):
        yield row["topic"], None, row["text"]
    for row in rows(data / "quotes-wikinews/train_sample.jsonl"):
        title = re.sub(r"^\d+ - | \(\d{4}-\d\d-\d\d\)$", "", row["name"])
        day = re.search(r"\((\d{4}-\d\d-\d\d)\)$", row["name"])
        yield row["name"], day and day[1], f"{title}\n\n{row['text']}"
    documents = {}
    for row in rows(data / "ntrex-deen/segments.jsonl"):
        documents.setdefault(row["doc"], []).append(row["de"])
    for source, sentences in documents.items():
        yield source, None, f"{sentences[0]}\n\n{' '.join(sentences[1:])}"


def pairs(groups):
    return {frozenset(pair) for one in groups for pair in combinations(one, 2)}


def history() -> None:
    """Precision and recall of pairs up to each day, whole stories, and lookalikes that were put into a story."""
    every = fixtures(HISTORY)
    expected = json.loads((HISTORY / "expected.json").read_text("utf-8"))
    for day in expected["days"]:
        here = [one for one in every if one.article.published[:10] <= day]
        names = {name(one) for one in here}
        stories = [[n for n in story if n in names] for story in expected["groups"].values()]
        found = [sorted(name(here[i]) for i in one) for one in group(here)]
        made, gold = pairs(found), pairs(stories)
        alone = names & set(expected["unrelated"])
        merged = [n for n in alone if [n] not in found]
        whole = sum(sorted(story) in found for story in stories if story)
        print(
            f"until {day}, {len(here)} articles: precision {len(made & gold) / max(1, len(made)):.3f}"
            f" recall {len(made & gold) / max(1, len(gold)):.3f}, whole {whole} of {sum(map(bool, stories))},"
            f" lookalikes merged {len(merged)} of {len(alone)}"
        )


def followed(every):
    """Name -> number of the story that an article was put into, as each day comes to what is known."""
    known, story_of = {}, {}
    for day in sorted({one.article.published[:10] for one in every}):
        today = [one for one in every if one.article.published[:10] == day]
        for one in follow(today, [KnownStory(id, tuple(articles)) for id, articles in known.items()]):
            number = one.story or len(known) + 1
            for i in one.indices:
                story_of[name(today[i])] = number
                known.setdefault(number, []).append(today[i].article)
    return story_of


def found_again(folder: Path, every) -> tuple[int, int, int, int]:
    """Reports of a story that was told on an earlier day, and those put into it; events that share a story with
    another, and stories."""
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    dated = [one for one in every if one.article.published]
    day = {name(one): one.article.published[:10] for one in dated}
    number = followed(dated)
    owner = {n: title for title, story in expected["groups"].items() for n in story}
    later = again = 0
    for story in expected["groups"].values():
        for n in story:
            before = {number[other] for other in story if other in day and n in day and day[other] < day[n]}
            later += bool(before)
            again += n in day and number[n] in before
    events = {}
    for n, story in number.items():
        events.setdefault(story, set()).add(owner.get(n, n))
    return later, again, sum(len(one) for one in events.values() if len(one) > 1), len(expected["groups"])


def following(folders) -> None:
    for folder in folders:
        later, again, merged, stories = found_again(folder, fixtures(folder))
        print(f"{folder.name}: found again {again} of {later} later reports, {merged} merged, {stories} stories")


async def notes_of_days(every):
    """A note of each day from an archive that gets the articles day by day, by code alone."""
    silent = ScriptedEngine(lambda request: MalformedAnswer("no model"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        for day in sorted({one.article.published[:10] for one in every}):
            with Archive(path) as archive:
                archive.put(one.model_dump_json().encode() for one in every if one.article.published[:10] == day)
            now = datetime.fromisoformat(f"{day}T20:00+00:00")
            yield (await note_of_day(path, silent, NoteRequest(since="today"), now=now)).note


async def changes(folder: Path, every) -> str:
    expected = json.loads((folder / "expected.json").read_text("utf-8"))["changed"]
    wanted = [(one["from"], one["to"]) for one in expected if one["from"].isdecimal()]
    said = []
    async for note in notes_of_days([one for one in every if one.article.published]):
        for story in note.since_last.stories if note.since_last else ():
            said += [tuple(map(amount, one.figures)) for one in story.changes if one.figures]
    right = [one for one in said if one in wanted]
    return (
        f"{folder.name}: changes right {len(right)}, wrong {len(said) - len(right)}, missed {len(wanted) - len(right)}"
    )


def amount(value: str) -> str:
    """Around 12,000 households -> 12000; Twelve passengers -> 12; 520 of the 640 jobs -> 520"""
    return next((str(fact.value.amount) for fact in facts(value, "en").numbers), value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data(parser)
    parser.add_argument("--history", action="store_true", help="30 articles of five days instead")
    parser.add_argument("--follow", action="store_true", help="from day to day, as an archive does")
    parser.add_argument("--changes", action="store_true", help="what notes say to have changed")
    given = parser.parse_args()
    if given.changes:
        for folder in (FIXTURES, *(FIXTURES / n for n in ("second", "third", "fourth", "fifth", "sixth", "seventh"))):
            print(asyncio.run(changes(folder, briefing_world.analyses(folder))))
        print(asyncio.run(changes(days_world.FOLDER, list(days_world.analyses().values()))))
        return
    if given.follow:
        own = [FIXTURES, *(FIXTURES / n for n in ("second", "third", "fourth", "fifth", "sixth", "seventh", "days"))]
        following([HISTORY] if given.history else [*own, HISTORY])
    if given.history:
        history()
    if given.history or given.follow:
        return
    ours = fixtures()
    expected = json.loads((FIXTURES / "expected.json").read_text("utf-8"))
    gold = pairs(expected["groups"].values())
    theirs = []
    for source, day, text in real(given.data):
        metadata = {"published": day} if day else None
        theirs.append(analysis(presseschau.read_article(text, source=source, lang_check=False, metadata=metadata)))
    for title, every in (("fixtures alone", ours), (f"among {len(theirs)} others", ours + theirs)):
        start = time.process_time()
        found = [[name(every[i]) for i in one if i < len(ours)] for one in group(every)]
        spent = time.process_time() - start
        made = pairs(found)
        right = len(made & gold)
        print(f"{title}: precision {right / max(1, len(made)):.3f} recall {right / len(gold):.3f}, {spent:.2f} s CPU")
    print("copies:", {name(ours[i]): name(ours[j]) for i, j in copies(ours).items()})
    for one in group(theirs):
        if len(one) > 1:
            print(f"--- {len(one)}")
            for i in one:
                article = theirs[i].article
                print(f"    {article.published or '':10} {(article.headline or article.sentences[0].text)[:100]}")


if __name__ == "__main__":
    main()
