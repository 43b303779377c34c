"""Rounds of a watch: each item once, whatever its feed does; changes as versions; money within its limit."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from archive_world import asked_for
from fault_server import Reply, error
from presseschau import archives
from presseschau.archive.prices import Limits
from presseschau.errors import BudgetReachedError, OutputError, ProviderDownError
from presseschau.ingest import ReadOptions
from presseschau.library.store import Archive
from presseschau.llm.retry import Policy
from presseschau.watching.buying import Allowance
from presseschau.watching.looking import _new_in
from presseschau.watching.sources import SourceRules, Watchlist
from watch_world import MONDAY, Sent, Story, World, item, page, rss, story


def feed(world: World, *stories: Story, **more: str) -> Sent:
    return Sent(rss("Der Bote", [item(one, world.url(f"bote/{one.number}"), **more) for one in stories]))


def rules(world: World, path: str = "a.rss", **more: object) -> SourceRules:
    return SourceRules.model_validate({"address": world.url(path), "tasks": ["translate"], **more})


def told(world: World, path: str = "bote/1") -> Story:
    (headline, german), *_ = world.rows(
        "SELECT headline, group_concat(german, ' ') FROM articles JOIN sentences ON sentences.article = articles.id "
        "WHERE source = ? AND role != 'headline'",
        world.url(path),
    )
    return Story(1, headline, german, MONDAY)


@pytest.mark.parametrize(
    "again",
    [
        lambda w: feed(w, story(2, MONDAY), story(1, MONDAY)),  # reordered
        lambda w: feed(w, story(1, MONDAY), story(2, MONDAY), guid="other"),  # a guid for all
        lambda w: feed(w, *(story(n, MONDAY + timedelta(days=9)) for n in (1, 2))),  # other dates
        lambda w: feed(w, story(1, MONDAY), story(2, MONDAY), more="<category>Neu</category>"),
        lambda w: Sent(feed(w, story(1, MONDAY), story(2, MONDAY)).body, "text/html"),
        lambda w: Sent(rss("B", [item(story(n, MONDAY), f"/bote/{n}?utm_source=rss&fbclid=7#x") for n in (1, 2)])),
        lambda w: Sent(rss("B", [item(story(n, MONDAY), w.url(f"neu/{n}-{n}"), f"g{n}") for n in (1, 2)])),  # moved
        lambda w: Sent(rss("B", [item(story(n, MONDAY), w.url("?p=1"), "1") for n in (1, 2)])),  # says nothing true
        lambda w: Sent(rss("B", [item(story(1, MONDAY), w.url("bote/1"), f"g{n}") for n in range(50)])),  # repeats
    ],
)  # fmt: skip
async def test_an_item_is_asked_for_once_whatever_its_feed_does(world: World, again: object) -> None:
    world.has["a.rss"] = Sent(rss("Bote", [item(story(n, MONDAY), world.url(f"bote/{n}"), f"g{n}") for n in (1, 2)]))
    first = await world.round(rules(world))
    assert (first.seen, first.done) == ({"new": 2}, 2)
    assert callable(again)
    world.has["a.rss"] = again(world)
    for _ in range(2):
        world.later(hours=1)
        done = await world.round(rules(world))
        assert (done.seen.total(), done.done, done.faults) == (0, 0, [])
    assert len(world.asked.requests) == 2
    assert set(world.states().values()) == {"done"}


async def test_what_a_feed_says_is_not_believed_where_it_cannot_be(world: World) -> None:
    """One guid for all, dates of 1970 and to come, marked up titles, links without a site."""
    world.has["a.rss"] = Sent(rss("Bote", [
        item(story(1, MONDAY), "/bote/1", "1", published="Thu, 01 Jan 1970 00:00:00 GMT"),
        item(story(2, MONDAY), "/bote/2", "1", published="Mon, 01 Jan 2087 00:00:00 GMT",
             title="&lt;b&gt;Bericht 2&lt;/b&gt; aus dem Dorf"),
    ]))  # fmt: skip
    await world.round(rules(world))
    seen = MONDAY.isoformat()[:10]
    assert world.rows("SELECT source, headline, substr(published, 1, 10) FROM articles ORDER BY source") == [
        (world.url("bote/1"), "Bericht 1 aus dem Dorf", seen), (world.url("bote/2"), "Bericht 2 aus dem Dorf", seen),
    ]  # fmt: skip
    world.later(hours=1)
    world.has["a.rss"] = Sent(rss("Bote", [item(story(3, MONDAY), "/bote/3", "1")]))  # the same guid, another text
    assert (await world.round(rules(world))).seen == {"new": 1}
    assert len(world.asked.requests) == 3


@pytest.mark.parametrize(
    "bad",
    [
        Sent("kaputt", status=500), Sent(b"\x89PNG", "image/png"), Sent("<html><p>Wartung</p></html>", "text/html"),
        Sent(status=301, headers={"Location": "a.rss"}), Sent("<rss><channel><item><title>x"), Sent(""),
    ],
)  # fmt: skip
async def test_a_feed_that_breaks_is_said_asked_less_often_and_read_again(world: World, bad: Sent) -> None:
    own = rules(world, every="30m", kind="feed")
    world.has["a.rss"] = bad
    waits = []
    for _ in range(3):
        done = await world.round(own)
        assert len(done.faults) == 1
        (due,) = world.rows("SELECT (julianday(due) - julianday(looked)) * 24 FROM watched")[0]
        waits.append(round(due, 1))
        world.later(hours=due)
    assert waits == [0.5, 1.0, 2.0]
    world.has["a.rss"] = feed(world, story(1, MONDAY))
    assert (await world.round(own)).done == 1
    assert world.rows("SELECT failures, fault FROM watched") == [(0, None)]


async def test_a_cut_feed_gives_what_is_whole_in_it(world: World) -> None:
    body = feed(world, *(story(n, MONDAY) for n in (1, 2, 3))).body
    assert isinstance(body, str)
    world.has["a.rss"] = Sent(body[: body.rindex("<item>") + 60])
    done = await world.round(rules(world))
    assert (done.done, len(done.said)) == (2, 1)


async def test_a_feed_without_end_is_read_as_far_as_it_may_be(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("presseschau.watching.looking.MOST_BYTES", 100_000)
    body = feed(world, story(1, MONDAY), story(2, MONDAY)).body
    assert isinstance(body, str)
    world.has["a.rss"] = Sent(body.replace("</channel></rss>", ""), endless=True)
    for expected in (2, 0):
        done = await world.round(rules(world))
        assert (done.done, done.faults) == (expected, [])
        assert "larger than 100,000 bytes" in done.said[0]
        world.later(hours=1)


async def test_a_feed_moves_for_good_and_ends(world: World) -> None:
    world.has |= {"a.rss": Sent(status=301, headers={"Location": "/b.rss"}), "b.rss": feed(world, story(1, MONDAY))}
    done = await world.round(rules(world))
    assert (done.done, done.said) == (1, [f"{world.url('a.rss')} has moved for good to {world.url('b.rss')}."])
    world.later(hours=1)
    await world.round(rules(world))
    assert [path for path, _ in world.paper.seen if path.endswith("rss")] == ["a.rss", "b.rss", "b.rss"]
    world.later(hours=1)
    world.has["b.rss"] = Sent(status=410)
    assert "It has ended." in (await world.round(rules(world))).said[0]
    world.later(hours=99)
    assert (await world.round(rules(world))).looked == 0


@pytest.mark.parametrize("path", ["", "politik/"])
async def test_a_site_or_section_names_its_feed(world: World, path: str) -> None:
    head = "<link rel='alternate' type='application/rss+xml' href='/a.rss'>"
    world.has |= {path: Sent(f"<html><head>{head}</head></html>", "text/html"), "a.rss": feed(world, story(1, MONDAY))}
    done = await world.round(SourceRules(address=world.url(path), tasks=("translate",)))
    assert (done.done, "has the feed" in done.said[0]) == (1, True)


async def test_pages_of_teasers_are_read_looked_at_again_and_gone(world: World) -> None:
    teaser = "<description>Ein Anriss ...</description>"
    first, changed = story(1, MONDAY), story(1, MONDAY)
    changed = Story(
        1, first.headline, first.text + "\n\nAm Montag bauten 7 Bauern für 999 Euro eine neue Halle.", MONDAY
    )
    world.has |= {
        "a.rss": Sent(rss("Echo", [item(first, world.url("echo/1"), "g1", text=teaser)])),
        "echo/1": Sent(page(first), "text/html"),
    }
    done = await world.round(rules(world))
    assert (done.seen, done.done, done.pages) == ({"new": 1}, 1, 1)
    looks = []
    for _ in range(30):
        world.later(hours=3)
        looks.append((await world.round(rules(world))).pages)
    assert sum(looks) == 5  # after 1, 2 (late: 3), 6, 12 ... hours
    assert len(world.asked.requests) == 1

    world.has["echo/1"] = Sent(page(changed), "text/html")
    world.has["a.rss"] = Sent(
        rss("Echo", [item(first, world.url("echo/1"), "g1", text="<description>Neu!</description>")])
    )
    done = await world.round(rules(world))
    assert (done.seen, done.done) == ({"changed": 1}, 1)
    assert asked_for(world.asked.requests[1].json["messages"][-1]["content"]) == [7]
    (version,) = archives.versions(world.folder / "archive.db", world.url("echo/1"))
    assert version.changes.added == ("Am Montag bauten 7 Bauern für 999 Euro eine neue Halle.",)
    assert "7 Bauern" in told(world, "echo/1").text
    assert archives.read_version(world.folder / "archive.db", world.url("echo/1"), 1).translation is not None

    world.has["echo/1"] = Sent(status=410)
    world.has["a.rss"] = Sent(
        rss("Echo", [item(first, world.url("echo/1"), "g1", text="<description>Alt!</description>")])
    )
    assert (await world.round(rules(world))).seen == {"gone": 1}
    assert world.rows("SELECT mark FROM marks") == [("gone",)]

    world.has["echo/1"] = Sent(page(changed), "text/html")  # it was taken off by mistake
    world.has["a.rss"] = Sent(rss("Echo", [item(first, world.url("echo/1"), "g1", text=teaser)]))
    await world.round(rules(world))
    assert world.rows("SELECT mark FROM marks") == []


async def test_a_changed_article_is_a_version_and_only_the_change_is_asked_for(world: World) -> None:
    first = story(1, MONDAY)
    world.has["a.rss"] = feed(world, first)
    await world.round(rules(world))
    world.later(hours=1)
    figure = first.text.split(" für ")[1].split(" Euro")[0]
    note = " In einer früheren Version dieses Artikels hieß es, die Kosten seien höher; das war falsch."
    changed = Story(1, "Bericht 1 aus der Stadt", first.text.replace(f"{figure} Euro", "4711 Euro", 1) + note, MONDAY)
    world.has["a.rss"] = feed(world, changed)
    done = await world.round(rules(world))
    assert (done.seen, done.done) == ({"changed": 1, "corrected": 1}, 1)
    (version,) = archives.versions(world.folder / "archive.db", world.url("bote/1"))
    assert version.changes.headline == ("Bericht 1 aus dem Dorf", "Bericht 1 aus der Stadt")
    assert version.changes.changed[0].figures == ((figure, "4711"),)
    assert len(version.changes.added) == 1
    asked = world.asked.requests[1].json["messages"][-1]["content"]
    assert "sentences 1-2, 7 into" in asked  # the headline, the sentence with the figure, the new one
    assert world.rows("SELECT count(*) FROM articles") == [(1,)]
    bought = len(world.asked.requests)
    for _ in range(6):  # a feed that tells two texts in turn
        world.later(hours=1)
        world.has["a.rss"] = feed(world, first)
        await world.round(rules(world))
        world.later(hours=1)
        world.has["a.rss"] = feed(world, changed)
        await world.round(rules(world))
    assert world.rows("SELECT count(*) FROM versions")[0][0] <= 5
    assert len(world.asked.requests) == bought


async def test_copies_are_not_paid_for_and_near_ones_only_in_part(world: World) -> None:
    wire, other = story(1, MONDAY, 20), story(2, MONDAY)
    nearly = Story(1, wire.headline, wire.text.replace("neue", "ganz neue", 1), MONDAY)
    half = Story(1, "Ein anderer Titel", wire.text + f"\n\n{other.text}", MONDAY)
    world.has |= {f"{name}.rss": Sent(rss(name, [item(one, world.url(f"{name}/1"), "1")]))
                  for name, one in (("a", wire), ("b", wire), ("c", nearly), ("d", half))}  # fmt: skip
    done = await world.round(*(rules(world, f"{name}.rss") for name in "abcd"))
    assert (done.seen, done.done) == ({"new": 4, "same": 2}, 2)
    assert world.states() == {
        world.url("a/1"): "done", world.url("b/1"): "same", world.url("c/1"): "same", world.url("d/1"): "done",
    }  # fmt: skip
    world.later(hours=1)
    more = Story(1, "Noch ein Titel", wire.text + f"\n\n{story(3, MONDAY).text}", MONDAY)
    world.has["e.rss"] = Sent(rss("e", [item(more, world.url("e/1"), "1")]))
    assert (await world.round(rules(world, "e.rss"))).done == 1
    assert "sentences 1, 22-26 into" in world.asked.requests[-1].json["messages"][-1]["content"]


async def test_two_feeds_of_one_site_tell_an_item_once(world: World) -> None:
    short = Story(1, story(1, MONDAY).headline, story(1, MONDAY).text.split("\n\n")[0], MONDAY)
    world.has |= {"a.rss": feed(world, story(1, MONDAY)), "b.rss": feed(world, short)}
    for _ in range(3):
        await world.round(rules(world), rules(world, "b.rss"))
        world.later(hours=1)
    assert (len(world.states()), len(world.asked.requests), world.rows("SELECT count(*) FROM versions")) == (
        1,
        1,
        [(0,)],
    )


async def test_rules_of_a_source(world: World) -> None:
    sections = ("politik", "sport", "politik", "kultur", "Sport")
    world.has["a.rss"] = Sent(rss("B", [
        item(story(n, MONDAY), world.url(f"{name}/{n}"), f"g{n}") for n, name in enumerate(sections, 1)
    ]))  # fmt: skip
    own = rules(world, sections=["Politik", "Sport"], without_sections=["sport"], keep_rest=True, outlet="Mein Blatt")
    done = await world.round(own)
    assert (done.done, done.seen["kept"]) == (2, 3)
    assert world.rows("SELECT outlet, count(*) FROM articles GROUP BY 1") == [("Mein Blatt", 5)]
    assert world.rows(
        "SELECT count(*) FROM sentences WHERE english IS NOT NULL AND article IN "
        "(SELECT articles.id FROM articles JOIN watch_items USING (source) WHERE state = 'kept')"
    ) == [(0,)]
    found = archives.search(world.folder / "archive.db", "bauten").total
    assert found == 5
    world.later(hours=1)  # a feed of that section wants it after all
    world.has["b.rss"] = Sent(rss("B", [item(story(2, MONDAY), world.url("sport/2"), "g2")]))
    assert (await world.round(own, rules(world, "b.rss"))).done == 1


async def test_no_more_than_so_many_a_day(world: World) -> None:
    own = rules(world, most_per_day=2)
    world.has["a.rss"] = feed(world, *(story(n, MONDAY) for n in range(1, 6)))
    assert (await world.round(own)).done == 2
    world.later(days=1)
    world.has["a.rss"] = feed(world, *(story(n, MONDAY) for n in range(6, 9)))
    assert (await world.round(own)).done == 2
    assert sorted(world.states().values()).count("passed") == 4


async def test_what_is_not_german_is_refused_once_unless_that_was_said(world: World) -> None:
    text = "The mayor of the town said on Monday that the new bridge will be opened in spring. " * 4
    world.has["a.rss"] = feed(world, Story(1, "A bridge for the town", text, MONDAY))
    for seen in ({"new": 1, "refused": 1}, {}):
        assert (await world.round(rules(world))).seen == seen
        world.later(hours=1)
    world.has["b.rss"] = Sent(rss("B", [item(Story(2, "Another bridge", text, MONDAY), world.url("b/2"), "2")]))
    assert (await world.round(rules(world, "b.rss", language="any"))).seen == {"new": 1}


async def test_a_day_has_its_limit_and_what_does_not_fit_is_first_the_next_day(world: World) -> None:
    world.has["a.rss"] = feed(world, *(story(n, MONDAY) for n in range(1, 19)))
    purse = {"purse": Allowance(Limits(max_cost=0.0022, price=(1.0, 1.0)))}
    first = await world.round(rules(world), **purse)
    assert isinstance(first.error, BudgetReachedError)
    assert 0 < first.done < 9
    assert (first.waiting, first.forecast and first.forecast.articles) == (18 - first.done, 18)
    assert first.today.cost <= 0.0022
    sold = len(world.asked.requests)
    world.later(hours=1)
    again = await world.round(rules(world), **purse)
    assert (again.done, len(world.asked.requests)) == (0, sold)
    world.later(days=1)
    world.has["a.rss"] = feed(world, story(20, MONDAY))
    after = await world.round(rules(world), **purse)
    assert after.today.cost <= 0.0022
    oldest = world.rows("SELECT source FROM watch_items WHERE state = 'waiting' ORDER BY id")
    assert (world.url("bote/20"),) in oldest
    assert after.done > 0


async def test_a_call_has_its_limit_too(world: World) -> None:
    world.has["a.rss"] = feed(world, *(story(n, MONDAY) for n in range(1, 5)))
    purse = Allowance(Limits(price=(1.0, 1.0)), Limits(max_cost=0.0012))
    assert isinstance((await world.round(rules(world), purse=purse)).error, BudgetReachedError)
    assert purse.used[1] <= 0.0012
    world.later(hours=1)
    assert (await world.round(rules(world))).error is None


async def test_a_call_pays_for_a_round_that_a_full_disk_ended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(archive: Archive, lines: object, run: str | None = None) -> None:
        raise OutputError("Make room on the disk.")

    monkeypatch.setattr(Archive, "put", full)
    world.has["a.rss"] = feed(world, story(1, MONDAY))
    purse = Allowance(Limits(price=(1.0, 1.0)), Limits(max_cost=1.0))
    with pytest.raises(OutputError, match="Make room"):
        await world.round(rules(world), purse=purse)
    assert purse.used[1] > 0


def test_a_file_that_is_written_while_others_are_read_waits(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("Ein Titel\n\nEin Satz steht hier.\n")
        os.utime(tmp_path / name, (1, 1))
    found = _new_in(tmp_path, ReadOptions(), time.time(), {})
    next(found)
    (tmp_path / "b.txt").write_text("Ein Ti")
    assert list(found) == []


async def test_an_endpoint_that_is_away_loses_nothing(world: World) -> None:
    world.has["a.rss"] = feed(world, story(1, MONDAY))
    script, world.asked.script[:] = list(world.asked.script), [error(503)]
    done = await world.round(rules(world), policy=Policy(attempts=1, patience=0.0))
    assert isinstance(done.error, ProviderDownError)
    assert done.waiting == 1
    world.asked.script[:] = script
    world.later(hours=1)
    assert (await world.round(rules(world))).done == 1


async def test_an_article_for_which_the_endpoint_never_answers_is_given_up(world: World) -> None:
    good = world.asked.script[0]
    assert callable(good)
    world.asked.script[:] = [lambda seen: Reply(ending="close") if "Bericht 1 " in seen.raw.decode() else good(seen)]
    for number in range(2, 8):
        world.has["a.rss"] = feed(world, story(1, MONDAY), story(number, MONDAY))
        done = await world.round(rules(world), policy=Policy(attempts=1, patience=0.0))
        world.later(hours=1)
    assert (done.error, done.waiting, world.states()[world.url("bote/1")]) == (None, 0, "failed")
    assert len([one for one in world.asked.requests if "Bericht 1 " in one.raw.decode()]) == 5


async def test_what_a_batch_read_before_is_an_earlier_version(world: World) -> None:
    world.has["a.rss"] = feed(world, story(1, MONDAY))
    await world.round(rules(world))
    with Archive(world.folder / "archive.db") as archive, archive.database.transaction():
        for table in ("watch_items", "watch_keys", "watch_bands"):  # as if a batch had read it, and no watch
            archive.database.run(f"DELETE FROM {table}")
    world.has["a.rss"] = feed(world, Story(1, "Ein anderer Titel", story(2, MONDAY).text, MONDAY))
    assert (await world.round(rules(world))).done == 1
    (version,) = archives.versions(world.folder / "archive.db", world.url("bote/1"))
    earlier = archives.read_version(world.folder / "archive.db", world.url("bote/1"), version.n)
    assert (earlier.article.headline, told(world).headline) == (story(1, MONDAY).headline, "Ein anderer Titel")


async def test_a_folder_new_and_changed_files(world: World) -> None:
    folder = world.folder / "in"
    folder.mkdir()
    own = SourceRules(folder=folder, tasks=("translate",))
    one = story(1, MONDAY)
    (folder / "a.txt").write_text(f"{one.headline}\n\n{one.text}\n")
    (folder / "leer.txt").write_text("")
    assert (await world.round(own)).done == 1
    for _ in range(2):
        assert (await world.round(own)).seen.total() == 0
    (folder / "a.txt").write_text(
        f"{one.headline}\n\n{one.text} Am Montag bauten 7 Bauern für 999 Euro eine neue Halle.\n"
    )
    done = await world.round(own)
    assert (done.seen, done.done, len(world.asked.requests)) == ({"changed": 1}, 1, 2)
    missing = await world.round(SourceRules(folder=folder / "none"))
    assert missing.faults == [f"There is no folder {folder / 'none'}."]


async def test_the_network_is_away(world: World) -> None:
    sources = [SourceRules(address="http://127.0.0.1:9/a.rss"), SourceRules(address="http://127.0.0.1:9/b.rss")]
    done = await world.round(*sources)
    assert done.said == ["No address answers: is the network away? All are asked again the next time."]
    assert world.rows("SELECT failures FROM watched") == [(0,), (0,)]
    world.has["a.rss"] = feed(world, story(1, MONDAY))
    world.later(hours=1)
    assert (await world.round(*sources, rules(world))).done == 1
    assert world.rows("SELECT failures FROM watched WHERE fault IS NOT NULL") == [(1,), (1,)]


async def test_a_page_is_watched_and_gone(world: World) -> None:
    one = story(1, MONDAY)
    world.has["lage/heute"] = Sent(page(one), "text/html")
    own = rules(world, "lage/heute")
    assert (await world.round(own)).done == 1
    world.has["lage/heute"] = Sent(page(story(2, MONDAY)), "text/html")
    assert (await world.round(own)).seen == {"changed": 1}
    world.has["lage/heute"] = Sent(status=404)
    for _ in range(2):
        world.later(hours=3)
        await world.round(own)
    assert world.rows("SELECT mark FROM marks") == [("gone",)]
    world.later(hours=9)
    world.has["lage/heute"] = Sent(page(story(2, MONDAY)), "text/html")
    await world.round(own)
    assert world.rows("SELECT mark FROM marks") == []


async def test_nothing_is_asked_in_a_trial(world: World) -> None:
    world.has["a.rss"] = feed(world, story(1, MONDAY))
    done = await world.round(watch=Watchlist((rules(world),)), asks=False)
    assert (done.seen, done.waiting, world.asked.requests) == ({"new": 1}, 1, [])
