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
  // Of a time, day and hour are two controls under one legend.
  for (const control of document.querySelectorAll(".datetime input:not([aria-label])")) {
    const legend = control.closest(".form-row")?.querySelector("legend, label")?.textContent.trim() ?? "";
    const own = control.previousSibling?.textContent.trim() ?? "";
    if (!control.labels?.length) control.setAttribute("aria-label", `${legend} ${own}`.trim());
  }
  // Choices that are searched in name themselves by what is chosen, which at first is nothing.
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = select.labels?.[0]?.textContent.trim() ?? select.getAttribute("aria-label");
    const parts = select.nextElementSibling?.querySelectorAll(".select2-selection, .select2-selection__rendered");
    if (label) parts?.forEach((part) => part.setAttribute("aria-label", label));
  }
  // A name needs a role that may carry one.
  for (const hint of document.querySelectorAll(".help-tooltip[aria-label]")) hint.setAttribute("role", "img");
});
