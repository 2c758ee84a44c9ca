"""The version of everything that is stored."""

# Raised when keys or values change their meaning. A directory of another version is refused as a
# whole, and the version is part of every key, so that an old answer can never be taken for a new.
SCHEMA = 1
