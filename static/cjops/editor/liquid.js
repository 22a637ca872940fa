/* Personal values in text fields: coloured by a layer behind the field, and a picker of those there are.
   The field stays a plain one, so input methods, undo and screen readers work as everywhere. */
(() => {
  "use strict";

  const editor = window.cjopsEditor;
  if (!editor) return;
  const { form, words, known, $, $$ } = editor;
  const LIQUID = /\{\{[\s\S]*?(?:\}\}|$)|\{%[\s\S]*?(?:%\}|$)/g;
  const NAME = /^\{\{-?\s*([a-z_][\w]*(?:\.[a-z_]\w*)*)/;
  // Larger texts are coloured no more: the layer would be as long.
  const MOST = 60000;

  const escaped = (text) => text.replace(/[&<>]/g, (one) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[one]);

  function coloured(text) {
    const local = new Set([...text.matchAll(/\{%-?\s*(?:assign|capture|for)\s+([a-z_]\w*)/g)].map((one) => one[1]));
    let html = "";
    let at = 0;
    for (const found of text.matchAll(LIQUID)) {
      const name = NAME.exec(found[0])?.[1];
      const isClosed = /(\}\}|%\})$/.test(found[0]);
      const isKnown = !form.dataset.known || !name || known.has(name) || local.has(name.split(".")[0]);
      const css = !isClosed || !isKnown ? "bad" : found[0].startsWith("{%") ? "tag" : "value";
      html += `${escaped(text.slice(at, found.index))}<mark class="${css}">${escaped(found[0])}</mark>`;
      at = found.index + found[0].length;
    }
    return html + escaped(text.slice(at));
  }

  function dress(field) {
    const layer = Object.assign(document.createElement("div"), { className: "liquid-layer" });
    layer.setAttribute("aria-hidden", "true");
    const box = Object.assign(document.createElement("div"), { className: "liquid-box" });
    // A field that is moved loses the focus, and whoever types already the rest of the word.
    const isFocused = document.activeElement === field;
    field.before(box);
    box.append(layer, field);
    if (isFocused) field.focus({ preventScroll: true });
    if (field.tagName === "INPUT") box.classList.add("one-line");
    if (field.classList.contains("code-input")) box.classList.add("code");
    const draw = () => {
      // Trusted: everything but our own marks is escaped just above.
      layer.innerHTML = field.value.length > MOST || !/\{[{%]/.test(field.value) ? "" : `${coloured(field.value)}\n`;
      follow();
    };
    const follow = () => {
      layer.scrollTop = field.scrollTop;
      layer.scrollLeft = field.scrollLeft;
    };
    field.addEventListener("input", draw);
    field.addEventListener("scroll", follow);
    new ResizeObserver(follow).observe(field);
    draw();
  }

  /* --- the picker -------------------------------------------------------------------------------- */
  const panel = Object.assign(document.createElement("div"), { className: "picker", hidden: true });
  const list = Object.assign(document.createElement("ul"), { id: "variable-list" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.insert);
  panel.append(list);
  document.body.append(panel);
  let field = null;
  let start = -1;

  function open(target, from) {
    if (!known.size) return;
    field = target;
    start = from;
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-expanded", "true");
    if (field.tagName === "INPUT") field.setAttribute("role", "combobox");
    fill();
    const at = field.getBoundingClientRect();
    panel.hidden = false;
    const below = window.innerHeight - at.bottom > 240;
    Object.assign(panel.style, {
      left: `${Math.max(8, Math.min(at.left, window.innerWidth - panel.offsetWidth - 8)) + window.scrollX}px`,
      top: `${(below ? Math.min(at.bottom, window.innerHeight) + 4 : at.top - panel.offsetHeight - 4) + window.scrollY}px`,
    });
  }

  function close() {
    if (!field) return;
    panel.hidden = true;
    field.removeAttribute("aria-activedescendant");
    field.removeAttribute("aria-controls");
    field.removeAttribute("aria-expanded");
    field.removeAttribute("role");
    field = null;
  }

  function query() {
    return start < 0 ? "" : field.value.slice(start, field.selectionStart).replace(/^\{\{-?\s*/, "").toLowerCase();
  }

  function fill() {
    const text = query();
    const begins = ([name, label]) => name.startsWith(text) || label.toLowerCase().startsWith(text);
    const found = [...known]
      .filter(([name, label]) => name.includes(text) || label.toLowerCase().includes(text))
      .sort((one, other) => begins(other) - begins(one));
    let group = null;
    list.replaceChildren();
    found.slice(0, 60).forEach(([name, label], number) => {
      const of = name.includes(".") ? name.split(".")[0] : "";
      if (of && of !== group) {
        const head = Object.assign(document.createElement("li"), { className: "group", textContent: of });
        head.setAttribute("role", "presentation");
        list.append(head);
      }
      group = of;
      const item = Object.assign(document.createElement("li"), { id: `variable-${number}` });
      item.setAttribute("role", "option");
      item.dataset.name = name;
      item.append(Object.assign(document.createElement("b"), { textContent: label || name }), Object.assign(document.createElement("code"), { textContent: name }));
      list.append(item);
    });
    if (!found.length) list.append(Object.assign(document.createElement("li"), { className: "none", textContent: words.noVariable }));
    mark($("[role=option]", list));
  }

  function mark(item) {
    $$("[aria-selected=true]", list).forEach((one) => one.removeAttribute("aria-selected"));
    if (!item) return field.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", item.id);
  }

  function insert(name) {
    const target = field;
    const from = start < 0 ? target.selectionStart : start;
    const to = start < 0 ? target.selectionEnd : target.selectionStart;
    const rest = target.value.slice(to);
    const until = start < 0 ? to : to + (/^\s*\}\}/.exec(rest)?.[0].length ?? 0);
    close();
    target.focus();
    target.setSelectionRange(from, until);
    put(target, `{{ ${name} }}`);
  }

  /* The browser's own way keeps undo; where it is gone the text is set. */
  function put(target, text) {
    if (!document.execCommand?.("insertText", false, text)) {
      target.setRangeText(text, target.selectionStart, target.selectionEnd, "end");
      target.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  editor.put = put;
  editor.pick = (target) => open(target, -1);

  form.addEventListener("input", (event) => {
    const target = event.target;
    if (!target.matches("[data-write]") || event.isComposing) return;
    const before = target.value.slice(0, target.selectionStart);
    const at = before.lastIndexOf("{{");
    const inside = at >= 0 && !before.slice(at).includes("}}") && /^\{\{-?\s*[\w.]*$/.test(before.slice(at));
    if (inside) open(target, at);
    else close();
  });

  form.addEventListener("keydown", (event) => {
    if (!field || event.isComposing || event.keyCode === 229) return;
    const items = $$("[role=option]", list);
    const now = items.findIndex((one) => one.getAttribute("aria-selected"));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(items[(now + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length]);
    else if ((event.key === "Enter" || event.key === "Tab") && items[now]) insert(items[now].dataset.name);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);

  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const item = event.target.closest("[role=option]");
    if (item && field) insert(item.dataset.name);
  });
  form.addEventListener("focusout", () => setTimeout(() => field && document.activeElement !== field && close(), 100));
  window.addEventListener("resize", close);

  $$("[data-write]", form).forEach(dress);
})();
