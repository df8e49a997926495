// The query of a list: offers fields and values at the caret. On the element around an input[role=combobox] and a
// [role=listbox]: data-query-url; GET ?q=&at= answers {suggestions: [{text, label, detail, start, end, count}]}.
import { Controller } from "@hotwired/stimulus";
import { announce } from "../lib/dom";
import { get } from "../lib/http";
import { message } from "../lib/messages";
import { optionRow } from "../lib/options";

interface Suggestion {
  text: string;
  label: string;
  detail: string;
  start: number;
  end: number;
  count: string;
}

const PAUSE_MS = 80;

export default class extends Controller<HTMLElement> {
  private found: Suggestion[] = [];
  private at = -1;
  private timer = 0;
  private asked = 0;

  override connect(): void {
    this.input.addEventListener("input", this.typed);
    this.input.addEventListener("keydown", this.pressed);
    this.input.addEventListener("blur", this.left);
    this.list.addEventListener("pointerdown", this.picked);
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

  private get list(): HTMLElement {
    return this.element.querySelector<HTMLElement>("[role=listbox]")!;
  }

  private typed = (): void => {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE_MS);
  };

  private async ask(): Promise<void> {
    const order = ++this.asked;
    const url = new URL(this.element.dataset.queryUrl ?? "", location.href);
    url.searchParams.set("q", this.input.value);
    url.searchParams.set("at", String(this.input.selectionStart ?? this.input.value.length));
    const response = await get(url.href, "application/json").catch(() => null);
    if (!response?.ok || order !== this.asked || document.activeElement !== this.input) return;
    this.found = ((await response.json()) as { suggestions: Suggestion[] }).suggestions;
    this.show();
  }

  private show(): void {
    this.at = -1;
    this.list.replaceChildren(...this.found.map((each, index) => optionRow(this.list, each, index)));
    this.open(this.found.length > 0);
    if (this.found.length > 0) announce(message("choices", { count: this.found.length }));
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
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !isOpen) void this.ask();
    else if (step) {
      this.at = (this.at + step + this.found.length + (this.at < 0 && step < 0 ? 1 : 0)) % this.found.length;
      this.mark();
    } else if (event.key === "Escape" && isOpen) this.open(false);
    else if (event.key === "Tab" && isOpen && this.found.length > 0) this.choose(Math.max(0, this.at));
    else if (event.key === "Enter" && isOpen && this.at >= 0) this.choose(this.at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private picked = (event: Event): void => {
    event.preventDefault();
    const row = (event.target as Element).closest("[role=option]");
    if (row) this.choose([...this.list.children].indexOf(row));
  };

  private choose(index: number): void {
    const suggestion = this.found[index];
    if (!suggestion) return;
    const text = this.input.value;
    const isWhole = !suggestion.text.endsWith(":");
    const before = text.slice(0, suggestion.start) + suggestion.text;
    const rest = text.slice(suggestion.end);
    this.input.value = before + (isWhole && !/^[\s,]/.test(rest) ? " " : "") + rest;
    const caret = before.length + (isWhole ? 1 : 0);
    this.input.setSelectionRange(caret, caret);
    this.open(false);
    if (!isWhole) void this.ask();
  }

  private left = (): void => {
    clearTimeout(this.timer);
    this.open(false);
  };
}
