/* What the pages do beyond HTML. Everything here is an addition: each screen works without it.
   Hooks are data attributes: data-dialog, data-rows/-row, data-viewed, data-unsaved-guard, data-copy ... */
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = () => $("#words")?.dataset ?? {};
  const stored = {
    get(key) {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        if (value === null) localStorage.removeItem(key);
        else localStorage.setItem(key, value);
      } catch {
        // Storage is full or forbidden: the choice lasts for this page only.
      }
    },
  };

  /* --- saying things ---------------------------------------------------------------------- */
  function announce(text, { urgent = false } = {}) {
    const region = $(urgent ? "#live-assertive" : "#live-polite");
    if (!region || !text) return;
    region.textContent = "";
    // A region that is filled in the same turn as it was emptied is not read again.
    setTimeout(() => (region.textContent = text), 60);
  }

  function toast(text) {
    const template = $("#toast-template");
    if (!template || !text) return;
    const note = template.content.firstElementChild.cloneNode(true);
    $("p", note).textContent = text;
    $("#toasts").append(note);
    announce(text);
    leaveLater(note);
  }

  function leaveLater(note) {
    // Notes that offer an action wait for the reader.
    if ($("form", note)) return;
    setTimeout(() => {
      if (note.matches(":hover, :focus-within")) leaveLater(note);
      else note.remove();
    }, 8000);
  }

  /* --- theme and keys ----------------------------------------------------------------------- */
  function showTheme() {
    const choice = document.documentElement.dataset.themeChoice || "system";
    $$("[data-theme-choice]").forEach((button) => {
      if (button === document.documentElement) return;
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    });
  }

  function keysOn() {
    // A choice made here holds until the account's own setting changes: "off@on" was said against "on".
    const account = document.body.dataset.keys ?? "off";
    const [choice, against] = (stored.get("cjops-keys") ?? "").split("@");
    return (against === account ? choice : account) === "on";
  }

  function showKeys() {
    const on = keysOn();
    $$("[data-keys-toggle]").forEach((button) => {
      button.setAttribute("aria-pressed", String(on));
      $("[data-when-on]", button)?.toggleAttribute("hidden", !on);
      $("[data-when-off]", button)?.toggleAttribute("hidden", on);
    });
  }

  /* --- dialogs: the browser keeps the focus inside, closes on Esc and gives the focus back ---- */
  function openDialog(id, opener) {
    const dialog = document.getElementById(id);
    if (!(dialog instanceof HTMLDialogElement)) return false;
    opener?.closest("details.menu")?.removeAttribute("open");
    if (!dialog.open) dialog.showModal();
    dialog.addEventListener("close", () => focusable(opener)?.focus(), { once: true });
    return true;
  }

  function focusable(opener) {
    if (!opener?.isConnected) return null;
    return opener.offsetParent ? opener : opener.closest("details.menu")?.querySelector("summary");
  }

  function closeMenus(except) {
    $$("details.menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }

  /* --- rows: j and k move the focus, so Enter, Tab and screen readers need nothing special ----- */
  const rows = () => $$("[data-row]").filter((row) => row.offsetParent);
  const currentRow = () => document.activeElement?.closest?.("[data-row]");
  const rowTarget = (row) => $(".row-link", row) || $("a, button, [tabindex]", row) || row;

  function moveRow(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(currentRow());
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
    const target = rowTarget(all[next]);
    target.focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  const keys = {
    j: () => moveRow(1),
    k: () => moveRow(-1),
    x: () => $("[data-select]", currentRow() ?? document.createElement("div"))?.click(),
    u: () => ($("[data-up]") ?? $$(".crumbs a").pop())?.click(),
    "/": () => ($$("[data-search]").find((input) => input.offsetParent) ?? $("[popovertarget='side']"))?.focus(),
    "?": () => openDialog("keys-dialog", document.activeElement),
  };

  document.addEventListener("keydown", (event) => {
    // 229 is what some input methods send while a word is being composed.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      const menu = event.target.closest?.("details.menu[open]") ?? $("details.menu[open]");
      if (menu) {
        menu.open = false;
        $("summary", menu).focus();
      }
      return;
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    if ($("dialog[open]") || !keysOn()) return;
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : extraKey(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  });

  // A screen may give a control a key of its own: data-key="e", in the current row or once in the page.
  function extraKey(key) {
    if (!/^[a-z]$/.test(key)) return null;
    const selector = `[data-key="${key}"]`;
    const control = $(selector, currentRow() ?? document.createElement("div")) ?? $(`main > ${selector}, .actions ${selector}`);
    return control ? () => control.click() : null;
  }

  /* --- clicks --------------------------------------------------------------------------------- */
  document.addEventListener("click", (event) => {
    const target = event.target;
    closeMenus(target.closest("details.menu"));

    const opener = target.closest("[data-dialog]");
    if (opener && !event.ctrlKey && !event.metaKey && openDialog(opener.dataset.dialog, opener)) {
      event.preventDefault();
      return;
    }
    const closer = target.closest("[data-dialog-close]");
    if (closer?.closest("dialog")) {
      event.preventDefault();
      closer.closest("dialog").close();
      return;
    }
    if (target.closest("[data-toast-close]")) return void target.closest("[data-toast]").remove();

    const theme = target.closest("button[data-theme-choice]");
    if (theme) {
      stored.set("cjops-theme", theme.dataset.themeChoice === "system" ? null : theme.dataset.themeChoice);
      document.dispatchEvent(new Event("cjops:theme"));
      showTheme();
    } else if (target.closest("[data-keys-toggle]")) {
      stored.set("cjops-keys", `${keysOn() ? "off" : "on"}@${document.body.dataset.keys}`);
      showKeys();
      announce(keysOn() ? words().keysOn : words().keysOff);
    } else if (target.closest("[data-copy]")) {
      const text = target.closest("[data-copy]").dataset.copy || location.href;
      navigator.clipboard?.writeText(new URL(text, location.href).href).then(() => toast(words().copied));
    } else if (target.closest("[data-toggle-class]")) {
      const button = target.closest("[data-toggle-class]");
      const on = $(button.dataset.toggleTarget)?.classList.toggle(button.dataset.toggleClass) ?? false;
      button.setAttribute("aria-pressed", String(on));
    } else if (target.closest('button[aria-disabled="true"]')) {
      event.preventDefault();
    }
  });

  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));

  /* --- forms: once is enough, nothing typed is lost ---------------------------------------------- */
  function release(form) {
    delete form.dataset.pending;
    $$('[type="submit"][aria-disabled]', form).forEach((button) => button.removeAttribute("aria-disabled"));
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented && !form.matches("[hx-get], [hx-post], [hx-put], [hx-delete]")) return;
    if (form.dataset.pending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.clean = "";
    if (form.method === "get" || form.hasAttribute("data-no-pending")) return;
    form.dataset.pending = "true";
    // Not `disabled`: a disabled button is left out of what the form sends and loses the focus.
    $$('[type="submit"], button:not([type])', form).forEach((button) => {
      button.type = "submit";
      button.setAttribute("aria-disabled", "true");
    });
    setTimeout(() => release(form), 20000);
  }, true);

  window.addEventListener("pageshow", () => $$("form[data-pending]").forEach(release));

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-unsaved-guard")) {
      form.dataset.dirty = "true";
      delete form.dataset.clean;
    }
  });

  window.addEventListener("beforeunload", (event) => {
    if ($$("form[data-unsaved-guard][data-dirty]").some((form) => !("clean" in form.dataset))) event.preventDefault();
  });

  /* --- parts of a change: what is ticked off folds away, what an address names opens ------------- */
  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-viewed]");
    const body = box && $("details", box.closest("[data-row]"));
    // Nobody wants to see again what they have just ticked off.
    if (body) body.open = box.getAttribute("aria-checked") === "true";
  });

  function openTarget() {
    const part = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const body = part && $(":scope > details", part);
    if (body) body.open = true;
  }
  window.addEventListener("hashchange", openTarget);

  /* --- facets: where there is no room beside the list, each is folded until somebody opens it ------ */
  const unfolded = new Set();
  const facetName = (facet) => $(":scope > summary", facet).textContent;

  function foldFacets() {
    if (window.matchMedia("(width < 1000px)").matches) $$(".facet").forEach((facet) => (facet.open = unfolded.has(facetName(facet))));
  }
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches?.(".facet")) return;
    if (event.target.open) unfolded.add(facetName(event.target));
    else unfolded.delete(facetName(event.target));
  }, true);
  document.addEventListener("htmx:afterSwap", foldFacets);

  /* --- htmx ------------------------------------------------------------------------------------- */
  document.addEventListener("htmx:configRequest", (event) => {
    const token = $("[name='csrfmiddlewaretoken']")?.value;
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
  });

  // Whatever was to be swapped: a refusal belongs at the top of the page and replaces nothing.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!/^\s*<div[^>]*\sdata-refusal[\s>]/.test(event.detail.serverResponse)) {
      // What was refused a moment ago is no longer the news.
      if (event.detail.xhr.status < 500) $("#alerts")?.replaceChildren();
      return;
    }
    event.detail.target = $("#alerts");
    event.detail.swapOverride = "innerHTML show:#alerts:top";
    event.detail.selectOverride = "unset";
  });

  // Answers that replace what holds the focus.
  const held = new WeakSet();
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.contains(document.activeElement) && document.activeElement !== document.body) held.add(event.detail.xhr);
  });

  // Wrong input goes to the summary, a new region to its heading; where the reader was, the focus stays.
  document.addEventListener("htmx:afterSettle", (event) => {
    const region = event.detail.target?.isConnected ? event.detail.target : document.getElementById(event.detail.target?.id);
    const summary = $("[data-error-summary]", region ?? document) ?? (region?.id === "alerts" ? $(".alert", region) : null);
    if (summary) return focusOn(summary);
    if (!region || document.activeElement !== document.body) return;
    // What a page fetches by itself takes the focus, and the page, nowhere.
    const asked = event.detail.requestConfig?.triggeringEvent;
    if ((!asked || asked.type === "hx:poll:trigger") && !held.has(event.detail.xhr)) return;
    focusOn($("[data-heading], h1, h2, h3", region) ?? region);
  });

  function focusOn(element) {
    if (!element.hasAttribute("tabindex")) element.setAttribute("tabindex", "-1");
    element.focus();
  }

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt?.closest?.("form");
    if (!form) return;
    release(form);
    if (!event.detail.successful) delete form.dataset.clean;
    else if (!form.hasAttribute("data-redrawn")) delete form.dataset.dirty;
  });

  // A form that the server draws anew is not saved by that, and whoever types does not wait for it:
  // what was filled in since the request went out stays, where the answer brought back what was sent.
  const nameOf = (control) => `${control.name}=${control.type === "checkbox" ? control.value : ""}`;
  const saidIn = (control) => {
    if (control.type === "checkbox") return String(control.checked);
    return control.multiple ? JSON.stringify([...control.selectedOptions].map((option) => option.value)) : control.value;
  };
  const allSaid = (form) => new Map([...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit")
    .map((one) => [nameOf(one), saidIn(one)]));
  const sent = new WeakMap();
  const since = new WeakMap();

  function say(control, said) {
    if (control.type === "checkbox") control.checked = said === "true";
    else if (control.multiple) [...control.options].forEach((option) => { option.selected = JSON.parse(said).includes(option.value); });
    else control.value = said;
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt?.closest?.("form[data-redrawn]");
    if (form) sent.set(event.detail.xhr, { form, said: allSaid(form) });
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const before = sent.get(event.detail.xhr);
    if (!before) return;
    const now = [...allSaid(before.form)].filter(([name, said]) => before.said.has(name) && before.said.get(name) !== said);
    since.set(event.detail.xhr, now);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const typed = since.get(event.detail.xhr) ?? [];
    since.delete(event.detail.xhr);
    const before = sent.get(event.detail.xhr);
    typed.forEach(([name, said]) => {
      const control = [...before.form.elements].find((one) => nameOf(one) === name && one.type !== "hidden");
      if (control && saidIn(control) === before.said.get(name)) say(control, said);
    });
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status < 500) return;
    const id = event.detail.xhr.getResponseHeader("X-Request-ID");
    toast(id ? words().failedReference?.replace("{id}", id) : words().failed);
  });
  document.addEventListener("htmx:sendError", () => toast(words().offline));

  // Sent by the server as HX-Trigger: {"announce": "..."} or {"toast": "..."}.
  document.addEventListener("announce", (event) => announce(event.detail?.value));
  document.addEventListener("toast", (event) => toast(event.detail?.value));

  /* --- at the start ------------------------------------------------------------------------------- */
  showTheme();
  showKeys();
  openTarget();
  foldFacets();
  const said = $$("#toasts [data-toast] p, .messages .alert").map((note) => note.textContent.trim());
  announce(said.join(" "));
  $$("#toasts [data-toast]").forEach(leaveLater);
  $("[data-error-summary]")?.focus();
})();
