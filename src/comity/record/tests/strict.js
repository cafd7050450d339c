/* What JavaScript says to the table of cases: for each the reason of its refusal, or null and what was read in it. */

const bytes = (given, name) => name + "64" in given
  ? Uint8Array.from(atob(given[name + "64"]), (letter) => letter.charCodeAt(0))
  : new TextEncoder().encode(given[name]);

const readers = ({ log, ssh }) => ({
  vkey: async ({ vkey }) => { const key = await log.vkey(vkey); return [key.name, key.kind]; },
  note: async (given) => {
    const keys = await Promise.all(given.keys.map(log.vkey));
    return (await log.openedNote(log.note(bytes(given, "note")), keys)).map(({ key }) => key.name);
  },
  body: (given) => {
    const found = log.checkpoint(bytes(given, "body"));
    return [found.origin, String(found.size), found.more.length];
  },
  checkpoint: async (given) => {
    const witnesses = await Promise.all(given.witnesses.map(log.vkey));
    const found = await log.opened(bytes(given, "checkpoint"), await log.vkey(given.log), witnesses);
    return [String(found.size), found.cosigned.map(({ key }) => key.name)];
  },
  inclusion: async ({ index, size, leaf, path, root }) =>
    log.inclusion(BigInt(index), BigInt(size), log.unbased(leaf), path.map(log.unbased), log.unbased(root)),
  consistency: async ({ older, newer, path, roots }) =>
    log.consistency(BigInt(older), BigInt(newer), path.map(log.unbased), ...roots.map(log.unbased)),
  proof: async (given) => {
    const asked = await log.policy(bytes(given, "policy"));
    const found = await log.proved(bytes(given, "proof"), bytes(given, "entry"), asked);
    return [String(found.index), String(found.size)];
  },
  head: async (given) =>
    String((await log.openedUnder(bytes(given, "checkpoint"), await log.policy(bytes(given, "policy")))).size),
  shown: async (given) => {
    const asked = await log.policy(bytes(given, "policy"));
    return String((await log.proved(bytes(given, "proof"), bytes(given, "entry"), asked)).index);
  },
  path: ({ path }) => { log.tile(path); },
  bundle: ({ bundle, count }) => log.unbundled(log.unbased(bundle), count).map((entry) => entry.length),
  policy: async (given) => {
    const { logs, witnesses, groups } = await log.policy(bytes(given, "policy"));
    return [logs.length, witnesses.size, groups.size];
  },
  quorum: async (given) => log.met(await log.policy(bytes(given, "policy")), given.keys),
  canonical: ({ json }) => log.canonical(JSON.parse(json)),
  commitment: ({ salt, json }) => log.commitment(log.unhex(salt), JSON.parse(json)),
  entry: (given) => { log.entryOf(bytes(given, "entry")); },
  sshsig: async ({ sig, message, ...expected }) =>
    ssh.checkedSignature(sig, new TextEncoder().encode(message), expected),
});

export const judged = async (folder, table) => {
  const read = readers({ log: await import(`${folder}verify.js`), ssh: await import(`${folder}sshsig.js`) });
  const verdicts = [];
  for (const { form, given } of table) {
    try {
      verdicts.push([null, (await read[form](given)) ?? null]);
    } catch (error) {
      verdicts.push([error.reason ?? `crashed: ${error}`, null]);
    }
  }
  return verdicts;
};
