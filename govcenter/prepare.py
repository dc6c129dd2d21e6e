"""What stands between a running database and a running platform: `python -m govcenter.prepare`."""

import os
import sys
import time

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from govcenter import env

DISTRICT = "fixtures/qinhuai"
WRONG_KEY = "DATA_KEY does not open what is stored ({}); give the key that sealed it, too."


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govcenter.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
        return 1
    step("Database tables", migrate)
    if role := env.text("APPLICATION_ROLE"):
        step("The application's role", lambda: call_command("guard_log", role))
    if locked := unopened():
        print(WRONG_KEY.format(", ".join(locked)), file=sys.stderr)
        return 1
    if settings.PRODUCTION and os.access(settings.BASE_DIR, os.W_OK):
        call_command(
            "collectstatic", interactive=False, ignore_patterns=["*.map", "*.ttf"], verbosity=0
        )
    if settings.DEMO:
        load_demo()
    return 0


def step(title: str, act) -> None:
    began = time.monotonic()
    print(f"{title} …", flush=True)
    act()
    print(f"{title} ready after {time.monotonic() - began:.1f} s", flush=True)


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def unopened() -> list[str]:
    from organization import resealing

    return resealing.unopened()


def load_demo() -> None:
    from command.district.demo import open_accounts
    from organization.models import Unit, User

    keep_given_password()
    if not Unit.objects.exists():
        step("Demo district", lambda: call_command("load_district", DISTRICT, demo=True))
    people = User.objects.filter(demo=True, is_active=True).exclude(password__startswith="!")
    if people:
        open_accounts(people.values_list("username", flat=True))
        step("Simulated past", lambda: call_command("simulate", orders=settings.DEMO_FIRST))
        show(people.order_by("pk"))


def keep_given_password() -> None:
    """A given password is the one of later runs too."""
    if given := env.text("DEMO_PASSWORD"):
        settings.DEMO_PASSWORD_FILE.touch(mode=0o600)
        settings.DEMO_PASSWORD_FILE.write_text(f"{given}\n")


def show(people) -> None:
    from command.district.demo import demo_password

    print("\nAccounts of the demo district 示例:")
    for person in people:
        print(f"  {person.username:12} {person.name}")
    print(f"  Password: {demo_password()}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
