"""What a newcomer to the command line stumbles over: each is one line, and says what to do."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.main import get_command

from cli.api_client import ApiClient, ApiRefused
from cli.asking import NoAddress, NoToken, api_access
from cli.commands.export import FORMATS, Format, WrongEnding, choose_format
from cli.errors import NoStackRunning
from cli.main import app, main
from cli.ports import free_port
from exporters.registry import EXPORTERS


@pytest.fixture
def nobody_listens() -> str:
    return f"http://127.0.0.1:{free_port()}"


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str, **variables: str
) -> tuple[int, list[str]]:
    """Run a command; return its exit code and the lines on stderr."""
    for name in ("DRAY_API_URL", "DRAY_TOKEN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["dray", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert isinstance(ended.value.code, int)
    return ended.value.code, capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    "words",
    [
        *(
            ("export", "latest"),
            ("simulate", "heron"),
            ("check", "1"),
            ("suggest", "1"),
            ("report", "insights", "latest"),
        ),
        *(("memory", "embed"), ("memory", "lookup", "text"), ("memory", "align", "1"), ("memory", "import", __file__)),
    ],
)
def test_an_api_that_is_down_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], nobody_listens: str, words: tuple[str, ...]
) -> None:
    code, said = run(monkeypatch, capsys, *words, DRAY_API_URL=nobody_listens, DRAY_TOKEN="token")
    assert code == 1
    assert len(said) == 1
    assert said[0].startswith(f"dray: The API at {nobody_listens} cannot be reached")
    assert said[0].endswith("is `dray up` running?")


@pytest.mark.parametrize(
    ("words", "url", "says"),
    [
        (("run", "list"), "postgresql://x:hushhush@127.0.0.1:1/x", "could not be used: connection failed"),
        (("token", "a@example.org"), "postgresql://x:hushhush@127.0.0.1:1/x", "could not be used: connection failed"),
        (("db", "verify"), "hushhush", "DATABASE_URL is no address of a database"),
    ],
)
def test_a_database_that_is_down_or_none_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], url: str, says: str
) -> None:
    code, said = run(monkeypatch, capsys, *words, DATABASE_URL=url)
    assert (code, len(said)) == (1, 1)
    assert says in said[0]
    assert "hushhush" not in said[0]


def test_a_folder_that_cant_be_made_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    code, said = run(monkeypatch, capsys, "up", DRAY_VAR=str(tmp_path / "file" / "var"))
    assert (code, len(said)) == (1, 1)
    assert str(tmp_path / "file") in said[0]


def test_a_bug_still_shows_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("cli.main.app", broken)
    with pytest.raises(ZeroDivisionError):
        main()


@pytest.mark.parametrize(
    ("environ", "error", "says"),
    [
        ({"DRAY_API_URL": "http://127.0.0.1:1"}, NoToken, "set DRAY_TOKEN"),
        ({"DRAY_API_URL": "http://127.0.0.1:1", "DRAY_TOKEN": ""}, NoToken, "set DRAY_TOKEN"),
        ({"DRAY_TOKEN": "token"}, NoAddress, "DRAY_API_URL is not"),
        ({}, NoStackRunning, "dray up"),
    ],
)
def test_half_an_access_is_never_completed_by_the_local_stack(
    tmp_path: Path, environ: Mapping[str, str], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        api_access({**environ, "DRAY_VAR": str(tmp_path)})


def test_a_whole_access_is_taken_as_it_is() -> None:
    assert api_access({"DRAY_API_URL": "http://a", "DRAY_TOKEN": "b"}) == ("http://a", "b")


@pytest.mark.parametrize("token", ["hushhush\n", "hush…hush"])
def test_a_token_that_can_be_none_is_not_printed(token: str) -> None:
    with pytest.raises(ApiRefused, match="Copy it anew") as refused:
        ApiClient("http://127.0.0.1:1", token)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("url", ["127.0.0.1:1", "http://[", "nonsense"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(ApiRefused, match="cannot be reached"), ApiClient(url, "token") as api:
        api.get("/v1/runs")


class SomethingElse(BaseHTTPRequestHandler):
    """Answers every request with a page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>hello</html>")

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def another_server() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), SomethingElse)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_another_server_is_told_from_the_api(another_server: str) -> None:
    with pytest.raises(ApiRefused, match="is not Dray's API"), ApiClient(another_server, "token") as api:
        api.get("/v1/reports")


@pytest.mark.parametrize(
    ("said", "out", "expected"),
    [
        *((None, None, "pdf"), (None, "a.docx", "word"), (None, "A.XLSX", "excel"), (None, "x/a.pptx", "powerpoint")),
        *(("slides", "a.html", "slides"), ("excel", "folder", "excel"), ("excel", None, "excel")),
    ],
)
def test_the_ending_of_the_files_name_tells_the_format(said: Format | None, out: str | None, expected: str) -> None:
    assert choose_format(said, Path(out) if out else None) == expected


def test_a_folder_with_a_dot_in_its_name_tells_nothing(tmp_path: Path) -> None:
    (tmp_path / "2026.10").mkdir()
    assert choose_format("word", tmp_path / "2026.10") == "word"


@pytest.mark.parametrize(
    ("said", "out", "says"),
    [
        ("pdf", "a.docx", "--format pdf and the ending .docx"),
        (None, "a.txt", ".pdf, .xlsx"),
        ("word", "a.doc", ".docx"),
    ],
)
def test_a_format_and_an_ending_that_differ_are_refused(said: Format | None, out: str, says: str) -> None:
    with pytest.raises(WrongEnding, match=says):
        choose_format(said, Path(out))


def test_every_format_has_the_ending_that_its_files_have() -> None:
    assert {one: exporter.extension for one, exporter in EXPORTERS.items()} == {
        one: end for end, one in FORMATS.items()
    }


def test_every_command_and_option_says_what_it_is() -> None:
    waiting = [("dray", get_command(app))]
    while waiting:
        name, command = waiting.pop()
        assert command.help, name
        for option in command.params:
            assert getattr(option, "help", None), (name, option.name)
        waiting.extend((f"{name} {one}", inner) for one, inner in getattr(command, "commands", {}).items())
