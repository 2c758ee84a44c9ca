"""A process that imports LiteLLM and calls a model: whom it talks to, and what it leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from scripted_server import chat, scripted_server

ROOT = Path(__file__).parents[2]

QUIET_SESSION = """
import asyncio, logging, os, sys, json

urls = json.loads(sys.argv[1])
places = []
def watch(event, arguments):
    if event == "socket.getaddrinfo":
        places.append(str(arguments[0]))
    if event == "socket.connect":
        places.append(str(arguments[1][0]))
sys.addaudithook(watch)

from pytest_afake.errors import CallFailed
from pytest_afake.models.litellm_client import LiteLLMClient
from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import Message, Request, Sampling

# LiteLLM looks this name up in a table, which it would download
sampling = Sampling(extra={"extra_headers": {"anthropic-beta": "output-128k-2025-02-19"}})
records = []
class Keep(logging.Handler):
    def emit(self, record):
        records.append(f"{record.name}: {record.getMessage()}")
root = logging.getLogger()
root.addHandler(Keep())
root.setLevel(logging.DEBUG)
logging.getLogger("asyncio").setLevel(logging.INFO)
handlers, filters = list(root.handlers), list(root.filters)

async def ask(target, url):
    client = LiteLLMClient(ModelSpec("m", target, api_base=url))
    imported_early = "litellm" in sys.modules
    try:
        answer = await client.ask(Request((Message("user", "PROMPT-CANARY"),), sampling))
        return imported_early, answer.text
    except CallFailed as failed:
        return imported_early, failed.cause.name
    finally:
        await client.aclose()

async def main():
    return [await ask(target, url) for target, url in urls]

before = dict(os.environ)
results = asyncio.run(main())
changed = [k for k in {*os.environ, *before} if os.environ.get(k) != before.get(k)]
same_root = (root.handlers, root.filters, root.level) == (handlers, filters, logging.DEBUG)
root.setLevel(logging.WARNING)
report = dict(results=results, changed=changed, places=sorted(set(places)), records=records,
              same_root=same_root)
open(sys.argv[2], "w").write(json.dumps(report))
"""


def run_quiet_session(tmp_path: Path, *calls: tuple[str, str]) -> tuple[dict[str, object], str]:
    """Import and calls in a fresh process with a .env beside it: its report, and all it printed."""
    (tmp_path / ".env").write_text("FROM_DOTENV=loaded\nOPENAI_API_KEY=sk-from-dotenv\n")
    report = tmp_path / "report.json"
    done = subprocess.run(
        # -c: a program in a file would have its .env looked for elsewhere
        [sys.executable, "-c", QUIET_SESSION, json.dumps(calls), str(report)],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return json.loads(report.read_text()), done.stdout + done.stderr


def test_a_session_talks_to_nobody_else_prints_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    with scripted_server() as server:
        # no usage in the reply: LiteLLM must not look for a tokenizer to count with
        server.says({key: value for key, value in chat("fine").items() if key != "usage"})
        report, printed = run_quiet_session(
            tmp_path,
            ("openai/llama-2-7b", server.url),
            ("openai/llama-2-7b", "http://127.0.0.1:1/v1"),
            ("openai/llama-2-7b", f"{server.root}/nowhere"),
        )
    assert report == {
        "results": [[False, "fine"], [True, "CONNECTION"], [True, "fine"]],
        "changed": [],
        "places": ["127.0.0.1"],
        "records": [],
        "same_root": True,
    }
    assert printed == ""


def test_the_other_providers_are_as_quiet(tmp_path: Path) -> None:
    with scripted_server() as server:
        server.says("<html>busy</html>", 503)
        report, printed = run_quiet_session(
            tmp_path,
            ("anthropic/claude-3-opus-20240229", server.root),
            ("hosted_vllm/meta-llama/llama-3-8b", server.url),
        )
    assert report["results"] == [[False, "SERVER_ERROR"], [True, "SERVER_ERROR"]]
    assert report["places"] == ["127.0.0.1"]
    assert report["records"] == []
    # LiteLLM points its tokenizer to its own files, and needs that to stay off the network.
    assert report["changed"] in ([], ["TIKTOKEN_CACHE_DIR"])
    assert printed == ""


def test_a_client_that_is_never_asked_imports_nothing() -> None:
    code = (
        "import sys; from pytest_afake.models.litellm_client import *;"
        "client = LiteLLMClient(ModelSpec('m', 'openai/m')); client.identity;"
        "print(sorted({'litellm', 'openai', 'httpx', 'aiohttp', 'pydantic'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "[]\n"
