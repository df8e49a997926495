// Cards on a board of columns. By keyboard arrows go to the next card of the column or of the next column; Alt+arrows move
// the card a column on or back. A mouse or pen drags at once, a finger after resting on it; Escape leaves the card where it
// is. Each way sends the card's own form, so that the answer is that of its buttons.
// Attributes: [data-column] columns with their number, [data-card] cards; the form in a card takes the number as `step`.
import { Controller } from "@hotwired/stimulus";
import { announce } from "../lib/dom";
import { message } from "../lib/messages";

const BEGINS_AFTER_PX = 5;
const RESTS_MS = 450;
const EDGE_PX = 32;
const SCROLLS_PX = 16;
const WAYS: Record<string, [number, number]> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** One drag, from the moment that the pointer went down. */
interface Grip {
  card: HTMLElement;
  pointer: number;
  x: number;
  y: number;
}

export default class extends Controller<HTMLElement> {
  private grip: Grip | null = null;
  private isOn = false;
  private rest = 0;
  private over: HTMLElement | null = null;

  override connect(): void {
    this.element.addEventListener("keydown", this.pressed);
    this.element.addEventListener("pointerdown", this.down);
    this.element.addEventListener("dragstart", this.refuse);
    this.element.addEventListener("contextmenu", this.refuseMenu);
    // Not passive: once a finger drags, the page must not scroll under it.
    this.element.addEventListener("touchmove", this.hold, { passive: false });
  }

  override disconnect(): void {
    this.leave();
    this.element.removeEventListener("keydown", this.pressed);
    this.element.removeEventListener("pointerdown", this.down);
    this.element.removeEventListener("dragstart", this.refuse);
    this.element.removeEventListener("contextmenu", this.refuseMenu);
    this.element.removeEventListener("touchmove", this.hold);
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

  private down = (event: PointerEvent): void => {
    const target = event.target as Element;
    const card = target.closest<HTMLElement>("[data-card]");
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || this.grip) return;
    if (!card?.querySelector("form") || target.closest("button")) return;
    this.grip = { card, pointer: event.pointerId, x: event.clientX, y: event.clientY };
    if (event.pointerType === "touch") this.rest = window.setTimeout(this.begin, RESTS_MS);
    document.addEventListener("pointermove", this.moved);
    document.addEventListener("pointerup", this.up);
    document.addEventListener("pointercancel", this.leave);
    document.addEventListener("keydown", this.escaped, true);
    window.addEventListener("blur", this.leave);
  };

  private begin = (): void => {
    if (!this.grip) return;
    this.rest = 0;
    this.isOn = true;
    this.element.dataset.dragging = "yes";
    this.grip.card.dataset.held = "yes";
  };

  private moved = (event: PointerEvent): void => {
    const grip = this.grip;
    if (!grip || event.pointerId !== grip.pointer) return;
    // It was let go outside of the window.
    if (event.buttons === 0) return this.leave();
    if (!this.isOn) {
      if (Math.hypot(event.clientX - grip.x, event.clientY - grip.y) < BEGINS_AFTER_PX) return;
      // A finger that moves before it has rested scrolls.
      if (this.rest) return this.leave();
      this.begin();
    }
    event.preventDefault();
    this.scroll(event.clientX);
    const under = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("[data-column]") ?? null;
    if (under === this.over) return;
    this.over?.removeAttribute("data-drop");
    this.over = under && under !== column(grip.card) && this.element.contains(under) ? under : null;
    if (this.over) this.over.dataset.drop = "yes";
  };

  /** Columns beyond the edge come in when the card is held near it. */
  private scroll(x: number): void {
    const board = this.element.getBoundingClientRect();
    if (x < board.left + EDGE_PX) this.element.scrollBy(-SCROLLS_PX, 0);
    else if (x > board.right - EDGE_PX) this.element.scrollBy(SCROLLS_PX, 0);
  }

  private up = (event: PointerEvent): void => {
    if (event.pointerId !== this.grip?.pointer) return;
    const [card, over, wasOn] = [this.grip.card, this.over, this.isOn];
    if (wasOn) {
      // The link under the pointer is not followed: this was no click. It comes right after, or not at all.
      document.addEventListener("click", this.refuse, { capture: true, once: true });
      window.setTimeout(() => document.removeEventListener("click", this.refuse, true), 0);
    }
    this.leave();
    if (wasOn && over) this.send(card, Number(over.dataset.column));
  };

  private escaped = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.isOn) return;
    event.preventDefault();
    event.stopPropagation();
    this.leave();
    announce(message("left_where_it_is"));
  };

  private hold = (event: TouchEvent): void => {
    if (this.isOn && event.cancelable) event.preventDefault();
  };

  private refuse = (event: Event): void => {
    event.preventDefault();
    if (event.type === "click") event.stopPropagation();
  };

  private refuseMenu = (event: Event): void => {
    if (this.isOn || this.rest) event.preventDefault();
  };

  private leave = (): void => {
    clearTimeout(this.rest);
    this.rest = 0;
    this.isOn = false;
    this.over?.removeAttribute("data-drop");
    this.over = null;
    if (this.grip) delete this.grip.card.dataset.held;
    this.grip = null;
    delete this.element.dataset.dragging;
    document.removeEventListener("pointermove", this.moved);
    document.removeEventListener("pointerup", this.up);
    document.removeEventListener("pointercancel", this.leave);
    document.removeEventListener("keydown", this.escaped, true);
    window.removeEventListener("blur", this.leave);
  };
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
