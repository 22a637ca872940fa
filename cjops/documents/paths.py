"""Reading and writing one member deep inside an object, without touching the original."""

from typing import Any

from cjops.documents.model import MISSING, Path


class NotAnObject(Exception):
    """A path leads through something that has no members, behind the first `depth` names."""

    def __init__(self, depth: int, found: object) -> None:
        super().__init__(depth)
        self.depth = depth
        self.found = found


def read(target: Any, path: Path) -> Any:
    """Return what stands at a path, MISSING if its object lacks it. Raises NotAnObject."""
    for depth, name in enumerate(path):
        if not isinstance(target, dict):
            raise NotAnObject(depth, target)
        target = target.get(name, MISSING)
    return target


def write(target: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """Return a copy with `value` at a path; MISSING takes the member away.

    Objects on the way that are missing or null come into being. Raises NotAnObject where something
    else stands.
    """
    return _write(target, path, value, 0)


def _write(target: Any, path: Path, value: Any, depth: int) -> dict[str, Any]:
    if target is MISSING or target is None:
        target = {}
    if not isinstance(target, dict):
        raise NotAnObject(depth, target)
    result = dict(target)
    name = path[depth]
    if depth + 1 < len(path):
        result[name] = _write(target.get(name, MISSING), path, value, depth + 1)
    elif value is MISSING:
        result.pop(name, None)
    else:
        result[name] = value
    return result
