"""Many people acting at random on the same papers while sweeps fire their clocks."""

import random
import threading

from django.core.exceptions import PermissionDenied, ValidationError

from tests.committed import at_once
from tests.whistle.paces import DAY
from tests.whistle.search import Search, always_another_person
from whistle.models import WorkOrder
from workflow.errors import NotPossible
from workflow.sweep import run_clock
from workflow.trace import paper_models

PACES = ["reported", "dispatched", "accepted", "handled", "blown", "level_two", "raised", "arrived"]


class Crowd:
    """`papers` orders, each with what hangs on it, at different points of their way."""

    def __init__(self, paces, papers, monkeypatch):
        always_another_person(monkeypatch)
        self.paces = paces
        for i in range(papers):
            getattr(paces, PACES[i % len(PACES)])()
        self.orders = list(WorkOrder.objects.values_list("pk", flat=True))
        self.acted = 0

    def act(self, people, sweeps, acts, seed):
        """What went wrong that may not go wrong, each with the step that it befell."""
        self.over = threading.Event()
        self.left = people
        self.count = threading.Lock()
        minds = [Search(self.paces.d, departments=2) for _person in range(people)]
        crowd = [self.person(mind, acts, seed + i) for i, mind in enumerate(minds)]
        results = at_once(*crowd, *[self.sweep] * sweeps)
        return [wrong for result in results for wrong in result]

    def person(self, mind, acts, seed):
        def go():
            wrong = []
            try:
                rng = random.Random(seed)
                for _act in range(acts):
                    wrong += self.one_step(mind, rng)
            finally:
                self.leave()
            return wrong

        return go

    def one_step(self, mind, rng):
        mind.order = rng.choice(self.orders)
        moves = mind.moves()
        label, step = rng.choice(moves) if moves else ("", lambda: None)
        try:
            step()
        except (NotPossible, PermissionDenied, ValidationError):
            return []
        except Exception as failure:
            return [(label, failure)]
        with self.count:
            self.acted += 1
        return []

    def leave(self):
        with self.count:
            self.left -= 1
            if not self.left:
                self.over.set()

    def sweep(self):
        """Sweep again and again, at a time when everything is late."""
        while not self.over.is_set():
            run_clock(self.paces.now + 60 * DAY)
        return []

    def papers(self):
        return sum(model.objects.count() for model in paper_models())

    def fired(self):
        return sum(event.filter(trigger__startswith="clock:").count() for event in self.events())

    def events(self):
        return [model.events.rel.related_model.objects for model in paper_models()]
