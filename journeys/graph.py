"""Questions about a directed graph, answered without recursion and in linear time."""

from collections.abc import Iterable, Mapping, Sequence

Successors = Mapping[str, Sequence[str]]


def reachable(starts: Iterable[str], successors: Successors) -> set[str]:
    """Every node that can be reached from `starts`, these included."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        for node in successors.get(waiting.pop(), ()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found


def reversed_arcs(successors: Successors) -> dict[str, list[str]]:
    """The same graph with every arc turned round."""
    predecessors: dict[str, list[str]] = {}
    for source, targets in successors.items():
        for target in targets:
            predecessors.setdefault(target, []).append(source)
    return predecessors


def cycles(nodes: Iterable[str], successors: Successors) -> list[list[str]]:
    """The groups of nodes that lie on common cycles, each in the order of `nodes`.

    These are the strongly connected components (Kosaraju) with more than one node or with an arc
    from a node to itself.
    """
    order = list(nodes)
    position = {node: number for number, node in enumerate(order)}
    found = [
        sorted(component, key=position.__getitem__)
        for component in _components(order, successors)
        if len(component) > 1 or component[0] in successors.get(component[0], ())
    ]
    return sorted(found, key=lambda component: position[component[0]])


def _components(nodes: Sequence[str], successors: Successors) -> list[list[str]]:
    predecessors = reversed_arcs(successors)
    found: list[list[str]] = []
    taken: set[str] = set()
    for root in reversed(_finished(nodes, successors)):
        if root in taken:
            continue
        taken.add(root)
        component = [root]
        for node in component:
            new = [one for one in predecessors.get(node, ()) if one not in taken]
            taken.update(new)
            component += dict.fromkeys(new)
        found.append(component)
    return found


def _finished(nodes: Sequence[str], successors: Successors) -> list[str]:
    """The nodes in the order in which a depth-first search is done with them."""
    order: list[str] = []
    met: set[str] = set()
    for root in nodes:
        if root in met:
            continue
        met.add(root)
        path = [(root, iter(successors.get(root, ())))]
        while path:
            node, rest = path[-1]
            target = next((one for one in rest if one not in met), None)
            if target is None:
                order.append(node)
                path.pop()
            else:
                met.add(target)
                path.append((target, iter(successors.get(target, ()))))
    return order
