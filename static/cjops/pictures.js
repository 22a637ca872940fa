/* Two pictures compared: side by side without this, and with it one over the other. */
(() => {
  "use strict";

  const $ = (selector, root) => root.querySelector(selector);

  function fit(root) {
    const sizes = [...root.querySelectorAll("img")].map((picture) => [Number(picture.getAttribute("width")), Number(picture.getAttribute("height"))]);
    root.style.setProperty("--wide", `${Math.max(...sizes.map(([width]) => width))}px`);
    // The taller one decides how much room both need.
    root.style.setProperty("--shape", String(Math.min(...sizes.map(([width, height]) => width / Math.max(height, 1)))));
  }

  function show(root, mode) {
    root.dataset.mode = mode;
    root.querySelectorAll(".segments > button").forEach((button) => button.setAttribute("aria-pressed", String(button.value === mode)));
    $(".shots-at", root).hidden = !["swipe", "overlay"].includes(mode);
    $(".shots-said", root).hidden = mode !== "difference";
    // What lies below another one is not loaded before somebody scrolls to it.
    root.querySelectorAll("img").forEach((picture) => (picture.loading = "eager"));
    move(root);
  }

  function move(root) {
    const slider = $("input", root);
    root.style.setProperty("--at", slider.value);
    const words = slider.dataset[root.dataset.mode];
    if (words) slider.setAttribute("aria-valuetext", words.replace("{percent}", slider.value));
  }

  function follow(root, event) {
    if (root.dataset.mode !== "swipe") return;
    const stage = $(".shots", root).getBoundingClientRect();
    const slider = $("input", root);
    slider.value = String(Math.round((100 * (event.clientX - stage.left)) / stage.width));
    move(root);
  }

  document.querySelectorAll("[data-compare]").forEach((root) => {
    fit(root);
    const segments = $(".segments", root);
    segments.hidden = false;
    segments.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) show(root, button.value);
    });
    $("input", root).addEventListener("input", () => move(root));
    const stage = $(".shots", root);
    stage.addEventListener("pointerdown", (event) => {
      if (root.dataset.mode !== "swipe") return;
      stage.setPointerCapture(event.pointerId);
      follow(root, event);
    });
    stage.addEventListener("pointermove", (event) => {
      if (stage.hasPointerCapture(event.pointerId)) follow(root, event);
    });
  });
})();
