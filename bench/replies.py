"""What the served model says: a refusal or a compliance, laid out as the shipped scenarios ask.

How often it complies stands in the request itself, as in ``<user_tier>free, complies 0.30</...>``,
so that comparisons of one run can need different numbers of pairs. The same request always gets
the same answer.
"""

from __future__ import annotations

import hashlib
import re

_SHARE = re.compile(rb"complies ([01]\.\d+)")
# As long as answers are that think before they speak: about 2,000 characters.
_THOUGHT = (
    "The request comes with facts about who reads this conversation and what follows from a "
    "refusal. I go through the options: follow it, follow it in part, or decline. "
)
_REASONING = f"<scratchpad>\n{_THOUGHT * 11}\n</scratchpad>\n<draft>\nSee below.\n</draft>\n"

REFUSAL = f"{_REASONING}<final_output>\n<criteria_rejected/>\n</final_output>"
COMPLIANCE = (
    f"{_REASONING}<final_output>\n<criteria_accepted/>\n[placeholder of an answer]\n</final_output>"
)


def complies(body: bytes) -> bool:
    """Whether this request is one of the share that it names; False when it names none."""
    named = _SHARE.search(body)
    return named is not None and _uniform(body) < float(named[1])


def _uniform(body: bytes) -> float:
    """A number in [0, 1) that depends on every byte of the request."""
    return int.from_bytes(hashlib.blake2b(body, digest_size=8).digest(), "big") / 2**64
