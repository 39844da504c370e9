"""What Python's own errors mean, in a sentence to be told, with their own words as they are."""

from __future__ import annotations

from .speaking import sentence, template

LONGEST = 600
"""Most characters of what an error says of itself."""
MEANINGS: dict[type[BaseException], str] = {
    ZeroDivisionError: template("a division by zero ({kind}: {text})"),
    FloatingPointError: template("a number that cannot be computed ({kind}: {text})"),
    OverflowError: template("a number that is too large ({kind}: {text})"),
    KeyError: template("an entry that is not there ({kind}: {text})"),
    IndexError: template("a place that a list does not have ({kind}: {text})"),
    AttributeError: template("a name that something does not have ({kind}: {text})"),
    NameError: template("a name that is not known ({kind}: {text})"),
    ImportError: template("a module that cannot be imported ({kind}: {text})"),
    TypeError: template("a value of the wrong type ({kind}: {text})"),
    AssertionError: template("a condition of the code that was not met ({kind}: {text})"),
    RecursionError: template("calls within calls without an end ({kind}: {text})"),
    TimeoutError: template("no answer in time ({kind}: {text})"),
    OSError: template("a file or connection that cannot be used ({kind}: {text})"),
    SystemExit: template("code that ends the whole program ({kind}: {text})"),
    BaseException: template("an error of its code ({kind}: {text})"),
}
"""By kind, the first that fits."""


def error_in_words(error: BaseException) -> str:
    """What an error of Python or of somebody's code means, to be told."""
    own = own_words(error)
    text = next(text for kind, text in MEANINGS.items() if isinstance(error, kind))
    own = own if len(own) <= LONGEST else f"{own[:LONGEST]}..."
    return sentence(text, kind=type(error).__name__, text=own)


def own_words(error: BaseException) -> str:
    """What an error says of itself."""
    try:
        return str(error)
    except Exception:  # an error of one's own that cannot even be told
        return sentence("(no text)")
