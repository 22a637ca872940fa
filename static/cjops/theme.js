/* Before the first paint: light or dark, as chosen here earlier or as the system says. */
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = document.getElementById("tokens-dark");
  const system = window.matchMedia("(prefers-color-scheme: dark)");

  function apply() {
    let choice = null;
    try {
      choice = localStorage.getItem("cjops-theme");
    } catch {
      // Storage may be forbidden; then the system decides.
    }
    const isDark = choice ? choice === "dark" : system.matches;
    root.dataset.bsTheme = isDark ? "dark" : "light";
    root.dataset.themeChoice = choice || "system";
    if (dark) dark.media = isDark ? "screen" : "not all";
  }

  apply();
  system.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  document.addEventListener("cjops:theme", apply);
})();
