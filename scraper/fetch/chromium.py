"""Which program renders pages, and how is it started so that it can reach nothing? In a cage, with a limit on its memory.

Everything a page loads is handed to the browser by `parts`; the browser itself has no way out. Three walls stand behind one another: no
name or address resolves (`MAP *`, literal addresses too), the only way to any server is a proxy that does not exist, and where the kernel
allows it the program is alone in a network namespace without a single interface. Nor can it open a mail program or a second browser, or
write outside of a directory that is removed with it.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import Final

from scraper.errors import RenderError

__all__ = ["FLAGS", "SETTING", "caged", "program", "wants_sandbox"]

SETTING: Final = "SCRAPER_BROWSER"  # an environment variable: where a machine keeps its browser is no property of a news site
NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS: Final = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://nowhere.invalid:1",
    "--proxy-bypass-list=<-loopback>",  # Chromium goes to loopback without the proxy otherwise
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--no-pings",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
)
OPENERS: Final = ("xdg-open", "xdg-email")  # what Chromium calls for mailto: and every other scheme that it does not know
KEPT: Final = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH")  # of the environment: no display, no session bus, no proxy, no keys
# Chromium shares out the limit it finds among V8's ranges, and no page opens when an eighth of it is no whole number of memory pages.
LIMIT_STEP: Final = 1 << 20
KIB: Final = 1 << 10
# A shell stays as its parent to clear up, since it outlives this program when that is killed. RLIMIT_DATA counts what a process has really
# asked for, and not the terabyte that V8 reserves.
CAGE: Final = """#!/bin/sh
trap 'rm -rf {home}' EXIT
ulimit -c 0
ulimit -d {memory_kib}
for alone in 'unshare --net' 'unshare --map-current-user --net'; do
  if $alone true 2>/dev/null; then
    $alone {program} "$@"
    exit
  fi
done
{program} "$@"
"""
OPENS_NOTHING: Final = "#!/bin/sh\nexit 1\n"


def program() -> str:
    """Give the browser's path: what the environment variable names, or the first of the usual names on PATH.

    Raises RenderError `no_browser` with what to install.
    """
    named = os.environ.get(SETTING)
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if found is not None:
        return found
    if named:
        raise RenderError(f"pages cannot be rendered: {SETTING} names {named}, which is no program", code="no_browser")
    raise RenderError(
        f"pages cannot be rendered without Chromium: apt-get install chromium, or set {SETTING} to its path",
        code="no_browser",
    )


def wants_sandbox() -> bool:
    """Tell whether Chromium's own sandbox is to be used: always, but for root, as whom Chromium refuses to start with it."""
    return os.geteuid() != 0


@contextmanager
def caged(path: str, *, memory_bytes: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Give a program that starts the browser at `path` in its cage, and the environment to start it with; it is removed with the block.

    No process of the browser gets more than `memory_bytes`; one that asks for more dies, which costs one page.
    """
    home = Path(tempfile.mkdtemp(prefix="scraper-browser-"))
    try:
        for name in OPENERS:
            _write_program(home / name, OPENS_NOTHING)
        cage = CAGE.format(home=quote(str(home)), memory_kib=memory_bytes // LIMIT_STEP * (LIMIT_STEP // KIB), program=quote(path))
        _write_program(home / "browser", cage)
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        yield str(home / "browser"), kept | {"HOME": str(home), "PATH": f"{home}{os.pathsep}{kept.get('PATH', os.defpath)}"}
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _write_program(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o700)
