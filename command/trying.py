"""How often one address may try: a secret code cannot be found by trying."""

from django.core.cache import cache

MOST, WITHIN = 20, 600


def tried(what: str, address: str) -> int:
    """How often the address has tried in the last minutes."""
    return int(cache.get(key_of(what, address), 0))


def note_try(what: str, address: str) -> int:
    """Count one more try; the number of them in the last minutes."""
    key = key_of(what, address)
    if cache.add(key, 1, WITHIN):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two
        return 1


def key_of(what: str, address: str) -> str:
    return f"{what}-{address}"
