"""The key of an answer: a hash of everything that decides what the answer says, and of nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from presseschau.llm.schema import base_schema
from presseschau.models import Request

KEY_VERSION = "1"
"""Changes when the recipe changes; a test pins a digest."""


def cache_key(identity: str, request: Request[Any]) -> str:
    """Version prefix and sha256 of engine identity, messages, schema and sampling.

    Not in it: port, key, timeouts, token caps, retries, and how the schema was sent.
    """
    content = {
        "engine": identity,
        "messages": [[message.role, message.content] for message in request.messages],
        "schema": base_schema(request.answer),
        "sampling": {"temperature": float(request.temperature)},
    }
    return f"{KEY_VERSION}:{digest(content)}"


def digest(content: Mapping[str, Any]) -> str:
    """sha256 (hex) of the canonical JSON: sorted keys, no blanks, no escapes."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
