"""A measure of one's own: what the best day of a run sold.

Named in a scenario file under [plugins.measures].
"""

from simulation.measures.registry import own_measure


@own_measure("Sales of the best day", unit="CNY")
def MEASURE(outcome):
    """GMV of the day with most of it, in CNY of persons."""
    return outcome.cny(outcome.flow("gmv").max())
