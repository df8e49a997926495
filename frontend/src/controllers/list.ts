// Moves through the rows of a list: J/K or arrows, Enter opens, Space previews, X selects, Shift+J/K extends,
// Shift+X all on the page. Rows are [data-row]; the link to open is the row's first [data-row-link]; the checkbox is
// [data-row-select]; the preview goes into data-list-preview (selector) from the row's data-preview-url. While it is
// open it follows the current row; U marks a row of tickets unread; Space again, Escape or [data-preview-close] closes it.
import { Controller } from "@hotwired/stimulus";
import { announce } from "../lib/dom";
import { onKey } from "../lib/keys";
import { message } from "../lib/messages";
import { htmx } from "../lib/requests";

// Holding J must not load every ticket on the way.
const FOLLOWS_AFTER_MS = 150;

export default class extends Controller<HTMLElement> {
  private stops: Array<() => void> = [];
  private latest = -1;

  override connect(): void {
    const keys: Array<[string, () => boolean | void]> = [
      ["j", () => this.move(1)],
      ["k", () => this.move(-1)],
      ["ArrowDown", () => this.moveFromRow(1)],
      ["ArrowUp", () => this.moveFromRow(-1)],
      ["Shift+J", () => this.extend(1)],
      ["Shift+K", () => this.extend(-1)],
      ["x", () => this.select()],
      ["Shift+X", () => this.selectAll()],
      ["Enter", () => this.open()],
      ["Space", () => this.preview()],
      ["u", () => this.markUnread()],
      ["Escape", () => this.clear()],
    ];
    this.stops = keys.map(([key, act]) => onKey(key, this.element, act));
    this.element.addEventListener("click", this.clicked);
    this.element.addEventListener("change", this.told);
    this.element.addEventListener("focusin", this.focused);
    this.pane?.addEventListener("click", this.clickedInPane);
    document.addEventListener("htmx:beforeSwap", this.remember);
    document.addEventListener("htmx:afterSettle", this.resume);
  }

  override disconnect(): void {
    for (const stop of this.stops) stop();
    this.element.removeEventListener("click", this.clicked);
    this.element.removeEventListener("change", this.told);
    this.element.removeEventListener("focusin", this.focused);
    this.pane?.removeEventListener("click", this.clickedInPane);
    clearTimeout(this.following);
    document.removeEventListener("htmx:beforeSwap", this.remember);
    document.removeEventListener("htmx:afterSettle", this.resume);
  }

