"""Benches: what this package costs, as ratios to the best that could be done, taken in one run.

``python bench/run.py`` measures and writes RESULTS.md. Nothing here is part of the distribution.
"""
