"""A bare loop over ``litellm.acompletion``, as well as one can write it: what LiteLLM can give."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.children import options_of_worker, report, timed
from bench.serving import LocalServer
from pytest_afake.models.guard import import_environment


def main() -> None:
    options = options_of_worker()
    server = LocalServer(options["server"])
    prompts = json.loads(Path(options["prompts"]).read_text(encoding="utf-8"))
    with import_environment():
        import litellm
    litellm.suppress_debug_info = True

    async def ask(messages: list[dict[str, str]]) -> str:
        reply: Any = await litellm.acompletion(
            model=options["target"],
            messages=messages,
            api_base=server.api_base,
            api_key="none",
            temperature=1.0,
            max_tokens=4096,
            timeout=120,
            num_retries=0,
            max_retries=0,
        )
        return str(reply.choices[0].message.content)

    async def work(left: Iterator[list[dict[str, str]]], texts: list[str]) -> None:
        for messages in left:  # shared: each worker takes the next one
            texts.append(await ask(messages))

    async def all_of_it() -> list[str]:
        texts: list[str] = []
        left = iter(prompts)
        await asyncio.gather(*(work(left, texts) for _ in range(options["concurrency"])))
        return texts

    with asyncio.Runner() as runner:
        runner.run(ask(prompts[0]))
        server.reset()
        times = timed(lambda: runner.run(all_of_it()))
    report(wall_s=times.wall_s, cpu_s=times.cpu_s)


if __name__ == "__main__":
    main()
