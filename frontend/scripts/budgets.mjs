// Stops the build when a file grows over what a page may cost. Sizes are bytes after gzip.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

export const BUDGETS = { "app.js": 60 * 1024, "app.css": 20 * 1024, "charts.js": 70 * 1024, "icons.svg": 12 * 1024 };

export async function checkBudgets(folder) {
  const over = [];
  for (const [name, budget] of Object.entries(BUDGETS)) {
    const size = gzipSync(await readFile(join(folder, name))).length;
    console.log(`${name.padEnd(10)} ${(size / 1024).toFixed(1).padStart(5)} KB gzip of ${budget / 1024}`);
    if (size > budget) over.push(name);
  }
  if (over.length > 0) {
    console.error(`Over budget: ${over.join(", ")}. Take something out, or load it only on the page that needs it.`);
    process.exit(1);
  }
}
