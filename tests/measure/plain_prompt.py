"""What the same model answers to one plain prompt: free text, no schema, no checks. The rival in comparisons.

Answers are kept in a JSONL file and not asked for twice.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

from openai import AsyncOpenAI

from presseschau.llm.engine import Choice
from presseschau.llm.local.server import LocalServer

MOST_TOKENS = 3_000


@asynccontextmanager
async def open_plain(choice: Choice, kept: Path) -> AsyncIterator[Callable[[str], Awaitable[str]]]:
    """A function from a prompt to the model's answer at temperature 0, up to `MOST_TOKENS` tokens."""
    known, local = _read(kept), choice.local
    server = LocalServer(local.verified_path, context_tokens=local.context_tokens) if local else None

    async def ask(prompt: str) -> str:
        key = sha256(f"{choice.endpoint.model}\n{prompt}".encode()).hexdigest()
        if key not in known:
            base_url, secret = choice.endpoint.base_url, choice.endpoint.api_key.get_secret_value()
            if server:
                base_url, secret = await server.address()
            async with AsyncOpenAI(base_url=base_url, api_key=secret or "none", timeout=1_200) as client:
                answer = await client.chat.completions.create(
                    model=choice.endpoint.model,
                    messages=[{"role": "user", "content": prompt}],
                    temperature=0,
                    max_tokens=MOST_TOKENS,
                )
            known[key] = answer.choices[0].message.content or ""
            with kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"key": key, "text": known[key]}, ensure_ascii=False) + "\n")
        return known[key]

    if server is None:
        yield ask
        return
    async with server:
        yield ask


def _read(kept: Path) -> dict[str, str]:
    lines = kept.read_text("utf-8").splitlines() if kept.exists() else []
    return {row["key"]: row["text"] for row in map(json.loads, lines)}
