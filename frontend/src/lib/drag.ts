// A drag by pointer. A mouse or pen drags at once, a finger after resting on it; Escape leaves everything as it is.
import { announce } from "./dom";
import { message } from "./messages";

const BEGINS_AFTER_PX = 5;
const RESTS_MS = 450;

export interface Dragged<T> {
  /** What the pointer takes hold of; null when there is nothing to drag. */
  taken(event: PointerEvent): T | null;
  begun(held: T): void;
  moved(held: T, event: PointerEvent): void;
  /** It is over; `isDropped` when it was let go over the page. Also told of what never began to move. */
  left(held: T, isDropped: boolean): void;
}

export class Drag<T> {
  private held: T | null = null;
  private pointer = 0;
  private x = 0;
  private y = 0;
  private isOn = false;
  private rest = 0;

  /** What the browser would drag of itself is refused within `own`. */
  constructor(
    private readonly element: HTMLElement,
    private readonly asked: Dragged<T>,
    private readonly own = "*",
  ) {
    element.addEventListener("pointerdown", this.down);
    element.addEventListener("dragstart", this.refuseOwn);
    element.addEventListener("contextmenu", this.refuseMenu);
    // Not passive: once a finger drags, the page must not scroll under it.
    element.addEventListener("touchmove", this.hold, { passive: false });
  }

  end(): void {
    this.leave();
    this.element.removeEventListener("pointerdown", this.down);
    this.element.removeEventListener("dragstart", this.refuseOwn);
    this.element.removeEventListener("contextmenu", this.refuseMenu);
    this.element.removeEventListener("touchmove", this.hold);
  }

  private down = (event: PointerEvent): void => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || this.held) return;
    this.held = this.asked.taken(event);
    if (!this.held) return;
    [this.pointer, this.x, this.y] = [event.pointerId, event.clientX, event.clientY];
    if (event.pointerType === "touch") this.rest = window.setTimeout(this.begin, RESTS_MS);
    document.addEventListener("pointermove", this.moved);
    document.addEventListener("pointerup", this.up);
    document.addEventListener("pointercancel", this.leave);
    document.addEventListener("keydown", this.pressed, true);
    window.addEventListener("blur", this.leave);
  };

  private begin = (): void => {
    if (!this.held) return;
    this.rest = 0;
    this.isOn = true;
    this.element.dataset.dragging = "yes";
    this.asked.begun(this.held);
  };

  private moved = (event: PointerEvent): void => {
    if (!this.held || event.pointerId !== this.pointer) return;
    // It was let go outside of the window.
    if (event.buttons === 0) return this.leave();
    if (!this.isOn) {
      if (Math.hypot(event.clientX - this.x, event.clientY - this.y) < BEGINS_AFTER_PX) return;
      // A finger that moves before it has rested scrolls.
      if (this.rest) return this.leave();
      this.begin();
    }
    event.preventDefault();
    this.asked.moved(this.held, event);
  };

  private up = (event: PointerEvent): void => {
    if (!this.held || event.pointerId !== this.pointer) return;
    if (this.isOn) {
      // The link under the pointer is not followed: this was no click. It comes right after, or not at all.
      document.addEventListener("click", this.refuseClick, { capture: true, once: true });
      window.setTimeout(() => document.removeEventListener("click", this.refuseClick, true), 0);
    }
    this.over(this.isOn);
  };

  private pressed = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.isOn) return;
    event.preventDefault();
    event.stopPropagation();
    this.leave();
    announce(message("left_where_it_is"));
  };

  private hold = (event: TouchEvent): void => {
    if (this.isOn && event.cancelable) event.preventDefault();
  };

  private refuseOwn = (event: Event): void => {
    if ((event.target as Element).closest?.(this.own)) event.preventDefault();
  };

  private refuseClick = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
  };

  private refuseMenu = (event: Event): void => {
    if (this.isOn || this.rest) event.preventDefault();
  };

  private leave = (): void => this.over(false);

  private over(isDropped: boolean): void {
    const held = this.held;
    clearTimeout(this.rest);
    this.rest = 0;
    this.held = null;
    this.isOn = false;
    delete this.element.dataset.dragging;
    document.removeEventListener("pointermove", this.moved);
    document.removeEventListener("pointerup", this.up);
    document.removeEventListener("pointercancel", this.leave);
    document.removeEventListener("keydown", this.pressed, true);
    window.removeEventListener("blur", this.leave);
    if (held) this.asked.left(held, isDropped);
  }
}
