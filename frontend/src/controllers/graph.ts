// Arrow keys walk the edges of a drawing of nodes: Right follows an edge, Left goes back, Up and Down stay in the column.
// Nodes are links with data-node and data-column, edges hold data-from and data-to. One stop for Tab, arrows inside.
// A drawing wider than the page begins scrolled to its start.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller<HTMLElement> {
  private latest = new Map<string, string>();

  override connect(): void {
    this.element.addEventListener("keydown", this.pressed);
    this.nodes.forEach((node, index) => node.setAttribute("tabindex", index === 0 ? "0" : "-1"));
  }

  override disconnect(): void {
    this.element.removeEventListener("keydown", this.pressed);
  }

  private get nodes(): SVGAElement[] {
    return [...this.element.querySelectorAll<SVGAElement>("a[data-node]")];
  }

  private edges(own: "from" | "to", name: string): string[] {
    const other = own === "from" ? "to" : "from";
    return [...this.element.querySelectorAll<SVGGElement>(`g[data-${own}]`)]
      .filter((edge) => edge.dataset[own] === name)
      .map((edge) => edge.dataset[other] ?? "");
  }

  private pressed = (event: KeyboardEvent): void => {
    const node = (event.target as Element).closest<SVGAElement>("a[data-node]");
    if (!node || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = this.next(node, event.key);
    if (next === undefined) return;
    event.preventDefault();
    if (next === null) return;
    node.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  /** The node that the key leads to; null where there is none, undefined for keys of no concern here. */
  private next(node: SVGAElement, key: string): SVGAElement | null | undefined {
    const name = node.dataset.node ?? "";
    if (key === "ArrowRight" || key === "ArrowLeft") {
      const names = this.edges(key === "ArrowRight" ? "from" : "to", name);
      // Going back and forth keeps to the edge that was walked before.
      const before = this.latest.get(`${key}:${name}`);
      const chosen = before !== undefined && names.includes(before) ? before : names[0];
      if (chosen === undefined) return null;
      this.latest.set(`${key === "ArrowRight" ? "ArrowLeft" : "ArrowRight"}:${chosen}`, name);
      return this.nodes.find((each) => each.dataset.node === chosen) ?? null;
    }
    if (key === "ArrowUp" || key === "ArrowDown") {
      const column = this.nodes.filter((each) => each.dataset.column === node.dataset.column);
      return column[column.indexOf(node) + (key === "ArrowDown" ? 1 : -1)] ?? null;
    }
    return undefined;
  }
}
