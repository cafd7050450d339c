/* A log checked in a browser: the tree, tiles and bundles, proofs, entries and the values under their seals. With
   notes.js and sshsig.js this is the whole library; each throws Refused where something does not hold. */

import {
  EMPTY, HASH, attempt, hex, need, number, openedUnder, parsedOnce, refuse, same, sha256, text, unbased, utf8,
} from "./notes.js";
export * from "./notes.js";

/* The tree (RFC 6962, RFC 9162). */
export const leafHash = (entry) => sha256([0], entry);
const nodeHash = (left, right) => sha256([1], left, right);
const sound = (...hashes) => need(hashes.every((one) => one.length === HASH), "length");

/* Walk a path up from a node; left tells what is a sibling on the left, right one on the right. */
const climb = async (node, last, path, left, right) => {
  for (const sibling of path) {
    need(last, "shape");
    if (node & 1n || node === last) {
      await left(sibling);
      while (!(node & 1n) && node) { node >>= 1n; last >>= 1n; }
    } else await right(sibling);
    node >>= 1n; last >>= 1n;
  }
  need(!last, "shape");
};

export const inclusion = async (index, size, leaf, path, root) => {
  sound(root, leaf, ...path);
  need(index >= 0n && index < size, "outside");
  let found = leaf;
  await climb(index, size - 1n, path,
    async (one) => { found = await nodeHash(one, found); }, async (one) => { found = await nodeHash(found, one); });
  need(same(found, root), "root");
};

export const consistency = async (older, newer, path, olderRoot, newerRoot) => {
  need(older >= 0n && older <= newer, "outside");
  sound(olderRoot, newerRoot, ...path);
  if (older === 0n || older === newer) {
    need(!path.length, "shape");
    need(older ? same(olderRoot, newerRoot) : hex(olderRoot) === EMPTY, "root");
    return;
  }
  const rest = older & (older - 1n) ? [...path] : [olderRoot, ...path];
  need(rest.length, "shape");
  let node = older - 1n, last = newer - 1n, first = rest.shift(), second = first;
  while (node & 1n) { node >>= 1n; last >>= 1n; }
  await climb(node, last, rest,
    async (one) => { first = await nodeHash(one, first); second = await nodeHash(one, second); },
    async (one) => { second = await nodeHash(second, one); });
  need(same(first, olderRoot) && same(second, newerRoot), "root");
};

/* Tiles, bundles, proofs. */
export const tilePath = (level, tile, width = 256) => {
  const groups = [String(tile % 1000n).padStart(3, "0")];
  for (let left = tile / 1000n; left; left /= 1000n) groups.unshift("x" + String(left % 1000n).padStart(3, "0"));
  return `tile/${level}/${groups.join("/")}${width === 256 ? "" : `.p/${width}`}`;
};
const TILE = /^tile\/(entries|[0-7])\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

export const tile = (path) => {
  const [, level, groups, width] = TILE.exec(path) ?? refuse("path");
  const found = { level, number: BigInt(groups.replace(/[x/]/g, "")), width: Number(width ?? 256) };
  need(found.width <= 256 && tilePath(level, found.number, found.width) === path, "path");
  return found;
};

/* The bundle in which an entry lies, in a log of that size. */
export const bundleOf = (index, size) => {
  const at = index / 256n, left = size - at * 256n;
  return { level: "entries", number: at, width: left < 256n ? Number(left) : 256 };
};

/* The entries of a bundle; where it is known how many there must be, no more and no fewer. */
export const unbundled = (bundle, count) => {
  const entries = [], more = () => (count === undefined ? at < bundle.length : entries.length < count);
  let at = 0;
  while (more()) {
    need(at + 2 <= bundle.length, "short");
    const length = bundle[at] * 256 + bundle[at + 1];
    need(at + 2 + length <= bundle.length, "short");
    entries.push(bundle.slice(at + 2, at += 2 + length));
  }
  need(at === bundle.length, "long");
  return entries;
};

