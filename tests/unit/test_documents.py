"""What the documents and deployment files say, held against the code."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from cli.main import app
from contracts.kinds import KINDS
from contracts.queues import Queue
from contracts.settings import COMMON_NAMES, PREFIX, Settings
from contracts.state import ARROWS, FINAL_STATES
from db.models import Base

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("client/*.md")])
STATES = (ROOT / "docs" / "state_machine.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")

# Top-level folders outside the import fences, each with the reason why it may be.
UNFENCED = {
    "benchmarks": "measures; nothing imports it",
    "client": "a distribution of its own, whose package is called dray",
    "docker": "what the image needs beside the code; one script, which imports nothing of ours",
    "docs": "text",
    "tests": "may import everything; nothing imports it",
}
# What tools and runs leave behind; git ignores it.
IGNORED = {"__pycache__", "dist", "var"}

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("image") == COMPOSE["name"]}


# --- the states of a run


def test_the_table_of_arrows_is_the_one_in_the_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (\w+) \| (.+?) \|$", STATES, re.MULTILINE)
    assert rows == [(arrow.source, arrow.target, arrow.actor, arrow.reason) for arrow in ARROWS]


def test_the_diagram_shows_the_same_arrows() -> None:
    drawn = re.findall(r"^    (\w+) --> (\w+): (\w+)$", STATES, re.MULTILINE)
    assert drawn == [(arrow.source, arrow.target, arrow.actor) for arrow in ARROWS]


def test_the_diagram_ends_in_the_final_states() -> None:
    assert set(re.findall(r"^    (\w+) --> \[\*\]$", STATES, re.MULTILINE)) == FINAL_STATES


# --- the fences


def fenced() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return set(project["tool"]["importlinter"]["root_packages"])


def test_no_top_level_folder_escapes_the_import_fences() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert folders - IGNORED - UNFENCED.keys() == fenced()


def test_no_top_level_module_escapes_them_either() -> None:
    assert {path.name for path in ROOT.glob("*.py")} == {"celeryconfig.py"}


@pytest.mark.parametrize("folder", ["client", "docker"])
def test_what_stands_outside_the_fences_imports_nothing_of_ours(folder: str) -> None:
    found = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / folder).rglob("*.py")
        for name in imported_packages(path)
        if name in fenced()
    }
    assert found == set()


def imported_packages(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


# --- commands and targets


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def dray_commands() -> dict[str, Any]:
    """Every command that does something, by its full name."""

    def walk(command: Any, *path: str) -> Iterator[tuple[str, Any]]:
        if not hasattr(command, "commands"):
            yield " ".join(path), command
        for name, child in getattr(command, "commands", {}).items():
            yield from walk(child, *path, name)

    return dict(walk(typer.main.get_command(app)))


def code_in(path: Path) -> str:
    """What a document shows as code."""
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`\n]+)`", text)])


def test_every_make_target_that_the_documents_name_exists() -> None:
    named = {target for path in DOCUMENTS for target in re.findall(r"\bmake ([a-z][a-z-]*)", code_in(path))}
    assert {name for name in named if not name.startswith("python")} <= make_targets()


def test_the_readme_names_every_make_target() -> None:
    assert {target for target in make_targets() if f"`make {target}`" not in README} == set()


def test_every_dray_command_that_the_documents_name_exists() -> None:
    known = dray_commands()
    groups = {name.partition(" ")[0] for name in known if " " in name}
    wrong = {
        f"{path.relative_to(ROOT)}: dray {' '.join(words)}"
        for path in DOCUMENTS
        for words in re.findall(r"(?:^|[\s(]|bin/)dray ([a-z]+)(?: ([a-z][a-z-]*)\b)?", code_in(path), re.MULTILINE)
        if (" ".join(words) if words[0] in groups else words[0]) not in known
    }
    assert wrong == set()


def test_the_readme_names_every_dray_command() -> None:
    shown = {name for name, command in dray_commands().items() if not command.hidden}
    assert {name for name in shown if f"`dray {name}`" not in README} == set()


# --- what else the documents promise to list


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    missing = {link for link in links if "://" not in link and not (path.parent / link).exists()}
    assert missing == set()


def test_every_test_file_that_the_documents_name_exists() -> None:
    named = {name for path in DOCUMENTS for name in re.findall(r"`(tests/[\w/]+\.py)`", path.read_text("utf-8"))}
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_the_readme_lists_every_kind() -> None:
    assert {name for name in KINDS if f"| `{name}` |" not in README} == set()


def test_every_setting_is_explained() -> None:
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    names = {COMMON_NAMES.get(field, PREFIX + field.upper()) for field in Settings.model_fields}
    assert {name for name in names if f"`{name}`" not in operations} == set()


def test_every_table_is_accounted_for() -> None:
    schema = (ROOT / "docs" / "SCHEMA.md").read_text(encoding="utf-8")
    assert {name for name in Base.metadata.tables if f"`{name}`" not in schema} == set()


def test_every_direct_dependency_is_accounted_for_and_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    wanted = {canonicalize_name(Requirement(text).name) for group in groups for text in group}
    text = (ROOT / "docs" / "DEPENDENCIES.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([a-z][\w, -]+?)(?: \(with .*?\))? \| [^|]+ \| [^|]+ \|$", text, re.MULTILINE)
    names = {canonicalize_name(name) for line in listed for name in line.split(", ") if line != "package"}
    assert names == wanted


# --- the containers


def test_the_image_holds_every_package_that_is_fenced() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert {name for name in fenced() if f"COPY {name}/ {name}/" not in dockerfile} == set()


@pytest.mark.parametrize("name", OURS)
def test_a_containers_command_is_one_that_dray_has(name: str) -> None:
    program, *words = OURS[name]["command"]
    known = dray_commands()
    command = next(known[text] for text in (" ".join(words[:2]), words[0]) if text in known)
    options = {option for parameter in command.params for option in parameter.opts}
    assert program == "dray"
    assert {word for word in words if word.startswith("--")} <= options


def test_the_containers_serve_every_queue_once() -> None:
    commands = [service["command"] for service in OURS.values() if service["command"][1] == "worker"]
    served = [queue for words in commands for queue in words[words.index("--queues") + 1].split(",")]
    assert sorted(served) == sorted(Queue)


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_that_stays_can_be_asked_how_it_is(name: str) -> None:
    service = SERVICES[name]
    assert ("healthcheck" in service) == (service["restart"] != "no")


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_can_do_no_more_than_it_must(name: str) -> None:
    service = OURS[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_no_secret_stands_in_the_compose_file() -> None:
    values = [
        str(value)
        for service in SERVICES.values()
        for name, value in service.get("environment", {}).items()
        if re.search("PASSWORD|AUTH|_URL", name)
    ]
    bare = {value for value in values if not re.search(r"\$\{\w+:\?[^}]+\}", value)}
    assert bare == set()


def test_the_example_names_every_variable_of_the_compose_file() -> None:
    example = (ROOT / "docker" / ".env.example").read_text(encoding="utf-8")
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+)=", example, re.MULTILINE)) == set(re.findall(r"\$\{(\w+)[:}]", text))


def test_only_the_step_that_makes_roles_knows_the_superuser() -> None:
    knowing = {name for name in OURS if "POSTGRES_PASSWORD" in str(OURS[name].get("environment"))}
    assert knowing == {"roles"}
