// The bar of acts on selected rows: shown while something is selected, says how many.
// On .bulk-bar: data-bulk-count on the place of the number; buttons act as usual (they belong to the form of the list).
// [data-bulk-clear] unselects; [data-bulk-all] chooses all that match (sets input[name=all] to 1 in the form).
// [data-bulk-act] asks its address about the form of the list, in the dialog #bulk-dialog; `steward:done` closes it.
// With [data-bulk-at-once] it asks nothing and acts; its key then also acts on the current row when none is selected.
import { Controller } from "@hotwired/stimulus";
import { announce } from "../lib/dom";
import { onKey } from "../lib/keys";
import { message } from "../lib/messages";
import { htmx } from "../lib/requests";
import { show } from "./dialog";

// More are done by a worker, whose progress the dialog shows.
const ASKS_ABOVE = 50;

export default class extends Controller<HTMLElement> {
  private stops: Array<() => void> = [];

  override connect(): void {
    const atOnce = this.element.querySelectorAll<HTMLButtonElement>("[data-bulk-at-once][data-key]");
    this.stops = [...atOnce].map((act) => onKey(act.dataset.key ?? "", this.element, () => this.actOnCurrent(act)));
    document.addEventListener("steward:selection", this.count);
    document.addEventListener("htmx:afterSettle", this.count);
    document.addEventListener("steward:done", this.done);
    this.dialog?.addEventListener("keydown", this.entered);
    this.element.addEventListener("click", this.clicked);
    this.count();
  }

  override disconnect(): void {
    for (const stop of this.stops) stop();
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
      const isAtOnce = act.dataset.bulkAtOnce !== undefined && !this.isAll && this.boxes.length <= ASKS_ABOVE;
      if (isAtOnce) void this.act(act, this.boxes.map((box) => box.value));
      else void this.ask(act.dataset.bulkAct ?? "", act.form);
    }
  };

  private get dialog(): HTMLDialogElement | null {
    return document.querySelector<HTMLDialogElement>("#bulk-dialog");
  }

  /** The key of an act, pressed while nothing is selected: it means the row that one is on. */
  private actOnCurrent(act: HTMLButtonElement): boolean {
    if (this.boxes.length > 0) return false;
    const box = document.querySelector<HTMLInputElement>("[data-row][data-current] [data-row-select]");
    if (box) void this.act(act, [box.value]);
    return box !== null;
  }

  private async act(act: HTMLButtonElement, records: string[]): Promise<void> {
    await htmx.ajax("post", act.dataset.bulkAct ?? "", { source: act, swap: "none", values: { record: records } });
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
