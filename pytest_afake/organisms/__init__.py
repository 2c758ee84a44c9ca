"""Organisms: simulated models whose true behaviour is known, so that the instrument can be tested.

They are clients like any other and see the rendered messages alone. :func:`parse_organism` gives
one by name; ``python -m pytest_afake.organisms`` serves them over HTTP.
"""

from pytest_afake.organisms.organism import ORGANISMS_VERSION, Organism
from pytest_afake.organisms.registry import SPECIES, parse_organism

__all__ = ["ORGANISMS_VERSION", "SPECIES", "Organism", "parse_organism"]
