// Counts a clock down in business time while it runs. The server says how things stand; at the next boundary of the
// calendar, or when the shape must change, the page asks again instead of guessing.
// Attributes: data-remaining-seconds, data-running ("true"), data-next-boundary (ISO), data-refresh-url, data-thresholds
// (comma separated seconds at which the mark changes), data-format ("h:mm" or "seconds"); the text goes into [data-time].
import { Controller } from "@hotwired/stimulus";
import { htmx } from "../lib/requests";

export default class extends Controller<HTMLElement> {
  private timer = 0;
  private startedAt = 0;
  private asked = false;

  override connect(): void {
    if (this.element.dataset.running !== "true") return;
    this.startedAt = performance.now();
    this.timer = window.setInterval(() => this.tick(), this.isSeconds ? 1_000 : 5_000);
  }

  override disconnect(): void {
    clearInterval(this.timer);
  }

  private get isSeconds(): boolean {
    return this.element.dataset.format === "seconds";
  }

  private tick(): void {
    const before = Number(this.element.dataset.remainingSeconds ?? "0");
    const remaining = before - (performance.now() - this.startedAt) / 1_000;
    const slot = this.element.querySelector<HTMLElement>("[data-time]") ?? this.element;
    const text = this.isSeconds ? String(Math.max(0, Math.ceil(remaining))) : hoursAndMinutes(remaining);
    if (slot.textContent !== text) slot.textContent = text;
    if (this.isStale(before, remaining)) this.refresh();
  }

  private isStale(before: number, now: number): boolean {
    const marks = [0, ...(this.element.dataset.thresholds ?? "").split(",").filter(Boolean).map(Number)];
    if (marks.some((mark) => before > mark && now <= mark)) return true;
    const boundary = Date.parse(this.element.dataset.nextBoundary ?? "");
    return !Number.isNaN(boundary) && Date.now() >= boundary;
  }

  private refresh(): void {
    if (this.asked) return;
    this.asked = true;
    const url = this.element.dataset.refreshUrl;
    if (this.element.dataset.expire === "remove") this.element.remove();
    else if (url) void htmx.ajax("get", url, { target: this.element, swap: "outerHTML" });
    else this.element.dispatchEvent(new CustomEvent("steward:stale", { bubbles: true }));
    if (!url) clearInterval(this.timer);
  }
}

/** Whole minutes as the server rounds: what is left up, what is over down, so that used and left give the target. */
export function hoursAndMinutes(seconds: number): string {
  const minutes = seconds > 0 ? Math.ceil(seconds / 60) : Math.floor(-seconds / 60);
  const text = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  return seconds < 0 && minutes > 0 ? `-${text}` : text;
}
