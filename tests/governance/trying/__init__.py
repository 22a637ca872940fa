"""Trying policies: the test bench, replays, and how those who decide get on."""
