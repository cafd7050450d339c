/* <check-page record="/fiction/record/" index="12" library="…/verify.js">: fetches an entry's proof, its bytes, the
   values under its seals, the keys and the policy, and says step by step what holds. All words stand in its template,
   one per data-word; {names} in braces are filled in. Without JavaScript the element says how to check elsewhere. */

const fetched = async (address, otherwise) => {
  const reply = await fetch(address, { credentials: "omit", cache: "no-cache" }).catch(() => ({ status: 0 }));
  if (reply.ok) return new Uint8Array(await reply.arrayBuffer());
  if (reply.status === 404 && otherwise) return fetched(otherwise);
  throw Object.assign(new Error(address), { reason: reply.status === 404 ? "absent" : "unreachable" });
};
const lines = (bytes) => new TextDecoder().decode(bytes).split("\n").filter((line) => line && !line.startsWith("#"));

/* The first key of a list, that of the log. One of a kind not known here is passed over, as its signatures are. */
const first = async (log, bytes) => {
  for (const line of lines(bytes)) {
    try { return await log.vkey(line); } catch (error) { log.need(error.reason === "kind", error.reason); }
  }
  return log.refuse("key");
};
const minute = (seconds) => new Date(Number(seconds) * 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC";

/* What there is to check of one entry, one function a step; each leaves in `found` what the next ones need. */
const steps = {
  async head({ log, base, index }, found) {
    const [proof, policy, keys] = await Promise.all([
      fetched(`${base}proof/${index}.tlog-proof`), fetched(`${base}policy`), fetched(`${base}vkeys`),
    ]);
    Object.assign(found, log.tlogProof(proof));
    [found.policy, found.key] = [await log.policy(policy), await first(log, keys)];
    log.need(found.index === BigInt(index), "index");
    log.need(found.policy.logs.some(({ key }) => key.written === found.key.written), "key");
    found.head = await log.openedUnder(found.checkpoint, found.policy);
    const { origin, size, cosigned } = found.head, signed = ["log", { origin, size, key: found.key.written }];
    if (!cosigned.length) return [signed, ["alone", {}]];
    const names = cosigned.map(({ key }) => key.name), all = found.policy.witnesses.size;
    const latest = cosigned.reduce((last, { time }) => (time > last ? time : last), 0n);
    return [signed, ["cosigned", { count: names.length, all, names, time: minute(latest) }]];
  },
  async entry({ log, base }, found) {
    const bundle = log.bundleOf(found.index, found.head.size), full = log.tilePath(bundle.level, bundle.number);
    const bytes = await fetched(base + log.tilePath(bundle.level, bundle.number, bundle.width), base + full);
    const at = Number(found.index % 256n), entries = log.unbundled(bytes);
    log.need(at < entries.length, "short");
    found.leaf = await log.leafHash(entries[at]);
    await log.inclusion(found.index, found.head.size, found.leaf, found.path, found.head.root);
    found.entry = log.entryOf(entries[at]);
    const included = ["included", { index: found.index, count: found.path.length }];
    return found.entry.type ? [included] : [included, ["bare", {}]];
  },
  async values({ log, base, index }, found) {
    if (!found.entry.type) return [];
    const given = log.disclosed(await fetched(`${base}disclosed/${index}.json`));
    const seals = found.entry.commit, { withheld } = given;
    log.need(given.index === Number(index) && given.leaf === log.hex(found.leaf), "index");
    log.need(!withheld.length || found.entry.type !== "record.erased", "field");
    for (const name of [...Object.keys(given.fields), ...withheld]) log.need(Object.hasOwn(seals, name), "field");
    log.need(!withheld.some((name) => Object.hasOwn(given.fields, name)), "field");
    for (const [name, { salt, value }] of Object.entries(given.fields))
      log.need((await log.commitment(log.unhex(salt), value)) === seals[name], "seal");
    found.fields = given.fields;
    const fit = Object.keys(given.fields).length, gone = Object.keys(seals).length - fit - withheld.length;
    return [["sealed", { count: fit }], ["withheld", { count: withheld.length }], ["gone", { count: gone }]]
      .filter(([word, { count }]) => count || (word === "sealed" && !Object.keys(seals).length));
  },
  async shown({ log }, { fields = {} }) {
    const marked = [...document.querySelectorAll("[data-sealed]")];
    const all = marked.filter(({ dataset }) => Object.hasOwn(fields, dataset.sealed));
    for (const { dataset, textContent } of all) {
      const { value } = fields[dataset.sealed], written = typeof value === "string" ? value : log.canonical(value);
      log.need(textContent.trim() === written.trim(), "page");
    }
    return all.length ? [["shown", { count: all.length }]] : [];
  },
};

customElements.define("check-page", class extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("[data-ask]");
    this.told = this.querySelector("[data-told]");
    this.words = this.querySelector("template").content;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.check());
  }

  /* A word of the page with its names filled in, each set apart so that the direction of the text stays as it is. */
  say(word, filled = {}) {
    const said = this.words.querySelector(`[data-word="${word}"]`).cloneNode(true);
    for (const text of said.querySelectorAll("*"))
      if (!text.children.length) text.textContent = this.filled(text.textContent, filled);
    if (!said.children.length) said.textContent = this.filled(said.textContent, filled);
    return said;
  }

  filled(text, filled) {
    const apart = (value) => [value].flat().map((one) => `\u2068${one}\u2069`).join(", ");
    return text.replace(/\{(\w+)\}/g, (whole, name) => (name in filled ? apart(filled[name]) : whole));
  }

  async check() {
    const told = this.say("steps"), list = told.querySelector("ol"), found = {};
    const slow = setTimeout(() => this.told.replaceChildren(this.say("asked")), 300);
    this.button.disabled = true;
    let step = "browser", verdict = "holds", reason = "";
    try {
      const log = await import(new URL(this.getAttribute("library"), location.href).href);
      log.need(await log.able(), "browser");
      const { pathname } = new URL(this.getAttribute("record"), location.href);
      const asked = { log, base: pathname, index: this.getAttribute("index") };
      for (step of Object.keys(steps)) {
        const said = await steps[step](asked, found);
        list.append(...said.map((words) => this.say(...words)));
      }
    } catch (error) {
      reason = error.reason ?? (step === "browser" ? "unreachable" : "form");
      if (reason === "absent") reason = step === "head" ? "waiting" : "unreachable";
      verdict = ["waiting", "browser", "unreachable"].includes(reason) ? reason : "fails";
    }
    if (verdict === "fails") list.append(this.say(`${step}-fails`, { reason }));
    clearTimeout(slow);
    told.open = verdict === "fails";
    this.told.replaceChildren(this.say(verdict), ...(list.children.length ? [told] : []));
    this.dataset.verdict = verdict;
    this.button.disabled = false;
  }
});
