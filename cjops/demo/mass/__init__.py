"""A portal of realistic size: made up, the same each time, and written by COPY."""

from cjops.demo.mass.generating import LARGE, Size, analyze, generate, is_there

__all__ = ["LARGE", "Size", "analyze", "generate", "is_there"]
