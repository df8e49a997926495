// A form that is sent once: a second press while the first is on its way is ignored. Ctrl+Enter sends.
// Attributes: data-submit-keys="on" listens to Ctrl+Enter; buttons may carry data-submit-key="Ctrl+Shift+Enter|Alt+Enter".
// With data-submit-auto the form sends itself when a choice in it changes (filters).
import { Controller } from "@hotwired/stimulus";

export default class extends Controller<HTMLFormElement> {
  private isSent = false;

  override connect(): void {
    this.element.addEventListener("submit", this.once);
    this.element.addEventListener("keydown", this.pressed);
    this.element.addEventListener("change", this.changed);
    window.addEventListener("pageshow", this.again);
    this.element.addEventListener("htmx:afterRequest", this.again);
  }

  override disconnect(): void {
    this.element.removeEventListener("submit", this.once);
    this.element.removeEventListener("keydown", this.pressed);
    this.element.removeEventListener("change", this.changed);
    window.removeEventListener("pageshow", this.again);
    this.element.removeEventListener("htmx:afterRequest", this.again);
  }

  private again = (): void => {
    this.isSent = false;
  };

  private once = (event: SubmitEvent): void => {
    if (this.isSent) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    this.isSent = true;
  };

  private changed = (): void => {
    if ("submitAuto" in this.element.dataset) this.element.requestSubmit();
  };

  private pressed = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    const name = [(event.ctrlKey || event.metaKey) && "Ctrl", event.altKey && "Alt", event.shiftKey && "Shift", "Enter"].filter(Boolean).join("+");
    const own = this.element.querySelector<HTMLButtonElement>(`button[data-submit-key="${name}"]`);
    if (own || (name === "Ctrl+Enter" && this.element.dataset.submitKeys === "on")) {
      event.preventDefault();
      this.element.requestSubmit(own ?? undefined);
    } else if (this.element.dataset.submitKeys === "on" && (event.target as Element).matches("input")) {
      // Enter in a one-line field never sends a long form by accident.
      event.preventDefault();
    }
  };
}
