"""The demo is served within the limits of the image."""

import re
import shlex

from cjops.embedded import processes
from tests.sources import ROOT

# Those of the demo alone, or of the image alone.
OWN = {"--host", "--port", "--workers", "--respawn-failed-workers", "--workers-kill-timeout"}


def options(words):
    """Each option with its value."""
    found, name = {}, None
    for word in words:
        if word.startswith("--"):
            name = word
            found[name] = ""
        elif name:
            found[name], name = word, None
    return {name: value for name, value in found.items() if name not in OWN}


def test_the_demo_has_the_limits_of_the_image(tmp_path, monkeypatch):
    monkeypatch.setattr(processes.places, "var", lambda: tmp_path)
    (web,) = (child for child in processes.children(8000) if child.name == "web")
    text = (ROOT / "Dockerfile").read_text()
    last = text[text.rindex("\nCMD [") :].replace("\\\n", "")
    image = re.findall(r'"([^"]+)"', last)

    assert options(web.command) == options(image)
    assert shlex.join(image).startswith("granian ")
