// Signing with a passkey: the challenge is made here, from the words that stand on the page, and from nothing that was
// sent beside them. What the passkey answers is packed as an SSH signature (OpenSSH PROTOCOL.sshsig, PROTOCOL.u2f).
"use strict";

const encoder = new TextEncoder();

const joined = (...parts) => {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
};

const number = (value) => new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);

const bytes = (part) => (typeof part === "string" ? encoder.encode(part) : new Uint8Array(part));

// Each part after its length in four bytes.
const packed = (...parts) => joined(...parts.map(bytes).flatMap((part) => [number(part.length), part]));

const unbased = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const based = (data) => btoa(Array.from(data, (value) => String.fromCharCode(value)).join(""));

const hex = (data) => Array.from(new Uint8Array(data), (value) => value.toString(16).padStart(2, "0")).join("");

const MAGIC = encoder.encode("SSHSIG");
const HASH = "sha512";
const FIXED = 37; // bytes of the authenticator's data before its extensions

const toBeSigned = async (words, namespace) =>
  joined(MAGIC, packed(namespace, "", HASH, await crypto.subtle.digest("SHA-512", encoder.encode(words))));

// The two numbers of a signature in DER, each as an SSH integer: both write positive numbers alike.
const numbers = (der) => {
  const first = 2;
  const second = first + 2 + der[first + 1];
  return packed(...[first, second].map((place) => der.slice(place + 2, place + 2 + der[place + 1])));
};

const armoured = (answer, key, namespace) => {
  const data = new Uint8Array(answer.authenticatorData);
  const told = new Uint8Array(answer.clientDataJSON);
  const { origin } = JSON.parse(new TextDecoder().decode(told));
  const made = joined(
    packed("webauthn-sk-ecdsa-sha2-nistp256@openssh.com", numbers(new Uint8Array(answer.signature))),
    data.slice(32, FIXED),
    packed(origin, told, data.slice(FIXED)),
  );
  const text = based(joined(MAGIC, number(1), packed(key, namespace, "", HASH, made)));
  const lines = text.match(/.{1,70}/g).join("\n");
  return `-----BEGIN SSH SIGNATURE-----\n${lines}\n-----END SSH SIGNATURE-----\n`;
};

const sign = async (form, words) => {
  const known = JSON.parse(form.dataset.passkeys);
  const { namespace, site } = form.dataset;
  const answered = await navigator.credentials.get({
    publicKey: {
      challenge: await toBeSigned(words, namespace),
      rpId: site,
      allowCredentials: known.map((one) => ({ type: "public-key", id: unbased(one.id) })),
      userVerification: "required",
    },
  });
  const used = known.find((one) => one.id === answered.id);
  form.elements.signature.value = armoured(answered.response, unbased(used.key), namespace);
  form.elements.paper_sha256.value = hex(await crypto.subtle.digest("SHA-256", encoder.encode(words)));
  form.submit();
};

const paper = document.querySelector("[data-paper]");
const shown = document.querySelector("[data-fingerprint]");
if (paper && shown && window.crypto?.subtle) {
  crypto.subtle.digest("SHA-256", encoder.encode(paper.textContent)).then((digest) => {
    shown.textContent = hex(digest);
  });
}
for (const form of document.querySelectorAll("form[data-sign]")) {
  if (!window.PublicKeyCredential || !window.crypto?.subtle) break;
  const trouble = form.querySelector("[data-trouble]");
  form.querySelector("[data-with-passkey]").hidden = false;
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "passkey") return;
    event.preventDefault();
    trouble.hidden = true;
    sign(form, paper.textContent).catch(() => {
      trouble.hidden = false;
    });
  });
}
