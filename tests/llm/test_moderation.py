"""What was sent is judged, or who sent it: the first costs one article, the second ends the run."""

from __future__ import annotations

from typing import Any

import pytest
from test_admission import about
from test_faults import GOOD, REQUEST, client

from fault_server import FaultServer, Reply, VirtualTime, completion, json_reply
from presseschau.errors import ConfigurationError, CredentialsError, RefusedAnswer


def error(status: int, message: str, **fields: Any) -> Reply:
    return json_reply({"error": {"message": message, **fields}}, status)


FLAGGED = {"reasons": ["violence/graphic"], "flagged_input": "Am Montag ...", "provider_name": "OpenAI"}
JUDGED: dict[str, Reply] = {
    "OpenRouter": error(403, "m requires moderation on OpenAI. No credits were charged.", code=403, metadata=FLAGGED),
    "OpenRouter, the input alone": error(403, "Forbidden", code=403, metadata={"flagged_input": "Am Montag"}),
    "OpenRouter, in words": error(403, 'Your input was flagged for "violence".', code=403),
    "OpenRouter, within a 200": error(200, "moderation", code=403, metadata=FLAGGED),
    "Azure": error(400, "The response was filtered due to the prompt triggering our content management policy.",
                   param="prompt", code="content_filter", innererror={"code": "ResponsibleAIPolicyViolation"}),
    "Azure, with 403": error(403, "Blocked", innererror={"code": "ResponsibleAIPolicyViolation"}),
    "xAI": json_reply({"code": "The caller does not have permission to execute the specified operation",
                       "error": "Content violates usage guidelines. Team: t, API key ID: k, Failed check: BIO"}, 403),
    "OpenAI": error(400, "Invalid prompt: your prompt was flagged as potentially violating our usage policy.",
                    type="invalid_request_error", code="invalid_prompt"),
    "DeepSeek": error(400, "Content Exists Risk", type="invalid_request_error"),
    "DashScope": error(400, "Input data may contain inappropriate content.", code="data_inspection_failed"),
    "Moonshot": error(400, "The request was rejected because it was considered high risk", type="content_filter"),
    "a guardrail with a status of its own": error(446, "Stopped by a guardrail", type="hooks_failed"),
}  # fmt: skip
REFUSED_KEY: dict[str, Reply] = {
    "plain": error(403, "You are not allowed to use this model"),
    "without words": json_reply({}, 403),
    "a page": Reply(403, b"<html>Forbidden by content policy</html>", {"content-type": "text/html"}),
    "a flagged account": error(403, "Your account was flagged for content that violates our usage policies."),
    "a flagged key": error(401, "This API key was flagged as leaked, its requests are moderated"),
    "another country": error(403, "Country not supported", code="unsupported_country_region_territory"),
    "a firewall": json_reply({"message": "Your request was blocked."}, 403),
    "an address": error(403, "Your request violates the IP allowlist of this organization"),
    "a missing right": error(403, "Missing scopes: moderation.write", code="missing_scope"),
}


@pytest.mark.fault("limits", "refused for this article; the run goes on", name="moderated")
@pytest.mark.parametrize("reply", JUDGED.values(), ids=JUDGED)
async def test_what_is_flagged_is_refused_and_the_next_request_is_sent(reply: Reply) -> None:
    async with FaultServer([reply, completion(GOOD)]) as server, client(server, VirtualTime()) as asked:
        with pytest.raises(RefusedAnswer, match="content filter"):
            await asked.ask(REQUEST)
        assert (await asked.ask(about(1))).value.sentences == ["One.", "Two."]
    assert len(server.requests) == 2


@pytest.mark.fault("limits", "exit 4", name="key refused")
@pytest.mark.parametrize("reply", REFUSED_KEY.values(), ids=REFUSED_KEY)
async def test_a_refused_key_stops_the_run(reply: Reply) -> None:
    async with FaultServer([reply, completion(GOOD)]) as server, client(server, VirtualTime()) as asked:
        with pytest.raises(CredentialsError, match="refused the key"):
            await asked.ask(REQUEST)
        with pytest.raises(ConfigurationError):
            await asked.ask(about(1))
    assert len(server.requests) == 1
