"""What a browser sends for a form in which nobody touched anything."""

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.select = self.textarea = ""
        self.options: list[tuple[str, bool]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        name = given.get("name", "")
        if tag == "input" and name:
            is_box = given.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in given:
                self.put(name, given.get("value") or ("on" if is_box else ""))
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select:
            self.options.append((given.get("value") or "", "selected" in given))
        elif tag == "textarea":
            self.textarea, self.text = name, ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected]
            chosen = chosen or [value for value, _selected in self.options[:1]]
            if chosen:
                self.put(self.select, chosen[-1])
            self.select = ""
        elif tag == "textarea":
            # Browsers drop one line feed at the start, and send their own kind of line ends.
            self.put(self.textarea, self.text.removeprefix("\n").replace("\n", "\r\n"))
            self.textarea = ""

    def put(self, name: str, value: str) -> None:
        self.values.setdefault(name, []).append(value)


def as_posted(page: str) -> dict[str, list[str]]:
    """The fields of all forms in the markup, as they stand."""
    form = _Form()
    form.feed(page)
    form.close()
    return form.values
