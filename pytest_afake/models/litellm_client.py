"""The models under test that answer over a network, through LiteLLM.

LiteLLM takes seconds to import and does much more than is wanted here, so it is imported by the
first live call and nowhere else. What stays in the process after that, because there is no way
around it:

- the module itself, its idle logging threads, and its three filters for warnings of its own;
- ``litellm.suppress_debug_info = True``: otherwise it prints to stdout on every error;
- its bundled tables of prices and header names, where it would have downloaded newer ones;
- ``TIKTOKEN_CACHE_DIR``, which some of its providers set at their first call. Taking it back would
  send the user's own token counts to the network;
- filters on the loggers of a call, which hide our calls, and only ours.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from pytest_afake.errors import UsageError
from pytest_afake.models import (
    bounds,
    chat_as_text,
    endpoint,
    guard,
    parameters,
    redact,
    routes,
    text_completions,
)
from pytest_afake.models.answers import read_answer
from pytest_afake.models.errors_map import Asked, call_failed
from pytest_afake.models.shortcut import Shortcut
from pytest_afake.models.spec import Mode, ModelSpec
from pytest_afake.models.text_completions import TextCompletions
from pytest_afake.records import Answer, Json, Request

_importing = Lock()
# Which of our clients have called on which loop: LiteLLM shares connections between them.
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, WeakSet[LiteLLMClient]] = WeakKeyDictionary()

# Set by the user for their own calls, these would change ours behind the back of the store's key.
_INTERFERING = ("cache", "drop_params", "modify_params", "model_fallbacks", "api_base")
# Their keys have other names or none, so that a missing variable says nothing.
_OTHER_CREDENTIALS = frozenset({"azure", "azure_ai", "huggingface"})


class LiteLLMClient:
    """One model behind LiteLLM. Implements :class:`~pytest_afake.models.client.Client`.

    One ``ask`` is one HTTP request: LiteLLM's own retries, fallbacks and caches are off, parameters
    are sent or refused and never dropped, and the whole call is bounded by ``spec.timeout_s``.
    """

    def __init__(self, spec: ModelSpec) -> None:
        """Raises UsageError for a spec that no call can honour. Nothing is imported or sent.

        The spec's sampling parameters are not read: what is sent is what the request says.
        """
        parameters.check_extra(spec.name, spec.extra)
        text_completions.check(spec)
        self._spec = spec
        self._api_base = endpoint.api_base(spec, os.environ)
        endpoint.check(spec.name, self._api_base)
        self._module: Any = None
        # The way to the model on each loop, to which its connections belong.
        self._ways: WeakKeyDictionary[
            asyncio.AbstractEventLoop, Shortcut | TextCompletions | None
        ] = WeakKeyDictionary()
        self._identity: Mapping[str, Json] = {
            "client": "litellm",
            "model": spec.target,
            "api_base": endpoint.shown(self._api_base),
            **(chat_as_text.IDENTITY if spec.mode is Mode.COMPLETION else {"mode": "chat"}),
        }

    @property
    def name(self) -> str:
        return self._spec.name

    @property
    def simulated(self) -> bool:
        return False

    @property
    def identity(self) -> Mapping[str, Json]:
        return self._identity

    def most_usd(self, request: Request) -> float | None:
        """By the user's price or LiteLLM's list; a token for each byte of the prompt."""
        return bounds.most_usd(self._spec, request)

    async def prepare(self) -> None:
        """Import LiteLLM. Raises CallFailed where no call can succeed, such as without a key."""
        if self._module is None:
            key = endpoint.api_key(self._spec, os.environ)
            with guard.quiet():
                self._module = await self._ready(key)

    async def ask(self, request: Request) -> Answer:
        """Send one request once. Raises CallFailed, and UsageError where LiteLLM is unusable."""
        parameters.check_extra(self.name, request.sampling.extra)
        await self.prepare()
        key = endpoint.api_key(self._spec, os.environ)
        with guard.quiet():
            started = time.monotonic()
            reply = await self._call(request, key)
            latency = time.monotonic() - started
        secrets = self._own_secrets(key)
        stop = request.sampling.extra.get("stop")
        answer = read_answer(reply, self._spec, latency_s=latency, secrets=secrets, stop=stop)
        return redact.without(answer, secrets)

    async def aclose(self) -> None:
        """Close the connections of this loop; LiteLLM's own with the last client that used them."""
        loop = asyncio.get_running_loop()
        taken = self._ways.pop(loop, None)
        if taken is not None:
            with guard.quiet():
                await taken.aclose()
        clients = _clients.get(loop)
        if self._module is None or clients is None:
            return
        clients.discard(self)
        if not clients:
            del _clients[loop]
            with guard.quiet():
                await _close_connections(self._module, loop)

    async def _ready(self, key: str | None) -> Any:
        """LiteLLM, imported off the loop, once all is ruled out that would make every call fail."""
        litellm = await asyncio.to_thread(_import_litellm)
        _refuse_interference(litellm, self._spec.target)
        if key is None:
            _require_key(litellm, self._spec.target)
        return litellm

    async def _call(self, request: Request, key: str | None) -> Any:
        going_on = parameters.going_on(self._spec.target, request.messages)
        sent = going_on | parameters.sent(request.sampling)
        messages = [{"role": m.role, "content": m.content} for m in request.messages]
        outer = sys.exception()
        try:
            async with asyncio.timeout(self._spec.timeout_s):
                taken = self._way(key)
                if isinstance(taken, TextCompletions):
                    return await taken.call(request.messages, sent)
                if taken is not None and taken.takes(sent):
                    return await taken.call(messages, sent)
                return await self._acompletion(messages, sent, key)
        except Exception as error:  # noqa: BLE001 - whatever LiteLLM raises, the call has failed
            asked = self._asked(parameters.sent(request.sampling), key)
            failed = call_failed(error, asked, outer)
        raise failed  # out here, so that no traceback with prompts and keys hangs on it

    def _way(self, key: str | None) -> Shortcut | TextCompletions | None:
        """The way of the running loop: to completions, or a shortcut, or none but LiteLLM's."""
        loop = asyncio.get_running_loop()
        if loop not in self._ways:
            self._ways[loop] = self._found(key)
        return self._ways[loop]

    def _found(self, key: str | None) -> Shortcut | TextCompletions | None:
        litellm, spec, base = self._module, self._spec, self._api_base
        if spec.mode is Mode.COMPLETION:
            return TextCompletions.of(litellm, spec, api_base=base, api_key=key)
        return routes.find(litellm, spec, api_base=base, api_key=key, environ=os.environ)

    async def _acompletion(
        self, messages: list[dict[str, str]], sent: Mapping[str, Any], key: str | None
    ) -> Any:
        _clients.setdefault(asyncio.get_running_loop(), WeakSet()).add(self)
        return await self._module.acompletion(
            model=self._spec.target,
            messages=messages,
            api_base=self._api_base,
            api_key=key,
            timeout=self._spec.timeout_s,
            num_retries=0,
            max_retries=0,
            drop_params=False,
            **sent,
        )

    def _asked(self, sent: Mapping[str, Any], key: str | None) -> Asked:
        where = endpoint.shown(self._api_base) or endpoint.provider(self._spec.target)
        return Asked(
            target=self._spec.target,
            where=where or "the provider",
            timeout_s=self._spec.timeout_s,
            parameters=parameters.names_sent(sent),
            secrets=redact.secrets_in(os.environ, *self._own_secrets(key)),
            expected="chat completion" if self._spec.mode is Mode.CHAT else "text completion",
        )

    def _own_secrets(self, key: str | None) -> tuple[str, ...]:
        """What we send and nobody may see, should the server echo it."""
        sent = (key or "", *endpoint.secrets_in(self._api_base))
        return tuple(each for each in sent if len(each) >= redact.SHORTEST_SECRET)


