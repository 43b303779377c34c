"""A 429 by what it says: fields, then a named window, then words. The shapes are those of the providers, shortened."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_admission import about
from test_admission import client as patient
from test_faults import GOOD, REQUEST, client

from fault_server import FaultServer, Reply, VirtualTime, completion, json_reply
from presseschau.errors import CredentialsError, ProviderDownError
from presseschau.llm.limits import limit_of

HOUR = 3600.0
BILLING = "You exceeded your current quota, please check your plan and billing details."
PAYMENT = "You can increase your rate limit by adding a payment method to your account under account/billing."
MIDNIGHT = str(int(time.time() + 5 * HOUR) * 1000)  # in milliseconds, as OpenRouter puts it; two hours to run in


@dataclass(frozen=True)
class Shape:
    error: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 429

    @property
    def reply(self) -> Reply:
        """NOW+90 in it is the moment 90 seconds from now, however long ago the tests were collected."""
        said = re.sub(r"NOW\+(\d+)", lambda found: str(time.time() + int(found[1])), json.dumps(self.error))
        return json_reply(json.loads(said), self.status, **self.headers)


def error(message: str, **fields: Any) -> dict[str, Any]:
    return {"error": {"message": message, **fields}}


def google(message: str, quota: str, delay: str) -> Any:
    violation = {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": quota}]}
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}
    return [{"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": message, "details": [violation, info]}}]


def openrouter(window: str, **headers: str) -> Any:
    said = f"Rate limit exceeded: free-models-per-{window}. Add 10 credits to unlock 1000 free requests per day"
    return {"error": {"message": said, "code": 429, "metadata": {"headers": headers}}}


WAITED_OUT: dict[str, tuple[Shape, float]] = {
    "OpenAI, free tier": (
        Shape(error(f"Rate limit reached on requests per min (RPM): Limit 3. Please try again in 20s. {PAYMENT}",
                    type="requests", code="rate_limit_exceeded")), 20),
    "OpenAI of old, without a code": (
        Shape(error(f"Rate limit reached on requests per min. Limit: 60 / min. {PAYMENT}", type="requests")), 0),
    "Google, a minute": (
        Shape(google(f"{BILLING} Please retry in 36.5s.", "GenerateRequestsPerMinutePerModel-FreeTier", "36s")), 36),
    "Google, within the message of a router": (
        Shape(error('{"error": {"message": "' + BILLING + '", "details": [{"retryDelay": "17.25s"}]}}',
                    code=429, status="Too Many Requests")), 17.25),
    "Groq, by Retry-After": (
        Shape(error("Tokens per minute (TPM). Need more? Upgrade under settings/billing", code="rate_limit_exceeded"),
              {"retry_after": "8"}), 8),
    "OpenRouter, a minute": (
        Shape(openrouter("min", **{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "NOW+90"})), 80),
    "words about payment beside a used-up window": (
        Shape(error("Payment plans with more: see billing"),
              {"x_ratelimit_remaining_requests": "0", "x_ratelimit_reset_requests": "1m30s"}), 90),
    "only a code": (Shape(error("No payment method on file", code="RateLimitReached")), 0),
    "nothing at all": (Shape({}), 0),
}  # fmt: skip
NO_CREDIT: dict[str, Shape] = {
    "OpenAI": Shape(error(BILLING, type="insufficient_quota", code="insufficient_quota")),
    "by type alone, with a wait": Shape(error("Slow down", type="insufficient_quota"), {"retry_after": "5"}),
    "Moonshot": Shape(error("Your account is suspended", type="exceeded_current_quota_error")),
    "words alone": Shape({"message": "Insufficient balance: please top up"}),
    "Google, prepaid": Shape([error("Your prepayment credits are depleted.", code=429, status="RESOURCE_EXHAUSTED")]),
    "words with 400": Shape(error("Your credit_balance is too low", type="invalid_request_error"), status=400),
}
STOPS_AT_ONCE: dict[str, tuple[Shape, str]] = {
    "OpenRouter, a day": (
        Shape(openrouter("day", **{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": MIDNIGHT})),
        r"1\d\d\d\d s, until 20"),
    "OpenRouter, through a gateway": (
        Shape(error("Rate limit exceeded: free-models-per-day-high-balance.", type="rate_limit_error", code="429")),
        "daily limit"),
    "Google, a day, with its seconds": (
        Shape(google(f"{BILLING} Please retry in 36.5s.", "GenerateRequestsPerDayPerModel-FreeTier", "36s")),
        "daily limit"),
    "OpenAI, a day": (
        Shape(error(f"Rate limit reached on requests per day (RPD): Limit 200. Please try again in 7m12s. {PAYMENT}",
                    type="requests", code="rate_limit_exceeded")), "432 s, until 20"),
    "GitHub, a day": (
        Shape(error("Rate limit of 50 per 86400s exceeded. Please wait 47000 seconds before retrying.",
                    code="RateLimitReached")), "47000 s, until 20"),
    "a used-up window of hours": (
        Shape(error("Too many requests"), {"x_ratelimit_remaining_tokens_day": "0",
                                           "x_ratelimit_reset_tokens_day": "9h"}),
        "32400 s, until 20"),
}  # fmt: skip


@pytest.mark.fault("limits", "waited out", name="rate limit")
@pytest.mark.parametrize(("shape", "wait"), WAITED_OUT.values(), ids=WAITED_OUT)
async def test_a_rate_limit_is_waited_out_whatever_it_says_of_billing(shape: Shape, wait: float) -> None:
    async with FaultServer([shape.reply, completion(GOOD)]) as server:
        virtual = VirtualTime()
        async with client(server, virtual) as asked:
            answer = await asked.ask(REQUEST)
    assert answer.usage.requests == 2
    assert wait <= virtual.now <= wait + 11


@pytest.mark.fault("limits", "exit 4 after one request", name="no credit")
@pytest.mark.parametrize("shape", NO_CREDIT.values(), ids=NO_CREDIT)
async def test_without_credit_there_is_no_second_request(shape: Shape) -> None:
    async with FaultServer([shape.reply]) as server, client(server, VirtualTime()) as asked:
        with pytest.raises(CredentialsError, match="no credit or quota"):
            await asked.ask(REQUEST)
    assert len(server.requests) == 1


@pytest.mark.fault("limits", "ends at once, exit 75, and says until when", name="limit of a day")
@pytest.mark.parametrize(("shape", "says"), STOPS_AT_ONCE.values(), ids=STOPS_AT_ONCE)
@pytest.mark.parametrize("archive", [False, True], ids=["an article", "an archive"])
async def test_the_limit_of_a_day_stops_at_once_and_says_until_when(shape: Shape, says: str, archive: bool) -> None:
    async with FaultServer([shape.reply]) as server:
        virtual = VirtualTime()
        async with patient(server, virtual) if archive else client(server, virtual) as asked:
            with pytest.raises(ProviderDownError, match=says):
                await asked.ask(REQUEST)
            assert len(server.requests) == 1
            if archive:
                with pytest.raises(ProviderDownError, match=says):
                    await asked.ask(about(1))
                assert asked.down
    assert (len(server.requests), virtual.waits) == (1, [])


@pytest.mark.fault("limits", "as if it had come with its status", name="within a 200")
async def test_a_limit_inside_a_200_is_read_as_well() -> None:
    daily = json_reply(openrouter("day", **{"X-RateLimit-Reset": MIDNIGHT}))
    async with FaultServer([daily]) as server, client(server, VirtualTime()) as asked:
        with pytest.raises(ProviderDownError, match=r"1\d\d\d\d s"):
            await asked.ask(REQUEST)
    assert len(server.requests) == 1


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["message", "code", "type", "metadata", "headers", "details", "retryDelay", "quotaId", "x"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["message", "code", "metadata", "details"]), ANYTHING), st.text(max_size=20))
def test_no_error_can_break_it(error: dict[str, Any], value: str) -> None:
    headers = {
        "retry-after": value,
        "x-ratelimit-reset": value,
        "date": value,
        "anthropic-ratelimit-tokens-reset": value,
    }
    found = limit_of(error, headers, 1.7e9)
    assert found.after is None or 0 < found.after <= 24 * HOUR


@pytest.mark.parametrize("text", ["1" * 5_000, "try again in " + "1h" * 5_000, "per " * 5_000, "wait " + "9" * 9_000])
def test_long_words_take_no_time(text: str) -> None:
    began = time.process_time()
    limit_of({"message": text, "code": text}, {"x-ratelimit-reset": text}, 0.0)
    assert time.process_time() - began < 1


def test_moments_are_read_in_every_form() -> None:
    now = 1_700_000_000.0
    forms = ["1700000060", "1700000060000", "60", "60s", "1m0s", "60000ms", "1 minute", "2023-11-14T22:14:20Z"]
    waits = [limit_of({}, {"anthropic-ratelimit-requests-reset": form}, now).after for form in forms]
    assert waits == [pytest.approx(60)] * len(forms)
