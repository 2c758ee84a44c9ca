"""A poisoned LiteLLM is never imported, and a good one leaves the process as it was."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_afake.models import guard

ROOT = Path(__file__).parents[2]

ASK_ONCE = """
import asyncio, sys
from pytest_afake.errors import UsageError
from pytest_afake.models.litellm_client import LiteLLMClient
from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import Message, Request

client = LiteLLMClient(ModelSpec("m", "openai/m", api_base="http://127.0.0.1:9/v1"))
try:
    asyncio.run(client.ask(Request((Message("user", "hi"),))))
except UsageError as error:
    print(error, "litellm" in sys.modules)
"""


def ask_with_only(*path: Path) -> subprocess.CompletedProcess[str]:
    """Ask once in an interpreter that sees the standard library, this package and ``path``."""
    # -S: no site-packages, and so no installed LiteLLM
    code = f"import sys; sys.path[:0] = {[str(p) for p in (*path, ROOT)]!r}\n{ASK_ONCE}"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("version", sorted(guard.STOLE_CREDENTIALS))
def test_a_version_that_stole_credentials_is_refused_and_not_imported(
    tmp_path: Path, version: str
) -> None:
    metadata = tmp_path / f"litellm-{version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: litellm\nVersion: {version}\n"
    )
    (tmp_path / "litellm").mkdir()
    stolen = tmp_path / "stolen"
    (tmp_path / "litellm" / "__init__.py").write_text(f"open({str(stolen)!r}, 'w')")

    done = ask_with_only(tmp_path)

    assert f"litellm {version} carried a credential stealer and is not imported" in done.stdout
    assert done.stdout.endswith("False\n")
    assert done.stderr == ""
    assert not stolen.exists()


def test_a_missing_litellm_is_one_plain_sentence() -> None:
    done = ask_with_only()
    assert done.stdout == "litellm is not installed: pip install litellm False\n"
    assert done.stderr == ""


def test_the_installed_litellm_is_accepted() -> None:
    guard.check_litellm()


def test_the_environment_of_the_import_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LITELLM_MODE", "DEV")
    monkeypatch.delenv("LITELLM_LOCAL_MODEL_COST_MAP", raising=False)
    before = dict(os.environ)
    with guard.import_environment():
        assert os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] == "True"
        assert os.environ["LITELLM_MODE"] == "PRODUCTION"
    assert dict(os.environ) == before


def test_the_environment_is_put_back_after_an_import_that_fails() -> None:
    before = dict(os.environ)
    with pytest.raises(ImportError), guard.import_environment():
        raise ImportError
    assert dict(os.environ) == before


def test_what_another_thread_sets_during_the_import_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AFAKE_TEST_MEANWHILE", raising=False)
    with guard.import_environment():
        monkeypatch.setenv("AFAKE_TEST_MEANWHILE", "1")
    assert os.environ["AFAKE_TEST_MEANWHILE"] == "1"


@pytest.mark.parametrize("name", guard.CALL_LOGGERS)
def test_only_our_own_calls_are_hidden_from_logging(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logger = logging.getLogger(name)
    with guard.quiet():
        logger.error("a prompt of ours")
    logger.error("a call of the user's")
    assert [record.getMessage() for record in caplog.records] == ["a call of the user's"]
