// The bar of acts on selected rows: shown while something is selected, says how many.
// On .bulk-bar: data-bulk-count on the place of the number; buttons act as usual (they belong to the form of the list).
// [data-bulk-clear] unselects; [data-bulk-all] chooses all that match (sets input[name=all] to 1 in the form).
// [data-bulk-act] asks its address about the form of the list, in the dialog #bulk-dialog; `steward:done` closes it.
import { Controller } from "@hotwired/stimulus";
import { announce } from "../lib/dom";
import { message } from "../lib/messages";
import { htmx } from "../lib/requests";
import { show } from "./dialog";

export default class extends Controller<HTMLElement> {
  override connect(): void {
    document.addEventListener("steward:selection", this.count);
    document.addEventListener("htmx:afterSettle", this.count);
    document.addEventListener("steward:done", this.done);
    this.dialog?.addEventListener("keydown", this.entered);
    this.element.addEventListener("click", this.clicked);
    this.count();
  }

  override disconnect(): void {
    document.removeEventListener("steward:selection", this.count);
    document.removeEventListener("htmx:afterSettle", this.count);
    document.removeEventListener("steward:done", this.done);
    this.dialog?.removeEventListener("keydown", this.entered);
    this.element.removeEventListener("click", this.clicked);
  }

  private get boxes(): HTMLInputElement[] {
    return [...document.querySelectorAll<HTMLInputElement>("[data-row-select]:checked")];
  }

  private get all(): HTMLInputElement | null {
    return document.querySelector<HTMLInputElement>("input[type=hidden][name=all]");
  }

  private isAll = false;
  private chosen = 0;

  private count = (): void => {
    const count = this.boxes.length;
    if (this.chosen !== count) this.isAll = false;
    this.chosen = count;
    if (this.all) this.all.value = this.isAll ? "1" : "";
    if (this.isAll && count > 0) return;
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
      this.isAll = true;
      this.all.value = "1";
      const slot = this.element.querySelector("[data-bulk-count]");
      if (slot) slot.textContent = message("selected", { count: all.dataset.bulkAll ?? "" });
    }
    const act = target.closest<HTMLButtonElement>("[data-bulk-act]");
    if (act?.form) {
      event.preventDefault();
      void this.ask(act.dataset.bulkAct ?? "", act.form);
    }
  };

  private get dialog(): HTMLDialogElement | null {
    return document.querySelector<HTMLDialogElement>("#bulk-dialog");
  }

  private async ask(url: string, form: HTMLFormElement): Promise<void> {
    const said = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value && !(this.isAll && name === "record")) said.append(name, String(value));
    }
    await htmx.ajax("get", `${url}?${said}`, { target: "#bulk-body", swap: "innerHTML" });
    if (!this.dialog) return;
    show(this.dialog);
    this.dialog.querySelector<HTMLElement>("[autofocus]")?.focus();
  }

  /** Enter in a list of choices sends the form, as it does in a line of text. */
  private entered = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLSelectElement)) return;
    event.preventDefault();
    event.target.form?.requestSubmit();
  };

  private done = (): void => {
    this.isAll = false;
    if (this.dialog?.open) this.dialog.close();
  };
}
