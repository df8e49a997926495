// Tiles of a dashboard in an order of one's choice: dragged, or by Alt and an arrow key on the focused tile. Each move is
// saved at once; one that the server refuses goes back, and the reason is told.
// Attributes: [data-arrange-item] tiles, data-arrange-url where a place is sent, data-arrange-version what was seen.
import { Controller } from "@hotwired/stimulus";
import { announce } from "../lib/dom";
import { Drag } from "../lib/drag";
import { post } from "../lib/http";
import { message } from "../lib/messages";
import { toast } from "../lib/toasts";

const STEPS: Record<string, number> = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 };

export default class extends Controller<HTMLElement> {
  private over: HTMLElement | null = null;
  private drag: Drag<HTMLElement> | null = null;
  private saving: Promise<void> = Promise.resolve();

  override connect(): void {
    this.element.addEventListener("keydown", this.pressed);
    this.drag = new Drag(this.element, {
      taken: (event) => this.taken(event.target as Element),
      begun: (item) => void (item.dataset.held = "yes"),
      moved: (item, event) => this.moved(item, event),
      left: (item, isDropped) => this.left(item, isDropped),
    });
  }

  override disconnect(): void {
    this.drag?.end();
    this.element.removeEventListener("keydown", this.pressed);
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

  private taken(target: Element): HTMLElement | null {
    return target.closest("button, input, select, summary") ? null : target.closest<HTMLElement>("[data-arrange-item]");
  }

  private moved(item: HTMLElement, event: PointerEvent): void {
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-arrange-item]");
    if (under === this.over) return;
    this.over?.removeAttribute("data-drop");
    this.over = under && under !== item && this.element.contains(under) ? under : null;
    this.over?.setAttribute("data-drop", "");
  }

  private left(item: HTMLElement, isDropped: boolean): void {
    const over = this.over;
    over?.removeAttribute("data-drop");
    this.over = null;
    delete item.dataset.held;
    if (isDropped && over) this.move(item, this.items.indexOf(over));
  }

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
