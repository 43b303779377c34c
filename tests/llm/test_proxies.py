"""What the environment says of proxies and certificates: a sentence where it cannot be used, and never for loopback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from test_faults import GOOD, REQUEST, client

from fault_server import FaultServer, VirtualTime, completion
from presseschau.errors import ConfigurationError, ProviderDownError
from presseschau.llm.client import Client
from presseschau.llm.endpoint import Endpoint
from presseschau.llm.local.catalog import find
from presseschau.llm.local.download import pull
from presseschau.llm.transport import proxy_for

ODD = [
    "http://[::1", "http://[", "http://", "::::", "http://a b", "ftp://proxy:1", "http://proxy:port", "http://proxy:0",
    "http://pro\nxy:1", "http://proxy:99999", f"http://{'a' * 300}:1", "http://ü..x:80",
]  # fmt: skip


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.mark.fault("network", "exit 4, without repeating it", name="proxy in the environment", by="proxy")
@pytest.mark.parametrize("name", ["HTTP_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("proxy", ODD)
async def test_a_proxy_that_is_no_address_stops_the_run(monkeypatch: pytest.MonkeyPatch, name: str, proxy: str) -> None:
    monkeypatch.setenv(name, proxy)
    async with Client(Endpoint("http://192.0.2.1/v1", "m")) as asked:
        with pytest.raises(ConfigurationError, match=name):
            await asked.ask(REQUEST)


@pytest.mark.fault("network", "not used for loopback", name="proxy for loopback")
@pytest.mark.parametrize("proxy", [*ODD, "http://192.0.2.1:9", "socks5://192.0.2.1:9"])
async def test_this_machine_is_reached_whatever_proxy_is_named(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy)
    async with FaultServer([completion(GOOD)]) as server, client(server, VirtualTime()) as asked:
        assert (await asked.ask(REQUEST)).value.sentences == ["One.", "Two."]


@pytest.mark.fault("network", "exit 4 with the name of the variable", name="SSL_CERT_FILE")
@pytest.mark.parametrize("file", ["/none", pytest.param(__file__, id="a file without certificates")])
async def test_certificates_that_cannot_be_read_stop_the_run(monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", file)
    async with Client(Endpoint("https://192.0.2.1/v1", "m")) as asked:
        with pytest.raises(ConfigurationError, match="SSL_CERT_FILE"):
            await asked.ask(REQUEST)


@pytest.mark.parametrize("proxy", ["http://a b", f"http://{'a' * 300}:1", "http://proxy:port", "http://[::1"])
def test_a_model_is_not_fetched_by_way_of_what_is_no_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, proxy: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    monkeypatch.setattr("urllib.request._opener", None)  # it keeps the proxies that it saw first
    with pytest.raises(ProviderDownError, match="proxy"):
        pull(find("qwen3-4b"), tmp_path, source="huggingface", hub="http://192.0.2.1")


@pytest.mark.fault("network", "exit 4 at once, with what to do", name="SOCKS proxy", by="proxy")
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "all_proxy"])
@pytest.mark.parametrize("proxy", ["socks5://192.0.2.1:9", "socks5h://user:geheim@192.0.2.1:9", "SOCKS4://192.0.2.1:9"])
async def test_a_socks_proxy_is_said_at_once(monkeypatch: pytest.MonkeyPatch, name: str, proxy: str) -> None:
    monkeypatch.setenv(name, proxy)
    async with Client(Endpoint("https://192.0.2.1/v1", "m")) as asked:
        with pytest.raises(ConfigurationError, match="SOCKS") as caught:
            await asked.ask(REQUEST)
    assert "geheim" not in str(caught.value)
    monkeypatch.setenv("NO_PROXY", "192.0.2.1")
    assert proxy_for(Endpoint("https://192.0.2.1/v1", "m")) is None
