// Keeps an open list fresh: rows change where they stand, cell by cell, and never under a hand; rows that left the list
// are dimmed; new ones wait behind a link. On an element beside the rows inside the list part: data-live-url (asked with
// what the page has; 204 means unchanged), data-live-marks (digest of the marks shown). Rows: data-row, data-stamp.
// A row whose clock comes to a boundary says `steward:stale` and is asked for at once.
import { Controller } from "@hotwired/stimulus";
import { announce } from "../lib/dom";
import { get } from "../lib/http";
import { message } from "../lib/messages";
import { htmx } from "../lib/requests";

interface News {
  rows: Record<string, string>;
  gone: number[];
  marks: Record<string, string>;
  m: string;
  n: number;
  news: string;
  figures: string;
}

const ASK_MS = 15_000;
const ANNOUNCE_MS = 10_000;

export default class extends Controller<HTMLElement> {
  private timer = 0;
  private isAsking = false;
  private waiting = 0;
  private digest = "";
  private stale = new Set<string>();
  private announcedAt = 0;

  override connect(): void {
    this.digest = this.element.dataset.liveMarks ?? "";
    this.timer = window.setInterval(this.ask, ASK_MS);
    document.addEventListener("visibilitychange", this.ask);
    this.list.addEventListener("steward:stale", this.noted);
    this.element.addEventListener("click", this.clicked);
  }

  override disconnect(): void {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.ask);
    this.list.removeEventListener("steward:stale", this.noted);
    this.element.removeEventListener("click", this.clicked);
  }

  private get list(): HTMLElement {
    return this.element.parentElement!;
  }

  private get rows(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[data-row][data-stamp]")];
  }

  private noted = (event: Event): void => {
    const row = (event.target as Element).closest<HTMLElement>("[data-row][data-stamp]");
    if (!row) return;
    this.stale.add(numberOf(row));
    window.setTimeout(this.ask, 0);
  };

  /** The new rows come into the list in its place, without a page load. */
  private clicked = (event: MouseEvent): void => {
    if (!(event.target as Element).closest("[data-live-show]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    htmx.trigger(document.body, "steward:refresh");
  };

  private ask = async (): Promise<void> => {
    const base = this.element.dataset.liveUrl;
    if (!base || document.hidden || !navigator.onLine || this.isAsking) return;
    this.isAsking = true;
    const stale = [...this.stale];
    try {
      const url = new URL(base, location.href);
      const shown = this.rows.filter((row) => row.dataset.gone !== "hidden");
      url.searchParams.set("rows", shown.map((row) => `${numberOf(row)}.${row.dataset.stamp ?? ""}`).join("_"));
      url.searchParams.set("n", String(this.waiting));
      url.searchParams.set("m", this.digest);
      if (stale.length > 0) url.searchParams.set("stale", stale.join("_"));
      const response = await get(url.href, "application/json");
      if (!response.ok || response.redirected) return;
      for (const each of stale) this.stale.delete(each);
      if (response.status === 200 && this.element.isConnected) this.show((await response.json()) as News);
    } catch {
      // No connection: the next round tries again and the banner says so.
    } finally {
      this.isAsking = false;
    }
  };

  private show(news: News): void {
    for (const [number, html] of Object.entries(news.rows)) {
      const row = document.getElementById(`row-${number}`);
      if (row) renew(row, html);
    }
    for (const number of news.gone) this.dim(number, String(number) in news.rows);
    for (const [number, html] of Object.entries(news.marks)) {
      const slot = document.getElementById(`presence-${number}`);
      if (slot && slot.innerHTML !== html) slot.innerHTML = html;
    }
    this.digest = news.m;
    if (news.n !== this.waiting) this.tell(news);
    const figures = document.getElementById("queue-figures");
    if (news.figures && figures && !figures.contains(document.activeElement)) figures.innerHTML = news.figures;
  }

  private tell(news: News): void {
    this.waiting = news.n;
    if (this.element.contains(document.activeElement)) {
      const link = document.activeElement as HTMLElement;
      const fresh = new DOMParser().parseFromString(news.news, "text/html").body.textContent ?? "";
      if (fresh.trim()) link.textContent = fresh.trim();
    } else this.element.innerHTML = news.news;
    if (Date.now() - this.announcedAt < ANNOUNCE_MS) return;
    this.announcedAt = Date.now();
    announce(this.element.textContent?.trim() ?? "");
  }

  private dim(number: number, isVisible: boolean): void {
    const row = document.getElementById(`row-${number}`);
    if (!row) return;
    row.dataset.gone = isVisible ? "left" : "hidden";
    const link = row.querySelector("[data-row-link]");
    if (!link || row.querySelector(".queue__gone")) return;
    const words = document.createElement("span");
    words.className = "queue__gone";
    words.textContent = message("row_gone");
    link.after(words);
  }
}

const numberOf = (row: Element): string => row.id.replace("row-", "");

/**
 * Put the new cells into the row. A cell with the focus or an open editor stays as it is, and so does the row's stamp,
 * so that it is asked for again. The link of the row keeps the focus while what stands around it changes.
 */
function renew(row: HTMLElement, html: string): void {
  const fresh = new DOMParser().parseFromString(`<table>${html}</table>`, "text/html").querySelector("tr");
  if (!fresh || fresh.cells.length !== row.children.length) return;
  let isComplete = true;
  [...row.children].forEach((cell, index) => {
    const next = fresh.cells[index]!;
    if (cell.classList.contains("table__select") || cell.innerHTML === next.innerHTML) return;
    if (!isHeld(cell)) cell.innerHTML = next.innerHTML;
    else if (!renewAround(cell, next)) isComplete = false;
  });
  row.removeAttribute("data-gone");
  row.toggleAttribute("data-unread", fresh.hasAttribute("data-unread"));
  if (isComplete) row.dataset.stamp = fresh.dataset.stamp ?? "";
}

function isHeld(cell: Element): boolean {
  return cell.contains(document.activeElement) || cell.querySelector("[aria-expanded=true], [data-pending]") !== null;
}

function renewAround(cell: Element, next: Element): boolean {
  const link = document.activeElement;
  const other = next.querySelector("[data-row-link]");
  if (!link?.matches("[data-row-link]") || link.parentElement !== cell || !other) return false;
  link.textContent = other.textContent;
  for (const node of [...cell.childNodes]) if (node !== link) node.remove();
  while (next.firstChild && next.firstChild !== other) cell.insertBefore(next.firstChild, link);
  other.remove();
  cell.append(...next.childNodes);
  return true;
}
