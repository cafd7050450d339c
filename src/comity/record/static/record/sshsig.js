/* SSH signatures (OpenSSH PROTOCOL.sshsig), those of passkeys among them (PROTOCOL.u2f, W3C WebAuthn). Stricter than
   ssh-keygen: somebody was there and proved who she is, on our own site, in no frame of another's. */

import {
  based, byEd25519, byP256, digest, joined, need, needStrong, parsedOnce, sha256, text, uint, uint32, unbased, utf8,
} from "./notes.js";

const FILE = "ssh-ed25519", TOKEN = "sk-ssh-ed25519@openssh.com", PASSKEY = "sk-ecdsa-sha2-nistp256@openssh.com";
const BY_PASSKEY = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com", MAGIC = utf8("SSHSIG");
const BEGIN = "-----BEGIN SSH SIGNATURE-----\n", END = "-----END SSH SIGNATURE-----\n";
const PRESENT = 1, VERIFIED = 4, ELIGIBLE = 8, SYNCED = 16, ATTESTED = 64, EXTENDED = 128;

class Reader {
  constructor(bytes) { this.rest = bytes; }
  take(count) {
    need(this.rest.length >= count, "short");
    const taken = this.rest.slice(0, count);
    this.rest = this.rest.slice(count);
    return taken;
  }
  number() { return Number(uint(this.take(4))); }
  run() { return this.take(this.number()); }
  text() { return text(this.run()); }
  /* A positive number in its shortest form, as 32 bytes. */
  coordinate() {
    const run = this.run(), bytes = run[0] === 0 ? run.slice(1) : run;
    need(bytes.length && bytes[0] && (run[0] === 0 ? bytes[0] > 127 : bytes[0] < 128), "integer");
    need(bytes.length <= 32, "false");
    return joined(new Uint8Array(32 - bytes.length), bytes);
  }
  end() { need(!this.rest.length, "long"); }
}

const packed = (...parts) => joined(...parts.flatMap((part) => {
  const run = typeof part === "string" ? utf8(part) : part;
  return [uint32(run.length), run];
}));

const keyOf = (blob) => {
  const reader = new Reader(blob), type = reader.text();
  need([FILE, TOKEN, PASSKEY].includes(type), "type");
  need(type !== PASSKEY || reader.text() === "nistp256", "curve");
  const known = reader.run(), application = type === FILE ? "" : reader.text();
  reader.end();
  need(known.length === (type === PASSKEY ? 65 : 32), "length");
  need(type !== PASSKEY || known[0] === 4, "point");
  if (type !== PASSKEY) needStrong(known);
  return { type, public: known, application, written: `${type} ${based(blob)}` };
};

const madeBy = (key, reader) => {
  need(reader.text() === (key.type === PASSKEY ? BY_PASSKEY : key.type), "type");
  const made = {};
  if (key.type === PASSKEY) {
    const pair = new Reader(reader.run());
    made.value = joined(pair.coordinate(), pair.coordinate());
    pair.end();
  } else need((made.value = reader.run()).length === 64, "length");
  if (key.type !== FILE) [made.flags, made.counter] = [reader.take(1)[0], reader.take(4)];
  if (key.type === PASSKEY) [made.origin, made.client, made.extensions] = [reader.text(), reader.run(), reader.run()];
  reader.end();
  return made;
};

/* Read a .sig file in the one form in which ssh-keygen writes it. */
export const sshSignature = (armored) => {
  need(armored.length <= 20_000, "long");
  need(armored.startsWith(BEGIN) && armored.endsWith(END), "form");
  const lines = armored.slice(BEGIN.length, -END.length), written = lines.replaceAll("\n", "");
  const reader = new Reader(unbased(written));
  need(lines === (written.match(/.{1,70}/g) ?? []).map((line) => `${line}\n`).join(""), "lines");
  need(text(reader.take(6)) === "SSHSIG" && reader.number() === 1, "form");
  const key = keyOf(reader.run()), namespace = reader.text();
  need(!reader.run().length, "reserved");
  need(reader.text() === "sha512", "hash");
  const made = madeBy(key, new Reader(reader.run()));
  reader.end();
  return { key, namespace, made };
};

/* The bytes that a key signs for a message; for a passkey they are its challenge as they stand. */
export const toBeSigned = async (message, namespace) =>
  joined(MAGIC, packed(namespace, "", "sha512", await digest("SHA-512", message)));

const person = ({ flags }) => {
  need(flags & PRESENT, "absent");
  need(flags & VERIFIED, "unverified");
};

const told = (client) => {
  const all = parsedOnce(client, "client");
  need(all !== null && typeof all === "object" && !Array.isArray(all), "client");
  return all;
};

const onSite = (made, key, origin, signed) => {
  const { flags, extensions, client } = made, host = origin.split("://")[1]?.split(":")[0] ?? "";
  need(!(flags & ATTESTED) && Boolean(flags & EXTENDED) === Boolean(extensions.length), "flags");
  need(!(flags & SYNCED) || flags & ELIGIBLE, "flags");
  need(origin && made.origin === origin, "origin");
  need(host === key.application || host.endsWith(`.${key.application}`), "site");
  const all = told(client), challenge = based(signed).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  need(all.type === "webauthn.get", "purpose");
  need(all.origin === origin, "origin");
  need((!("crossOrigin" in all) || all.crossOrigin === false) && !("topOrigin" in all), "frame");
  need(all.challenge === challenge, "false");
  const begins = `{"type":"webauthn.get","challenge":"${challenge}","origin":"${origin}"`, written = text(client);
  need(written.startsWith(begins) && ",}".includes(written[begins.length] ?? "-"), "order");
};

/* Verify a signature of one key, written as in a .pub file, over these bytes; a passkey's on this one site. */
export const checkedSignature = async (armored, message, { key: expected, namespace, origin = "" }) => {
  const { key, namespace: signedFor, made } = sshSignature(armored);
  need(key.written === expected, "key");
  need(signedFor === namespace, "namespace");
  const signed = await toBeSigned(message, namespace);
  if (key.type === FILE) return need(await byEd25519(key.public, made.value, signed), "false");
  person(made);
  const application = await sha256(utf8(key.application)), flags = [made.flags];
  if (key.type === TOKEN) {
    const data = joined(application, flags, made.counter, await sha256(signed));
    return need(await byEd25519(key.public, made.value, data), "false");
  }
  onSite(made, key, origin, signed);
  const data = joined(application, flags, made.counter, made.extensions, await sha256(made.client));
  return need(await byP256(key.public, made.value, data), "false");
};
