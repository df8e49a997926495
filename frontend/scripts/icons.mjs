// Makes one sprite of the icons the pages use: those named in icons/used.json from the icon package, and our own marks.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const inner = (svg) =>
  svg
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>[\s\S]*$/, "")
    .replace(/\s*\n\s*/g, "");

export async function writeSprite(root, output) {
  const used = JSON.parse(await readFile(join(root, "icons", "used.json"), "utf8"));
  const own = (await readdir(join(root, "icons"))).filter((name) => name.endsWith(".svg"));
  const sources = [
    ...used.map((name) => [name, join(root, "node_modules", "lucide-static", "icons", `${name}.svg`)]),
    ...own.map((file) => [file.slice(0, -4), join(root, "icons", file)]),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  const symbols = [];
  for (const [name, file] of sources) {
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${inner(await readFile(file, "utf8"))}</symbol>`);
  }
  await writeFile(join(output, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}
