// Dragging an entry of the change calendar by its half hours and days. A mouse or pen drags at once, a finger after
// resting on it. What is dragged stays where it is; a frame shows where it would go, and words beside the pointer what that
// means. Escape leaves it.
import { announce } from "./dom";
import { message } from "./messages";

const MINUTES = 30;
const SLOTS = 48;
const DAY_MINUTES = 24 * 60;
const BEGINS_AFTER_PX = 5;
const RESTS_MS = 450;
const ASKS_AFTER_MS = 150;

/** One drag, from the moment that the pointer went down on it. */
interface Grip {
  entry: HTMLElement;
  pointer: number;
  x: number;
  y: number;
  cell: HTMLTableCellElement;
  piece: HTMLElement | null;
  slot: number;
  above: number;
}

export interface Asked {
  /** What moving it so far would mean; null when it can't be learned. */
  preview(entry: HTMLElement, shift: number): Promise<string | null>;
  dropped(entry: HTMLElement, shift: number): void;
}

export class Dragging {
  private grip: Grip | null = null;
  private isOn = false;
  private shift = 0;
  private rest = 0;
  private timer = 0;
  private frame: HTMLElement | null = null;
  private target: HTMLElement | null = null;
  private words: HTMLElement | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly asked: Asked,
  ) {
    element.addEventListener("pointerdown", this.down);
    element.addEventListener("dragstart", this.refuse);
    element.addEventListener("contextmenu", this.refuseMenu);
    // Not passive: once a finger drags, the page must not scroll under it.
    element.addEventListener("touchmove", this.hold, { passive: false });
  }

  end(): void {
    this.leave();
    this.element.removeEventListener("pointerdown", this.down);
    this.element.removeEventListener("dragstart", this.refuse);
    this.element.removeEventListener("contextmenu", this.refuseMenu);
    this.element.removeEventListener("touchmove", this.hold);
  }

  /** Take the frame away that shows where it would go. */
  clear(): void {
    this.frame?.remove();
    this.words?.remove();
    this.target?.removeAttribute("data-drop");
    this.frame = this.words = this.target = null;
  }

  private down = (event: PointerEvent): void => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || this.grip) return;
    const entry = (event.target as Element).closest<HTMLElement>("[data-entry][data-move]");
    const cell = entry?.closest<HTMLTableCellElement>(".schedule-grid td");
    if (!entry || !cell) return;
    const piece = entry.closest<HTMLElement>(".schedule-day__place");
    const above = piece ? event.clientY - piece.getBoundingClientRect().top : 0;
    this.grip = { entry, cell, piece, above, pointer: event.pointerId, x: event.clientX, y: event.clientY, slot: 0 };
    this.grip.slot = this.slotAt(cell, event.clientY);
    this.shift = 0;
    if (event.pointerType === "touch") this.rest = window.setTimeout(this.begin, RESTS_MS);
    document.addEventListener("pointermove", this.moved);
    document.addEventListener("pointerup", this.up);
    document.addEventListener("pointercancel", this.leave);
    document.addEventListener("keydown", this.pressed, true);
    window.addEventListener("blur", this.leave);
  };

  private begin = (): void => {
    if (!this.grip) return;
    this.rest = 0;
    this.isOn = true;
    this.clear();
    this.element.dataset.dragging = "yes";
    this.words = document.createElement("div");
    this.words.className = "schedule-drag__words";
    this.words.hidden = true;
    document.body.append(this.words);
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
    this.say(event.clientX, event.clientY);
    const below = document.elementFromPoint(event.clientX, event.clientY);
    const under = below?.closest<HTMLTableCellElement>(".schedule-grid td");
    if (!under || !this.element.contains(under)) return;
    const cell = this.landing(under);
    const days = place(cell) - place(grip.cell);
    const slot = this.slotAt(cell, event.clientY);
    const shift = days * DAY_MINUTES + (grip.piece ? (slot - grip.slot) * MINUTES : 0);
    if (shift === this.shift && this.target) return;
    this.shift = shift;
    this.show(cell, slot);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), ASKS_AFTER_MS);
  };

  /** Where it would land: in a month this cell; else on the same day in its own row, for a lane is not left by dragging. */
  private landing(cell: HTMLTableCellElement): HTMLTableCellElement {
    const own = this.grip?.cell ?? cell;
    if (cell.closest(".schedule-month")) return cell;
    return (own.parentElement as HTMLTableRowElement).cells[cell.cellIndex] ?? own;
  }

  /** The half hour in which the piece would begin if the pointer stood at this height. */
  private slotAt(cell: HTMLTableCellElement, y: number): number {
    const day = cell.querySelector(".schedule-day")?.getBoundingClientRect();
    if (!day || !this.grip) return 0;
    const slot = Math.round(((y - this.grip.above - day.top) / day.height) * SLOTS);
    return Math.min(Math.max(slot, 0), SLOTS - 1);
  }

  private show(cell: HTMLTableCellElement, slot: number): void {
    this.target?.removeAttribute("data-drop");
    this.frame?.remove();
    this.target = cell;
    const piece = this.grip?.piece;
    const day = cell.querySelector(".schedule-day");
    if (!piece || !day) {
      cell.dataset.drop = "yes";
      return;
    }
    // A piece that is cut at midnight shows its whole length where there is room for it.
    const isCut = Number(piece.dataset.at) + Number(piece.dataset.long) >= SLOTS;
    const whole = isCut ? Math.ceil(Number(this.grip?.entry.dataset.minutes) / MINUTES) : Number(piece.dataset.long);
    const long = Math.min(Math.max(whole, 1), SLOTS - slot);
    this.frame = document.createElement("li");
    this.frame.className = "schedule-day__place schedule-drag__frame";
    Object.assign(this.frame.dataset, { at: digits(slot), long: digits(long), nth: "0", of: "1" });
    this.frame.setAttribute("aria-hidden", "true");
    day.append(this.frame);
  }

  private say(x: number, y: number): void {
    if (!this.words) return;
    const wide = this.words.offsetWidth + 16;
    this.words.style.setProperty("left", `${Math.max(8, Math.min(x + 16, window.innerWidth - wide))}px`);
    const high = this.words.offsetHeight + 16;
    this.words.style.setProperty("top", `${y + high + 16 > window.innerHeight ? y - high : y + 16}px`);
  }

  private async ask(): Promise<void> {
    const [grip, shift] = [this.grip, this.shift];
    if (!grip || !this.words) return;
    if (shift === 0) {
      this.words.hidden = true;
      return;
    }
    const html = await this.asked.preview(grip.entry, shift);
    if (this.grip !== grip || this.shift !== shift || !this.words) return;
    const page = new DOMParser().parseFromString(html ?? "", "text/html");
    const said = [...page.querySelectorAll<HTMLElement>("[data-move-then], [data-move-said] > *")];
    const lines = html === null ? [message("unreachable")] : said.map((each) => (each.textContent ?? "").trim().replace(/\s+/g, " "));
    this.words.replaceChildren(...lines.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    this.words.hidden = false;
    this.words.dataset.tone = page.querySelector(".tone-warn, .field__error") ? "warn" : "";
  }

  private up = (event: PointerEvent): void => {
    if (event.pointerId !== this.grip?.pointer) return;
    const [entry, shift, wasOn] = [this.grip.entry, this.shift, this.isOn];
    const [frame, target] = [this.frame, this.target];
    if (wasOn) {
      // The link under the pointer is not followed: this was no click. It comes right after, or not at all.
      document.addEventListener("click", this.refuse, { capture: true, once: true });
      window.setTimeout(() => document.removeEventListener("click", this.refuse, true), 0);
    }
    if (wasOn && shift !== 0) [this.frame, this.target] = [null, null];
    this.leave();
    if (wasOn && shift !== 0) {
      [this.frame, this.target] = [frame, target];
      this.asked.dropped(entry, shift);
    }
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

  private refuse = (event: Event): void => {
    const isHere = event.type !== "dragstart" || (event.target as Element).closest?.("[data-move]");
    if (isHere) event.preventDefault();
    if (event.type === "click") event.stopPropagation();
  };

  private refuseMenu = (event: Event): void => {
    if (this.isOn || this.rest) event.preventDefault();
  };

  private leave = (): void => {
    clearTimeout(this.rest);
    clearTimeout(this.timer);
    this.rest = 0;
    this.grip = null;
    this.isOn = false;
    this.clear();
    delete this.element.dataset.dragging;
    document.removeEventListener("pointermove", this.moved);
    document.removeEventListener("pointerup", this.up);
    document.removeEventListener("pointercancel", this.leave);
    document.removeEventListener("keydown", this.pressed, true);
    window.removeEventListener("blur", this.leave);
  };
}

/** Days from the first one shown: cells of a month go on in the next row, those of a week or lane do not. */
function place(cell: HTMLTableCellElement): number {
  const row = cell.parentElement as HTMLTableRowElement;
  return cell.cellIndex + (cell.closest(".schedule-month") ? row.sectionRowIndex * row.cells.length : 0);
}

function digits(value: number): string {
  return String(value).padStart(2, "0");
}
