"""
What the operating system must have before our packages can work.

Runs on a bare Python, before the virtual environment exists: standard library only.
"""

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# Only the second generation of the font has every Vietnamese letter; Ạ (U+1EA0) is one the first lacks.
VIETNAMESE_FONT = ":family=Liberation Serif:charset=1ea0"


def main() -> None:
    needed = list(missing(for_tests="--tests" in sys.argv))
    if needed and os.geteuid() == 0 and shutil.which("apt-get"):
        install(needed)
        needed = list(missing(for_tests="--tests" in sys.argv))
    if needed:
        sys.exit(
            f"This machine lacks: {', '.join(needed)}. Nothing has been changed. "
            f"Type this once, then the same command again:\n\n"
            f"    sudo apt-get update && sudo apt-get install --yes {' '.join(needed)}\n"
        )


def missing(*, for_tests: bool) -> Iterator[str]:
    """The Debian packages this machine lacks."""
    if importlib.util.find_spec("ensurepip") is None:
        yield f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    yield from (package for library, package in LIBRARIES.items() if not loads(library))
    if not has_vietnamese_font():
        yield "fonts-liberation2"
    if for_tests:
        yield from (tool for tool in ("chromium", "gettext") if shutil.which(tool) is None)


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_vietnamese_font() -> bool:
    if shutil.which("fc-list") is None:
        return False
    found = subprocess.run(["fc-list", VIETNAMESE_FONT], capture_output=True, check=False)
    return bool(found.stdout.strip())


def install(packages: list[str]) -> None:
    print(f"Installing system packages: {', '.join(packages)} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run(
            ["apt-get", "-qq", *arguments], env=environment, stdout=subprocess.DEVNULL, check=False
        )


if __name__ == "__main__":
    main()
