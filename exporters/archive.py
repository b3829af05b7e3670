"""Office files are zip archives: written again with fixed dates, the same parts give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EPOCH = (1980, 1, 1, 0, 0, 0)


def pinned(archive: bytes, replaced: Mapping[str, bytes] | None = None) -> bytes:
    """The archive with every member in its order, dated 1980 and owned by no one; `replaced` ones get new content."""
    new = replaced or {}
    target = BytesIO()
    with ZipFile(BytesIO(archive)) as source, ZipFile(target, "w", ZIP_DEFLATED) as copy:
        for name in source.namelist():
            member = ZipInfo(name, _EPOCH)
            member.compress_type = ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            member.create_system = 3
            copy.writestr(member, new.get(name) or source.read(name), compresslevel=6)
    return target.getvalue()
