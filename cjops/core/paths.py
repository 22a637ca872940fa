"""Addresses that the settings have to know before there is any view."""

# Where browsers report violations of the content policy.
REPORTS = "/security/reports/"
