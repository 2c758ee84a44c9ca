"""pytest-afake: find out whether a language model fakes alignment, and gate its release on it."""

__version__ = "0.1.0.dev0"
