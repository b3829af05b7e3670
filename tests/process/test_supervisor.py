"""The supervisor with real children: they come up, come back, end in order, and nothing of them is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from cli.errors import StackAlreadyRunning, StartFailed, StopRequested
from cli.leftovers import Identity, stop_leftovers
from cli.local_state import ROOT, LocalState
from cli.process import ProcessSpec
from cli.supervisor import Supervisor

pytestmark = pytest.mark.process

# Each child says what happens to it in a file that all share.
CHILD = """
import os, signal, subprocess, sys, time
name, notes, mode = sys.argv[1:4]
def note(what):
    with open(notes, "a") as file: file.write(f"{name} {what} {os.getpid()}\\n")
def stop(number, frame):
    note("asked")
    if mode != "stubborn":
        note("stopped"); sys.exit(0)
signal.signal(signal.SIGTERM, stop)
if mode == "family":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    with open(notes, "a") as file: file.write(f"{name} child {child.pid}\\n")
note("started")
print("I am here", flush=True)
if mode == "failing":
    print("because of this", file=sys.stderr); sys.exit(3)
while True:
    time.sleep(0.02)
"""


class Notes:
    """What the children wrote."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def of(self, what: str) -> list[tuple[str, int]]:
        """Who wrote this, in order, with pids."""
        lines = [line.split() for line in self.path.read_text().splitlines()]
        return [(name, int(pid)) for name, word, pid in lines if word == what]

    def pids(self, what: str) -> list[int]:
        return [pid for _, pid in self.of(what)]


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "notes")


@pytest.fixture
def lines() -> list[str]:
    return []


def spec(notes: Notes, name: str, mode: str = "plain", **options: Any) -> ProcessSpec:
    plain = ProcessSpec(
        name=name,
        argv=[sys.executable, "-c", CHILD, name, str(notes.path), mode],
        env={"PATH": os.environ["PATH"]},
        log=notes.path.parent / f"{name}.log",
        ready_line="I am here",
        grace_seconds=5.0,
    )
    return replace(plain, **options)


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def tend_until(supervisor: Supervisor, condition: Callable[[], object]) -> None:
    def look() -> object:
        supervisor.tend()
        return condition()

    until(look)


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_killed_process_comes_back(notes: Notes, lines: list[str]) -> None:
    with Supervisor(report=lines.append) as supervisor:
        supervisor.start([spec(notes, "one"), spec(notes, "two")])
        victim = supervisor.identities()["one"]
        other = supervisor.identities()["two"]
        os.kill(victim.pid, signal.SIGKILL)
        tend_until(supervisor, lambda: len([name for name, _ in notes.of("started") if name == "one"]) == 2)

        assert supervisor.identities()["one"] != victim
        assert supervisor.identities()["two"] == other
    assert any("one was ended by SIGKILL" in line for line in lines)
    assert all(gone(pid) for pid in notes.pids("started"))


def test_one_that_dies_again_and_again_is_started_ever_later(notes: Notes, lines: list[str]) -> None:
    with Supervisor(report=lines.append) as supervisor:
        supervisor.start([spec(notes, "one")])
        for count in (2, 3, 4):
            os.kill(supervisor.identities()["one"].pid, signal.SIGKILL)
            tend_until(supervisor, lambda count=count: len(notes.of("started")) == count)  # type: ignore[misc]
    delays = [float(line.split(" in ")[1].split()[0]) for line in lines if "starts again" in line]
    assert delays == [0.2, 0.4, 0.8]


def test_processes_end_stage_by_stage(notes: Notes, lines: list[str]) -> None:
    with Supervisor(report=lines.append) as supervisor:
        supervisor.start([spec(notes, name, stop_stage=stage) for name, stage in (("c", 3), ("a", 1), ("b", 2))])
    assert [name for name, _ in notes.of("stopped")] == ["a", "b", "c"]
    assert lines == ["Stopping a", "Stopping b", "Stopping c"]


def test_a_process_waits_for_those_that_it_names(notes: Notes, lines: list[str]) -> None:
    with Supervisor(report=lines.append) as supervisor:
        supervisor.start([spec(notes, "late", start_after=("early",)), spec(notes, "early")])
    assert [name for name, _ in notes.of("started")] == ["early", "late"]


def test_what_does_not_obey_is_killed_after_its_grace(notes: Notes, lines: list[str]) -> None:
    with Supervisor(report=lines.append) as supervisor:
        supervisor.start([spec(notes, "one", "stubborn", grace_seconds=0.3)])
        begin = time.monotonic()
    assert notes.of("asked")
    assert not notes.of("stopped")
    assert 0.3 <= time.monotonic() - begin < 5
    assert all(gone(pid) for pid in notes.pids("started"))


