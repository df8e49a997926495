// Refuses physical directions, which would be wrong in right-to-left languages, and colors outside tokens.css.
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "css");
const physical = /(^|[^\w-])(left|right)(?=\s*[:;,)]|\s+\d)|-(left|right)\b|text-align:\s*(left|right)/;
const color = /#[0-9a-f]{3,8}\b|\b(rgb|hsl)a?\(/i;

const faults = [];
for (const entry of await readdir(root, { recursive: true })) {
  if (!entry.endsWith(".css")) continue;
  const lines = (await readFile(join(root, entry), "utf8")).replace(/\/\*[\s\S]*?\*\//g, (c) => c.replace(/[^\n]/g, "")).split("\n");
  lines.forEach((line, index) => {
    if (physical.test(line)) faults.push(`${relative(root, join(root, entry))}:${index + 1} physical direction: ${line.trim()}`);
    if (color.test(line) && entry !== "tokens.css") faults.push(`${entry}:${index + 1} color outside tokens.css: ${line.trim()}`);
  });
}
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
