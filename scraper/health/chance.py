"""How likely is what was seen, if all is as usual? The tails of two distributions that allow days to differ more than dice do.

A share is beta-binomial: the stories of one day are alike (a wire day, an election), by the correlation that the source's own days show. A
number of stories is negative binomial: a day as a whole is busier or quieter than another, by the `size` that its own days show.
"""

from math import exp, lgamma, log
from typing import Final

__all__ = ["at_most", "share_at_least", "share_at_most"]

NEGLIGIBLE: Final = 1e-12  # of the sum: what smaller terms could add


def share_at_most(seen: int, of: int, share: float, correlation: float) -> float:
    """Give the chance that of so many at most `seen` have what each has with probability `share`; all three but `of` within (0, 1)."""
    strength = 1.0 / correlation - 1.0
    having, lacking = share * strength, (1.0 - share) * strength
    ways = lgamma(of + 1) - lgamma(seen + 1) - lgamma(of - seen + 1)
    term = exp(ways + _log_beta(having + seen, lacking + of - seen) - _log_beta(having, lacking))
    total = term
    for number in range(seen, 0, -1):
        term *= number / (of - number + 1) * (lacking + of - number) / (having + number - 1)
        total += term
        if term < total * NEGLIGIBLE:
            break
    return min(1.0, total)


def share_at_least(seen: int, of: int, share: float, correlation: float) -> float:
    """Give the chance that of so many at least `seen` have it."""
    return share_at_most(of - seen, of, 1.0 - share, correlation)


def at_most(seen: int, mean: float, size: float) -> float:
    """Give the chance of at most so many stories where `mean` are expected; the larger `size`, the more alike the source's days."""
    ways = lgamma(seen + size) - lgamma(size) - lgamma(seen + 1)
    term = exp(ways + size * log(size / (size + mean)) + (seen * log(mean / (size + mean)) if seen else 0.0))
    total = term
    for number in range(seen, 0, -1):
        term *= number / (number - 1 + size) * (size + mean) / mean
        total += term
        if term < total * NEGLIGIBLE:
            break
    return min(1.0, total)


def _log_beta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)
