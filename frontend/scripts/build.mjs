// Builds static/build/: app.js, app.css, charts.js, icons.svg. Minified, without source maps, within budget.
import { build, context } from "esbuild";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkBudgets } from "./budgets.mjs";
import { writeSprite } from "./icons.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const output = join(root, "..", "static", "build");

const options = {
  absWorkingDir: root,
  entryPoints: [
    { in: "src/app.ts", out: "app" },
    { in: "src/charts.ts", out: "charts" },
    { in: "css/app.css", out: "app" },
  ],
  outdir: output,
  bundle: true,
  minify: true,
  sourcemap: false,
  legalComments: "none",
  format: "iife",
  target: ["chrome123", "firefox121", "safari17.5"],
  logLevel: "warning",
};
if (process.argv.includes("--watch")) {
  await mkdir(output, { recursive: true });
  await writeSprite(root, output);
  const watcher = await context({ ...options, minify: false });
  await watcher.watch();
} else {
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  await Promise.all([build(options), writeSprite(root, output)]);
  await checkBudgets(output);
}
