"""Benchmarks: what the portal's main screens and decisions cost, beside their floor.

`python -m bench` seeds databases of its own (once) and measures each size in a process of its own.
"""
