"""What each office does in the walk, by the pages that it has for it."""

import datetime
from pathlib import Path
from urllib.parse import urlsplit

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

    def draft(self, number, ask, *tasks, kind="routine"):
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
        self.send(form, kind=kind, ask=ask)

    def blow(self, whistle):
        self.open(whistle.get_absolute_url())
        self.do("blow")

    def call_back(self, number):
        self.open_order(number)
        self.take("callback", contacted="yes", solved="yes", satisfaction=4)

    def close(self, number):
        self.open_order(number)
        self.do("close")

    def take_away(self, number, kind):
        """The whole life of the order as a file."""
        self.open(f"/work-orders/{number}/life/")
        with self.page.expect_download() as found:
            self.page.click(f'form[action$="/life.{kind}"] button')
        return Path(found.value.path()).read_bytes()

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

    def dispute(self):
        self.open("/answers/")
        self.take("dispute", ground="no_power", note="产权不属本局")

    def request(self, response, kind, **given):
        """Ask for something on the whistle's page, in the own lane (延期, 申诉)."""
        self.open(response.get_absolute_url())
        self.take(kind, note="配件在途", **given)


class Arbiter(Person):
    """For the district: rules in disputes, decides on requests."""

    def designate(self, whistle, unit):
        self.open(whistle.get_absolute_url())
        self.take("designate", unit=unit.code, note="按权责清单由其负责")

    def grant(self, **given):
        """What waits on the page of requests."""
        self.open("/requests/")
        if given:
            self.take("grant", **given)
        else:
            self.do("grant")


class DutyLeader(Person):
    """For the street: checks the result, marks the answers, concludes."""

    def verify(self, whistle, method="spot"):
        self.open(whistle.get_absolute_url())
        self.take("verify", method=method, note="现场已恢复")

    def survey(self, whistle):
        """Ask the resident; the address under the code."""
        self.open(whistle.get_absolute_url())
        self.do("survey")
        self.follow('a[href^="/surveys/"]')
        return urlsplit(self.text(".gc-survey__link")).path

    def rework(self, whistle, *responses):
        self.open(whistle.get_absolute_url())
        self.take("rework", responses=[r.pk for r in responses], note="居民反映仍有异响")

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

    def red_cards(self):
        """Whose the red cards on the overview are."""
        self.open("/overview/")
        cards = self.page.locator("section", has=self.page.locator("a[href*='card=red']"))
        return cards.locator(".gc-strong").all_inner_texts()

    def report(self):
        """双报到: on the spot, with an opinion."""
        self.open("/overview/")
        self.take("leader_report", presence="on_site", opinion="先通后鉴，水务牵头")


class Resident(Person):
    """Has a link and no account."""

    def answer(self, link, solved, satisfaction):
        self.open(link)
        form = self.page.locator("form.gc-form")
        self.send(form, solved=solved, satisfaction=satisfaction)
        return self.text("h2")


OFFICES = {
    "warden": Warden,
    "dispatcher": Operator,
    "street_head": StreetHead,
    "liaison": Liaison,
    "housing": Liaison,
    "duty_leader": DutyLeader,
    "greening": Liaison,
    "district": Arbiter,
    "reviewer": Arbiter,
    "leader": Leader,
    "deputy_leader": Leader,
    "resident": Resident,
}
