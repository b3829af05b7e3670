from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from exporters.registry import UnknownFormat
from exporters.renderer import RenderCrashed, RenderFailed, RenderServer, RenderTimedOut
from exporters.wire import RenderLimits
from tests.unit.exporters.misbehaving import EXPORTERS
from tests.unit.exporters.samples import cover, document

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = document()
SHORT = RenderLimits(wall_seconds=0.3)


@pytest.fixture(scope="module")
def server() -> Iterator[RenderServer]:
    with RenderServer(EXPORTERS) as running:
        yield running


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def is_alive(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def test_a_document_goes_in_and_a_file_comes_out(server: RenderServer) -> None:
    assert server.render("title", DOCUMENT) == b"Monthly report"


def test_an_unknown_format_is_named_with_the_nearest_known_one(server: RenderServer) -> None:
    with pytest.raises(UnknownFormat, match="did you mean 'title'"):
        server.render("titel", DOCUMENT)


def test_a_renderer_that_hangs_is_killed_and_the_server_survives(server: RenderServer, tmp_path: Path) -> None:
    server.start()
    before = server.pid
    told = tmp_path / "pids"
    with pytest.raises(RenderTimedOut, match="wall_seconds"):
        server.render("hang_and_tell", document(cover=cover(title=str(told))), limits=RenderLimits(wall_seconds=2))
    fork, parent = map(int, told.read_text().split())
    assert parent == before == server.pid
    assert not is_alive(fork)
    assert server.render("title", DOCUMENT) == b"Monthly report"


def test_a_renderer_that_burns_its_cpu_is_ended(server: RenderServer) -> None:
    with pytest.raises(RenderTimedOut, match="cpu_seconds"):
        server.render("burn", DOCUMENT, limits=RenderLimits(cpu_seconds=1, wall_seconds=60))


def test_a_renderer_that_swells_runs_out_of_its_own_memory(server: RenderServer) -> None:
    server.start()
    before = server.pid
    with pytest.raises(RenderCrashed, match="memory_bytes"):
        server.render("swell", DOCUMENT, limits=RenderLimits(memory_bytes=512 * 2**20))
    assert server.render("title", DOCUMENT) == b"Monthly report"
    assert server.pid == before


def test_a_renderer_that_crashes_takes_no_server_with_it(server: RenderServer) -> None:
    with pytest.raises(RenderCrashed, match="SIGSEGV"):
        server.render("crash", DOCUMENT)
    assert server.render("title", DOCUMENT) == b"Monthly report"


def test_a_renderer_that_fails_says_why(server: RenderServer) -> None:
    with pytest.raises(RenderFailed, match="ValueError: cannot draw Monthly report") as caught:
        server.render("fail", DOCUMENT)
    assert type(caught.value) is RenderFailed


def test_the_end_of_a_long_error_is_kept_and_the_rest_trimmed(server: RenderServer) -> None:
    with pytest.raises(RenderFailed, match="the end of a long story") as caught:
        server.render("chatter", DOCUMENT)
    assert len(str(caught.value)) < 3_000


def test_a_file_that_grows_too_large_is_refused(server: RenderServer) -> None:
    with pytest.raises(RenderFailed, match="output_bytes"):
        server.render("flood", DOCUMENT, limits=RenderLimits(output_bytes=2**20))
    assert len(server.render("flood", DOCUMENT)) == 8 * 2**20


def test_no_secret_is_in_the_servers_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "DATABASE_URL",
        "OPENAI_API_KEY",
        "REDIS_URL",
        "AWS_SECRET_ACCESS_KEY",
        "PYTHONPATH",
        "LD_PRELOAD_NOT",
    ):
        monkeypatch.setenv(name, "secret")
    with RenderServer(EXPORTERS) as fresh:
        names = fresh.render("environment", DOCUMENT).decode().split()
        assert fresh.pid is not None
        initial = Path(f"/proc/{fresh.pid}/environ")
        raw = initial.read_bytes() if initial.exists() else b""
    assert "PATH" in names
    assert not {"DATABASE_URL", "OPENAI_API_KEY", "REDIS_URL", "AWS_SECRET_ACCESS_KEY", "PYTHONPATH"} & set(names)
    assert b"secret" not in raw


