"""A journey drawn like a transit line: stations and the lines between them.

`layout` computes the whole drawing on the server; `templates/journeys/_flow.html` writes it down
as SVG. One drawing serves page, print and diff, works without a script and can be read aloud.
"""

from journeys.flow.drawing import layout
from journeys.flow.model import Flow, FlowEdge, FlowNode, TextLine

__all__ = ["Flow", "FlowEdge", "FlowNode", "TextLine", "layout"]
