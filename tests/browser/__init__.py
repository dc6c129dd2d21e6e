"""Is there a browser, and a font that can write Chinese? `make test` installs both where it may."""

import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def missing() -> str:
    """What keeps browser tests from running here; nothing if all is there."""
    if not chromium():
        return "no Chromium on this machine (apt-get install chromium)"
    if not shutil.which("fc-list") or not subprocess.check_output(["fc-list", ":lang=zh"]).strip():
        return "no font with Chinese characters (apt-get install fonts-wqy-microhei)"
    return ""
