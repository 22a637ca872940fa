/* Pictures by choosing, dropping or pasting: sent at once, with progress and a way to stop.
   What is cut off leaves nothing; without script the file goes with the form. */
(() => {
  "use strict";

  const editor = window.cjopsEditor;
  if (!editor) return;
  const { form, words, changed, $, $$ } = editor;
  const url = form.dataset.uploadUrl;
  const say = (text) => (document.getElementById("live-polite").textContent = text);

  function bar(after, name) {
    const line = Object.assign(document.createElement("div"), { className: "uploading" });
    const text = Object.assign(document.createElement("span"), { textContent: words.uploading.replace("{name}", name) });
    const meter = Object.assign(document.createElement("progress"), { max: 100, value: 0 });
    meter.setAttribute("aria-label", text.textContent);
    const stop = Object.assign(document.createElement("button"), { type: "button", className: "btn soft sm", textContent: words.cancel });
    line.append(text, meter, stop);
    after.after(line);
    return { line, text, meter, stop };
  }

  function upload(file, after, done) {
    const { line, text, meter, stop } = bar(after, file.name);
    const request = new XMLHttpRequest();
    const end = (sentence) => {
      text.textContent = sentence;
      meter.remove();
      stop.remove();
      line.classList.add("ended");
      say(sentence);
    };
    const body = new FormData();
    body.append("file", file, file.name || "picture.png");
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", $("[name=csrfmiddlewaretoken]", form).value);
    request.upload.onprogress = (event) => event.lengthComputable && (meter.value = (100 * event.loaded) / event.total);
    request.onabort = () => end(words.cancelled);
    request.onerror = () => end(words.cut);
    request.onload = () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        // A page and no answer of ours: said below.
      }
      if (request.status === 201) {
        end(words.uploaded.replace("{name}", answer.name));
        setTimeout(() => line.remove(), 6000);
        done(answer);
      } else end(answer.refusal ?? (request.status === 413 ? words.large : words.cut));
    };
    stop.addEventListener("click", () => request.abort());
    request.send(body);
  }

  function offer(picture) {
    $$("[data-file]", form).forEach((place) => {
      const select = $("select", place);
      if ((place.dataset.type === "pdf") !== picture.is_pdf) return;
      if ([...select.options].some((one) => one.value === picture.sha256)) return;
      select.append(new Option(`${picture.name} (${picture.width} × ${picture.height})`, picture.sha256));
    });
  }

  function choose(place, picture) {
    $("select", place).value = picture.sha256;
    show(place, picture.is_pdf ? "" : picture.url);
    const alt = $("input[name*='.alt.']", place);
    if (!alt.value) alt.focus();
    changed();
  }

  function show(place, address) {
    const thumb = $("[data-thumb]", place);
    if (!address) return;
    const image = Object.assign(document.createElement("img"), { src: address, alt: "" });
    thumb.replaceChildren(image);
  }

  /* --- a place for a file: choose, drop, paste ----------------------------------------------------- */
  function into(place, files) {
    [...files].forEach((file, number) => upload(file, $(".form", place) ?? place, (picture) => {
      offer(picture);
      if (!number) choose(place, picture);
    }));
  }

  $$("[data-file]", form).forEach((place) => {
    const input = $("[data-upload]", place);
    $("select", place).addEventListener("change", (event) => {
      const hash = event.target.value;
      show(place, hash && place.dataset.type === "picture" && url ? url.replace(/draft\/file\/$/, `pictures/${hash}/`) : "");
    });
    if (!url || !input) return;
    input.multiple = true;
    input.addEventListener("change", () => {
      into(place, input.files);
      // Sent already: the form need not send it again.
      input.value = "";
    });
    place.addEventListener("dragover", (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      place.classList.add("over");
    });
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("over");
      into(place, event.dataTransfer.files);
    });
    place.addEventListener("paste", (event) => {
      const files = pictures(event.clipboardData);
      if (!files.length) return;
      event.preventDefault();
      into(place, files);
    });
  });

  /* --- a text: the picture is uploaded and its address stands where the cursor was -------------------- */
  const pictures = (data) => [...(data?.files ?? [])].filter((one) => one.type.startsWith("image/"));
  const quoted = (text) => text.replace(/[&"<>]/g, (one) => ({ "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" })[one]);

  function written(kind, picture) {
    const name = picture.name.replace(/\.\w+$/, "");
    if (kind === "prose") return `![${name.replace(/[[\]\\]/g, "")}](${picture.url})`;
    return `<img src="${picture.url}" width="${picture.width}" height="${picture.height}" alt="${quoted(name)}">`;
  }

  function intoText(field, files) {
    const kind = field.dataset.write;
    if (!url) {
      say(words.first);
      const line = Object.assign(document.createElement("div"), { className: "uploading ended", textContent: words.first });
      (field.closest(".liquid-box") ?? field).after(line);
      setTimeout(() => line.remove(), 8000);
      return;
    }
    const at = field.selectionStart;
    files.forEach((file) => upload(file, field.closest(".liquid-box") ?? field, (picture) => {
      offer(picture);
      const text = written(kind, picture);
      field.focus();
      const from = Math.min(at, field.value.length);
      field.setSelectionRange(from, from);
      editor.put(field, text);
      // The name of a file seldom says what is on it: it is selected, to be written anew.
      const name = picture.name.replace(/\.\w+$/, "");
      const begin = from + text.indexOf(kind === "prose" ? "![" : 'alt="') + (kind === "prose" ? 2 : 5);
      field.setSelectionRange(begin, begin + name.length);
      say(words.alt);
    }));
  }

  $$("[data-write=markup], [data-write=prose]", form).forEach((field) => {
    field.addEventListener("paste", (event) => {
      const files = pictures(event.clipboardData);
      // Text that comes with a picture of itself, as from a word processor, is text.
      if (!files.length || event.clipboardData.types.includes("text/plain")) return;
      event.preventDefault();
      intoText(field, files);
    });
    field.addEventListener("drop", (event) => {
      const files = pictures(event.dataTransfer);
      if (!files.length) return;
      event.preventDefault();
      intoText(field, files);
    });
  });
})();
