"""What all simulated lives share: the people, the ground, the words and the pictures."""

from functools import cached_property
from random import Random

from django.conf import settings

from command.simulation.ground import Ground
from command.simulation.people import Cast
from command.simulation.pictures import Picture, picture
from command.simulation.wording import Case, Wording
from organization.models import Unit


class World:
    """Read once for many lives."""

    def __init__(self) -> None:
        self.cast = Cast()
        self.ground = Ground()
        self.wording = Wording()

    @cached_property
    def district(self) -> Unit:
        return Unit.objects.get(kind=Unit.Kind.DISTRICT)

    @cached_property
    def offices(self) -> dict[int, dict[str, Unit]]:
        """Street → organ → office, without the command centres."""
        found: dict[int, dict[str, Unit]] = {}
        offices = Unit.objects.filter(kind=Unit.Kind.OFFICE).exclude(organ=Unit.CENTRE)
        for office in offices.order_by("code"):
            found.setdefault(office.parent_id, {}).setdefault(office.organ, office)
        return found

    def office(self, street: Unit, organ: str) -> Unit:
        """The street's office with the organ, else its office of city management, else any."""
        offices = self.offices[street.pk]
        return offices.get(organ) or offices.get("city") or next(iter(offices.values()))

    @cached_property
    def home_departments(self) -> list[Unit]:
        """The departments in which somebody has a sample account."""
        homes = self.ground.homes[Unit.Kind.DEPARTMENT]
        return [unit for unit in self.wording.departments.values() if unit.pk in homes]

    def desk(self, case: Case, street: Unit, community: Unit) -> Unit:
        """Whose hands a case belongs in; a department's case goes to the office nearest to it."""
        return community if case.desk == "community" else self.office(street, case.desk)

    def other_desk(self, rng: Random, street: Unit, desk: Unit) -> Unit:
        """Another office of the street, to which an order was sent by mistake."""
        offices = [unit for unit in self.offices[street.pk].values() if unit != desk]
        return rng.choice(offices) if offices else desk

    def photo(self, case: Case, label: str) -> Picture:
        shown = picture(case.scene, label == "after", label == "near", str(settings.MEDIA_ROOT))
        return shown.labelled(label)
