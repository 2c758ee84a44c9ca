"""What a run was made on: figures mean little without it."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

OURS = ("pytest", "pytest-xdist", "litellm", "openai", "httpx", "aiohttp", "diskcache")
THEIRS = ("inspect-ai", "openai", "httpx2")
_VERSIONS = """
import sys
from importlib.metadata import PackageNotFoundError, version
for name in sys.argv[1:]:
    try:
        print(name, version(name))
    except PackageNotFoundError:
        print(name, "not installed")
"""


def machine() -> str:
    """Processor, cores, memory and system, in one line."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {cores} cores, {memory:.0f} GiB, {platform.system()} {_kernel()}"


def python_version() -> str:
    return f"{platform.python_implementation()} {platform.python_version()}"


def versions(python: str = sys.executable, names: tuple[str, ...] = OURS) -> str:
    """Versions of the packages that take part, as that interpreter finds them."""
    done = subprocess.run(
        [python, "-c", _VERSIONS, *names], capture_output=True, text=True, check=True
    )
    return ", ".join(done.stdout.splitlines())


def load_average() -> str:
    """Runnable processes, averaged over one and five minutes."""
    one, five, _ = os.getloadavg()
    return f"{one:.2f}, {five:.2f}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _kernel() -> str:
    return platform.release().partition("-")[0]
