/* The editor of content: keeps what is typed, shows it beside the form, leads from findings to fields.
   Without it the buttons "Save draft" and the links to the fields do the same. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-editor]");
  if (!form) return;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = $("[data-editor-words]").dataset;
  const saver = $("[data-autosave]", form);
  const WAIT = 1000;

  /* --- keeping what is typed ------------------------------------------------------------------- */
  let typed = 0;
  let sent = 0;
  let timer = 0;
  let isStopped = false;

  function changed() {
    typed += 1;
    form.dataset.dirty = "true";
    delete form.dataset.clean;
    later();
  }

  function later() {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(keep, WAIT);
  }

  function keep() {
    // A word that is being composed is not typed yet.
    if (form.dataset.composing || form.dataset.pending) return later();
    sent = typed;
    htmx.trigger(saver, "keep");
  }

  form.addEventListener("compositionstart", () => (form.dataset.composing = "true"));
  form.addEventListener("compositionend", () => delete form.dataset.composing);
  form.addEventListener("input", (event) => event.target.type !== "file" && changed());
  form.addEventListener("change", (event) => event.target.matches("select, [type=checkbox]") && changed());
  form.addEventListener("submit", () => clearTimeout(timer));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && typed > sent && !isStopped && !form.dataset.pending) keep();
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== saver) return;
    const state = $("[data-state]");
    if (event.detail.successful && state && !state.dataset.refused && typed === sent) delete form.dataset.dirty;
    else form.dataset.dirty = "true";
    if (!event.detail.successful) {
      const kept = $("[data-kept]");
      if (kept) kept.textContent = words.notKept;
      if (!event.detail.xhr.status || event.detail.xhr.status >= 500) setTimeout(later, 10 * WAIT);
    }
  });

  let said = "";
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id !== "editor-state") return;
    const state = $("[data-state]");
    isStopped = state.dataset.refused === "other_window";
    if (!state.dataset.refused) $$("[data-draft-count]").forEach((one) => (one.value = state.dataset.count));
    const text = $("[data-kept]", state)?.textContent.trim() ?? "";
    // The same minute is not read twice.
    if (text && text !== said) document.getElementById("live-polite").textContent = said = text;
    showCount(Number(state.dataset.errors));
    showVariables(JSON.parse(state.dataset.used));
    markLines();
    strikePutRight();
    refresh();
  });

  // What kept the text from being saved stays in the summary; what is put right is struck out.
  function strikePutRight() {
    const open = new Set($$("[data-state] a[data-jump]").map((link) => link.textContent.trim()));
    $$("[data-error-summary] a[data-jump]").forEach((link) => {
      const isRight = !open.has(link.textContent.trim());
      const line = link.closest("li");
      if (isRight === line.classList.contains("put-right")) return;
      line.classList.toggle("put-right", isRight);
      $(".visually-hidden", line)?.remove();
      if (isRight) line.prepend(Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: `${words.right} ` }));
    });
  }

  function showCount(count) {
    $$("[data-to-fix]", form).forEach((one) => {
      one.hidden = !count;
      one.textContent = words.toFix.replace("{count}", count);
    });
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-keep-mine]")) return;
    const force = Object.assign(document.createElement("input"), { type: "hidden", name: "draft_force", value: "1" });
    form.append(force);
    isStopped = false;
    keep();
    document.addEventListener("htmx:afterSettle", () => force.remove(), { once: true });
  });

  /* --- the preview: a page of its own, fetched anew; the old one stays until the new one is there -- */
  const preview = $("[data-preview]");
  const looks = $$("[data-look]");
  let shown = 0;

  function refresh() {
    if (!preview) return;
    const old = $$("iframe", preview);
    const frame = old[0].cloneNode(false);
    const url = new URL(chosenVersion() ?? preview.dataset.preview, location.href);
    url.searchParams.set("rendition", $("[data-preview-of]").value);
    const kind = $("[name=kind]", form);
    if (kind) url.searchParams.set("kind", kind.value);
    looks.forEach((one) => one.value && url.searchParams.set(one.dataset.look, one.value));
    url.searchParams.set("r", (shown += 1));
    frame.removeAttribute("loading");
    frame.classList.add("coming");
    frame.addEventListener("load", () => {
      old.forEach((one) => one.remove());
      frame.classList.remove("coming");
    });
    frame.src = url;
    const frames = $(".preview-frames", preview);
    frames.classList.toggle("mobile", url.searchParams.get("width") === "mobile");
    frames.append(frame);
    showInbox();
  }

  // Where a version that exists is chosen, nothing is written and that one is shown.
  const version = $("#id_version", form);

  function chosenVersion() {
    const pattern = preview.dataset.previewVersion;
    return pattern && Number(version?.value) ? pattern.replace("/0/", `/${version.value}/`) : undefined;
  }

  version?.addEventListener("change", refresh);
  if (preview && chosenVersion()) refresh();

  // One line of an inbox is shown: that in the language of the preview, for the customer it is seen as.
  function showInbox() {
    const customer = looks.find((one) => one.dataset.look === "profile")?.value;
    const several = $$("[data-inbox]");
    const here = several.filter((one) => one.dataset.inbox === $("[data-preview-of]").value);
    const chosen = here.find((one) => one.dataset.customer === customer) ?? here[0];
    several.forEach((one) => (one.hidden = one !== chosen));
  }

  looks.forEach((one) => one.addEventListener("change", refresh));
  $("[data-preview-of]")?.addEventListener("change", refresh);
  form.addEventListener("focusin", (event) => {
    const key = event.target.closest("[data-rendition]")?.dataset.rendition;
    const of = $("select[data-preview-of]");
    if (!key || !of || of.value === key) return;
    of.value = key;
    refresh();
  });

  /* --- from a finding to its field ---------------------------------------------------------------- */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-jump]");
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView({ block: "center" });
    if (target.matches("details")) target.open = true;
    (target.matches("details") ? $("summary", target) : target).focus({ preventScroll: true });
    selectLine(target, Number(link.dataset.line));
  });

  function selectLine(field, line) {
    if (!line || field.tagName !== "TEXTAREA") return;
    const lines = field.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    field.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
    // Roughly: a line that wraps is taller.
    field.scrollTop = Math.max(0, (field.scrollHeight / lines.length) * (line - 3));
  }

  function markLines() {
    const found = {};
    $$("[data-state] a[data-jump]").forEach((link) => {
      if (Number(link.dataset.line)) (found[link.hash.slice(1)] ??= {})[link.dataset.line] = link.textContent;
    });
    $$("textarea[data-write]", form).forEach((field) => field.dispatchEvent(new CustomEvent("lines", { detail: found[field.id] ?? {} })));
  }

  /* --- personal values: a row for each variable in the text ------------------------------------------ */
  const known = new Map(JSON.parse(form.dataset.variables).map((one) => [one.name, one.label]));

  function showVariables(used) {
    Object.entries(used).forEach(([key, names]) => {
      const card = $(`[data-rendition="${CSS.escape(key)}"]`, form);
      const rows = card && $("[data-variable-rows]", card);
      if (!rows) return;
      names.filter((name) => !$(`[data-variable="${CSS.escape(name)}"]`, rows)).forEach((name) => rows.append(row(key, name)));
      $("[data-variables]", card).hidden = !rows.children.length;
      const count = $("[data-variables-said]", card);
      if (names.length && !/\d/.test(count.textContent)) count.textContent = names.length;
    });
  }

  function row(key, name) {
    const made = $("[data-variable-template]").content.firstElementChild.cloneNode(true);
    made.dataset.variable = name;
    $("code", made).textContent = name;
    $("[data-label]", made).textContent = known.get(name) ?? "";
    $("[data-unknown]", made).hidden = !form.dataset.known || known.has(name);
    $$("input", made).forEach((input) => {
      input.name = `${key}.var.${name}.${input.dataset.part}`;
      input.id = `id_${input.name}`;
      const label = input.closest(".field").querySelector("label");
      label.htmlFor = input.id;
      $(".visually-hidden", label).textContent = `: ${name}`;
    });
    return made;
  }

  window.cjopsEditor = { form, words, known, changed, $, $$ };
  document.addEventListener("DOMContentLoaded", markLines);
})();
