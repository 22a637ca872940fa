"""Figures as a table for people."""

from typing import Any

HEADERS = ("", "queries", "median", "p95", "best", "floor q", "floor", "ratio", "aim", "")


def of(figures: list[dict[str, Any]]) -> str:
    """One line for each figure; the last column says whether the aim holds."""
    rows = [HEADERS, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADERS))]
    lines = [
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _row(figure: dict[str, Any]) -> tuple[str, ...]:
    unit = figure["unit"]
    return (
        figure["name"],
        str(figure["queries"] or ""),
        f"{figure['median_ms']:.1f} {unit}",
        f"{figure['p95_ms']:.1f}",
        f"{figure['best_ms']:.1f}",
        str(figure["floor_queries"] or ""),
        f"{figure['floor_median_ms']:.2f} {unit}",
        f"{figure['ratio']:.1f} x",
        _aim(figure),
        "" if not _aim(figure) else ("ok" if figure["holds"] else "MISSED"),
    )


def _aim(figure: dict[str, Any]) -> str:
    parts = []
    if figure["aim_queries"] is not None:
        parts.append(f"{figure['aim_queries']} q")
    if figure["aim_ms"] is not None:
        parts.append(f"{figure['aim_ms']:g} {figure['unit']}")
    return ", ".join(parts)
