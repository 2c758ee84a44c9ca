"""What the user chose: one table of options, configuration files, and the frozen result.

Nothing is imported here, so that the table of options can be registered without the rest.
"""
