// One toast: leaves after 6 s, or 30 s when it holds Undo; waits while pointed at or focused; errors stay.
import { Controller } from "@hotwired/stimulus";
import { htmx } from "../lib/requests";

const PLAIN_MS = 6_000;
const UNDO_MS = 30_000;

export default class extends Controller<HTMLElement> {
  private timer = 0;

  override connect(): void {
    this.element.addEventListener("click", this.click);
    for (const pause of ["pointerenter", "focusin"]) this.element.addEventListener(pause, this.pause);
    for (const resume of ["pointerleave", "focusout"]) this.element.addEventListener(resume, this.resume);
    this.resume();
  }

  override disconnect(): void {
    clearTimeout(this.timer);
  }

  private pause = (): void => clearTimeout(this.timer);

  private resume = (): void => {
    clearTimeout(this.timer);
    if (this.element.dataset.tone === "bad") return;
    const wait = this.element.querySelector("[data-undo-url]") ? UNDO_MS : PLAIN_MS;
    this.timer = window.setTimeout(() => this.element.remove(), wait);
  };

  private click = (event: Event): void => {
    const target = event.target as Element;
    const undo = target.closest<HTMLElement>("[data-undo-url]");
    if (undo?.dataset.undoUrl) {
      event.preventDefault();
      // From the body: the toast is gone when the answer comes, and what it tells must still be heard.
      void htmx.ajax("post", undo.dataset.undoUrl, { source: document.body, swap: "none" });
      this.element.remove();
    } else if (target.closest("[data-toast-dismiss]")) {
      this.element.remove();
    }
  };
}
