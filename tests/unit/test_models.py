"""What importing the models must have done."""

from __future__ import annotations

import subprocess
import sys

from tests.support.processes import ROOT

UNCONFIGURED = """
import tasks.all
from db.models.base import Base
print([str(mapper) for mapper in Base.registry.mappers if not mapper.configured], end="")
"""


def test_no_model_waits_for_the_first_query_to_be_configured() -> None:
    # Left to the first query, an interrupted run would leave its process unable to use any model.
    done = subprocess.run([sys.executable, "-c", UNCONFIGURED], cwd=ROOT, check=False, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]", "")
