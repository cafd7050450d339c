// Copies the font slices that the pages use out of the npm packages and writes one style sheet that names them.
// Usage: node build.mjs FOLDER   (FOLDER/site/fonts.css, FOLDER/site/fonts/*.woff2 and the licence of each family)

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const EUROPEAN = ["latin", "latin-ext", "cyrillic", "greek"];

// One line per style sheet of a package. A browser fetches a slice only when a page holds a letter of it.
const FACES = [
  { family: "Source Serif 4", package: "source-serif-4", sheet: "opsz.css", slices: EUROPEAN },
  { family: "Source Serif 4", package: "source-serif-4", sheet: "wght-italic.css", slices: ["latin", "latin-ext"] },
  { family: "Noto Sans", package: "noto-sans", sheet: "wght.css", slices: EUROPEAN },
  { family: "Noto Sans", package: "noto-sans", sheet: "wght-italic.css", slices: ["latin"] },
  { family: "Noto Naskh Arabic", package: "noto-naskh-arabic", sheet: "wght.css", slices: ["arabic"] },
];

// For the PDF of a text alone: Arabic that copies out of it as it was written. No page names these files.
const PRINTED = { package: "amiri", files: ["amiri-arabic-400-normal.woff2", "amiri-arabic-700-normal.woff2"] };

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node build.mjs FOLDER");
  process.exit(2);
}
const site = join(folder, "site");
rmSync(join(site, "fonts"), { recursive: true, force: true });
mkdirSync(join(site, "fonts"), { recursive: true });

function facesOf({ family, package: name, sheet, slices }) {
  const root = join(HERE, "node_modules", "@fontsource-variable", name);
  copyFileSync(join(root, "LICENSE"), join(site, "fonts", `${name}-OFL.txt`));
  const rules = readFileSync(join(root, sheet), "utf8").matchAll(/@font-face \{[^}]+\}/g);
  const byFile = new Map([...rules].map(([rule]) => [rule.match(/files\/([\w-]+\.woff2)/)[1], rule]));
  const ending = sheet.replace(".css", "").split("-");
  return slices.map((slice) => {
    const file = `${name}-${slice}-${ending[0]}-${ending[1] ?? "normal"}.woff2`;
    const rule = byFile.get(file);
    if (!rule) throw new Error(`${sheet} of ${name} has no slice ${slice}: looked for ${file}`);
    copyFileSync(join(root, "files", file), join(site, "fonts", file));
    return rule.replace(/font-family: [^;]+;/, `font-family: "${family}";`).replace("./files/", "fonts/");
  });
}

writeFileSync(join(site, "fonts.css"), FACES.flatMap(facesOf).join("\n") + "\n");

const printed = join(HERE, "node_modules", "@fontsource", PRINTED.package);
copyFileSync(join(printed, "LICENSE"), join(site, "fonts", `${PRINTED.package}-OFL.txt`));
for (const file of PRINTED.files) copyFileSync(join(printed, "files", file), join(site, "fonts", file));
