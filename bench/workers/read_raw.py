"""Every row of a store through diskcache alone: what reading costs at the least."""

from __future__ import annotations

import json

import diskcache

from bench.children import options_of_worker, report, timed


def main() -> None:
    with diskcache.Cache(options_of_worker()["store"]) as cache:
        keys = list(cache)

        def read() -> None:
            for key in keys:
                json.loads(cache.get(key))

        read()  # both sides read a database that the system has in memory
        times = timed(read)
    report(wall_s=times.wall_s, cpu_s=times.cpu_s, rows=len(keys))


if __name__ == "__main__":
    main()
