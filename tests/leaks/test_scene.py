"""That there is something to leak at all."""

from tests.leaks.scene import secrets_made


def test_there_is_much_to_leak(scene):
    made = secrets_made(scene)

    assert all(made.values()), made
    assert made["changes"] > 10
    assert made["told"] > 10
