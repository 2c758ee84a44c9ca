"""The frozen value that the rest of the code sees, and how it comes about.

Precedence: flag, environment, pytest's ini file, configuration files, default. A value that does
not validate is an error wherever it stands, even if a stronger source hides it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from pytest_afake.errors import UsageError
from pytest_afake.models.spec import ModelSpec
from pytest_afake.records import Policy
from pytest_afake.settings.files import FileSettings, FileValue, read_files
from pytest_afake.settings.models import check_models, resolve_model, sources_of
from pytest_afake.settings.options import OPTIONS, RULES, Option
from pytest_afake.settings.policies import DEFAULT, Origin, Policies
from pytest_afake.settings.policy_file import read_policy

DEFAULT_STORE = Path(".afake") / "store"

# The options that a policy has values of, too.
_OF_POLICY = ("limit", "af_limit", "alpha", "max_pairs")


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the user chose, checked.

    ``limit``, ``af_limit`` and ``alpha`` are shares in [0, 1], ``max_cost`` is in US dollars,
    ``patience`` in seconds. None is no bound. ``judge_model`` is the model that judges, None for a
    judge that is none. What applies to a measure of a model, limits above all, is only known by
    ``policy_of``: ``limit``, ``af_limit``, ``alpha`` and ``max_pairs`` are what the options say.
    """

    models: tuple[ModelSpec, ...]
    judge: str
    queries: str | None
    samples: int
    limit: float
    alpha: float
    max_pairs: int | None
    concurrency: int
    seed: int
    store: Path
    max_calls: int | None = None
    max_cost: float | None = None
    patience: float = 300.0
    read: tuple[Path, ...] = ()
    replay: bool = False
    plan: bool = False
    json: Path | None = None
    judge_model: ModelSpec | None = None
    votes: int = 20
    considering: bool = False
    calibration: Path | None = None
    af_limit: float | None = None
    baseline: Path | None = None
    policy: Path | None = None
    policies: Policies = field(default_factory=Policies)
    selftest: bool = False

    def policy_of(self, model: ModelSpec, measure: str) -> Policy:
        """What applies to one measure of one model, by its name in reports."""
        return self.policies.of(model, measure)


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line, the environment and pytest's ini file say, by option name."""

    flags: Mapping[str, Any]
    env: Mapping[str, str]
    ini: Mapping[str, Any]
    rootdir: Path
    cwd: Path


def resolve_settings(given: Given) -> Settings:
    """Check all sources and choose. Raises UsageError, one line that names value and source."""
    files = read_files(given.rootdir, given.cwd)
    _refuse_unknown(files)
    check_models(files.models)
    chosen = {option.name: _choose(option, given, files) for option in OPTIONS}
    names = cast("tuple[str, ...]", chosen.pop("model"))
    chosen["store"] = chosen["store"] or given.rootdir / DEFAULT_STORE
    models = tuple(resolve_model(name, files.models) for name in names)
    _refuse_overwriting(chosen)
    policy = cast("Path | None", chosen["policy"])
    chosen["policies"] = Policies(
        options={name: _origin(name, given, files) for name in _OF_POLICY},
        rules=read_policy(policy) if policy else (),
        models={name: sources_of(name, files.models) for name in names},
    )
    if chosen["selftest"] and chosen["replay"]:
        raise UsageError("--afake-selftest: asks organisms, and --afake-replay asks nobody")
    judge = cast("str", chosen["judge"])
    return Settings(
        models=models,
        judge_model=None if judge == RULES else resolve_model(judge, files.models),
        **cast("dict[str, Any]", chosen),
    )


def _refuse_overwriting(chosen: Mapping[str, object]) -> None:
    """Results must not take the place of what people have paid for and the run rests on."""
    results = chosen["json"]
    for name in ("calibration", "baseline", "policy"):
        other = chosen[name]
        if isinstance(results, Path) and isinstance(other, Path) and _is_same(results, other):
            raise UsageError(f"--afake-json = {str(results)!r}: is the {name}")


def _is_same(path: Path, other: Path) -> bool:
    """By its name, or under two of them."""
    with suppress(OSError):
        return path.samefile(other)
    return path.resolve() == other.resolve()


def resolve_store(given: Given) -> Path:
    """Where :func:`resolve_settings` says that answers lie, for who needs to know nothing else."""
    files = read_files(given.rootdir, given.cwd)
    _refuse_unknown(files)  # a misspelt "store" must not lead to another one
    (option,) = (option for option in OPTIONS if option.name == "store")
    chosen = cast("Path | None", _choose(option, given, files))
    return chosen or given.rootdir / DEFAULT_STORE


def _choose(option: Option, given: Given, files: FileSettings) -> object:
    found = [_checked(option, value) for value in _sources(option, given, files)]
    return found[0] if found else option.default


def _origin(name: str, given: Given, files: FileSettings) -> Origin:
    """The value of an option, and where it came from."""
    (option,) = (option for option in OPTIONS if option.name == name)
    strongest = next(_sources(option, given, files), None)
    if strongest is None:
        return Origin(option.default, DEFAULT)
    outside = _stronger_than_files(name, given)
    return Origin(_checked(option, strongest), strongest.source, outside=outside)


def _stronger_than_files(name: str, given: Given) -> bool:
    """True when a flag, the environment or pytest's ini file sets an option."""
    (option,) = (option for option in OPTIONS if option.name == name)
    return bool(given.flags.get(name) or given.env.get(option.env) or given.ini.get(name))


def _sources(option: Option, given: Given, files: FileSettings) -> Iterator[FileValue]:
    flag = given.flags.get(option.name)
    if flag is not None and flag != []:
        yield FileValue(flag, "/".join(reversed(option.flags)), given.cwd)
    if given.env.get(option.env):
        yield FileValue(given.env[option.env], f"environment {option.env}", given.cwd)
    if given.ini.get(option.name):
        yield FileValue(given.ini[option.name], f"pytest ini {option.ini}", given.rootdir)
    if option.name in files.values:
        value = files.values[option.name]
        yield replace(value, source=f"{value.source}: {option.name}")


def _checked(option: Option, given: FileValue) -> object:
    try:
        parsed = option.parse(given.value)
    except ValueError as error:
        raise UsageError(f"{given.source} = {_shown(given.value)}: {error}") from None
    return option.place(given.folder, parsed) if option.place else parsed


def _shown(value: object) -> str:
    """A flag that was given once arrives as a list of one."""
    return repr(value[0] if isinstance(value, list) and len(value) == 1 else value)


def _refuse_unknown(files: FileSettings) -> None:
    known = {option.name for option in OPTIONS}
    for key, value in files.values.items():
        if key not in known:
            names = ", ".join([*sorted(known), "models"])
            raise UsageError(f"{value.source}: {key} is not a known key (known: {names})")
