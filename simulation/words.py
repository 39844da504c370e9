"""Names and lists as a sentence has them."""

from __future__ import annotations

from .languages.speaking import sentence_of


def plain(name: str) -> str:
    """An identifier as words."""
    return name.replace("_", " ")


def listed(parts: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def counted(count: int, one: str, several: str = "") -> str:
    """``1 world``, ``10 worlds``."""
    return sentence_of("{count:,} " + one, "{count:,} " + (several or one + "s"), count)
