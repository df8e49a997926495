// Tiles of a dashboard in an order of one's choice: dragged, or by Alt and an arrow key on the focused tile. Each move is
// saved at once; one that the server refuses goes back, and the reason is told.
// Attributes: [data-arrange-item] tiles, data-arrange-url where a place is sent, data-arrange-version what was seen.
import { Controller } from "@hotwired/stimulus";
import { announce } from "../lib/dom";
import { post } from "../lib/http";
import { message } from "../lib/messages";
import { toast } from "../lib/toasts";

const STEPS: Record<string, number> = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };

export default class extends Controller<HTMLElement> {
  private dragged: HTMLElement | null = null;
  private saving: Promise<void> = Promise.resolve();

  override connect(): void {
    this.element.addEventListener("keydown", this.pressed);
    for (const item of this.items) item.draggable = true;
    this.element.addEventListener("dragstart", this.begin);
    this.element.addEventListener("dragover", this.over);
    this.element.addEventListener("drop", this.drop);
    this.element.addEventListener("dragend", this.clear);
  }

  override disconnect(): void {
    this.element.removeEventListener("keydown", this.pressed);
    this.element.removeEventListener("dragstart", this.begin);
    this.element.removeEventListener("dragover", this.over);
    this.element.removeEventListener("drop", this.drop);
    this.element.removeEventListener("dragend", this.clear);
  }

  private get items(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>("[data-arrange-item]")];
  }

  private pressed = (event: KeyboardEvent): void => {
    const item = event.target as HTMLElement;
    const step = STEPS[event.key];
    if (!step || !event.altKey || !item.matches("[data-arrange-item]")) return;
    event.preventDefault();
    const turned = getComputedStyle(this.element).direction !== "rtl" || /Up|Down/.test(event.key);
    const to = this.items.indexOf(item) + (turned ? step : -step);
    if (to < 0 || to >= this.items.length) return;
    this.move(item, to);
    item.focus();
  };

  private begin = (event: DragEvent): void => {
    this.dragged = (event.target as HTMLElement).closest<HTMLElement>("[data-arrange-item]");
    event.dataTransfer?.setData("text/plain", this.dragged?.id ?? "");
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
  };

  private over = (event: DragEvent): void => {
    const target = (event.target as Element).closest<HTMLElement>("[data-arrange-item]");
    if (!this.dragged || !target) return;
    event.preventDefault();
    for (const each of this.items) each.toggleAttribute("data-drop", each === target && each !== this.dragged);
  };

  private drop = (event: DragEvent): void => {
    const target = (event.target as Element).closest<HTMLElement>("[data-arrange-item]");
    const dragged = this.dragged;
    this.clear();
    if (!dragged || !target || target === dragged) return;
    event.preventDefault();
    this.move(dragged, this.items.indexOf(target));
  };

  private clear = (): void => {
    this.dragged = null;
    for (const each of this.items) each.removeAttribute("data-drop");
  };

  private move(item: HTMLElement, to: number): void {
    const before = this.items;
    const rest = before.filter((each) => each !== item);
    rest.splice(to, 0, item);
    this.lay(rest);
    // One after the other, each with the version that the one before left.
    this.saving = this.saving.then(() => this.save(item, to, before));
  }

  private lay(items: HTMLElement[]): void {
    for (const each of items) this.element.append(each);
  }

  private async save(item: HTMLElement, to: number, before: HTMLElement[]): Promise<void> {
    const body = new URLSearchParams({ to: String(to), version: this.element.dataset.arrangeVersion ?? "" });
    const answer = await post(item.dataset.arrangeUrl ?? "", body).catch(() => null);
    const said = answer && answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    if (answer?.ok && said) {
      this.element.dataset.arrangeVersion = String(said.version);
      for (const field of this.element.querySelectorAll<HTMLInputElement>("[data-arrange-field]")) field.value = String(said.version);
      announce(`${said.text} ${this.items.indexOf(item) + 1} / ${this.items.length}`);
      return;
    }
    this.lay(before);
    toast({ text: said?.text ?? message("unreachable"), tone: "bad" });
  }
}
