"""What the same model answers to one plain prompt: free text, no schema, no checks. The rival in comparisons.

Answers are kept in a JSONL file and not asked for twice.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from openai import AsyncOpenAI

from presseschau.llm.engine import Choice
from presseschau.llm.local.server import LocalServer
from presseschau.models import Usage

MOST_TOKENS = 3_000


@dataclass
class Plain:
    """A function from a prompt to the model's answer at temperature 0, up to `most` tokens. `used`: what the answers
    took when they were made; `live`: how many were made now."""

    choice: Choice
    kept: Path
    known: dict[str, dict[str, object]]
    server: LocalServer | None
    most: int = MOST_TOKENS
    used: Usage = field(default_factory=Usage)
    live: int = 0

    async def __call__(self, prompt: str) -> str:
        key = sha256(f"{self.choice.endpoint.model}\n{prompt}".encode()).hexdigest()
        row = self.known.get(key)
        if row is None:
            row = self.known[key] = await self._asked(key, prompt)
            self.live += 1
            with self.kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        read, written = (int(str(row.get(name, 0))) for name in ("prompt_tokens", "completion_tokens"))
        self.used += Usage(prompt_tokens=read, completion_tokens=written, requests=1)
        return str(row["text"])

    async def _asked(self, key: str, prompt: str) -> dict[str, object]:
        base_url, secret = self.choice.endpoint.base_url, self.choice.endpoint.api_key.get_secret_value()
        if self.server:
            base_url, secret = await self.server.address()
        async with AsyncOpenAI(base_url=base_url, api_key=secret or "none", timeout=3_600) as client:
            answer = await client.chat.completions.create(
                model=self.choice.endpoint.model,
                messages=[{"role": "user", "content": prompt}],
                temperature=0,
                max_tokens=self.most,
            )
        taken = {"prompt_tokens": answer.usage.prompt_tokens, "completion_tokens": answer.usage.completion_tokens}
        return {"key": key, "text": answer.choices[0].message.content or "", **taken}


@asynccontextmanager
async def open_plain(
    choice: Choice, kept: Path, recorded: Path | None = None, most: int = MOST_TOKENS
) -> AsyncIterator[Plain]:
    """Something to ask; it knows what `kept` and `recorded` hold, and adds to `kept`."""
    local = choice.local
    known = {**(_read(recorded) if recorded else {}), **_read(kept)}
    server = LocalServer(local.verified_path, context_tokens=local.context_tokens) if local else None
    if server is None:
        yield Plain(choice, kept, known, None, most)
        return
    async with server:
        yield Plain(choice, kept, known, server, most)


def _read(kept: Path) -> dict[str, dict[str, object]]:
    lines = kept.read_text("utf-8").splitlines() if kept.exists() else []
    return {row["key"]: row for row in map(json.loads, lines)}
