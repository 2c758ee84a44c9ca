"""``python -m pytest_afake.organisms --port 8000`` serves organisms over HTTP."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence

from pytest_afake.organisms.registry import SPECIES


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM. Returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        asyncio.run(_run(options))
    except OSError as error:
        sys.stderr.write(f"cannot serve on {options.host}:{options.port}: {error.strerror}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {kind.name:22}{kind.summary}" for kind in SPECIES.values())
    parser = argparse.ArgumentParser(
        prog="python -m pytest_afake.organisms",
        description="Serve simulated models over OpenAI's chat and completion API.",
        epilog=f"organisms:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=_port, required=True, help="0 takes a free port")
    parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1, this machine")
    parser.add_argument("--api-key", help="refuse requests without this key")
    parser.add_argument(
        "--latency", type=_milliseconds, default=0.0, metavar="MS", help="wait before each answer"
    )
    parser.add_argument(
        "--samples",
        type=_samples,
        default=1,
        metavar="N",
        help="answers per request: its repetitions get them in turn (default: always the same)",
    )
    parser.add_argument(
        "--seed", type=_seed, default=0, help="for organisms whose name does not set one"
    )
    return parser


async def _run(options: argparse.Namespace) -> None:
    from pytest_afake.organisms.server import Settings, serve  # aiohttp: only to serve

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    settings = Settings(
        host=options.host,
        port=options.port,
        api_key=options.api_key,
        latency_s=options.latency / 1000,
        seed=options.seed,
        samples=options.samples,
    )
    await serve(settings, stop, _announce)


def _announce(url: str) -> None:
    sys.stdout.write(f"serving organisms on {url}\n")
    sys.stdout.flush()


def _port(text: str) -> int:
    return _whole(text, 65535)


def _seed(text: str) -> int:
    return _whole(text, 10**18 - 1)


def _samples(text: str) -> int:
    return _whole(text, 1_000_000, lowest=1)


def _whole(text: str, highest: int, lowest: int = 0) -> int:
    if not (text.isascii() and text.isdigit()) or not lowest <= int(text) <= highest:
        rule = f"must be a whole number from {lowest} to {highest}, not {text}"
        raise argparse.ArgumentTypeError(rule)
    return int(text)


def _milliseconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 3_600_000:
        raise argparse.ArgumentTypeError(f"must be between 0 and 3600000 ms, not {text}")
    return value


if __name__ == "__main__":
    sys.exit(main())
