"""The console script ``afake``: what is done with answers and judges outside of a test run.

Each command is a module, or a package of subcommands, with ``add``: it declares its arguments and
which module runs it. That module is imported when it is run, so that ``afake --help`` is quick.
"""
