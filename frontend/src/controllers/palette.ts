// Ctrl+K: acts of the current record first, then places, then recent records, then what the server finds.
// On the dialog: data-palette-url (GET ?q= answers {groups: [{label, items: [{label, detail, url, key}]}]}).
// Acts are links and buttons of the page with data-palette-action (its value, or their text, is the label); places are
// the links of the navigation, found by their data-also too. Prefixes: ">" acts, "#" records, "@" people, "?" keys.
import { Controller } from "@hotwired/stimulus";
import { announce, isShown } from "../lib/dom";
import { get } from "../lib/http";
import { keysAreOn, onKey, printed } from "../lib/keys";
import { message } from "../lib/messages";
import { recent } from "../lib/recent";
import { show } from "./dialog";

interface Item {
  label: string;
  detail?: string;
  /** Another name that it is found by, and that is not shown. */
  also?: string;
  key?: string;
  url?: string;
  run?: () => void;
}

interface Group {
  label: string;
  items: Item[];
}

const PAUSE_MS = 80;

export default class extends Controller<HTMLDialogElement> {
  private stops: Array<() => void> = [];
  private items: Item[] = [];
  private at = 0;
  private timer = 0;
  private asked = 0;
  private acts: Item[] = [];
  private found: Group[] = [];

  override connect(): void {
    this.stops = [onKey("Ctrl+k", null, () => this.open()), onKey("?", null, () => this.help())];
    this.input.addEventListener("input", this.typed);
    this.input.addEventListener("keydown", this.pressed);
    this.list.addEventListener("click", this.clicked);
    document.addEventListener("click", this.opener);
  }

  override disconnect(): void {
    for (const stop of this.stops) stop();
    clearTimeout(this.timer);
    this.input.removeEventListener("input", this.typed);
    this.input.removeEventListener("keydown", this.pressed);
    this.list.removeEventListener("click", this.clicked);
    document.removeEventListener("click", this.opener);
  }

  private get input(): HTMLInputElement {
    return this.element.querySelector<HTMLInputElement>("[role=combobox]")!;
  }

  private get list(): HTMLElement {
    return this.element.querySelector<HTMLElement>("[role=listbox]")!;
  }

  private opener = (event: Event): void => {
    if ((event.target as Element).closest("[data-palette-open]")) this.open();
  };

  private help(): boolean {
    const keys = document.getElementById("keys-dialog");
    if (keys instanceof HTMLDialogElement) show(keys);
    return true;
  }

  private open(): boolean {
    if (this.element.open) {
      this.element.close();
      return true;
    }
    // Collected before the dialog opens: what lies behind a modal dialog counts as hidden afterwards.
    this.acts = [...document.querySelectorAll<HTMLElement>("[data-palette-action]")]
      .filter((act) => (isShown(act) || act.closest("details")) && act.getAttribute("aria-disabled") !== "true" && !act.matches(":disabled"))
      .map((act) => ({ label: act.dataset.paletteAction || nameOf(act), key: act.dataset.key, run: () => act.click() }));
    this.input.value = "";
    this.found = [];
    show(this.element);
    this.render();
    return true;
  }

