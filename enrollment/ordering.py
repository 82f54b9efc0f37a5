"""Principals and alternates, and the moves of one entry between places. Plain values in, plain values out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    """Ids, the first choice first."""

    principals: list[int | None]
    alternates: list[int | None]

    def places(self) -> dict[int | None, tuple[int, int]]:
        """(0 for principals or 1 for alternates, place) by id."""
        return {
            pk: (which, place)
            for which, ids in enumerate((self.principals, self.alternates))
            for place, pk in enumerate(ids)
        }


def moved(order: Order, deed: str, pk: int | None) -> Order:
    """With `pk` one place up or down, across the border of the lists, or at the end of the other list.

    `deed` is up, down or over; anything else, or an id that is not there, changes nothing.
    """
    principals, alternates = list(order.principals), list(order.alternates)
    if pk not in (*principals, *alternates):
        return order
    if deed == "over":
        return _over(principals, alternates, pk)
    if deed == "up":
        return _up(principals, alternates, pk)
    if deed == "down":
        return _down(principals, alternates, pk)
    return order


def _over(principals: list, alternates: list, pk: int) -> Order:
    here, there = (principals, alternates) if pk in principals else (alternates, principals)
    here.remove(pk)
    there.append(pk)
    return Order(principals, alternates)


def _up(principals: list, alternates: list, pk: int) -> Order:
    here = principals if pk in principals else alternates
    place = here.index(pk)
    if place:
        here[place - 1 : place + 1] = [pk, here[place - 1]]
    elif here is alternates:
        principals.append(alternates.pop(0))
    return Order(principals, alternates)


def _down(principals: list, alternates: list, pk: int) -> Order:
    here = principals if pk in principals else alternates
    place = here.index(pk)
    if place < len(here) - 1:
        here[place : place + 2] = [here[place + 1], pk]
    elif here is principals:
        alternates.insert(0, principals.pop())
    return Order(principals, alternates)