  private get rows(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>("[data-row]")];
  }

  private get current(): HTMLElement | null {
    return this.element.querySelector<HTMLElement>("[data-row][data-current]");
  }

  private box(row: HTMLElement | null | undefined): HTMLInputElement | null {
    return row?.querySelector<HTMLInputElement>("[data-row-select]") ?? null;
  }

  private move(step: number): boolean {
    const rows = this.rows;
    if (rows.length === 0) return false;
    const at = this.current ? rows.indexOf(this.current) : -1;
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    if (next) this.go(next);
    return true;
  }

  /** Arrows scroll the page unless the list has the focus. */
  private moveFromRow(step: number): boolean {
    return this.element.contains(document.activeElement) ? this.move(step) : false;
  }

  private go(row: HTMLElement): void {
    this.mark(row);
    (row.querySelector<HTMLElement>("[data-row-link]") ?? row).focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    announce(message("row_of", { at: this.rows.indexOf(row) + 1, count: this.rows.length }));
    if (!this.pane || this.pane.hidden) return;
    clearTimeout(this.following);
    this.following = window.setTimeout(() => this.showPreview(row), FOLLOWS_AFTER_MS);
  }

  private mark(row: HTMLElement): void {
    for (const each of this.rows) each.toggleAttribute("data-current", each === row);
  }

  private focused = (event: Event): void => {
    const row = (event.target as Element).closest<HTMLElement>("[data-row]");
    if (row) this.mark(row);
  };

  private select(): boolean {
    const box = this.box(this.current);
    box?.click();
    return box !== null;
  }

  private extend(step: number): boolean {
    const here = this.box(this.current);
    if (here && !here.checked) here.click();
    this.move(step);
    const there = this.box(this.current);
    if (there && !there.checked) there.click();
    return true;
  }

  private selectAll(): boolean {
    const boxes = this.rows.map((row) => this.box(row)).filter((box): box is HTMLInputElement => box !== null);
    const isOn = boxes.some((box) => !box.checked);
    for (const box of boxes) box.checked = isOn;
    this.told();
    return boxes.length > 0;
  }

  private clear(): boolean {
    const boxes = this.element.querySelectorAll<HTMLInputElement>("[data-row-select]:checked");
    for (const box of boxes) box.checked = false;
    if (boxes.length > 0) this.told();
    return boxes.length > 0 || this.closePreview();
  }

  private open(): boolean {
    const link = this.current?.querySelector<HTMLElement>("[data-row-link]");
    link?.click();
    return Boolean(link);
  }

  private preview(): boolean {
    const row = this.current;
    if (row && row.dataset.previewUrl === this.previewed && this.closePreview()) return true;
    return row !== null && this.showPreview(row);
  }

  /** Unread, or read again: for rows of tickets, which say what they show by their stamp. */
  private markUnread(): boolean {
    const row = this.current;
    if (!row?.dataset.stamp || !row.dataset.previewUrl) return false;
    const values = { unread: row.hasAttribute("data-unread") ? "" : "1" };
    void htmx.ajax("post", `${row.dataset.previewUrl}unread/`, { target: row, swap: "outerHTML", values });
    return true;
  }

  private previewed = "";
  private following = 0;

  private get pane(): HTMLElement | null {
    return document.querySelector<HTMLElement>(this.element.dataset.listPreview ?? "#preview");
  }

  private showPreview(row: HTMLElement): boolean {
    const url = row.dataset.previewUrl;
    if (!url || !this.pane) return false;
    this.previewed = url;
    this.pane.hidden = false;
    void htmx.ajax("get", url, { target: this.pane, swap: "innerHTML" });
    return true;
  }

  private closePreview(): boolean {
    if (!this.pane || this.pane.hidden) return false;
    const hadFocus = this.pane.contains(document.activeElement);
    this.pane.hidden = true;
    this.pane.replaceChildren();
    this.previewed = "";
    if (hadFocus && this.current) this.go(this.current);
    return true;
  }

  private clickedInPane = (event: Event): void => {
    if ((event.target as Element).closest("[data-preview-close]")) this.closePreview();
  };

  private clicked = (event: MouseEvent): void => {
    const box = (event.target as Element).closest<HTMLInputElement>("[data-row-select]");
    if (!box) return;
    const boxes = this.rows.map((row) => this.box(row));
    const at = boxes.indexOf(box);
    if (event.shiftKey && this.latest >= 0) {
      const [from, to] = [Math.min(at, this.latest), Math.max(at, this.latest)];
      for (const each of boxes.slice(from, to + 1)) if (each) each.checked = box.checked;
    }
    this.latest = at;
    this.told();
  };

  private told = (): void => {
    this.element.dispatchEvent(new CustomEvent("steward:selection", { bubbles: true }));
  };

  private kept: { id: string; at: number } | null = null;

  private remember = (): void => {
    const row = this.current;
    const hadFocus = row?.contains(document.activeElement) ?? false;
    this.kept = row && hadFocus ? { id: row.id, at: this.rows.indexOf(row) } : null;
  };

  /** After a swap the focus stays on its row; a row that left passes it to the one in its place. */
  private resume = (): void => {
    if (!this.kept || this.element.contains(document.activeElement)) return;
    const byId = this.kept.id ? document.getElementById(this.kept.id) : null;
    const row = byId ?? this.rows[Math.min(this.kept.at, this.rows.length - 1)];
    this.kept = null;
    if (row && document.activeElement === document.body) this.go(row);
  };
}
