"""The rules and consequences of each verb; importing this package hangs them on the flows."""

from whistle.actions import (
    cards,
    dividing,
    meetings,
    noting,
    orders,
    relating,
    replying,
    requests,
    responses,
    supervision,
    surveys,
    texting,
    urging,
    verifications,
    whistles,
)

__all__ = [
    "cards",
    "dividing",
    "meetings",
    "noting",
    "orders",
    "relating",
    "replying",
    "requests",
    "responses",
    "supervision",
    "surveys",
    "texting",
    "urging",
    "verifications",
    "whistles",
]
