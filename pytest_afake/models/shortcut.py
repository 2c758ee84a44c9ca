"""LiteLLM's own handlers, called without the machinery around them.

Most of the CPU time of ``litellm.acompletion`` goes into work that a measurement has no use for:
arguments are resolved, checked and copied anew for each call, callbacks are looked for, costs are
put down in several places, and OpenAI's SDK builds typed objects that LiteLLM takes apart again.
What a call ends at is a handler, which translates the messages, sends them and reads the reply. A
shortcut calls it directly, with the arguments that ``acompletion`` would have called it with,
resolved once and not once a call. Where there is one is decided in ``routes``.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

# Parameters that acompletion only translates. It looks into others, or edits them.
_ONLY_TRANSLATED = (
    {"temperature", "max_tokens", "top_p", "seed", "stop", "user", "logprobs", "top_logprobs"}
    | {"presence_penalty", "frequency_penalty", "logit_bias", "reasoning_effort"}
    | {"top_k", "min_p", "min_tokens", "repetition_penalty", "chat_template_kwargs"}
)
# What a handler is given anew for each call; the rest is the same for all calls to a model.
PER_CALL = frozenset(
    {"messages", "model_response", "optional_params", "litellm_params", "headers", "logging_obj"}
)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """The way to one model: its handler, and what stays the same from call to call.

    ``main`` is the module ``litellm.main``, whose names ``acompletion`` uses, too. ``asks_cost``
    says that LiteLLM has a price for the model, and that it matters.
    """

    litellm: Any
    main: Any
    handler: Callable[..., Any]
    wanted: frozenset[str]
    same: Mapping[str, Any]
    asks_cost: bool
    _translated: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def takes(self, sent: Mapping[str, Any]) -> bool:
        return sent.keys() <= _ONLY_TRANSLATED

    async def call(self, messages: Sequence[Mapping[str, str]], sent: Mapping[str, Any]) -> Any:
        """One request, and LiteLLM's reply with its cost. Raises whatever the handler raises."""
        reply = await self.handler(**self.arguments(messages, sent))
        reply._hidden_params["response_cost"] = self._cost(reply)
        return reply

    def arguments(
        self, messages: Sequence[Mapping[str, str]], sent: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What the handler is called with. Raises what LiteLLM has against the parameters."""
        arguments = {
            **self.same,
            "messages": [dict(message) for message in messages],
            "model_response": self.main.ModelResponse(),
            "optional_params": copy.deepcopy(self._translate(sent)),
            "litellm_params": self.main.get_litellm_params(
                acompletion=True,
                api_base=self.same["api_base"],
                custom_llm_provider=self.same["custom_llm_provider"],
                drop_params=False,
            ),
            "headers": {},
        }
        arguments["logging_obj"] = self._log(arguments)
        return {name: arguments[name] for name in self.wanted}

    async def aclose(self) -> None:
        await self.same["client"].close()

    def _translate(self, sent: Mapping[str, Any]) -> Mapping[str, Any]:
        """The parameters in the provider's words; LiteLLM refuses those that it does not know."""
        spelt = json.dumps(sent, sort_keys=True)
        if spelt not in self._translated:
            self._translated[spelt] = self.main.get_optional_params(
                model=self.same["model"],
                custom_llm_provider=self.same["custom_llm_provider"],
                stream=None,
                drop_params=False,
                **sent,
            )
        return self._translated[spelt]

    def _log(self, arguments: Mapping[str, Any]) -> Any:
        """The object that LiteLLM keeps of each call, and asks of each handler to keep up."""
        log = self.main.LiteLLMLoggingObj(
            model=arguments["model"],
            messages=arguments["messages"],
            stream=False,
            call_type="acompletion",
            start_time=datetime.now(),
            litellm_call_id="",
            function_id="",
        )
        log.update_environment_variables(
            model=arguments["model"],
            user=None,
            optional_params={},
            litellm_params=arguments["litellm_params"],
            custom_llm_provider=arguments["custom_llm_provider"],
        )
        return log

    def _cost(self, reply: Any) -> float | None:
        if not self.asks_cost:
            return None
        try:
            cost: float = self.litellm.completion_cost(
                completion_response=reply,
                model=self.same["model"],
                custom_llm_provider=self.same["custom_llm_provider"],
            )
        except Exception:  # noqa: BLE001 - of several kinds, and no reason to lose a paid answer
            return None
        return cost
