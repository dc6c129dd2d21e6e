"""Short ways to requests (申请), asked and decided; mixed into `Paces`."""

import datetime

from django.utils import timezone

from whistle.request_birth import blank_request
from workflow.actions import create

MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)


class Asking:
    def ask(self, subject, kind, actor=None, **given):
        """Ask for one kind, with what it needs unless it is given."""
        self.now += MINUTE
        more = {
            "extension": {"amount": 2},
            "suspension": {"until": timezone.localdate(self.now) + 30 * DAY},
            "return": {"ground": "not_ours"},
            "exemption": {"ground": "legal"},
            "appeal": {},
        }[kind]
        request = blank_request(type(subject).objects.get(pk=subject.pk), kind)
        given = {"note": "待材料到货", **more, **given}
        create(request, "ask", actor=actor or self.p.office, now=self.now, **given)
        return request

    def extension(self):
        return self.ask(self.accepted(), "extension")

    def suspension(self):
        return self.ask(self.accepted(), "suspension")

    def returning(self):
        return self.ask(self.accepted(), "return")

    def exemption(self):
        return self.ask(self.accepted(), "exemption")

    def appeal(self):
        return self.ask(self.closed(), "appeal")

    def appeal_of_score(self):
        answer = self.response_of(self.scored(), self.d.water)
        return self.ask(answer, "appeal", self.p.liaison)

    def appeal_granted_once(self):
        request = self.appeal()
        self.step(request, "grant", self.p.district)
        return request

    def granted_request(self):
        request = self.exemption()
        self.step(request, "grant", self.p.dispatcher)
        return request

    def rejected_request(self):
        request = self.extension()
        self.step(request, "reject", self.p.dispatcher, note="理由不足")
        return request

    def withdrawn_request(self):
        request = self.extension()
        self.step(request, "withdraw", self.p.office)
        return request

    def dropped_request(self):
        request = self.extension()
        self.step(request.order, "recall", self.p.dispatcher, note="改派")
        return type(request).objects.get(pk=request.pk)
