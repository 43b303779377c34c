"""The model folder: which model is meant, and that only the right file is used."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from presseschau.errors import ModelError
from presseschau.llm.local.catalog import DEFAULT_MODEL, catalog, find
from presseschau.llm.local.store import chosen_model, default_folder, file_sha256, installed, path_of, remember, remove

GGUF = b"GGUF" + bytes(5000)


def sparse(path: Path, size: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)
    return path


def test_the_default_is_in_the_catalog():
    assert find(DEFAULT_MODEL).small_demo


@pytest.mark.parametrize("model", catalog(), ids=lambda model: model.name)
def test_catalog_entries_are_pinned(model):
    assert len(bytes.fromhex(model.sha256)) == 32
    assert len(bytes.fromhex(model.revision)) == 20
    assert model.filename.endswith(".gguf")
    parts = model.pypi_parts
    if parts:
        assert (parts.count - 1) * parts.part_size < model.size <= parts.count * parts.part_size


def test_an_unknown_name_names_the_known_ones():
    with pytest.raises(ModelError, match=r"'gpt-6'.*qwen3-4b"):
        chosen_model("gpt-6")


def test_the_folder_follows_xdg(monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert default_folder() == Path("/data/presseschau/models")
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/home/someone")
    assert default_folder() == Path("/home/someone/.local/share/presseschau/models")


def test_a_catalog_model_is_identified_without_its_file(tmp_path):
    model = chosen_model(DEFAULT_MODEL, tmp_path)
    assert model.sha256 == find(DEFAULT_MODEL).sha256
    assert "demonstration" in model.notice
    assert chosen_model("qwen3-4b", tmp_path).notice == ""
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_not_installed_says_how_to_fetch_it(tmp_path):
    with pytest.raises(ModelError, match=f"presseschau model pull {DEFAULT_MODEL}"):
        path_of(DEFAULT_MODEL, tmp_path)


def test_a_truncated_file_is_refused(tmp_path):
    sparse(tmp_path / find(DEFAULT_MODEL).filename, 1000)
    with pytest.raises(ModelError, match="has 1,000 bytes instead of 1,117,320,768"):
        path_of(DEFAULT_MODEL, tmp_path)


@pytest.mark.slow
def test_a_file_of_the_right_size_and_wrong_content_is_refused(tmp_path):
    model = find(DEFAULT_MODEL)
    sparse(tmp_path / model.filename, model.size)
    with pytest.raises(ModelError, match="another sha256"):
        path_of(DEFAULT_MODEL, tmp_path)


def test_installed_and_remove(tmp_path):
    model = find(DEFAULT_MODEL)
    assert installed(tmp_path / "absent") == []
    sparse(tmp_path / model.filename, model.size)
    sparse(tmp_path / (model.filename + ".part"), 7)
    assert [found.name for found in installed(tmp_path)] == [DEFAULT_MODEL]
    assert remove(DEFAULT_MODEL, tmp_path) == model.size + 7
    assert installed(tmp_path) == []
    assert remove(DEFAULT_MODEL, tmp_path) == 0


def test_a_file_of_the_users_own_is_identified_by_its_content(tmp_path):
    for name in ("one.gguf", "Two.GGUF"):
        (tmp_path / name).write_bytes(GGUF)
        model = chosen_model(str(tmp_path / name), tmp_path / "models")
        assert model.sha256 == sha256(GGUF).hexdigest()
        assert model.verified_path() == tmp_path / name
        assert model.notice == ""


def test_a_file_replaced_after_it_was_chosen_is_refused(tmp_path):
    path = tmp_path / "own.gguf"
    path.write_bytes(GGUF)
    model = chosen_model(str(path), tmp_path / "models")
    path.write_bytes(GGUF[:-1] + b"!")
    with pytest.raises(ModelError, match=r"is not used. Was it replaced"):
        model.verified_path()
    path.unlink()
    with pytest.raises(ModelError, match="is gone"):
        model.verified_path()


@pytest.mark.parametrize("content", [b"", b"<html>", b"ggml" + bytes(100)])
def test_a_file_that_is_no_model_is_refused(tmp_path, content):
    path = tmp_path / "page.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="is not a GGUF model"):
        chosen_model(str(path), tmp_path)


@pytest.mark.parametrize("name", ["absent.gguf", "./absent", "folder.gguf"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.gguf").mkdir()
    with pytest.raises(ModelError, match="cannot be read"):
        chosen_model(name, tmp_path)


def test_a_hash_is_remembered_while_the_file_is_unchanged(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(GGUF)
    remember(path, "remembered", tmp_path)
    assert file_sha256(path, tmp_path) == "remembered"


def test_an_edit_in_place_that_resets_the_time_is_noticed(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(GGUF)
    before = path.stat()
    remember(path, "remembered", tmp_path)
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"!")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert file_sha256(path, tmp_path) == sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"x": 1}', '{"x": [1]}', "null"])
def test_a_damaged_memory_only_costs_the_hashing(tmp_path, damage):
    path = tmp_path / "file"
    path.write_bytes(GGUF)
    (tmp_path / "sha256.json").write_text(damage)
    assert file_sha256(path, tmp_path) == sha256(GGUF).hexdigest()
    assert "file" in (tmp_path / "sha256.json").read_text()


def test_a_folder_that_cannot_be_written_only_costs_the_hashing(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(GGUF)
    assert file_sha256(path, path) == sha256(GGUF).hexdigest()  # a file in place of the folder
