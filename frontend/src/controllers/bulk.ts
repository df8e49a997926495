// The bar of acts on selected rows: shown while something is selected, says how many.
// On .bulk-bar: data-bulk-count on the place of the number; buttons act as usual (they belong to the form of the list).
// [data-bulk-clear] unselects; [data-bulk-all] chooses all that match (sets input[name=all] to 1 in the form).
import { Controller } from "@hotwired/stimulus";
import { announce } from "../lib/dom";
import { message } from "../lib/messages";

export default class extends Controller<HTMLElement> {
  override connect(): void {
    document.addEventListener("steward:selection", this.count);
    document.addEventListener("htmx:afterSettle", this.count);
    this.element.addEventListener("click", this.clicked);
    this.count();
  }

  override disconnect(): void {
    document.removeEventListener("steward:selection", this.count);
    document.removeEventListener("htmx:afterSettle", this.count);
    this.element.removeEventListener("click", this.clicked);
  }

  private get boxes(): HTMLInputElement[] {
    return [...document.querySelectorAll<HTMLInputElement>("[data-row-select]:checked")];
  }

  private get all(): HTMLInputElement | null {
    return document.querySelector<HTMLInputElement>("input[type=hidden][name=all]");
  }

  private count = (): void => {
    const count = this.boxes.length;
    if (this.all) this.all.value = "";
    const slot = this.element.querySelector("[data-bulk-count]");
    const text = message("selected", { count });
    if (slot && slot.textContent !== text) {
      slot.textContent = text;
      if (count > 0 || !this.element.hidden) announce(text);
    }
    this.element.hidden = count === 0;
  };

  private clicked = (event: Event): void => {
    const target = event.target as Element;
    if (target.closest("[data-bulk-clear]")) {
      for (const box of this.boxes) box.checked = false;
      this.count();
    }
    const all = target.closest<HTMLElement>("[data-bulk-all]");
    if (all && this.all) {
      this.all.value = "1";
      const slot = this.element.querySelector("[data-bulk-count]");
      if (slot) slot.textContent = message("selected", { count: all.dataset.bulkAll ?? "" });
    }
  };
}
