"""Processes that end with the one that started them."""

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, death: int = signal.SIGTERM) -> None:
    """Ask the kernel for a signal when the parent ends, even by kill -9."""
    LIBC.prctl(PR_SET_PDEATHSIG, death, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), death)


def spawn(
    command: list[str],
    *,
    log: Path | None = None,
    death: int = signal.SIGTERM,
    user: str | None = None,
    env: dict[str, str] | None = None,
    cwd: Path | str = "/",
) -> subprocess.Popen[bytes]:
    """Start a child in its own process group, so that Ctrl-C reaches only the parent.

    Call it from the main thread: the kernel takes the end of the calling thread for the
    parent's end.
    """
    parent = os.getpid()
    with log.open("ab") if log else nullcontext() as out:
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out and subprocess.STDOUT,
            process_group=0,
            preexec_fn=lambda: die_with_parent(parent, death),
            **as_user(user),
        )


def as_user(name: str | None) -> dict[str, object]:
    if not name:
        return {}
    entry = pwd.getpwnam(name)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "umask": 0o077}


def stop(child: subprocess.Popen[bytes], how: int = signal.SIGTERM, patience: float = 10) -> None:
    if child.poll() is None:
        child.send_signal(how)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def working_in(folder: Path, program: str) -> Iterator[int]:
    """The running processes of a program whose working directory is this folder."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            here = Path(os.readlink(entry / "cwd")) == folder
            named = (entry / "comm").read_text().strip() == program
        except OSError:
            continue
        if here and named:
            yield int(entry.name)
