"""Which function performs which kind. Celery is bound to this in `workers`; here nobody knows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from contracts.args.base import Args
from contracts.errors import UnknownKind
from contracts.kinds import find_kind
from contracts.outcome import Outcome
from tasks.context import TaskContext

A = TypeVar("A", bound=Args)
Task = Callable[[A, TaskContext], Outcome]

TASKS: dict[str, Task[Any]] = {}


def task(model: type[A]) -> Callable[[Task[A]], Task[A]]:
    """Register the decorated function as the one that performs the kind of `model`."""

    def register(function: Task[A]) -> Task[A]:
        kind = find_kind(model.kind)
        if kind.name in TASKS:
            raise ValueError(f"{kind.name} has two tasks: {TASKS[kind.name].__name__} and {function.__name__}")
        TASKS[kind.name] = function
        return function

    return register


def find_task(kind: str) -> Task[Args]:
    """Return the function that performs `kind`.

    Raises:
        UnknownKind: this worker has none.
    """
    try:
        return cast("Task[Args]", TASKS[kind])
    except KeyError:
        raise UnknownKind(f"This worker has no task for {kind!r}; it knows {', '.join(sorted(TASKS))}.") from None
