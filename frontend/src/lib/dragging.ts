// Dragging an entry of the change calendar by its half hours and days. What is dragged stays where it is; a frame shows
// where it would go, and words beside the pointer what that means.
import { Drag } from "./drag";
import { message } from "./messages";

const MINUTES = 30;
const SLOTS = 48;
const DAY_MINUTES = 24 * 60;
const ASKS_AFTER_MS = 150;

/** One drag, from the moment that the pointer went down on it. */
interface Grip {
  entry: HTMLElement;
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
  private shift = 0;
  private timer = 0;
  private frame: HTMLElement | null = null;
  private target: HTMLElement | null = null;
  private words: HTMLElement | null = null;
  private readonly drag: Drag<Grip>;

  constructor(
    private readonly element: HTMLElement,
    private readonly asked: Asked,
  ) {
    this.drag = new Drag<Grip>(
      element,
      {
        taken: (event) => this.taken(event),
        begun: () => this.begun(),
        moved: (grip, event) => this.moved(grip, event),
        left: (grip, isDropped) => this.left(grip, isDropped),
      },
      "[data-move]",
    );
  }

  end(): void {
    this.drag.end();
  }

  /** Take the frame away that shows where it would go. */
  clear(): void {
    this.frame?.remove();
    this.words?.remove();
    this.target?.removeAttribute("data-drop");
    this.frame = this.words = this.target = null;
  }

  private taken(event: PointerEvent): Grip | null {
    const entry = (event.target as Element).closest<HTMLElement>("[data-entry][data-move]");
    const cell = entry?.closest<HTMLTableCellElement>(".schedule-grid td");
    if (!entry || !cell) return null;
    const piece = entry.closest<HTMLElement>(".schedule-day__place");
    const above = piece ? event.clientY - piece.getBoundingClientRect().top : 0;
    const grip = { entry, cell, piece, above, slot: 0 };
    grip.slot = slotAt(grip, cell, event.clientY);
    return grip;
  }

  private begun(): void {
    this.clear();
    this.shift = 0;
    this.words = document.createElement("div");
    this.words.className = "schedule-drag__words";
    this.words.hidden = true;
    document.body.append(this.words);
  }

  private moved(grip: Grip, event: PointerEvent): void {
    this.grip = grip;
    this.say(event.clientX, event.clientY);
    const below = document.elementFromPoint(event.clientX, event.clientY);
    const under = below?.closest<HTMLTableCellElement>(".schedule-grid td");
    if (!under || !this.element.contains(under)) return;
    const cell = landing(grip, under);
    const days = place(cell) - place(grip.cell);
    const slot = slotAt(grip, cell, event.clientY);
    const shift = days * DAY_MINUTES + (grip.piece ? (slot - grip.slot) * MINUTES : 0);
    if (shift === this.shift && this.target) return;
    this.shift = shift;
    this.show(grip, cell, slot);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(grip, shift), ASKS_AFTER_MS);
  }

  private show(grip: Grip, cell: HTMLTableCellElement, slot: number): void {
    this.target?.removeAttribute("data-drop");
    this.frame?.remove();
    this.target = cell;
    const piece = grip.piece;
    const day = cell.querySelector(".schedule-day");
    if (!piece || !day) {
      cell.dataset.drop = "yes";
      return;
    }
    // A piece that is cut at midnight shows its whole length where there is room for it.
    const isCut = Number(piece.dataset.at) + Number(piece.dataset.long) >= SLOTS;
    const whole = isCut ? Math.ceil(Number(grip.entry.dataset.minutes) / MINUTES) : Number(piece.dataset.long);
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

  private async ask(grip: Grip, shift: number): Promise<void> {
    if (!this.words) return;
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

  private left(grip: Grip, isDropped: boolean): void {
    clearTimeout(this.timer);
    const [frame, target] = [this.frame, this.target];
    this.grip = null;
    if (isDropped && this.shift !== 0) [this.frame, this.target] = [null, null];
    this.clear();
    if (!isDropped || this.shift === 0) return;
    [this.frame, this.target] = [frame, target];
    this.asked.dropped(grip.entry, this.shift);
  }
}

/** Where it would land: in a month this cell; else on the same day in its own row, for a lane is not left by dragging. */
function landing(grip: Grip, cell: HTMLTableCellElement): HTMLTableCellElement {
  if (cell.closest(".schedule-month")) return cell;
  return (grip.cell.parentElement as HTMLTableRowElement).cells[cell.cellIndex] ?? grip.cell;
}

/** The half hour in which the piece would begin if the pointer stood at this height. */
function slotAt(grip: Grip, cell: HTMLTableCellElement, y: number): number {
  const day = cell.querySelector(".schedule-day")?.getBoundingClientRect();
  if (!day) return 0;
  const slot = Math.round(((y - grip.above - day.top) / day.height) * SLOTS);
  return Math.min(Math.max(slot, 0), SLOTS - 1);
}

/** Days from the first one shown: cells of a month go on in the next row, those of a week or lane do not. */
function place(cell: HTMLTableCellElement): number {
  const row = cell.parentElement as HTMLTableRowElement;
  return cell.cellIndex + (cell.closest(".schedule-month") ? row.sectionRowIndex * row.cells.length : 0);
}

function digits(value: number): string {
  return String(value).padStart(2, "0");
}