  private typed = (): void => {
    this.at = 0;
    this.render();
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(), PAUSE_MS);
  };

  private async ask(): Promise<void> {
    const order = ++this.asked;
    const q = this.input.value.trim();
    if (!this.element.dataset.paletteUrl || q.length === 0 || q.startsWith(">") || q.startsWith("?")) {
      this.found = [];
      return;
    }
    const url = new URL(this.element.dataset.paletteUrl, location.href);
    url.searchParams.set("q", q);
    const response = await get(url.href, "application/json").catch(() => null);
    if (order !== this.asked || !response?.ok) return;
    this.found = ((await response.json()) as { groups: Group[] }).groups;
    this.render();
  }

  private groups(): Group[] {
    const typed = this.input.value.trim();
    const prefix = /^[>#@?]/.exec(typed)?.[0] ?? "";
    const words = typed.slice(prefix.length).toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (item: Item): boolean => {
      const text = `${item.label} ${item.detail ?? ""} ${item.also ?? ""}`.toLowerCase();
      return words.every((word) => text.includes(word));
    };
    const places = [...document.querySelectorAll<HTMLAnchorElement>("a.nav__link")].map((link) => ({
      label: textOf(link.querySelector(".nav__label") ?? link),
      key: link.dataset.key,
      url: link.href,
      also: link.dataset.also,
    }));
    if (prefix === "?") return [{ label: message("palette_help"), items: [{ label: message("show_keys"), key: "?", run: () => void this.help() }] }];
    const local = [
      { label: message("palette_actions"), items: this.acts.filter(matches) },
      { label: message("palette_places"), items: prefix ? [] : places.filter(matches) },
      { label: message("palette_recent"), items: prefix === "@" || prefix === ">" ? [] : recent().filter(matches) },
    ];
    return [...local, ...(prefix === ">" ? [] : this.found)].filter((group) => group.items.length > 0);
  }

  private render(): void {
    this.items = [];
    const rows: HTMLElement[] = [];
    for (const group of this.groups()) {
      const box = element("div", "");
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", group.label);
      const heading = element("div", "palette__group", group.label);
      heading.setAttribute("aria-hidden", "true");
      box.append(heading);
      for (const item of group.items) {
        const row = element("div", "palette__option");
        row.id = `palette-option-${this.items.length}`;
        row.setAttribute("role", "option");
        row.append(element("bdi", "", item.label));
        if (item.detail) row.append(element("bdi", "palette__detail truncate", item.detail));
        if (item.key && (keysAreOn() || item.key.startsWith("Ctrl+"))) row.append(element("kbd", "", printed(item.key)));
        this.items.push(item);
        box.append(row);
      }
      rows.push(box);
    }
    this.list.replaceChildren(...rows);
    this.at = Math.min(this.at, Math.max(0, this.items.length - 1));
    const empty = this.element.querySelector<HTMLElement>("[data-palette-empty]");
    if (empty) empty.hidden = this.items.length > 0;
    this.mark();
    if (this.input.value) announce(message("choices", { count: this.items.length }));
  }

  private mark(): void {
    const rows = [...this.list.querySelectorAll("[role=option]")];
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === this.at)));
    const row = rows[this.at];
    if (row) {
      this.input.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  private pressed = (event: KeyboardEvent): void => {
    const count = this.items.length;
    if (event.key === "Enter") this.run(this.at, event.ctrlKey || event.metaKey);
    else if (event.key === "ArrowDown" && count) this.at = (this.at + 1) % count;
    else if (event.key === "ArrowUp" && count) this.at = (this.at + count - 1) % count;
    else return;
    event.preventDefault();
    this.mark();
  };

  private clicked = (event: MouseEvent): void => {
    const row = (event.target as Element).closest("[role=option]");
    if (row) this.run([...this.list.querySelectorAll("[role=option]")].indexOf(row), event.ctrlKey || event.metaKey);
  };

  private run(index: number, isNewTab: boolean): void {
    const item = this.items[index];
    if (!item) return;
    this.element.close();
    // After the dialog has given the focus back, so that the act may take it.
    requestAnimationFrame(() => {
      if (item.run) item.run();
      else if (item.url && isNewTab) window.open(item.url, "_blank", "noopener");
      else if (item.url) location.assign(item.url);
    });
  }
}

function element(name: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** What an act is called, without its key and what its button says besides. */
function nameOf(act: HTMLElement): string {
  const copy = act.cloneNode(true) as HTMLElement;
  for (const beside of copy.querySelectorAll("kbd, .composer__badge")) beside.remove();
  return textOf(copy);
}

const textOf = (node: Element): string => (node.textContent ?? "").replace(/\s+/g, " ").trim();
