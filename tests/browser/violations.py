"""Violations of the content policy, told by the pages on which they happen."""

# Runs in every frame before the page's own scripts, past its policy.
LISTEN = """
document.addEventListener("securitypolicyviolation", (event) => {
  window.cjopsViolated(`${event.disposition} ${event.effectiveDirective}: ${event.blockedURI}`
    + ` on ${event.documentURI}`);
});
"""


class Watch:
    """Everything that pages of some contexts did against their policy."""

    def __init__(self, portal=None):
        self.seen = []
        self.portal = portal
        self.forgive()

    def over(self, context):
        context.expose_binding("cjopsViolated", lambda _source, said: self.seen.append(said))
        context.add_init_script(LISTEN)

    def reported(self):
        """What browsers reported to the portal meanwhile, as it stands in its log."""
        said = self.portal.said[self.before :] if self.portal else ""
        return [line for line in said.splitlines() if "csp_violation" in line]

    def forgive(self):
        """What was done on purpose."""
        self.seen.clear()
        self.before = len(self.portal.said) if self.portal else 0
