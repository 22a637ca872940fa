"""The demo organisation, which the benchmarks work on."""

from tests.demo.conftest import organisation

__all__ = ["organisation"]
