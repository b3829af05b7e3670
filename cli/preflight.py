"""Says what this machine lacks, before anything is installed or started.

Runs by itself under any Python from 3.6 on, with the standard library alone: an old interpreter is one of the things
that it has to complain about. Hence the old syntax.
"""

# ruff: noqa: PLC0415 - a Python without ctypes is to be told so
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NEEDED_PYTHON = (3, 11)

# What WeasyPrint opens (weasyprint/text/ffi.py): a library by any one of its names.
PANGO_LIBRARIES = {
    "GObject": ("libgobject-2.0-0", "gobject-2.0-0", "gobject-2.0", "libgobject-2.0.so.0", "libgobject-2.0.0.dylib"),
    "Pango": ("libpango-1.0-0", "pango-1.0-0", "pango-1.0", "libpango-1.0.so.0", "libpango-1.0.dylib"),
    "HarfBuzz": ("libharfbuzz-0", "harfbuzz", "harfbuzz-0.0", "libharfbuzz.so.0", "libharfbuzz.0.dylib"),
    "Fontconfig": ("libfontconfig-1", "fontconfig-1", "fontconfig", "libfontconfig.so.1", "libfontconfig.1.dylib"),
    "PangoFT2": (
        "libpangoft2-1.0-0",
        "pangoft2-1.0-0",
        "pangoft2-1.0",
        "libpangoft2-1.0.so.0",
        "libpangoft2-1.0.dylib",
    ),
}


def python_problems(version: "tuple[int, ...]" = sys.version_info[:3], name: str = sys.executable) -> "list[str]":
    """Is the interpreter new enough?"""
    if tuple(version[:2]) >= NEEDED_PYTHON:
        return []
    number = ".".join(str(part) for part in version)
    problem = (
        f"Python 3.11 or newer is needed, this is {number} ({name}). Debian/Ubuntu: apt install python3.11 "
        "python3.11-venv; Fedora: dnf install python3.12; macOS: brew install python@3.12. Name another one with "
        "make PYTHON=..."
    )
    return [problem]


def can_open(name: str) -> bool:
    """Does the system find a library under this name? In the way cffi looks for it."""
    import ctypes
    import ctypes.util

    for path in (name, ctypes.util.find_library(name) if "/" not in name else None):
        if path:
            try:
                ctypes.CDLL(path)
            except OSError:
                continue
            return True
    return False


def library_problems(can_open: "Callable[[str], bool]" = can_open) -> "list[str]":
    """Are the libraries there that lay out text in PDF files?"""
    try:
        missing = [label for label, names in PANGO_LIBRARIES.items() if not any(can_open(name) for name in names)]
    except ImportError:
        return [
            "This Python was built without ctypes: install libffi's headers (libffi-dev, libffi-devel) and rebuild it."
        ]
    if not missing:
        return []
    problem = (
        f"System libraries for PDF files are missing ({', '.join(missing)}). Debian/Ubuntu: apt install libpango-1.0-0 "
        "libpangoft2-1.0-0 libharfbuzz-subset0; Fedora: dnf install pango; macOS: brew install pango."
    )
    return [problem]


def folder_problems(folders: "Sequence[Path]") -> "list[str]":
    """Can we write where we have to?"""
    return [
        f"The folder {folder} cannot be written: change its owner or mode, or set DRAY_VAR to another folder."
        for folder in folders
        if not is_writable(folder)
    ]


def is_writable(folder: Path) -> bool:
    """Can a file be made there? For a folder that does not exist yet, its nearest parent answers."""
    existing = next(place for place in (folder, *folder.parents) if place.is_dir())
    try:
        with tempfile.TemporaryFile(dir=str(existing)):
            return True
    except OSError:
        return False


def venv_problems(root: Path, find: "Callable[[str], object]" = __import__) -> "list[str]":
    """Can an environment be made, if there is none yet?"""
    if (root / ".venv" / "bin" / "python").exists():
        return []
    try:
        find("venv")
        find("ensurepip")
    except ImportError:
        major, minor = sys.version_info[:2]
        package = f"python{major}.{minor}-venv"
        problem = (
            f"This Python cannot make environments (it has no ensurepip). Debian/Ubuntu: apt install {package}; "
            "Fedora: dnf install python3-libs; macOS: brew install python."
        )
        return [problem]
    return []


def find_problems(root: Path, environ: "Mapping[str, str]") -> "list[str]":
    """Everything that is wrong, one line each."""
    folders = [root, Path(environ.get("DRAY_VAR") or root / "var").absolute()]
    python = python_problems()
    # An old interpreter will not be the one that makes the environment.
    return python + ([] if python else venv_problems(root)) + library_problems() + folder_problems(folders)


def main() -> int:
    """Print what is wrong; exit 1 if anything is."""
    problems = find_problems(Path(__file__).resolve().parent.parent, os.environ)
    for problem in problems:
        sys.stderr.write(f"dray: {problem}\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
