"""Trying policies on a change: what portal, administration and API share."""
