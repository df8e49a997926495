// Words shown by scripts come translated from the page, in <script type="application/json" id="messages">.
let table: Record<string, string> | null = null;

export function message(name: string, values: Record<string, string | number> = {}): string {
  table ??= JSON.parse(document.getElementById("messages")?.textContent || "{}") as Record<string, string>;
  return (table[name] ?? "").replace(/%\((\w+)\)s/g, (_, key: string) => String(values[key] ?? ""));
}
