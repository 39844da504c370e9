"""Luck: every random number is a pure function of seed, decision, day and who is concerned.

The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as
easy as 1, 2, 3"). A call turns a counter of four 32-bit words (who, whom, day, decision) and a
64-bit key (the replication's seed) into four independent 32-bit words. There is no state, so the
same person has the same luck in every arm, whatever the order, the number of threads, or who
else exists.
"""

from __future__ import annotations

import hashlib
import math
from typing import NamedTuple

import numpy as np

from .compiled import compiled, rule

MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint64(0x9E3779B9)
WEYL_1 = np.uint64(0xBB67AE85)
LOW_32 = np.uint64(0xFFFFFFFF)
SHIFT_32 = np.uint64(32)
ROUNDS = 10
TO_UNIT = 2.0**-32


def decision(name: str) -> np.uint64:
    """Stable 32-bit number of the decision called `name` (BLAKE2b, cut to 4 bytes)."""
    return np.uint64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "little"))


def replicate_key(seed: int, replicate: int) -> np.uint64:
    """64-bit key of one replication: a hash of seed and replicate number."""
    text = f"{seed}/{replicate}".encode()
    return np.uint64(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little"))


@rule
def philox(key, word_0, word_1, word_2, word_3):
    """Philox4x32-10: four random 32-bit words (as uint64) from a key and four counter words."""
    key_0 = key & LOW_32
    key_1 = key >> SHIFT_32
    for _ in range(ROUNDS):
        product_0 = MULTIPLIER_0 * word_0
        product_1 = MULTIPLIER_1 * word_2
        word_0 = (product_1 >> SHIFT_32) ^ word_1 ^ key_0
        word_1 = product_1 & LOW_32
        word_2 = (product_0 >> SHIFT_32) ^ word_3 ^ key_1
        word_3 = product_0 & LOW_32
        key_0 = (key_0 + WEYL_0) & LOW_32
        key_1 = (key_1 + WEYL_1) & LOW_32
    return word_0, word_1, word_2, word_3


@rule
def as_word(number):
    """A whole number as a word of a counter; -1 is the highest."""
    return np.uint64(np.int64(number))


@rule
def unit(word):
    """Uniform number in (0, 1) of a random word: ``(word + 0.5) / 2**32``."""
    return (word + 0.5) * TO_UNIT


@rule
def normal(one, other):
    """Standard normal number of two uniform ones: ``sqrt(-2 log u) cos(2 pi v)`` (Box and Muller 1958)."""
    return math.sqrt(-2.0 * math.log(one)) * math.cos(2.0 * math.pi * other)


@rule
def short_unit(word):
    """`unit` in single precision, in which what happens in a room after the order is decided."""
    return np.float32(unit(word))


@rule
def four_uniforms(key, what, day, who, whom):
    """Four uniform numbers in (0, 1) for decision `what` of `who` about `whom` on `day`."""
    a, b, c, d = philox(key, as_word(who), as_word(whom), as_word(day), what)
    return unit(a), unit(b), unit(c), unit(d)


@rule
def uniform(key, what, day, who, whom):
    """One uniform number in (0, 1); see `four_uniforms`."""
    return unit(philox(key, as_word(who), as_word(whom), as_word(day), what)[0])


class Draw(NamedTuple):
    """Which luck is drawn: that of a replication, a decision and a day."""

    key: np.uint64  # of the replication
    what: np.uint64  # number of the decision
    day: int


@rule
def roll(words, row, draw, who, whom):
    """Keep the four random words of `draw` for `who` about `whom` in column `row` of `words`.

    `words` has shape (4, rows). A loop that does nothing but roll is a tenth as long as one that also
    decides: the compiler then works on several rows at once. `unit` makes numbers of words.
    """
    words[0, row], words[1, row], words[2, row], words[3, row] = philox(
        draw.key, as_word(who), as_word(whom), as_word(draw.day), draw.what
    )


@compiled
def uniform_array(key, what, day, count, whom):
    """Uniform numbers of `who` = 0 .. count-1, shape (count,); see `uniform`."""
    numbers = np.empty(count)
    for who in range(count):
        numbers[who] = uniform(key, what, day, who, whom)
    return numbers
