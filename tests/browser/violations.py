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
        log = self._log()
        # A portal that was started again began another log.
        new = log[self.before :] if len(log) >= self.before else log
        return [line for line in new.splitlines() if "csp_violation" in line]

    def forgive(self):
        """What was done on purpose."""
        self.seen.clear()
        self.before = len(self._log())

    def _log(self):
        return (self.portal.var / "log" / "web.log").read_text() if self.portal else ""
