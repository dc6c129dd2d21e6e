"""What stands between a running database and a running platform: `python -m govcenter.prepare`."""

import os
import sys
import time

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands

from govcenter import embedded, env

DISTRICT = "fixtures/qinhuai"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govcenter.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        print(error, file=sys.stderr)
        return 1
    step("Database tables", migrate)
    if settings.PRODUCTION and os.access(settings.BASE_DIR, os.W_OK):
        call_command("collectstatic", interactive=False, ignore_patterns=["*.map"], verbosity=0)
    if env.flag("DEMO", not settings.PRODUCTION):
        load_demo()
        show_accounts()
    return 0


def step(title: str, act) -> None:
    began = time.monotonic()
    print(f"{title} …", flush=True)
    act()
    print(f"{title} ready after {time.monotonic() - began:.1f} s", flush=True)


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def load_demo() -> None:
    from organization.models import Unit

    if "load_district" not in get_commands() or Unit.objects.exists():
        return
    os.environ["DEMO_PASSWORD"] = demo_password()
    step("Demo district", lambda: call_command("load_district", DISTRICT, demo=True))


def demo_password() -> str:
    """The one given, else one made at random; both are kept where only the owner reads."""
    given = env.text("DEMO_PASSWORD")
    if given:
        settings.DEMO_PASSWORD_FILE.touch(mode=0o600)
        settings.DEMO_PASSWORD_FILE.write_text(given)
    return embedded.kept_secret(settings.DEMO_PASSWORD_FILE, size=9)


def show_accounts() -> None:
    from organization.models import User

    people = [
        person
        for person in User.objects.filter(demo=True, is_active=True).exclude(password="")
        if person.has_usable_password()
    ]
    if people:
        print("\nAccounts of the demo district 示例:")
        for person in people:
            print(f"  {person.username:12} {person.name}")
        print(
            f"  Password: {embedded.kept_secret(settings.DEMO_PASSWORD_FILE, size=9)}", flush=True
        )


if __name__ == "__main__":
    sys.exit(main())
