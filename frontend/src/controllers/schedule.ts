// The change calendar by keyboard: arrows go to the nearest entry in that direction, one stop for Tab; Alt+arrows move a
// scheduled change by half an hour each: what that means stands above, Enter goes to the reason, Escape leaves it. Dragging
// does the same, and leads to the reason.
// Attributes: [data-entry] entries, data-move the address of moving one, [data-schedule-move] where that is shown.
import { Controller } from "@hotwired/stimulus";
import { announce, isShown } from "../lib/dom";
import { Dragging } from "../lib/dragging";
import { get } from "../lib/http";
import { message } from "../lib/messages";

const STEP_MINUTES = 30;
const ASKS_AFTER_MS = 200;
const WAYS: Record<string, [number, number]> = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export default class extends Controller<HTMLElement> {
  private moving: HTMLElement | null = null;
  private shift = 0;
  private timer = 0;
  private dragging: Dragging | null = null;

  override connect(): void {
    this.element.addEventListener("keydown", this.pressed);
    this.element.addEventListener("focusin", this.focused);
    this.element.addEventListener("click", this.clicked);
    this.dragging = new Dragging(this.element, {
      preview: (entry, shift) => this.told(entry, shift),
      dropped: (entry, shift) => void this.drop(entry, shift),
    });
    const wanted = location.hash.startsWith("#e") ? document.getElementById(location.hash.slice(1)) : null;
    const entries = this.entries;
    const first = wanted?.matches("[data-entry]") && isShown(wanted) ? wanted : entries[0];
    for (const each of entries) each.tabIndex = each === first ? 0 : -1;
    if (wanted && first === wanted) wanted.focus();
  }

  override disconnect(): void {
    clearTimeout(this.timer);
    this.dragging?.end();
    this.element.removeEventListener("keydown", this.pressed);
    this.element.removeEventListener("focusin", this.focused);
    this.element.removeEventListener("click", this.clicked);
  }

  private get entries(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>("[data-entry]")].filter(isShown);
  }

  private get place(): HTMLElement | null {
    return this.element.querySelector<HTMLElement>("[data-schedule-move]");
  }

  private focused = (event: Event): void => {
    const entry = (event.target as Element).closest<HTMLElement>("[data-entry]");
    if (!entry) return;
    for (const each of this.element.querySelectorAll<HTMLElement>('[data-entry][tabindex="0"]')) each.tabIndex = -1;
    entry.tabIndex = 0;
  };

  private pressed = (event: KeyboardEvent): void => {
    const target = event.target as Element;
    if (event.key === "Escape" && this.moving) {
      event.preventDefault();
      event.stopPropagation();
      this.leave();
      return;
    }
    const entry = target.closest<HTMLElement>("[data-entry]");
    if (!entry || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Enter" && this.moving === entry) {
      event.preventDefault();
      this.place?.querySelector<HTMLElement>("input[name=reason]")?.focus();
      return;
    }
    const way = WAYS[event.key];
    if (!way) return;
    const turned = getComputedStyle(this.element).direction === "rtl" ? -1 : 1;
    event.preventDefault();
    if (event.altKey) this.push(entry, way[1] || way[0] * turned);
    else this.nearest(entry, way)?.focus();
  };

  // The nearest entry that begins beyond this one in the direction; what stands beside the way counts as farther.
  private nearest(from: HTMLElement, [x, y]: [number, number]): HTMLElement | null {
    const here = from.getBoundingClientRect();
    let best: HTMLElement | null = null;
    let least = Infinity;
    for (const each of this.entries) {
      if (each === from) continue;
      const there = each.getBoundingClientRect();
      const across = x !== 0;
      const ahead = across ? (there.left - here.left) * x : (there.top - here.top) * y;
      if (ahead < 2) continue;
      const aside = across ? Math.abs(there.top - here.top) : Math.abs(there.left - here.left);
      const far = ahead + aside * (across ? 0.5 : 4);
      if (far < least) [least, best] = [far, each];
    }
    return best;
  }

  private push(entry: HTMLElement, way: number): void {
    if (!entry.dataset.move) {
      announce(message("not_moved"));
      return;
    }
    if (this.moving !== entry) this.shift = 0;
    this.dragging?.clear();
    this.moving = entry;
    this.shift += way * STEP_MINUTES;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), ASKS_AFTER_MS);
  }

  private async ask(): Promise<void> {
    const [entry, shift, place] = [this.moving, this.shift, this.place];
    if (!entry || !place) return;
    const form = await this.told(entry, shift);
    if (this.moving !== entry || this.shift !== shift) return;
    if (form === null) {
      announce(message("unreachable"), true);
      return;
    }
    place.innerHTML = form;
    const said = [...place.querySelectorAll<HTMLElement>("[data-move-then], [data-move-said]")];
    announce(said.map((each) => each.innerText).join(". "));
    place.scrollIntoView({ block: "nearest" });
  }

  /** The form that moves it so far, with what is in the way there; null when the server is out of reach. */
  private async told(entry: HTMLElement, shift: number): Promise<string | null> {
    const back = this.place?.dataset.back ?? "";
    const answer = await get(`${entry.dataset.move}?${new URLSearchParams({ shift: String(shift), back })}`).catch(() => null);
    return answer?.ok ? await answer.text() : null;
  }

  private async drop(entry: HTMLElement, shift: number): Promise<void> {
    clearTimeout(this.timer);
    [this.moving, this.shift] = [entry, shift];
    await this.ask();
    this.place?.querySelector<HTMLElement>("input[name=reason]")?.focus();
  }

  private clicked = (event: MouseEvent): void => {
    const target = event.target as Element;
    if (!this.moving || !target.closest("[data-schedule-move]")) return;
    const step = target.closest<HTMLAnchorElement>("[data-move-step]");
    if (step) {
      event.preventDefault();
      this.dragging?.clear();
      this.shift = Number(new URL(step.href).searchParams.get("shift"));
      void this.ask();
    } else if (target.closest("[data-move-leave]")) {
      event.preventDefault();
      this.leave();
    }
  };

  private leave(): void {
    clearTimeout(this.timer);
    const entry = this.moving;
    this.moving = null;
    this.shift = 0;
    this.dragging?.clear();
    this.place?.replaceChildren();
    entry?.focus();
  }
}
