// Arrow keys among the links of a table (heatmaps, matrices): one stop for Tab, arrows inside.
import { Controller } from "@hotwired/stimulus";

const LINKS = "tbody :is(td, th) a";

export default class extends Controller<HTMLTableElement> {
  override connect(): void {
    this.element.addEventListener("keydown", this.pressed);
    const links = [...this.element.querySelectorAll<HTMLElement>(LINKS)];
    links.forEach((link, index) => (link.tabIndex = index === 0 ? 0 : -1));
  }

  override disconnect(): void {
    this.element.removeEventListener("keydown", this.pressed);
  }

  private pressed = (event: KeyboardEvent): void => {
    const link = (event.target as Element).closest<HTMLElement>(LINKS);
    if (!link) return;
    const isReversed = getComputedStyle(this.element).direction === "rtl";
    const ahead = isReversed ? -1 : 1;
    const moves: Record<string, () => HTMLElement | undefined> = {
      ArrowUp: () => this.across(link, -1),
      ArrowDown: () => this.across(link, 1),
      ArrowRight: () => this.along(link, ahead),
      ArrowLeft: () => this.along(link, -ahead),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const next = move();
    if (!next) return;
    link.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };

  // The next link of the row; a cell may hold several, and cells without one are passed over.
  private along(link: HTMLElement, step: number): HTMLElement | undefined {
    const links = [...(link.closest("tr")?.querySelectorAll<HTMLElement>("a") ?? [])];
    return links[links.indexOf(link) + step];
  }

  // The nearest link of the column; rows that are headings have no such cell and are passed over.
  private across(link: HTMLElement, step: number): HTMLElement | undefined {
    const column = link.closest<HTMLTableCellElement>("td, th")?.cellIndex ?? 0;
    let row = (link.closest("tr")?.rowIndex ?? 0) + step;
    for (; this.element.rows[row]; row += step) {
      const found = this.element.rows[row]?.cells[column]?.querySelector<HTMLElement>("a");
      if (found?.matches(LINKS)) return found;
    }
    return undefined;
  }
}
