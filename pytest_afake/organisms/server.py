"""Organisms over HTTP, by OpenAI's chat and completion API.

This module imports aiohttp, so it is imported only where a server is started.
"""

from __future__ import annotations

import asyncio
import hmac
import itertools
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from pytest_afake.errors import CallFailed, UsageError
from pytest_afake.organisms.flaky import SimulatedFailure
from pytest_afake.organisms.organism import Organism
from pytest_afake.organisms.registry import (
    PREFIX,
    SPECIES,
    UnknownOrganism,
    parse_organism,
    with_default_seed,
)
from pytest_afake.organisms.samples import SampleIndices
from pytest_afake.organisms.wire import (
    BadBody,
    Call,
    chat_body,
    completion_body,
    error_body,
    parse_chat,
    parse_completion,
)
from pytest_afake.records import Answer, Cause, Json

_LARGEST_BODY = 32 * 1024 * 1024
_STALL_S = 3600.0  # longer than any client waits
_SHUTDOWN_S = 0.5

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to serve.

    ``port`` 0 takes a free one, ``latency_s`` is added to every answer. The same request repeated
    gets the samples 0 .. ``samples`` - 1 in turn, so that a run that asks as often as that finds
    the same answers whatever was asked before it.
    """

    host: str = "127.0.0.1"
    port: int = 0
    api_key: str | None = field(default=None, repr=False)
    latency_s: float = 0.0
    seed: int = 0
    samples: int = 1


class OrganismService:
    """The handlers, and what they remember: organisms by name and the samples given out."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._organisms: dict[str, Organism] = {}
        self._samples = SampleIndices()
        self._numbers = itertools.count()

    def application(self) -> web.Application:
        """The aiohttp application, to be run by any runner."""
        app = web.Application(
            middlewares=[_errors_as_json, self._authenticated], client_max_size=_LARGEST_BODY
        )
        app.router.add_post("/v1/chat/completions", self.chat)
        app.router.add_post("/v1/completions", self.complete)
        app.router.add_get("/v1/models", self.models)
        return app

    async def chat(self, request: web.Request) -> web.Response:
        call = parse_chat(await _json(request))
        answer = await self._answer(call)
        return web.json_response(chat_body(answer, next(self._numbers), int(time.time())))

    async def complete(self, request: web.Request) -> web.Response:
        call = parse_completion(await _json(request))
        answer = await self._answer(call)
        return web.json_response(completion_body(answer, next(self._numbers), int(time.time())))

    async def models(self, request: web.Request) -> web.Response:
        del request
        entries = [
            {"id": PREFIX + name, "object": "model", "created": 0, "owned_by": "SIMULATED"}
            for name in SPECIES
        ]
        return web.json_response({"object": "list", "data": entries})

    async def _answer(self, call: Call) -> Answer:
        organism = self._organism(call.model)
        index = self._samples.take(call.digest)
        try:
            await asyncio.sleep(self._settings.latency_s)
            return await organism.ask(call.request(index % self._settings.samples))
        except BaseException:  # a client that went away has not had its sample either
            self._samples.give_back(call.digest, index)
            raise

    def _organism(self, name: str) -> Organism:
        full = name if name.startswith(PREFIX) else PREFIX + name
        if full not in self._organisms:
            self._organisms[full] = parse_organism(with_default_seed(full, self._settings.seed))
        return self._organisms[full]

    @web.middleware
    async def _authenticated(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        key = self._settings.api_key
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if key is not None and not hmac.compare_digest(given, f"Bearer {key}".encode()):
            return _error(401, "the API key is wrong or missing", code="invalid_api_key")
        return await handler(request)


async def serve(settings: Settings, stop: asyncio.Event, ready: Callable[[str], None]) -> None:
    """Serve until ``stop`` is set; ``ready`` is told the base URL once connections are accepted."""
    application = OrganismService(settings).application()
    runner = web.AppRunner(application, shutdown_timeout=_SHUTDOWN_S, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        port = runner.addresses[0][1]
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        ready(f"http://{host}:{port}/v1")
        await stop.wait()
    finally:
        await runner.cleanup()


async def _json(request: web.Request) -> Json:
    try:
        body: Json = json.loads(await request.text())
    except (ValueError, RecursionError, LookupError) as error:
        raise BadBody("the body is not JSON") from error
    return body


@web.middleware
async def _errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except BadBody as error:
        return _error(400, str(error), param=error.param)
    except UnknownOrganism as error:
        return _error(404, str(error), "model", "model_not_found")
    except UsageError as error:
        return _error(400, str(error), "model", "invalid_model_parameters")
    except web.HTTPException as error:
        return _error(error.status, error.reason)
    except CallFailed as failure:
        return await _failed(request, failure)


async def _failed(request: web.Request, failure: CallFailed) -> web.StreamResponse:
    if failure.cause is Cause.TIMEOUT:
        await asyncio.sleep(_STALL_S)
    status = failure.status if isinstance(failure, SimulatedFailure) else None
    if status is None:
        if request.transport is not None:
            request.transport.abort()
        status = 500  # nobody reads it: the connection is gone
    response = _error(status, failure.detail, code=failure.cause.value.replace(" ", "_"))
    if failure.retry_after is not None:
        response.headers["Retry-After"] = f"{failure.retry_after:g}"
    return response


def _error(
    status: int, message: str, param: str | None = None, code: str | None = None
) -> web.Response:
    kind = "server_error" if status >= 500 else "invalid_request_error"
    return web.json_response(error_body(message, kind, code, param), status=status)
