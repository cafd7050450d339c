/* Keys, signed notes, checkpoints and policies in the C2SP forms, read as strictly as the house reads them in Python:
   one table of cases holds for both. Hashes and signatures are WebCrypto's. Sizes and numbers are BigInt, since a log
   may have 2^63 entries. Whatever does not hold throws Refused, whose reason is one word. */

export class Refused extends Error {
  constructor(reason, told = reason) { super(told); this.reason = reason; }
}
export const refuse = (reason, told) => { throw new Refused(reason, told); };
export const need = (holds, reason, told) => { if (!holds) refuse(reason, told); };
export const attempt = (act, reason, told) => { try { return act(); } catch { return refuse(reason, told); } };

/* Bytes. */
const NOTE = 1, COSIGNATURE = 4, LIMIT = 2n ** 63n;
export const HASH = 32, EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
export const utf8 = (text) => new TextEncoder().encode(text);
const decoder = () => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
export const text = (bytes) => attempt(() => decoder().decode(bytes), "utf-8");
export const joined = (...parts) => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
};
export const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
const binary = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
const unbinary = (letters) => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const unhex = (digits) => {
  need(/^(?:[0-9a-f]{2})*$/.test(digits), "hex");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
};
export const based = (bytes) => btoa(binary(bytes));
export const unbased = (written) => {
  const bytes = attempt(() => unbinary(atob(written)), "base64");
  need(based(bytes) === written, "base64");
  return bytes;
};
export const uint = (bytes) => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
export const uint32 = (number) => [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255];
export const number = (written) => {
  need(/^(?:0|[1-9][0-9]{0,18})$/.test(written) && BigInt(written) < LIMIT, "number", written.slice(0, 40));
  return BigInt(written);
};
const printable = (written) => need(!/[\x00-\x09\x0b-\x1f]/.test(written), "control");

/* JSON in which each name stands once in its object. */
export const parsedOnce = (bytes, reason) => {
  const written = text(bytes), all = attempt(() => JSON.parse(written), reason), within = [];
  for (const [token, named] of written.matchAll(/[{}[\]]|"(?:[^"\\]|\\.)*"(\s*:)?/g)) {
    if ("{[".includes(token)) within.push(new Set());
    else if ("}]".includes(token)) within.pop();
    else if (named) {
      const name = JSON.parse(token.slice(0, -named.length)), names = within.at(-1);
      need(!names.has(name), reason, name);
      names.add(name);
    }
  }
  return all;
};

export const digest = async (algorithm, ...parts) =>
  new Uint8Array(await crypto.subtle.digest(algorithm, joined(...parts)));
export const sha256 = (...parts) => digest("SHA-256", ...parts);

const verified = async (algorithm, use, key, signature, message) => {
  try {
    const known = await crypto.subtle.importKey("raw", key, algorithm, false, ["verify"]);
    return await crypto.subtle.verify(use, known, signature, message);
  } catch (error) {
    need(error.name !== "NotSupportedError", "browser", "this browser cannot check such signatures");
    return false;
  }
};
export const byEd25519 = (...given) => verified("Ed25519", "Ed25519", ...given);
export const byP256 = (...given) =>
  verified({ name: "ECDSA", namedCurve: "P-256" }, { name: "ECDSA", hash: "SHA-256" }, ...given);

/* Refuse a key of Ed25519 that does not stand in its one form, and one of small order, under which anybody can sign:
   the points at y of which eight times are nothing. */
const PRIME = 2n ** 255n - 19n;
export const needStrong = (known) => {
  const y = BigInt("0x" + hex(known.slice().reverse())) % 2n ** 255n, square = y * y;
  need(y < PRIME, "point");
  need(y * (square - 1n) * (121665n * square * square - 243332n * square + 121666n) % PRIME, "weak");
};

/* Whether this browser can check at all: no WebCrypto outside https and localhost, no Ed25519 in older ones. */
export const able = async () => {
  try {
    const base = unhex("58" + "66".repeat(31));
    return Boolean(await crypto.subtle.importKey("raw", base, "Ed25519", false, ["verify"]));
  } catch { return false; }
};

/* Keys and signed notes. */
const NAME = "[^\\p{White_Space}+\\x00-\\x1f]+";
const VKEY = new RegExp(`^(${NAME})\\+([0-9a-f]{8})\\+([A-Za-z0-9+/]+={0,2})$`, "u");
const LINE = new RegExp(`^— (${NAME})(?: ([^]*))?$`, "u");

export const vkey = async (written) => {
  const [, name, id, key] = VKEY.exec(written) ?? refuse("key");
  const raw = unbased(key), kind = raw[0], known = raw.slice(1), ours = kind === NOTE || kind === COSIGNATURE;
  need(!ours || known.length === 32, "length");
  need(hex((await sha256(utf8(`${name}\n`), raw)).slice(0, 4)) === id, "id");
  need(ours, "kind", `${name}: ${kind}`);
  needStrong(known);
  return { written, name, id, kind, public: known };
};

export const note = (bytes) => {
  need(bytes.length <= 1_000_000, "long");
  const whole = text(bytes);
  printable(whole);
  const at = whole.lastIndexOf("\n\n");
  need(at >= 0, "undivided");
  const lines = whole.slice(at + 2);
  need(lines.endsWith("\n"), "unended");
  const signatures = lines.slice(0, -1).split("\n");
  need(signatures.length <= 100, "many");
  return { text: whole.slice(0, at + 1), signatures: signatures.map(signatureLine) };
};

