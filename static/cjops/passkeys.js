/* Passkeys: a button with data-passkey asks the browser for one and sends the form it stands in.
   data-passkey is what to do (create | get); data-options what the server asks for, or
   data-options-url where to fetch it; the form has a hidden field `credential`, and words for what
   goes wrong in data-refused, data-unsupported and data-by-number. */
(() => {
  "use strict";

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function create({ publicKey }) {
    return navigator.credentials.create({
      publicKey: {
        ...publicKey,
        challenge: bytes(publicKey.challenge),
        user: { ...publicKey.user, id: bytes(publicKey.user.id) },
        excludeCredentials: named(publicKey.excludeCredentials),
        authenticatorSelection: {
          residentKey: "required",
          requireResidentKey: true,
          userVerification: "required",
        },
      },
    });
  }

  async function get({ publicKey }) {
    return navigator.credentials.get({
      publicKey: {
        ...publicKey,
        challenge: bytes(publicKey.challenge),
        allowCredentials: named(publicKey.allowCredentials),
      },
    });
  }

  function told(credential) {
    const { response } = credential;
    const said = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
      if (response[name]) said[name] = text(response[name]);
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: said,
    };
  }

  async function optionsOf(button) {
    if (button.dataset.options) return JSON.parse(button.dataset.options);
    const answer = await fetch(button.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return (await answer.json()).request_options;
  }

  function complain(form, words) {
    const place = form.querySelector("[data-passkey-said]");
    place.hidden = false;
    place.querySelector("p").textContent = words;
  }

  async function use(button) {
    const { form } = button;
    const words = form.dataset;
    // An address of numbers is no name that a passkey could belong to.
    if (/^[\d.]+$|:/.test(location.hostname)) return complain(form, words.byNumber);
    if (!window.PublicKeyCredential) return complain(form, words.unsupported);
    button.disabled = true;
    try {
      const options = await optionsOf(button);
      const credential = await (button.dataset.passkey === "create" ? create : get)(options);
      form.elements.credential.value = JSON.stringify(told(credential));
      form.submit();
    } catch {
      complain(form, words.refused);
    } finally {
      button.disabled = false;
    }
    return undefined;
  }

  for (const button of document.querySelectorAll("button[data-passkey]"))
    button.addEventListener("click", (event) => {
      event.preventDefault();
      use(button);
    });
})();
