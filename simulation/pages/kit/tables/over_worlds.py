"""What plausible worlds say of claims together, in the same words on every page that tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ....languages.speaking import counterpart, phrase, sentences, template
from ..words import fixed, percent

ROBUST = 0.9
"""Share of plausible worlds from which on a verdict counts as holding in all but a few of them."""
WIDE = 0.5
"""Width of an interval of that share from which on nothing is said."""
HOLDS, FAILS, CLOSE, DEPENDS = "holds", "fails", "too close to call", "depends"
SAYS = {
    HOLDS: template("holds nearly everywhere"),
    FAILS: template("fails nearly everywhere"),
    DEPENDS: template("depends on what nobody knows"),
    CLOSE: template("too close to call"),
}
"""What is said of claims by what plausible worlds say of them together."""


def verdict_on(share: dict[str, Any]) -> str:
    """What plausible worlds say of a claim together: it holds or fails in nearly all, or depends.

    With luck averaged out, if that is known; else by what is decided at each. Where the interval of the share
    is wider than `WIDE`, or reaches past one half from a share near 0 or 1, it is too close to call, as it is
    where that share is not known and most worlds leave the claim undecided.
    """
    if beyond := share.get("holds"):
        middle, low, high = beyond["share"], beyond["low"], beyond["high"]
        if high - low > WIDE:
            return CLOSE
        if middle >= ROBUST:
            return HOLDS if low > 0.5 else CLOSE
        if middle <= 1 - ROBUST:
            return FAILS if high < 0.5 else CLOSE
        return DEPENDS
    for status, word in (("supported", HOLDS), ("contradicted", FAILS)):
        if share[status]["share"] >= ROBUST:
            return word
    return CLOSE if share["undecided"]["share"] > 0.5 else DEPENDS


def worlds_in_words(points: int, draws: int, independent: int | None) -> str:
    """How many plausible worlds were run, how often each, and as how many they count."""
    many = {"worlds": f"{points:,}", "draws": draws}
    said = [
        phrase("{worlds} plausible worlds, each run with one draw of luck.", **many)
        if draws == 1
        else phrase("{worlds} plausible worlds, each run with {draws} draws of luck.", **many)
    ]
    if independent and independent < points:
        said.append(
            phrase(
                "Likely ones are drawn more than once, so that they count as {independent} independent ones.",
                independent=independent,
            )
        )
    return sentences(said)


def why_alike() -> str:
    """What it means that a claim comes out alike, and how luck is averaged out."""
    return phrase(
        "A claim that comes out alike in at least {share} of them does not rest on how unknown parameters "
        "were guessed. A world that is run a few times is known up to luck, so that many verdicts stay open "
        "there; all worlds together tell how the true effects lie, and so in what share of them a claim "
        "holds (deconvolution, Efron 2016).",
        share=f"{ROBUST:.0%}",
    )


def counted_verdicts(shares: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Of how many claims plausible worlds say what."""
    found = [verdict_on(share) for share in shares]
    return {word: found.count(word) for word in (HOLDS, FAILS, CLOSE, DEPENDS)}


def share_in_words(share: dict[str, Any]) -> str:
    """``85% (78 to 90%)``."""
    low, high = (fixed(100 * share[end], 0) for end in ("low", "high"))
    return phrase("{middle}% ({low} to {high}%)", middle=fixed(100 * share["share"], 0), low=low, high=high)


def row_of(title: str, share: dict[str, Any]) -> dict[str, Any]:
    """A claim in a table of what plausible worlds say of it.

    Parameters
    ----------
    title : str
        The claim's.
    share : dict
        See `ensembles.analysis.beyond_luck.weighed`, or `validation.shares.read_shares`.
    """
    held = share.get("holds") or share["supported"]
    return {
        "title": title,
        "verdict": verdict_on(share),
        "says": counterpart(SAYS[verdict_on(share)]),
        "beyond": share_in_words(held)
        if share.get("holds")
        else phrase("{share}, with luck in it", share=share_in_words(held)),
        "decided": phrase(
            "holds {held}, fails {failed}, undecided {undecided}",
            held=percent(share["supported"]["share"]),
            failed=percent(share["contradicted"]["share"]),
            undecided=percent(share["undecided"]["share"]),
        ),
        "order": held["share"],
    }
