/* Small tools above text fields: variables everywhere, Markdown in prose, line numbers in markup. */
(() => {
  "use strict";

  const editor = window.cjopsEditor;
  if (!editor) return;
  const { form, words, known, put, $, $$ } = editor;
  // What an address begins with that somebody goes on to type; nothing is loaded from it.
  const SCHEME = "https:" + "//";

  const icon = (name) => {
    const use = $("svg.icon use")?.getAttribute("href")?.split("#")[0];
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon sm");
    svg.setAttribute("aria-hidden", "true");
    svg.append(document.createElementNS("http://www.w3.org/2000/svg", "use"));
    svg.firstChild.setAttribute("href", `${use}#${name}`);
    return svg;
  };

  function button(bar, label, content, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "tool", title: label });
    made.setAttribute("aria-label", label);
    made.append(content);
    made.addEventListener("click", act);
    bar.append(made);
    return made;
  }

  function around(field, before, after) {
    const { selectionStart: from, selectionEnd: to, value } = field;
    field.focus();
    put(field, `${before}${value.slice(from, to)}${after}`);
    field.setSelectionRange(from + before.length, to + before.length);
  }

  function listed(field) {
    const from = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
    const text = field.value.slice(from, field.selectionEnd);
    field.focus();
    field.setSelectionRange(from, field.selectionEnd);
    put(field, text.split("\n").map((line) => (line.startsWith("- ") ? line : `- ${line}`)).join("\n"));
  }

  function linked(field) {
    const text = field.value.slice(field.selectionStart, field.selectionEnd);
    const at = field.selectionStart + text.length + 3;
    field.focus();
    put(field, `[${text}](${SCHEME})`);
    field.setSelectionRange(at, at + SCHEME.length);
  }

  const prose = { b: (field) => around(field, "**", "**"), k: linked };

  $$(".written", form).forEach((holder) => {
    const field = $("[data-write]", holder);
    const label = $("label", holder);
    const bar = Object.assign(document.createElement("div"), { className: "tools" });
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", words.tools.replace("{name}", label.textContent.trim().split("\n")[0]));
    if (holder.dataset.tools === "prose") {
      button(bar, `${words.bold} (Ctrl+B)`, Object.assign(document.createElement("b"), { textContent: "B" }), () => prose.b(field));
      button(bar, words.list, icon("list"), () => listed(field));
      button(bar, `${words.link} (Ctrl+K)`, icon("link-45deg"), () => linked(field));
    }
    if (known.size) button(bar, words.insert, "{ }", () => { field.focus(); editor.pick(field); });
    if (bar.children.length) label.after(bar);
    holder.classList.toggle("with-tools", bar.children.length > 0);
    if (holder.dataset.tools === "markup") numbered(field);
  });

  form.addEventListener("keydown", (event) => {
    const isProse = event.target.closest?.('.written[data-tools="prose"]');
    const act = (event.ctrlKey || event.metaKey) && !event.altKey && isProse && prose[event.key.toLowerCase()];
    if (!act || event.isComposing) return;
    event.preventDefault();
    act(event.target);
  });

  /* --- markup: numbers beside the lines, problems marked; Tab indents only once that is asked for ---- */
  function numbered(field) {
    const box = field.closest(".liquid-box") ?? field.parentElement;
    const gutter = Object.assign(document.createElement("div"), { className: "gutter" });
    gutter.setAttribute("aria-hidden", "true");
    box.prepend(gutter);
    box.classList.add("numbered");
    field.wrap = "off";
    const hint = Object.assign(document.createElement("p"), { className: "help", id: `${field.id}_tab`, textContent: words.tab });
    box.after(hint);
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${hint.id}`.trim());
    let problems = {};
    let shown = "";
    const draw = () => {
      const count = field.value.split("\n").length;
      const now = `${count} ${Object.keys(problems)}`;
      if (now !== shown) {
        shown = now;
        gutter.replaceChildren(...Array.from({ length: Math.min(count, 20000) }, (_, number) => {
          const line = Object.assign(document.createElement("span"), { textContent: number + 1 });
          if (problems[number + 1]) {
            line.className = "bad";
            line.title = problems[number + 1];
          }
          return line;
        }));
      }
      gutter.scrollTop = field.scrollTop;
    };
    field.addEventListener("input", draw);
    field.addEventListener("scroll", () => (gutter.scrollTop = field.scrollTop));
    field.addEventListener("lines", (event) => {
      problems = event.detail;
      draw();
    });
    draw();

    let indents = false;
    const say = (on) => {
      indents = on;
      hint.textContent = on ? words.tabOn : words.tab;
      document.getElementById("live-polite").textContent = on ? words.tabOn : words.tabOff;
    };
    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.ctrlKey && event.key.toLowerCase() === "m") {
        event.preventDefault();
        say(!indents);
      } else if (event.key === "Escape" && indents) say(false);
      else if (event.key === "Tab" && indents && !event.shiftKey) {
        event.preventDefault();
        put(field, "  ");
      }
    });
    field.addEventListener("blur", () => indents && say(false));
  }
})();
