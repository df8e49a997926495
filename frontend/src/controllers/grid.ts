// Arrow keys among the links of a table (heatmaps, matrices): one stop for Tab, arrows inside.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller<HTMLTableElement> {
  override connect(): void {
    this.element.addEventListener("keydown", this.pressed);
    const links = [...this.element.querySelectorAll<HTMLElement>("td a")];
    links.forEach((link, index) => (link.tabIndex = index === 0 ? 0 : -1));
  }

  override disconnect(): void {
    this.element.removeEventListener("keydown", this.pressed);
  }

  private pressed = (event: KeyboardEvent): void => {
    const isReversed = getComputedStyle(this.element).direction === "rtl";
    const ahead = isReversed ? -1 : 1;
    const steps: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowRight: [0, ahead],
      ArrowLeft: [0, -ahead],
    };
    const step = steps[event.key];
    const cell = (event.target as Element).closest<HTMLTableCellElement>("td");
    const row = cell?.closest("tr");
    if (!step || !cell || !row) return;
    event.preventDefault();
    let [y, x] = [row.rowIndex + step[0], cell.cellIndex + step[1]];
    // Cells without records hold no link: pass over them.
    for (; this.element.rows[y]?.cells[x]; y += step[0], x += step[1]) {
      const link = this.element.rows[y]?.cells[x]?.querySelector<HTMLElement>("a");
      if (!link) continue;
      (event.target as HTMLElement).tabIndex = -1;
      link.tabIndex = 0;
      link.focus();
      return;
    }
  };
}
