"""The pages of the sample reports as pictures, drawn by a program that did not write them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from exporters.pdf import render_pdf
from tests.unit.tasks.test_report_document import SAMPLES, build, sample

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is missing (Debian: poppler-utils)"),
]
DOTS_PER_INCH = 50
EDGE = DOTS_PER_INCH // 4


def pictures(document: bytes, folder: Path) -> list[Image.Image]:
    (folder / "report.pdf").write_bytes(document)
    command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", "report.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True)
    return [Image.open(path).convert("L") for path in sorted(folder.glob("page-*.png"))]


def ink(page: Image.Image) -> tuple[int, int, int, int] | None:
    """The box that holds everything that isn't white."""
    return ImageChops.invert(page).point(lambda level: 255 if level > 16 else 0).getbbox()


@pytest.mark.parametrize("path", sorted((SAMPLES / "reports").glob("*.yaml")), ids=lambda path: path.stem)
def test_no_page_is_empty_and_nothing_runs_over_its_edge(path: Path, tmp_path: Path) -> None:
    cover, *pages = pictures(render_pdf(build(sample(path))), tmp_path)
    assert ink(cover) is not None
    assert len(pages) >= 3
    for number, page in enumerate(pages, start=2):
        box = ink(page)
        assert box is not None, f"page {number} is empty"
        left, top, right, bottom = box
        inside = (left, top, page.width - right, page.height - bottom)
        assert min(inside) >= EDGE, f"page {number} runs over its edge: {inside}"
        # Head and foot alone are a line each: a page has to hold more.
        body = page.crop((0, page.height // 10, page.width, page.height * 9 // 10))
        assert ink(body) is not None, f"page {number} has nothing but head and foot"
