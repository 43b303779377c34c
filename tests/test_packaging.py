"""What users install: the wheel and the editable install both hold the prompts and the data files."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
PROMPTS = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "prompts").rglob("*.txt"))
SUFFIXES = {".css", ".csv", ".j2", ".js", ".json", ".svg", ".toml", ".txt", ".typed", ".xml"}
MEASURED = sorted(p.name for p in (ROOT / "fixtures/models/articles").glob("*.json"))
ASK = "import presseschau.pipeline.prompts as p; print(p.__file__); print(p.Prompts().render('shared/system'))"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from the sdist, as it is published: links of the repository are not there."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_holds_every_prompt_and_data_file(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    data = [p for p in (ROOT / "src" / "presseschau").rglob("*") if p.suffix in SUFFIXES]
    wanted = {f"presseschau/{name}" for name in PROMPTS}
    wanted |= {str(p.relative_to(ROOT / "src")) for p in data if "prompts" not in p.parts}
    wanted |= {f"presseschau/measuring/articles/{name}" for name in MEASURED}
    assert len(PROMPTS) > 5
    assert len(MEASURED) == 12
    assert wanted <= names


def test_the_installed_wheel_finds_its_prompts(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    path = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {ASK}"
    done = subprocess.run([sys.executable, "-c", path], cwd=tmp_path, check=True, capture_output=True, text=True)
    where, *text = done.stdout.splitlines()
    assert where.startswith(str(tmp_path))
    assert "news desk" in " ".join(text)


def test_the_installed_wheel_finds_what_models_are_measured_on(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    asked = "from presseschau.measuring import articles as a; print(len(a.labelled_articles()), a.__file__)"
    path = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {asked}"
    done = subprocess.run([sys.executable, "-c", path], cwd=tmp_path, check=True, capture_output=True, text=True)
    count, where = done.stdout.split()
    assert count == "12"
    assert where.startswith(str(tmp_path))


def test_the_editable_install_finds_its_prompts(tmp_path):
    done = subprocess.run([sys.executable, "-c", ASK], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[0].startswith(str(ROOT / "src"))
    assert "news desk" in done.stdout


def test_constraints_give_every_dependency_one_version():
    """`make constraints` writes them anew; a path or a host in there would be that of one machine."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()[1:]
    pinned = dict(line.split("==") for line in lines)
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = {name: extra for name, extra in project["optional-dependencies"].items() if name != "daft"}  # pins others
    named = [*project["dependencies"], *(one for extra in extras.values() for one in extra)]
    wanted = {re.match(r"[\w.-]+", one)[0] for one in named} - {"presseschau"}
    assert {canonical(name) for name in wanted} <= {canonical(name) for name in pinned}


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()