def test_nothing_that_a_process_started_is_left_even_in_another_session(notes: Notes, lines: list[str]) -> None:
    with Supervisor(report=lines.append) as supervisor:
        supervisor.start([spec(notes, "one", "family")])
    until(lambda: all(gone(pid) for pid in (*notes.pids("started"), *notes.pids("child"))))


def test_one_that_dies_at_start_is_shown_with_its_last_words(notes: Notes, lines: list[str]) -> None:
    with (
        pytest.raises(StartFailed, match=r"(?s)bad ended while it was starting \(exit code 3\).*because of this"),
        Supervisor(report=lines.append) as supervisor,
    ):
        supervisor.start([spec(notes, "good"), spec(notes, "bad", "failing", ready=lambda: False)])
    assert all(gone(pid) for pid in notes.pids("started"))


def test_one_that_is_never_ready_is_shown_too(notes: Notes, lines: list[str]) -> None:
    with (
        pytest.raises(StartFailed, match=r"one did not become ready in 0.5 s"),
        Supervisor(report=lines.append) as supervisor,
    ):
        supervisor.start([spec(notes, "one", ready=lambda: False, ready_seconds=0.5)])
    assert all(gone(pid) for pid in notes.pids("started"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_run(notes: Notes, lines: list[str], number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with Supervisor(report=lines.append) as supervisor:
        supervisor.start([spec(notes, "one")])
        threading.Timer(0.2, os.kill, (os.getpid(), number)).start()
        supervisor.run()
    assert len(notes.of("stopped")) == 1
    assert signal.getsignal(number) is before


def test_a_signal_during_the_start_ends_it(notes: Notes, lines: list[str]) -> None:
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    with Supervisor(report=lines.append) as supervisor:
        timer.start()
        with pytest.raises(StopRequested):
            supervisor.start([spec(notes, "one", ready=lambda: False)])
    assert all(gone(pid) for pid in notes.pids("started"))


def test_a_second_signal_ends_everything_at_once(notes: Notes, lines: list[str]) -> None:
    def press_twice() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        until(lambda: notes.of("asked"))
        time.sleep(1)  # Sooner, it would count as the same key stroke.
        os.kill(os.getpid(), signal.SIGINT)

    with Supervisor(report=lines.append) as supervisor:
        supervisor.start([spec(notes, "one", "stubborn", grace_seconds=60)])
        thread = threading.Thread(target=press_twice)
        thread.start()
        supervisor.run()
        begin = time.monotonic()
    thread.join()
    assert time.monotonic() - begin < 20
    assert all(gone(pid) for pid in notes.pids("started"))


KEEPER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from cli.process import ProcessSpec
from cli.supervisor import Supervisor
import json
with Supervisor(report=print) as supervisor:
    options = json.loads(sys.argv[1])
    supervisor.start([ProcessSpec(**{**one, "log": Path(one["log"])}) for one in options])
    supervisor.run()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_children_of_a_killed_supervisor_end_by_themselves(notes: Notes) -> None:
    one = spec(notes, "one")
    options = [{"name": one.name, "argv": list(one.argv), "env": dict(one.env), "log": str(one.log)}]
    keeper = subprocess.Popen([sys.executable, "-c", KEEPER, json.dumps(options), str(ROOT)])
    until(lambda: notes.of("started"))
    keeper.kill()
    keeper.wait()

    until(lambda: all(gone(pid) for pid in notes.pids("started")))
    assert notes.of("stopped")


def test_a_leftover_is_ended_but_never_a_stranger_with_its_pid(notes: Notes) -> None:
    def start(name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", CHILD, name, str(notes.path), "plain"], start_new_session=True)

    ours, stranger = start("ours"), start("stranger")
    until(lambda: len(notes.of("started")) == 2)
    left, known = Identity.of(ours.pid), Identity.of(stranger.pid)
    assert left is not None
    assert known is not None
    try:
        assert stop_leftovers([left, Identity(known.pid, known.created - 60), Identity(2**22 + 1, 0)]) == 1
        assert gone(ours.pid)
        assert stranger.poll() is None
    finally:
        for process in (ours, stranger):
            process.kill()
            process.wait()


def test_a_second_stack_on_the_same_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    state = LocalState(tmp_path / "var")
    with state.lock(), pytest.raises(StackAlreadyRunning) as refusal, LocalState(tmp_path / "var").lock():
        pass
    assert str(os.getpid()) in str(refusal.value)
    assert "DRAY_VAR" in str(refusal.value)
    with state.lock():
        pass


def test_secrets_are_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    state = LocalState(tmp_path / "var")
    secrets = state.secrets()

    assert LocalState(tmp_path / "var").secrets() == secrets
    assert (tmp_path / "var" / "secrets.json").stat().st_mode & 0o777 == 0o600
    others = {secrets.postgres, secrets.redis, secrets.flower}
    assert len({*secrets.roles.values(), *others}) == len(secrets.roles) + len(others)
