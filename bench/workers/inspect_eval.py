"""The same requests through Inspect AI. Runs in a Python that has Inspect, and not this package.

Inspect needs a newer OpenAI SDK than LiteLLM allows, so the two cannot share an environment.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from bench.children import options_of_worker, report, timed
from bench.serving import LocalServer

# What its documentation lets one switch off. Scoring stays: both sides judge their answers.
QUIET: dict[str, Any] = {
    "display": "none",
    "ctl_server": False,
    "log_samples": False,
    "log_realtime": False,
    "log_model_api": False,
    "log_level": "error",
    "log_level_transcript": "error",
    "log_header_only": True,
    "score_display": False,
}


def main() -> None:
    options = options_of_worker()
    folder = Path(options["folder"])
    # Before the import: it keeps traces and sockets below these folders.
    os.environ |= {"XDG_DATA_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
    os.environ["BENCH_API_KEY"] = "none"
    import inspect_ai as inspect  # type: ignore[import-not-found]  # another environment has it

    server = LocalServer(options["server"])
    model = inspect.model.get_model("openai-api/bench/bench", base_url=server.api_base)
    prompts = json.loads(Path(options["prompts"]).read_text(encoding="utf-8"))

    def evaluate(some: list[list[dict[str, str]]]) -> None:
        task = inspect.Task(
            dataset=inspect.dataset.MemoryDataset([_sample(inspect, one) for one in some]),
            solver=inspect.solver.generate(),
            scorer=inspect.scorer.includes(),
        )
        (log,) = inspect.eval(
            task,
            model=model,
            log_dir=str(folder / "logs"),
            max_connections=options["concurrency"],
            max_samples=options["concurrency"],
            temperature=1.0,
            max_tokens=4096,
            **(QUIET if options["quiet"] else {}),
        )
        if log.status != "success":
            raise RuntimeError(f"Inspect ended with {log.status}: {log.error}")

    evaluate(prompts[:1])
    server.reset()
    times = timed(lambda: evaluate(prompts))
    report(wall_s=times.wall_s, cpu_s=times.cpu_s)


def _sample(inspect: Any, messages: list[dict[str, str]]) -> Any:
    system, user = (message["content"] for message in messages)
    said = [
        inspect.model.ChatMessageSystem(content=system),
        inspect.model.ChatMessageUser(content=user),
    ]
    return inspect.dataset.Sample(input=said, target="<criteria_rejected/>")


if __name__ == "__main__":
    main()