def test_a_server_that_died_is_started_anew(server: RenderServer) -> None:
    server.start()
    before = server.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(before))
    assert server.render("title", DOCUMENT) == b"Monthly report"
    assert server.pid != before


def test_a_server_that_dies_while_it_renders_is_reported_and_replaced(server: RenderServer, tmp_path: Path) -> None:
    told = tmp_path / "pids"
    killer = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(f"""
            import os, signal, time
            while not os.path.exists({str(told)!r}): time.sleep(0.01)
            os.kill(int(open({str(told)!r}).read().split()[1]), signal.SIGKILL)
        """)]
    )  # fmt: skip
    with pytest.raises(RenderCrashed, match="died"):
        server.render("hang_and_tell", document(cover=cover(title=str(told))), limits=RenderLimits(wall_seconds=30))
    assert killer.wait(20) == 0
    fork = int(told.read_text().split()[0])
    assert wait_until(lambda: not is_alive(fork)), "the fork outlived its server"
    assert server.render("title", DOCUMENT) == b"Monthly report"


@pytest.mark.parametrize("formats", ["hang_and_tell"])
def test_server_and_fork_die_with_a_parent_that_is_killed(tmp_path: Path, formats: str) -> None:
    told = tmp_path / "pids"
    script = textwrap.dedent(f"""
        from exporters.renderer import RenderServer
        from tests.unit.exporters.misbehaving import EXPORTERS
        from tests.unit.exporters.samples import cover, document
        RenderServer(EXPORTERS).render({formats!r}, document(cover=cover(title={str(told)!r})))
    """)
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT)
    try:
        assert wait_until(told.exists, 60), "the renderer never started"
        fork, server_pid = map(int, told.read_text().split())
        assert is_alive(fork)
        assert is_alive(server_pid)
    finally:
        parent.kill()
        parent.wait()
    assert wait_until(lambda: not is_alive(server_pid)), "the server outlived its parent"
    assert wait_until(lambda: not is_alive(fork)), "the fork outlived its server"


def test_the_callers_folder_doesnt_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "exporters.py").write_text("raise SystemExit('the wrong exporters')")
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    with RenderServer(EXPORTERS) as fresh:
        assert fresh.render("title", DOCUMENT) == b"Monthly report"


def test_closing_ends_the_server_and_the_next_rendering_starts_another() -> None:
    fresh = RenderServer(EXPORTERS)
    fresh.start()
    before = fresh.pid
    assert before is not None
    fresh.close()
    assert fresh.pid is None
    assert not is_alive(before)
    assert fresh.render("title", DOCUMENT) == b"Monthly report"
    fresh.close()


def test_a_forked_process_starts_a_server_of_its_own(server: RenderServer) -> None:
    server.start()
    before = server.pid
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        with suppress(BaseException):
            assert server._server is not None
            assert not server._server.is_ours()
            os.write(writing, server.render("title", DOCUMENT))
            code = 0 if server.pid not in (None, before) else 2
            server.close()
        os._exit(code)
    os.close(writing)
    assert os.waitpid(child, 0)[1] == 0
    assert os.read(reading, 100) == b"Monthly report"
    os.close(reading)
    assert server.render("title", DOCUMENT) == b"Monthly report"
    assert server.pid == before


def test_an_interrupted_rendering_leaves_no_answer_behind_for_the_next(server: RenderServer) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGALRM, interrupt)
    try:
        server.start()
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            server.render("hang", DOCUMENT)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert server.render("title", DOCUMENT) == b"Monthly report"


def test_a_server_that_is_stopped_is_ended_after_its_time(
    server: RenderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exporters.renderer._GRACE_SECONDS", 0.2)
    server.start()
    before = server.pid
    assert before is not None
    os.kill(before, signal.SIGSTOP)
    with pytest.raises(RenderTimedOut):
        server.render("title", DOCUMENT, limits=SHORT)
    assert not is_alive(before)
    assert server.render("title", DOCUMENT) == b"Monthly report"
