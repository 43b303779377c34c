"""Average linkage: groups merge while the mean likeness of all their pairs is high enough, so that no chain forms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from heapq import heapify, heappop, heappush


def average_linkage(
    items: Iterable[int], likeness: Mapping[tuple[int, int], float], least: float, bound: Collection[tuple[int, int]]
) -> list[list[int]]:
    """The groups, each sorted, in the order of their first items. Pairs that are not in `likeness` count as 0.

    Two groups merge only if some pair of them is `bound`.

    Ties go to the pair with the smaller numbers, so the result does not depend on the order of `likeness`.
    """
    groups = {item: [item] for item in items}
    beside: dict[int, dict[int, float]] = {item: {} for item in groups}
    for (one, other), value in likeness.items():
        if value > 0:
            beside[one][other] = beside[other][one] = value
    may: dict[int, set[int]] = {item: set() for item in groups}
    for one, other in bound:
        may[one].add(other)
        may[other].add(one)
    queue = [(-value, min(pair), max(pair)) for pair, value in likeness.items() if value >= least and pair in bound]
    heapify(queue)
    while queue:
        negative, one, other = heappop(queue)
        if one not in groups or other not in groups or beside[one].get(other) != -negative:
            continue  # merged since
        size, other_size = len(groups[one]), len(groups[other])
        first, second = beside[one], beside.pop(other)
        groups[one] = sorted(groups[one] + groups.pop(other))
        mean = {
            third: (size * first.get(third, 0.0) + other_size * second.get(third, 0.0)) / (size + other_size)
            for third in sorted((first.keys() | second.keys()) - {one, other})
        }
        beside[one] = mean
        may[one] |= may.pop(other)
        for third in may[one]:
            if third in may:
                may[third].add(one)
        for third, value in mean.items():
            beside[third].pop(other, None)
            beside[third][one] = value
            if value >= least and third in may[one]:
                heappush(queue, (-value, min(one, third), max(one, third)))
    return sorted(groups.values())