def _import_litellm() -> Any:
    """The module, after a look at its version; imported without network, .env file or output."""
    guard.check_litellm()
    with _importing, guard.import_environment():
        import litellm

        _load_bundled_header_names()
    litellm.suppress_debug_info = True
    return litellm


def _load_bundled_header_names() -> None:
    """Load them while the environment says *bundled*: the first Anthropic call would fetch them."""
    try:
        from litellm.anthropic_beta_headers_manager import get_provider_name
    except ImportError:  # an older LiteLLM, which has no such table
        return
    get_provider_name("anthropic")


def _refuse_interference(litellm: Any, target: str) -> None:
    """Raise UsageError for a global of LiteLLM that would change our calls."""
    for name in _INTERFERING:
        if getattr(litellm, name, None):
            raise UsageError(
                f"litellm.{name} is set in this process: it would change what is sent or who "
                "answers, unseen; unset it for the run"
            )
    if target in (litellm.model_alias_map or {}):
        raise UsageError(f"litellm.model_alias_map replaces {target} by another model")


def _require_key(litellm: Any, target: str) -> None:
    """Raise CallFailed when the provider's key is nowhere to be found.

    LiteLLM itself would report a missing key as an internal server error, as if it would pass.
    """
    provider = endpoint.account(target)
    if provider in _OTHER_CREDENTIALS or endpoint.has_credential(target, os.environ):
        return
    if litellm.api_key or getattr(litellm, f"{provider}_key", None):
        return
    blank = f"{provider.upper()}_API_KEY"
    missing = litellm.validate_environment(target)["missing_keys"]
    names = [name for name in missing if name.endswith(("_API_KEY", "_API_TOKEN"))]
    if names or blank in os.environ:
        raise endpoint.no_key(*(names or [blank]))


async def _close_connections(litellm: Any, loop: asyncio.AbstractEventLoop) -> None:
    """Close and forget what LiteLLM keeps open for one loop.

    Its own cleanup closes the clients of all loops, the user's among them; its cache ends each key
    with the id of the loop.
    """
    cache: dict[str, Any] = litellm.in_memory_llm_clients_cache.cache_dict
    for key in [key for key in cache if str(key).endswith(f"-{id(loop)}")]:
        await cache.pop(key).close()
