"""An article that is flagged ends as refused, and the run ends; a refused key ends the run and no article."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_provider_batch import Desk, count

from archive_world import topic, translated
from batch_server import BatchServer
from fault_server import Reply, Seen, error, json_reply
from presseschau.errors import CredentialsError

LIVE: dict[str, Any] = {"delivery": None}
FLAGGED = {"code": 403, "message": "m requires moderation", "metadata": {"reasons": ["violence"], "flagged_input": "x"}}
JUDGED = {
    "OpenRouter": json_reply({"error": FLAGGED}, 403),
    "Azure": error(400, "The response was filtered", "content_filter"),
    "xAI": json_reply({"code": "no permission", "error": "Content violates usage guidelines. Failed check: BIO"}, 403),
}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.fault("limits", "fails alone; the run ends complete", name="an article is flagged, in a run")
@pytest.mark.slow
@pytest.mark.parametrize("more", [LIVE, {}], ids=["live", "by batch"])
@pytest.mark.parametrize("shape", ["OpenRouter", "Azure", "xAI"])
async def test_a_flagged_article_fails_alone_and_the_run_ends(desk: Desk, shape: str, more: dict[str, Any]) -> None:
    def answer(seen: Seen) -> Reply:
        return JUDGED[shape] if topic(seen) == 3 else translated(seen)

    async with BatchServer(answer=answer) as server:
        report = await desk.run(server, desk.articles(6), **more)
        assert (report.complete, report.error, dict(report.failed)) == (True, None, {"refused": 1})
        assert count(report) == {"done": 5, "failed": 1}
        sent = server.live + sum(server.paid.values())
        again = await desk.run(server, desk.articles(6), **more)
        assert (again.complete, server.live + sum(server.paid.values())) == (True, sent)


async def test_a_refused_key_ends_the_run_and_no_article(desk: Desk) -> None:
    async with BatchServer(answer=lambda seen: error(403, "This key may not use the model")) as server:
        report = await desk.run(server, desk.articles(6), delivery=None, concurrency=1)
        assert isinstance(report.error, CredentialsError)
        assert (report.complete, count(report), server.live) == (False, {}, 1)
