"""Every row of a store through our store, which checks each of them."""

from __future__ import annotations

from pathlib import Path

from bench.children import options_of_worker, report, timed
from pytest_afake.store import DiskStore


def main() -> None:
    store = DiskStore(Path(options_of_worker()["store"]))
    keys = list(store.keys())

    def read() -> None:
        for key in keys:
            assert store.get(key) is not None

    read()
    times = timed(read)
    store.close()
    report(wall_s=times.wall_s, cpu_s=times.cpu_s, rows=len(keys))


if __name__ == "__main__":
    main()
