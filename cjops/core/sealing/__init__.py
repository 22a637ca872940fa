"""The log that proves what was recorded: sealed after the fact, so that writers never wait.

Tables whose rows are written once are its *sources*. Each row carries its canonical JSON; a job
makes leaves of them in a Merkle tree (RFC 6962), and signs the tree's head with a key that the
database does not know.
"""
