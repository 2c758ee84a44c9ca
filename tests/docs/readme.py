"""The commands that the README shows, for tests and for CI to run as they stand.

python tests/docs/readme.py first     the first command, whole
python tests/docs/readme.py run       its last part alone: the main job
python tests/docs/readme.py tests     the command that runs the project's tests
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


@dataclass(frozen=True)
class Shown:
    """One command with the output that is shown below it."""

    command: str
    output: tuple[str, ...]

    @property
    def last_part(self) -> str:
        """What is left when everything is installed: the last command, wherever pytest lies."""
        return self.command.rpartition("&&")[2].strip().replace(".venv/bin/", "")


def console_blocks() -> list[Shown]:
    """The README's console blocks, in order."""
    text = README.read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n\$ (.+?)\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return [Shown(command, tuple(output.splitlines())) for command, output in blocks]


def python_blocks() -> list[str]:
    """The README's Python examples, in order."""
    return re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S)


def toml_block(words: str) -> str:
    """The README's one TOML example that has these words."""
    text = README.read_text(encoding="utf-8")
    blocks: list[str] = re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S)
    (found,) = (block for block in blocks if words in block)
    return found


def main(which: str) -> None:
    first, tests = console_blocks()
    commands = {"first": first.command, "run": first.last_part, "tests": tests.command}
    sys.stdout.write(commands[which] + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
