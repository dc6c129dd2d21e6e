"""What each office does in the walk, by the pages that it has for it."""

import datetime

from django.utils import timezone

from tests.browser.house import PASSWORD
from tests.browser.person import Person, fill, photo


class Warden(Person):
    """On the street with a phone: reports, and answers what is asked."""

    def report(self, words):
        """Photo, place, class, a word, send; the number of the order."""
        page = self.open("/m/report/")
        page.set_input_files("[name=photos_near]", photo())
        page.locator("[data-slot] img").wait_for()
        page.locator("[name=lng]:not([value=''])").wait_for(state="attached")
        page.fill("[data-kind-search]", "井盖")
        page.click("[data-kind-found] button")
        page.locator("[data-kind-recent] [aria-pressed=true]").wait_for()
        page.fill("[name=description]", words)
        self.follow("button[form=report]")
        return page.inner_text(".gc-sent__no")

    def answer(self, words):
        """The first of the tasks on the home page: it is so, with a photo."""
        page = self.open("/m/")
        self.follow("#tasks a")
        page.set_input_files("[name=photos]", photo())
        page.locator("[data-slot] img").wait_for()
        page.fill("[name=words]", words)
        self.follow("button[form=answer][value=yes]")

    def became_of(self, number):
        """The status of an own report."""
        self.open(f"/m/reports/{number}/")
        return self.text("#my-report .gc-badge")


class Operator(Person):
    """At the desk of the street's centre."""

    def open_order(self, number):
        self.open(f"/desk/{number}/")

    def check(self, number, question):
        self.open_order(number)
        self.take("check", question=question)

    def register(self, number, condition):
        self.open_order(number)
        self.take("register", condition=str(condition.pk), urgency="urgent")

    def draft(self, number, ask, *tasks):
        """A whistle of level three: the first department leads."""
        self.open_order(number)
        self.press("whistle")
        form = self.page.locator('form.gc-dialog[action*="/whistle/"]')
        form.wait_for()
        for n, (unit, text) in enumerate(tasks):
            if n:
                form.locator("summary").nth(n - 1).click()
            for name, value in {"unit": unit.code, "text": text, "amount": 2}.items():
                fill(form, f"tasks-{n}-{name}", value)
        self.send(form, kind="routine", ask=ask)

    def blow(self, whistle):
        self.open(whistle.get_absolute_url())
        self.do("blow")

    def call_back(self, number):
        self.open_order(number)
        self.take("callback", contacted="yes", solved="yes", satisfaction=4)

    def close(self, number):
        self.open_order(number)
        self.do("close")

    def traced(self, number):
        """How many steps the page of the order tells."""
        self.open(f"/work-orders/{number}/")
        return self.page.locator("#trace .gc-trace__it").count()


class StreetHead(Person):
    """Confirms on one card, with the password."""

    def confirm(self):
        self.open("/confirmations/")
        self.take("confirm", password=PASSWORD)


class Liaison(Person):
    """Answers for a department, from its inbox."""

    def sign(self):
        self.open("/answers/")
        self.take("sign", lead_name="刘工", lead_phone="13900000000")

    def is_late(self):
        """Whether the inbox says that something is overdue."""
        self.open("/answers/")
        return self.page.locator(".gc-ticket--late").is_visible()

    def contact(self):
        self.open("/answers/")
        meet = timezone.localtime() + datetime.timedelta(hours=1)
        self.take("contact", meet_at=f"{meet:%Y-%m-%dT%H:%M}", meet_place="井边")

    def arrive(self):
        """By standing at the place."""
        self.open("/answers/")
        self.do("arrive", ".gc-board")
        self.arrive_here()

    def arrive_by_code(self, code):
        """By the signs under the street's code."""
        page = self.open("/answers/arrive/")
        page.fill("[name=code]", code)
        self.follow("main button")
        self.arrive_here()

    def arrive_here(self):
        fill(self.page.locator("#arrive"), "photos", photo())
        fill(self.page.locator("#arrive"), "who", "刘工等三人")
        self.follow("button[form=arrive]")

    def finish(self):
        self.open("/answers/")
        self.take("finish", result="已换新井盖", photos=photo())


class DutyLeader(Person):
    """For the street: checks the result, marks the answers, concludes."""

    def verify(self, whistle):
        self.open(whistle.get_absolute_url())
        self.take("verify", method="spot", note="现场已恢复")

    def score(self, whistle, marks):
        self.open(whistle.get_absolute_url())
        self.take("score", **{f"marks_{pk}": mark for pk, mark in marks.items()})

    def close(self, whistle):
        self.open(whistle.get_absolute_url())
        self.do("close")

    def lane(self, whistle, unit):
        """What the lane of a department says."""
        self.open(whistle.get_absolute_url())
        lane = self.page.locator(".gc-lanes > .gc-stack", has_text=unit.name)
        return lane.inner_text()

    def escalations(self, whistle):
        self.open(whistle.get_absolute_url())
        return self.page.locator("#trace .gc-trace__it--late").count()

    def totals(self, whistle):
        """The last column of the assessment."""
        self.open(whistle.get_absolute_url())
        return self.page.locator("td:last-child.gc-strong").all_inner_texts()


class Leader(Person):
    """In charge of a department: what climbed up waits on the overview."""

    def follow_what_climbed(self):
        """From the overview over the inbox to the newest paper that is overdue."""
        self.open("/overview/")
        self.follow('a[href*="/inbox/?kind=late"]')
        self.follow("#notices a")
        return self.path


OFFICES = {
    "warden": Warden,
    "dispatcher": Operator,
    "street_head": StreetHead,
    "liaison": Liaison,
    "housing": Liaison,
    "duty_leader": DutyLeader,
    "deputy_leader": Leader,
}
