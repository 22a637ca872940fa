/* What Django's administration leaves unsaid to screen readers. */
window.addEventListener("load", () => {
  "use strict";
  // Controls in a table of inlines have no label but the heading of their column.
  for (const cell of document.querySelectorAll(".tabular td")) {
    const name = /\bfield-(\S+)/.exec(cell.className)?.[1];
    const head = cell.closest("table").tHead;
    const heading = name ? head?.querySelector(`.column-${name}`) : cell.matches(".delete") && head?.rows[0].lastElementChild;
    if (!heading) continue;
    for (const control of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
      if (!control.labels?.length) control.setAttribute("aria-label", heading.textContent.trim());
    }
  }
  // A name needs a role that may carry one.
  for (const hint of document.querySelectorAll(".help-tooltip[aria-label]")) hint.setAttribute("role", "img");
});
