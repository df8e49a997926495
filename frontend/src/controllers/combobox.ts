// A picker that asks the server: people, services, tags. On .combobox: data-combobox-url; inside an input[type=hidden]
// for the value and input[role=combobox] for the text. GET url?q= answers a JSON list of {id, label, detail}.
// With data-combobox-free the typed text may stand without a choice.
import { Controller } from "@hotwired/stimulus";
import { announce } from "../lib/dom";
import { get } from "../lib/http";
import { message } from "../lib/messages";
import { optionRow } from "../lib/options";

interface Option {
  id: string | number;
  label: string;
  detail?: string;
}

const PAUSE_MS = 120;

export default class extends Controller<HTMLElement> {
  private options: Option[] = [];
  private at = -1;
  private timer = 0;
  private asked = 0;
  private chosen = "";

  override connect(): void {
    this.input.addEventListener("input", this.typed);
    this.input.addEventListener("keydown", this.pressed);
    this.input.addEventListener("blur", this.left);
    this.list.addEventListener("pointerdown", this.picked);
    this.chosen = this.input.value;
  }

  override disconnect(): void {
    clearTimeout(this.timer);
    this.input.removeEventListener("input", this.typed);
    this.input.removeEventListener("keydown", this.pressed);
    this.input.removeEventListener("blur", this.left);
    this.list.removeEventListener("pointerdown", this.picked);
  }

  private get input(): HTMLInputElement {
    return this.element.querySelector<HTMLInputElement>("[role=combobox]")!;
  }

  private get value(): HTMLInputElement {
    return this.element.querySelector<HTMLInputElement>("input[type=hidden]")!;
  }

  private get list(): HTMLElement {
    return this.element.querySelector<HTMLElement>("[role=listbox]")!;
  }

  private typed = (): void => {
    this.value.value = "";
    this.chosen = "";
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE_MS);
  };

  private async ask(): Promise<void> {
    const order = ++this.asked;
    const url = new URL(this.element.dataset.comboboxUrl ?? "", location.href);
    url.searchParams.set("q", this.input.value.trim());
    const response = await get(url.href, "application/json").catch(() => null);
    if (!response?.ok || order !== this.asked || document.activeElement !== this.input) return;
    this.options = (await response.json()) as Option[];
    this.show();
  }

  private show(): void {
    this.at = this.options.length > 0 ? 0 : -1;
    this.list.replaceChildren(...this.options.map((each, index) => optionRow(this.list, each, index)));
    this.open(this.options.length > 0);
    announce(this.options.length > 0 ? message("choices", { count: this.options.length }) : message("no_choice"));
  }

  private open(isOpen: boolean): void {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.mark();
  }

  private mark(): void {
    [...this.list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === this.at)));
    const row = this.list.hidden ? null : this.list.children[this.at];
    if (row) {
      this.input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  private pressed = (event: KeyboardEvent): void => {
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" && !isOpen) void this.ask();
    else if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      const step = event.key === "ArrowDown" ? 1 : this.options.length - 1;
      this.at = (this.at + step) % this.options.length;
      this.mark();
    } else if (isOpen && event.key === "Escape") this.open(false);
    else if (isOpen && (event.key === "Enter" || event.key === "Tab")) {
      this.choose(this.at);
      if (event.key === "Tab") return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private picked = (event: Event): void => {
    event.preventDefault();
    const row = (event.target as Element).closest("[role=option]");
    if (row) this.choose([...this.list.children].indexOf(row));
  };

  private choose(index: number): void {
    const option = this.options[index];
    if (!option) return;
    this.input.value = option.label;
    this.chosen = option.label;
    this.value.value = String(option.id);
    this.open(false);
    this.value.dispatchEvent(new Event("change", { bubbles: true }));
  }

  private left = (): void => {
    clearTimeout(this.timer);
    this.open(false);
    if (this.value.value === "" && this.chosen === "" && !("comboboxFree" in this.element.dataset)) this.input.value = "";
  };
}
