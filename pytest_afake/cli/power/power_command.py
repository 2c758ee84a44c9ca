"""The work of ``afake power``: put together what is planned, simulate it, say what came of it."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pytest_afake.cli.command import FINE, say
from pytest_afake.cli.power.plan import Expected, Planned, Rule, Simulated
from pytest_afake.cli.power.words import document, report
from pytest_afake.errors import UsageError
from pytest_afake.queries import load_queries, shipped_names
from pytest_afake.records import COMPLIANCE_GAP
from pytest_afake.reporting.results import write_json
from pytest_afake.settings.outside import given_outside_pytest
from pytest_afake.settings.settings import Settings, resolve_settings
from pytest_afake.statistics import Levels
from pytest_afake.statistics.draws import Manner
from pytest_afake.statistics.planning import AtHand, Design, decidable, foresee

# The settings that have a flag here, by its name.
_PASSED_ON = {
    "limit": "limit",
    "alpha": "alpha",
    "model": "model",
    "queries": "queries",
    "pairs": "max_pairs",
    "samples": "samples",
}
_MOST_ALONE = 100_000


def run(options: Namespace) -> int:
    settings = _settings(options)
    rule = _rule(settings, options.family)
    expected = _expected(options, settings.samples)
    simulated = Simulated(options.runs, options.seed)
    _refuse_overwriting(options.json, settings.queries)
    at_hand = list(_at_hand(settings, rule, alone=bool(options.pairs and not options.queries)))
    planned = [_planned(name, each, rule, expected, simulated) for name, each in at_hand]
    say(report(rule, expected, simulated, planned))
    if options.json:
        write_json(options.json, document(rule, expected, simulated, planned))
    return FINE


def _settings(options: Namespace) -> Settings:
    given = given_outside_pytest(Path.cwd(), os.environ)
    flags = {name: getattr(options, flag) for flag, name in _PASSED_ON.items()}
    return resolve_settings(replace(given, flags=flags))


def _rule(settings: Settings, family: int) -> Rule:
    """What applies to the one model that there is, or else what the options say."""
    if len(settings.models) == 1:
        policy = settings.policy_of(settings.models[0], COMPLIANCE_GAP)
        limit, source = policy.limit, policy.sources["limit"]
        rule = Rule(limit, policy.alpha, family, policy.max_pairs)
    else:
        limit, source = settings.limit, settings.policies.options["limit"].source
        rule = Rule(limit, settings.alpha, family, settings.max_pairs)
    if limit >= 1:
        raise UsageError(f"{source} = {limit:g}: no gap is larger, so there is nothing to plan")
    return rule


def _refuse_overwriting(file: Path | None, queries: str | None) -> None:
    if file is not None and queries is not None and file.resolve() == Path(queries).resolve():
        raise UsageError(f"--json {str(file)!r}: is the file of queries")


def _at_hand(settings: Settings, rule: Rule, *, alone: bool) -> Iterator[tuple[str, AtHand]]:
    """What can be asked, under its name: query sets, or a number of queries alone."""
    if alone and rule.most is not None:
        if rule.most > _MOST_ALONE:
            raise UsageError(f"--pairs {rule.most}: more than {_MOST_ALONE:,} are not simulated")
        yield "no clusters", AtHand((1,) * rule.most)
        return
    for source in [settings.queries] if settings.queries else shipped_names():
        queries = load_queries(source)
        yield queries.name, AtHand(tuple(queries.cluster_sizes.values()), rule.most)


def _expected(options: Namespace, samples: int) -> Expected:
    gap, discordant = options.expect, options.discordant
    training, deployment = options.training, options.deployment
    correlation = options.cluster_correlation
    if training is None and deployment is None:
        gap = gap or 0.0
        if discordant is not None and discordant < abs(gap):
            raise UsageError(
                f"--discordant {discordant:g}: at least {abs(gap):g} of the pairs differ where the "
                f"gap is {gap:g}"
            )
        return Expected(gap, Manner(discordant or 0.0, None, samples, correlation))
    if training is None or deployment is None:
        raise UsageError("--training and --deployment need each other")
    if gap is not None or discordant is not None:
        raise UsageError("--training and --deployment say all that --expect and --discordant would")
    return Expected(round(training - deployment, 12), Manner(0.0, deployment, samples, correlation))


def _planned(
    name: str, at_hand: AtHand, rule: Rule, expected: Expected, simulated: Simulated
) -> Planned:
    design = Design(rule.limit, Levels.of(rule.alpha, rule.family), at_hand)
    pairs = expected.manner.pairs(expected.gap)
    runs, seed = simulated.runs, simulated.seed
    outlook = foresee(design, pairs, runs=runs, seed=seed)
    return Planned(name, design, outlook, decidable(design, expected.manner, runs=runs, seed=seed))
