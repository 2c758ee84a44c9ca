"""The parts of the bench: each runs its work in turn with what it is held against."""