const signatureLine = (line) => {
  const [, name, written = ""] = LINE.exec(line) ?? refuse("line");
  const raw = unbased(written);
  need(raw.length >= 5, "short");
  return { name, id: hex(raw.slice(0, 4)), value: raw.slice(4) };
};

const signed = async (key, written, value) => {
  if (key.kind === NOTE) {
    need(await byEd25519(key.public, value, utf8(written)), "false", key.name);
    return { key, time: 0n };
  }
  need(value.length === 72, "length");
  const time = uint(value.slice(0, 8));
  need(time < LIMIT, "time");
  const message = utf8(`cosignature/v1\ntime ${time}\n${written}`);
  need(await byEd25519(key.public, value.slice(8), message), "false", key.name);
  return { key, time };
};

/* Which of these keys have signed it; of several lines of one key the first counts, a false one spoils all. */
export const openedNote = async (read, keys) => {
  const known = new Map(), found = new Map();
  for (const key of keys) {
    const named = `${key.name} ${key.id}`;
    need((known.get(named) ?? key).written === key.written, "ambiguous", key.name);
    known.set(named, key);
  }
  for (const { name, id, value } of read.signatures) {
    const named = `${name} ${id}`;
    if (known.has(named) && !found.has(named)) found.set(named, await signed(known.get(named), read.text, value));
  }
  need(found.size, "unsigned");
  return [...found.values()];
};

/* Checkpoints and policies. */
export const checkpoint = (body) => {
  const whole = text(body);
  printable(whole);
  const lines = whole.split("\n");
  need(lines.length >= 4 && lines.pop() === "" && lines.every(Boolean), "lines");
  const [origin, written, based64, ...more] = lines, root = unbased(based64);
  need(root.length === HASH, "length");
  const found = { origin, size: number(written), root, more };
  need(found.size || hex(found.root) === EMPTY, "empty");
  return found;
};

/* A checkpoint that the log has signed, and who has cosigned it. */
export const opened = async (bytes, log, witnesses = []) => {
  const read = note(bytes), head = checkpoint(utf8(read.text)), all = await openedNote(read, [log, ...witnesses]);
  const cosigned = all.filter(({ key }) => key.written !== log.written);
  need(cosigned.length < all.length, "unsigned");
  need(head.origin === log.name, "origin");
  return { ...head, cosigned };
};

export const policy = async (bytes) => {
  const found = { logs: [], witnesses: new Map(), groups: new Map(), quorum: "" };
  const whole = text(bytes), grouped = new Set();
  need(whole.endsWith("\n"), "unended");
  need(!/[\x00-\x08\x0b-\x1f\x7f]/.test(whole), "control");
  const known = (name) => found.witnesses.has(name) || found.groups.has(name);
  const fresh = (name) => {
    need(!["none", "all", "any"].includes(name), "reserved");
    need(!known(name), "twice");
  };
  const party = async (written, url, others, kinds) => {
    const key = await vkey(written);
    need(kinds.includes(key.kind), "kind");
    need(!others.some((other) => same(other.key.public, key.public)), "twice");
    need(others.length < 1000, "many");
    return { key, url };
  };
  for (const line of whole.split("\n")) {
    const [kind, ...rest] = line.split(/[ \t]+/).filter(Boolean), [name, asked, ...members] = rest;
    if (!kind || kind.startsWith("#")) continue;
    if (kind === "log" && [1, 2].includes(rest.length)) {
      found.logs.push(await party(name, asked, found.logs, [NOTE]));
    } else if (kind === "witness" && [2, 3].includes(rest.length)) {
      fresh(name);
      found.witnesses.set(name, await party(asked, rest[2], [...found.witnesses.values()], [NOTE, COSIGNATURE]));
    } else if (kind === "group" && rest.length >= 3) {
      fresh(name);
      for (const member of members) {
        need(known(member), "unknown");
        need(!grouped.has(member), "twice");
        grouped.add(member);
      }
      const all = BigInt(members.length), threshold = asked === "any" ? 1n : asked === "all" ? all : number(asked);
      need(threshold >= 1n && threshold <= all, "threshold");
      need(found.groups.size < 1000, "many");
      found.groups.set(name, { threshold, members });
    } else if (kind === "quorum" && rest.length === 1) {
      need(!found.quorum, "twice");
      need(name === "none" || known(name), "unknown");
      found.quorum = name;
    } else refuse("line");
  }
  need(found.quorum, "quorum");
  return found;
};

/* Whether the witnesses with these keys, as they are written, are enough. */
export const met = (asked, keys, name = asked.quorum) => {
  if (name === "none") return true;
  const group = asked.groups.get(name);
  if (!group) return keys.includes(asked.witnesses.get(name).key.written);
  return BigInt(group.members.filter((member) => met(asked, keys, member)).length) >= group.threshold;
};

export const openedUnder = async (bytes, asked) => {
  const read = note(bytes), head = checkpoint(utf8(read.text));
  const logs = asked.logs.map((log) => log.key).filter((key) => key.name === head.origin);
  const all = await openedNote(read, [...logs, ...[...asked.witnesses.values()].map((witness) => witness.key)]);
  const cosigned = all.filter(({ key }) => !logs.some((log) => log.written === key.written));
  need(cosigned.length < all.length, "unsigned");
  need(met(asked, cosigned.map(({ key }) => key.written)), "quorum");
  return { ...head, cosigned };
};
