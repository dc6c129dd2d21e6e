"""Short ways to parts of orders and to orders tied to each other; mixed into `Paces`."""

from tests.cast import plain_photo


class Dividing:
    def divided(self, *titles, **fields):
        """Into parts under the order's own condition."""
        order = self.registered(**fields)
        titles = titles or ("更换井盖", "清理路面")
        parts = [{"title": title, "condition": self.d.condition} for title in titles]
        self.step(order, "divide", self.p.dispatcher, parts=parts)
        return order

    def related(self):
        order = self.registered()
        self.step(order, "relate", self.p.dispatcher, other=self.reported(), note="同一管网")
        return order

    def part(self):
        return self.divided().parts.earliest("pk")

    def settle_part(self, part, unit=None, actor=None):
        self.verify_part(part, unit, actor)
        self.step(part, "close", self.p.dispatcher)

    def verify_part(self, part, unit=None, actor=None):
        """By the office, if nobody else is named."""
        actor = actor or self.p.office
        self.step(part, "dispatch", self.p.dispatcher, unit=unit or self.d.office)
        self.step(part, "accept", actor)
        given = {"result": "换新", "talked_to": "陈先生", "settled_on": "当日"}
        self.step(part, "handle", actor, photos=[plain_photo("after")], **given)
        self.step(part, "verify", self.p.dispatcher, method="spot", note="看过")

    def gathered(self, **fields):
        """All parts are done; the resident is called back about the whole."""
        order = self.divided(**fields)
        for part in order.parts.order_by("pk"):
            self.settle_part(part)
        order.refresh_from_db()
        return order
