"""Calls that run at once, each in a thread and a transaction of its own."""

import threading

from django.db import connections

from cjops.core.errors import DomainError


def at_once(*calls):
    """Run the calls in threads that start together; what each returned or raised."""
    barrier = threading.Barrier(len(calls))
    outcomes = [None] * len(calls)

    def run(position, call):
        barrier.wait()
        try:
            outcomes[position] = call()
        except DomainError as error:
            outcomes[position] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(position, call)) for position, call in enumerate(calls)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes
