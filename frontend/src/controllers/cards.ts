// Cards on a board of columns. By keyboard arrows go to the next card of the column or of the next column; Alt+arrows move
// the card a column on or back. A mouse or pen drags at once, a finger after resting on it; Escape leaves the card where it
// is. Each way sends the card's own form, so that the answer is that of its buttons.
// Attributes: [data-column] columns with their number, [data-card] cards; the form in a card takes the number as `step`.
import { Controller } from "@hotwired/stimulus";
import { announce } from "../lib/dom";
import { Drag } from "../lib/drag";
import { message } from "../lib/messages";

const EDGE_PX = 32;
const SCROLLS_PX = 16;
const WAYS: Record<string, [number, number]> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export default class extends Controller<HTMLElement> {
  private over: HTMLElement | null = null;
  private drag: Drag<HTMLElement> | null = null;

  override connect(): void {
    this.element.addEventListener("keydown", this.pressed);
    this.drag = new Drag(this.element, {
      taken: (event) => this.taken(event.target as Element),
      begun: (card) => void (card.dataset.held = "yes"),
      moved: (card, event) => this.moved(card, event),
      left: (card, isDropped) => this.left(card, isDropped),
    });
  }

  override disconnect(): void {
    this.drag?.end();
    this.element.removeEventListener("keydown", this.pressed);
  }

  private get columns(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>("[data-column]")];
  }

  private pressed = (event: KeyboardEvent): void => {
    const way = WAYS[event.key];
    const card = (event.target as Element).closest<HTMLElement>("[data-card]");
    if (!way || !card || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const aside = way[0] * (getComputedStyle(this.element).direction === "rtl" ? -1 : 1);
    event.preventDefault();
    if (event.altKey) {
      if (aside) this.send(card, Number(column(card)?.dataset.column) + aside);
      return;
    }
    link(aside ? this.beside(card, aside) : cards(column(card))[cards(column(card)).indexOf(card) + way[1]])?.focus();
  };

  /** The card at the same height in the next column that has any. */
  private beside(card: HTMLElement, way: number): HTMLElement | undefined {
    const own = column(card);
    const columns = this.columns;
    const height = cards(own).indexOf(card);
    for (let at = columns.indexOf(own as HTMLElement) + way; columns[at]; at += way) {
      const found = cards(columns[at]);
      if (found.length) return found[Math.min(height, found.length - 1)];
    }
    return undefined;
  }

  private send(card: HTMLElement, step: number): void {
    const form = card.querySelector("form");
    if (!form || !this.columns.some((each) => Number(each.dataset.column) === step)) {
      announce(message("card_stays"));
      return;
    }
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "step", value: String(step) });
    form.append(field);
    form.requestSubmit();
  }

  private taken(target: Element): HTMLElement | null {
    const card = target.closest<HTMLElement>("[data-card]");
    return card?.querySelector("form") && !target.closest("button") ? card : null;
  }

  private moved(card: HTMLElement, event: PointerEvent): void {
    this.scroll(event.clientX);
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-column]") ?? null;
    if (under === this.over) return;
    this.over?.removeAttribute("data-drop");
    this.over = under && under !== column(card) && this.element.contains(under) ? under : null;
    if (this.over) this.over.dataset.drop = "yes";
  }

  /** Columns beyond the edge come in when the card is held near it. */
  private scroll(x: number): void {
    const board = this.element.getBoundingClientRect();
    if (x < board.left + EDGE_PX) this.element.scrollBy(-SCROLLS_PX, 0);
    else if (x > board.right - EDGE_PX) this.element.scrollBy(SCROLLS_PX, 0);
  }

  private left(card: HTMLElement, isDropped: boolean): void {
    const over = this.over;
    over?.removeAttribute("data-drop");
    this.over = null;
    delete card.dataset.held;
    if (isDropped && over) this.send(card, Number(over.dataset.column));
  }
}

function column(card: HTMLElement): HTMLElement | null {
  return card.closest<HTMLElement>("[data-column]");
}

function cards(within: HTMLElement | null | undefined): HTMLElement[] {
  return [...(within?.querySelectorAll<HTMLElement>("[data-card]") ?? [])];
}

function link(card: HTMLElement | null | undefined): HTMLElement | null {
  return card?.querySelector<HTMLElement>("a") ?? null;
}
