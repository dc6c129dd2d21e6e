"""Short ways to a plan, a joint meeting and their assignments; mixed into `Paces`."""

import datetime

from django.utils import timezone

DAY = datetime.timedelta(days=1)


class Meetings:
    def meet(self, whistle, actor=None):
        """Called together for tomorrow, by the street unless another does it."""
        given = {"meet_place": "夫子庙街道三楼", "agenda": "管网权属"}
        actor = actor or self.p.duty_leader
        self.step(whistle, "meet", actor, meet_at=self.now + DAY, **given)
        return whistle

    def meeting_called(self):
        return self.meet(self.blown())

    def row(self, unit, days=3, text="查明管网权属"):
        return {"unit": unit, "text": text, "day": timezone.localdate(self.now) + days * DAY}

    def minuted(self, *rows, whistle=None):
        """Held, with these tasks."""
        whistle, present = whistle or self.meeting_called(), [self.d.water]
        words = "由水务局牵头查明权属"
        self.step(
            whistle,
            "minute",
            self.p.duty_leader,
            present=present,
            decisions=words,
            assignments=list(rows) or [self.row(self.d.housing)],
        )
        return whistle

    def assignment(self):
        return self.minuted().assignments.get()

    def assignment_answered(self):
        paper = self.assignment()
        self.step(paper, "answer", self.p.housing, result="权属已查明")
        return paper

    def assignment_cancelled(self):
        paper = self.assignment()
        self.step(paper, "cancel", self.p.duty_leader, note="不再需要")
        return paper

    def planned(self, *rows):
        """The answer of the lead, with a plan of two stages."""
        response = self.arrived()
        stages = list(rows) or [self.row(self.d.water, 2, "抢修"), self.row(self.d.housing, 5)]
        self.step(response, "plan", self.p.liaison, plan="先抢修后确权", stages=stages)
        return response
