// A tree by keyboard: up and down move, right opens or goes in, left closes or goes out, Home and End, Enter follows the link.
// On the element with role="tree"; items are role="treeitem", those with items below have aria-expanded. [data-tree-fold] opens and closes.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller<HTMLElement> {
  override connect(): void {
    this.element.addEventListener("keydown", this.pressed);
    this.element.addEventListener("click", this.clicked);
  }

  override disconnect(): void {
    this.element.removeEventListener("keydown", this.pressed);
    this.element.removeEventListener("click", this.clicked);
  }

  private get items(): HTMLElement[] {
    const all = [...this.element.querySelectorAll<HTMLElement>('[role="treeitem"]')];
    return all.filter((item) => !item.parentElement?.closest('[aria-expanded="false"]'));
  }

  private pressed = (event: KeyboardEvent): void => {
    const item = event.target as HTMLElement;
    if (!item.matches('[role="treeitem"]') || event.ctrlKey || event.metaKey || event.altKey) return;
    const items = this.items;
    const at = items.indexOf(item);
    const isOpen = item.getAttribute("aria-expanded");
    const out = item.parentElement?.closest<HTMLElement>('[role="treeitem"]');
    const acts: Record<string, () => void> = {
      ArrowDown: () => this.go(items[at + 1]),
      ArrowUp: () => this.go(items[at - 1]),
      Home: () => this.go(items[0]),
      End: () => this.go(items[items.length - 1]),
      ArrowRight: () => (isOpen === "false" ? this.fold(item, true) : isOpen === "true" ? this.go(items[at + 1]) : undefined),
      ArrowLeft: () => (isOpen === "true" ? this.fold(item, false) : this.go(out)),
      Enter: () => item.querySelector<HTMLElement>(":scope > .kpi-tree__line [data-tree-link]")?.click(),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  private clicked = (event: Event): void => {
    const item = (event.target as HTMLElement).closest("[data-tree-fold]")?.closest<HTMLElement>('[role="treeitem"]');
    if (item) this.fold(item, item.getAttribute("aria-expanded") === "false");
  };

  private fold(item: HTMLElement, isOpen: boolean): void {
    item.setAttribute("aria-expanded", String(isOpen));
  }

  private go(item: HTMLElement | null | undefined): void {
    if (!item) return;
    for (const other of this.element.querySelectorAll<HTMLElement>('[role="treeitem"][tabindex="0"]')) other.tabIndex = -1;
    item.tabIndex = 0;
    item.focus();
  }
}
