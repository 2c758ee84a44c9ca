"""``python -m pytest_afake.cli`` is ``afake``."""

from __future__ import annotations

import sys

from pytest_afake.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
