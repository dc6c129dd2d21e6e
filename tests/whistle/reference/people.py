"""The cast as the reference knows it: the units, who sits where with which duties, who leads."""

ABOVE = {
    "street": "district",
    "other_street": "district",
    "community": "street",
    "grid": "community",
    "district_centre": "district",
    "centre": "street",
    "office": "street",
    "other_centre": "other_street",
    "water": "district",
    "housing": "district",
    "section": "water",
}
DEPARTMENTS = ("district_centre", "water", "housing")
# From the wide to the narrow: an order is passed on downward only.
RANKS = {"street": 0, "other_street": 0, "centre": 1, "office": 1, "other_centre": 1}
RANKS |= {"community": 2, "grid": 3}

EVERYTHING = "view report triage dispatch handle inspect score confirm supervise arbitrate"
SEATS = {
    "warden": ("grid", "view report handle"),
    "community": ("community", "view report handle inspect score"),
    "community_head": ("community", "view confirm"),
    "dispatcher": ("centre", "view report triage dispatch inspect supervise"),
    "duty_leader": ("street", "view dispatch inspect score supervise"),
    "street_head": ("street", "view confirm"),
    "street_clerk": ("street", "view handle"),
    "office": ("office", "view handle"),
    "liaison": ("water", "view handle"),
    "housing": ("housing", "view handle"),
    "district": ("district", "view report triage dispatch inspect supervise arbitrate"),
    "leader": ("district", "view"),
    "deputy_leader": ("district", "view"),
    "stranger": ("other_street", "view triage dispatch inspect handle confirm"),
    "admin": ("district", "administer"),
}
# Two who may do everything everywhere: only who did what stands between them and any step.
MIGHTY = ("mighty", "almighty")
MAIN_LEADERS = ("street_head", "leader")
PAIRED, IN_CHARGE = {"street": "leader"}, {"water": "deputy_leader"}


def path(unit):
    """The unit and all above it."""
    return [unit, *path(ABOVE[unit])] if unit in ABOVE else [unit]
