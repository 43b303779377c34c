"""What one long text costs grows with its length, and no faster."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from archive_world import german
from presseschau.archive.forecast import forecast
from presseschau.llm.engine import choose


async def seconds(folder: Path, sentences: int) -> float:
    """CPU seconds of a forecast of one text; the best of two."""
    path = folder / f"{sentences}.txt"
    path.write_text(german(1, sentences))
    taken = []
    for _ in range(2):
        began = time.process_time()
        found = await forecast([path], choose("m", base_url="http://127.0.0.1:9/v1"), cache=None)
        taken.append(time.process_time() - began)
    assert found.requests > sentences / 200
    return min(taken)


@pytest.mark.slow
@pytest.mark.fault("input", "a forecast takes time in proportion", name="one text of 50,000 and of 200,000 characters")
async def test_a_forecast_of_a_long_text_is_linear(tmp_path: Path) -> None:
    short = await seconds(tmp_path, 800)
    assert await seconds(tmp_path, 3_200) < 4 * short * 2
