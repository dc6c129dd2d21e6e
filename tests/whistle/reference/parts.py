"""Which orders belong to another one: as its parts, or tied to it."""


def parts_of(ref, order):
    return [other for other in ref.papers["order"] if other.part_of is order]


def parts_since(ref, whole):
    """Those of its present division."""
    divided = whole.steps("divide")[-1].seq
    return [part for part in parts_of(ref, whole) if part.log[0].seq > divided]


def ties_of(ref, order):
    """The orders that somebody tied it to, or tied to it."""
    there = {other for other in ref.papers["order"] if order in (other.ties or ())}
    return there.union(order.ties or ())
