"""What the renderer and its server say to each other: frames of bytes, each after its length in four bytes."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

_LENGTH = struct.Struct("!I")
MAX_FRAME = 512 * 2**20

Outcome = Literal["ready", "rendered", "failed", "timed_out", "crashed"]


class RenderLimits(BaseModel):
    """What one rendering may take before it is ended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cpu_seconds: int = Field(default=120, gt=0)
    memory_bytes: int = Field(default=2 * 2**30, gt=0)
    wall_seconds: float = Field(default=180.0, gt=0)
    output_bytes: int = Field(default=128 * 2**20, gt=0)


class Request(BaseModel):
    """Asks for one file; the document follows in a frame of its own."""

    format: str
    limits: RenderLimits


class Reply(BaseModel):
    """Says how a rendering went; the file, or nothing, follows in a frame of its own."""

    outcome: Outcome
    message: str = ""


def frame(payload: bytes) -> bytes:
    """A payload with its length before it."""
    return _LENGTH.pack(len(payload)) + payload


def read_frame(read_exactly: Callable[[int], bytes]) -> bytes:
    """The next payload."""
    (length,) = _LENGTH.unpack(read_exactly(_LENGTH.size))
    if length > MAX_FRAME:
        raise EOFError(f"A frame of {length} bytes is longer than {MAX_FRAME}: the other side is out of step.")
    return read_exactly(length)
