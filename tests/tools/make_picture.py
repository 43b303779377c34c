"""Writes docs/images/NAME.png: the upper part of a page of examples/results, as a browser shows it.

python tests/tools/make_picture.py         # needs chromium; made again when the page looks otherwise
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
PAGES = {"result": ("examples/results/article.html", "1000,1150"), "note": ("examples/results/note.html", "1000,1150")}
MOST = 200_000


def picture(page: Path, size: str, out: Path) -> None:
    """The page in a window of that size (pixels), without a network."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        sys.exit("There is no chromium here.")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--user-data-dir={profile}", f"--window-size={size}", f"--screenshot={out}", page.as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    if out.stat().st_size > MOST:
        sys.exit(f"{out} has {out.stat().st_size} bytes, more than {MOST}: take a smaller window.")


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    for name, (page, size) in PAGES.items():
        picture(ROOT / page, size, IMAGES / f"{name}.png")
