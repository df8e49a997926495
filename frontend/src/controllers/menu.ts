// A <details> that behaves as a menu: closes on Escape, outside clicks and when another opens; arrows move.
import { Controller } from "@hotwired/stimulus";
import { onKey } from "../lib/keys";

export default class extends Controller<HTMLDetailsElement> {
  private stop = (): void => {};

  override connect(): void {
    this.element.addEventListener("keydown", this.move);
    document.addEventListener("pointerdown", this.outside);
    document.addEventListener("focusin", this.outside);
    this.element.addEventListener("toggle", this.toggled);
  }

  override disconnect(): void {
    this.element.removeEventListener("keydown", this.move);
    document.removeEventListener("pointerdown", this.outside);
    document.removeEventListener("focusin", this.outside);
    this.element.removeEventListener("toggle", this.toggled);
    this.stop();
  }

  /** Listens to Escape only while open, and so before whatever lies behind the menu. */
  private toggled = (): void => {
    this.stop();
    if (!this.element.open) return;
    this.stop = onKey("Escape", this.element, () => this.close());
    // Opened by its key from elsewhere: what is typed next belongs to the menu.
    if (this.element.contains(document.activeElement)) return;
    this.element.querySelector<HTMLElement>(".menu__list :is(a, button, select, input:not([type=hidden]))")?.focus();
  };

  private close(): boolean {
    if (!this.element.open) return false;
    this.element.open = false;
    if (this.element.contains(document.activeElement)) this.element.querySelector("summary")?.focus();
    return true;
  }

  private outside = (event: Event): void => {
    if (this.element.open && !this.element.contains(event.target as Node)) this.element.open = false;
  };

  private move = (event: KeyboardEvent): void => {
    if (!["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
    const items = [...this.element.querySelectorAll<HTMLElement>(".menu__item:not([aria-disabled=true], :disabled)")];
    if (items.length === 0) return;
    event.preventDefault();
    this.element.open = true;
    const at = items.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1 }[event.key] ?? 0;
    items.at(next % items.length)?.focus();
  };
}
