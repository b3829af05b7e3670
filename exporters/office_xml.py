"""What the writers of Word files and presentations share on XML."""

from __future__ import annotations

from lxml import etree

Element = etree._Element  # noqa: SLF001 - lxml's own name for what it returns


def found(root: Element, tag: str) -> Element:
    """The first element of that qualified name below `root`, which the library's template is known to have."""
    element = next(root.iter(tag), None)
    if element is None:
        raise LookupError(f"There is no {tag} in {root.tag}: the Office library is of a version that isn't known here.")
    return element
