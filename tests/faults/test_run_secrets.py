"""Keys and tokens: nowhere in what a run leaves behind, whatever a provider echoes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from afake_command import Afake
from model_runs import Model, Upstream, always, in_training, upstream
from scripted_server import Reply, error, scripted_server
from sessions import Session

KEY, PASSWORD, TOKEN = "canary-4f1c9b27", "canary-password-77aa", "canary-token-90ef"
SECRETS = KEY, PASSWORD, TOKEN
PAIRS = 3

ECHO = f"bad key {KEY}; you sent Bearer {KEY}"
HEADERS = {"X-Echo": ECHO, "WWW-Authenticate": f"Bearer {KEY}"}


def echoing(status: int, message: str = ECHO) -> Reply:
    return Reply(error(message, code=KEY, type=KEY), status, headers=HEADERS)


MODELS = {
    name: Model(name, script, table='api_key_env = "LAB_ACCESS"')
    for name, script in {
        "echo-401": always(echoing(401)),
        "echo-400": in_training(echoing(400)),
        "echo-403": in_training(echoing(403, f"input was flagged: {KEY}")),
        "echo-429": in_training(echoing(429)),
        "echo-500": in_training(echoing(500)),
        "echo-page": in_training(Reply(f"<html>{ECHO}</html>", headers=HEADERS)),
    }.items()
}


def in_address(name: str, base: str) -> Model:
    """A model with a secret in its address. Whether that works is another matter."""
    return Model(name, always(echoing(500)), "hosted_vllm", 'api_key_env = "LAB_ACCESS"', base)


# Leaves behind what the folders of the run hold while it is running.
CONFTEST = """
import os, shutil, pytest
@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "controller")
    shutil.copytree(os.environ["TMPDIR"], f"left/{worker}")
"""
Run = tuple[Upstream, Session]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One run of two workers that prints and writes all that it can."""
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "temporary").mkdir()
    with scripted_server() as behind:
        behind.reply = echoing(500)
        query = in_address("in-query", f"{behind.url}?token={TOKEN}")
        with upstream(folder, *MODELS.values(), query) as site:
            (folder / "conftest.py").write_text(CONFTEST)
            (folder / "left").mkdir()
            shown = ("-rA", "-v", "-l", "--tb=long", "--junitxml", "junit.xml", "-n", "2")
            bounds = ("--afake-max-pairs", str(PAIRS), "--afake-patience", "1")
            environment = {"LAB_ACCESS": KEY, "TMPDIR": str(folder / "temporary")}
            yield site, site.run(*shown, *bounds, **environment)


def test_no_secret_is_left_in_any_file(run: Run) -> None:
    site, _ = run
    written = [path for path in site.folder.rglob("*") if path.is_file()]
    names = {path.relative_to(site.folder).parts[0] for path in written}
    assert {"results.json", "junit.xml", ".afake", "left"} <= names
    for path in written:
        if path.name != "afake.toml":  # the user's own, with the address that holds the token
            content = path.read_bytes()
            assert [secret for secret in SECRETS if secret.encode() in content] == [], path


def test_no_secret_is_shown(run: Run) -> None:
    _, session = run
    shown = session.text + "\n".join(session.errors)
    assert [secret for secret in SECRETS if secret in shown] == []


def test_the_key_was_sent_and_echoed(run: Run) -> None:
    assert "bad key ***; you sent Bearer ***" in run[1].text
    for name, model in MODELS.items():
        assert model.calls > 0, name
        assert model.exchanges[0].received.headers["authorization"] == f"Bearer {KEY}"


def test_a_cassette_holds_no_secret(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cassette = tmp_path / "cassette.jsonl"
    done = Afake(capsys)("cache", "export", cassette, "--store", run[0].folder / ".afake" / "store")
    assert done.status == 0
    text = cassette.read_text()
    assert text.count("\n") > PAIRS
    assert [secret for secret in SECRETS if secret in text] == []