export const tlogProof = (bytes) => {
  const at = bytes.findIndex((byte, place) => byte === 10 && bytes[place + 1] === 10);
  const head = at < 0 ? bytes : bytes.slice(0, at), under = at < 0 ? [] : bytes.slice(at + 2);
  need(head.every((byte) => byte < 128), "utf-8");
  const lines = text(head).split("\n");
  need(lines.shift() === "c2sp.org/tlog-proof@v1", "form");
  need(under.length, "undivided");
  if (lines[0]?.startsWith("extra ")) need(unbased(lines.shift().slice(6)).length, "extra");
  need(lines[0]?.startsWith("index "), "index");
  const index = number(lines.shift().slice(6));
  need(lines.length <= 63, "many");
  const path = lines.map(unbased);
  sound(...path);
  return { index, path, checkpoint: under };
};

/* The checkpoint under which a proof file shows that a log of the policy holds this entry. */
export const proved = async (bytes, entry, asked) => {
  const { index, path, checkpoint: signedHead } = tlogProof(bytes), head = await openedUnder(signedHead, asked);
  await inclusion(index, head.size, await leafHash(entry), path, head.root);
  return { ...head, index };
};

/* Entries and their values: canonical JSON (RFC 8785), which is ECMAScript's own but for the order of names. */
const DEEPEST = 100;
export const canonical = (value, depth = 0) => {
  need(depth <= DEEPEST, "canonical");
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one, depth + 1)).join()}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.keys(value).sort().map((name) => `${canonical(name)}:${canonical(value[name], depth + 1)}`);
    return `{${members.join()}}`;
  }
  need(typeof value !== "string" || !/\p{Surrogate}/u.test(value), "canonical");
  const size = typeof value === "number" ? Math.abs(value) : 0;
  need(size <= Number.MAX_SAFE_INTEGER || (size >= 1e21 && size < Infinity), "canonical");
  return JSON.stringify(value);
};

const RESTRICTED = "commit,v", PUBLIC = "actor,at,because,commit,prev,subject,subject_seq,type,v";
const object = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

export const entryOf = (bytes) => {
  const written = text(bytes), entry = attempt(() => JSON.parse(written), "canonical");
  need(canonical(entry) === written, "canonical");
  need(object(entry) && entry.v === 1, "fields");
  const { actor, at, because, commit, prev, subject, subject_seq: seq, type } = entry, named = Object.keys(entry).join();
  if (named === RESTRICTED && typeof commit === "string") return entry;
  need(named === PUBLIC && Array.isArray(because) && object(commit) && Number.isSafeInteger(seq), "fields");
  const texts = [actor, at, prev, subject, type, ...because, ...Object.values(commit)];
  need(texts.every((one) => typeof one === "string"), "fields");
  return entry;
};

/* What a disclosed/<index>.json gives of the values of an entry, and the names it withholds; in one form only. */
export const disclosed = (bytes) => {
  const told = parsedOnce(bytes, "disclosed"), { form, index, leaf_hash: leaf, fields, withheld } = told ?? {};
  const members = (value) => (object(value) ? Object.keys(value).sort().join() : "");
  need(members(told) === "fields,form,index,leaf_hash,withheld" && form === "comity-disclosed/1", "disclosed");
  need(Number.isSafeInteger(index) && typeof leaf === "string" && object(fields), "disclosed");
  for (const one of Object.values(fields))
    need(members(one) === "salt,value" && /^[0-9a-f]{64}$/.test(one.salt), "disclosed");
  need(Array.isArray(withheld) && withheld.every((name) => typeof name === "string"), "disclosed");
  need(new Set(withheld).size === withheld.length, "disclosed");
  return { index, leaf, fields, withheld };
};

export const commitment = async (salt, value) => {
  const key = await crypto.subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(canonical(value)))));
};
