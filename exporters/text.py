"""The one sanitiser: what every exporter may rely on when it writes a text into XML."""

from __future__ import annotations

import re

# https://www.w3.org/TR/xml/#charsets: everything outside the production Char.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean_text(text: str) -> str:
    """Drop the characters that XML forbids, and nothing else."""
    return _FORBIDDEN.sub("", text)
