// The outline of causes by keyboard: Enter adds a line below, Tab and Shift+Tab move in and out, Alt+arrows up and down,
// Esc leaves the line. Each change is a form of the page, sent at once; the answer is the whole outline as it is then.
// On the section. Attributes: [data-outline-form] forms, [data-outline-text] lines, [data-outline-last] the line for a new one.
import { Controller } from "@hotwired/stimulus";
import { post } from "../lib/http";

const MOVES: Record<string, string> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };

export default class extends Controller<HTMLElement> {
  private isBusy = false;

  override connect(): void {
    this.element.addEventListener("submit", this.submitted);
    this.element.addEventListener("keydown", this.pressed);
    this.element.addEventListener("change", this.changed);
  }

  override disconnect(): void {
    this.element.removeEventListener("submit", this.submitted);
    this.element.removeEventListener("keydown", this.pressed);
    this.element.removeEventListener("change", this.changed);
  }

  private submitted = (event: SubmitEvent): void => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-outline-form]")) return;
    event.preventDefault();
    const isNew = form.querySelector("[data-outline-last]") !== null;
    void this.send(form.action, new FormData(form, event.submitter), isNew ? "[data-outline-last]" : this.ofCause(form));
  };

  // A line that lost its focus with other words in it saves itself.
  private changed = (event: Event): void => {
    const line = event.target as HTMLInputElement;
    const form = line.form;
    if (!line.matches("[data-outline-text]") || !form || this.isBusy || !line.value.trim()) return;
    window.setTimeout(() => {
      if (line.isConnected && !this.isBusy && line.value !== line.defaultValue) void this.send(form.action, new FormData(form), this.focused());
    });
  };

  private pressed = (event: KeyboardEvent): void => {
    const line = event.target as HTMLInputElement;
    if (event.isComposing) return;
    if (line.matches("[data-outline-added]")) return this.pressedInAdded(event, line);
    if (!line.matches("[data-outline-text]")) return;
    if (event.key === "Escape") {
      line.value = line.defaultValue;
      line.closest(".outline__line")?.querySelector<HTMLElement>("summary")?.focus();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.open(line);
    } else if (event.key === "Tab" || (event.altKey && MOVES[event.key])) {
      event.preventDefault();
      void this.move(line, event.key === "Tab" ? (event.shiftKey ? "out" : "in") : (MOVES[event.key] ?? ""));
    }
  };

  private pressedInAdded(event: KeyboardEvent, line: HTMLInputElement): void {
    const item = line.closest("li");
    if (event.key === "Escape") {
      const before = item?.previousElementSibling?.querySelector<HTMLElement>("[data-outline-text]");
      item?.remove();
      before?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (!line.value.trim()) return;
      const words = new FormData();
      words.set("text", line.value);
      words.set("after", line.dataset.outlineAdded ?? "");
      void this.send(this.adding(), words, "made", true);
    }
  }

  // An empty line below this one, whose own words are saved first if they were changed.
  private open(line: HTMLInputElement): void {
    const item = line.closest("li");
    if (!item) return;
    const added = document.createElement("li");
    const input = document.createElement("input");
    added.className = "outline__item";
    input.className = "input outline__text";
    input.maxLength = 500;
    input.dir = "auto";
    input.dataset.outlineAdded = item.dataset.cause ?? "";
    input.setAttribute("aria-label", this.element.querySelector("[data-outline-last]")?.getAttribute("aria-label") ?? "");
    added.append(input);
    const form = line.form;
    if (form && line.value !== line.defaultValue && line.value.trim()) {
      void this.send(form.action, new FormData(form), `#${line.id}`).then(() => {
        const now = document.getElementById(line.id) as HTMLInputElement | null;
        if (now && now.value === now.defaultValue) this.open(now);
      });
      return;
    }
    item.after(added);
    input.focus();
  }

  private async move(line: HTMLInputElement, direction: string): Promise<void> {
    const form = line.form;
    if (!form || this.isBusy) return;
    if (line.value !== line.defaultValue && line.value.trim()) await this.send(form.action, new FormData(form), `#${line.id}`);
    const words = new FormData();
    words.set("act", direction);
    await this.send(form.action, words, `#${line.id}`);
  }

  private async send(url: string, words: FormData, focus: string, goOn = false): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    this.element.setAttribute("aria-busy", "true");
    const answer = await post(url, words).catch(() => null);
    this.isBusy = false;
    this.element.removeAttribute("aria-busy");
    if (!answer?.ok) return this.complain(answer);
    const made = answer.headers.get("X-Cause");
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const fresh = holder.content.querySelector<HTMLElement>("#causes");
    if (!fresh) return;
    this.element.replaceWith(fresh);
    const wanted = fresh.querySelector<HTMLInputElement>(focus === "made" && made ? `#cause-${made}` : focus === "made" ? "[data-outline-last]" : focus);
    wanted?.focus();
    wanted?.setSelectionRange?.(wanted.value.length, wanted.value.length);
    // The controller of the fresh outline connects after this turn; before that nobody would hear the key.
    if (goOn && wanted) window.setTimeout(() => wanted.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true })));
  }

  private async complain(answer: Response | null): Promise<void> {
    const banner = this.element.querySelector<HTMLElement>("[data-outline-error]");
    const text = banner?.querySelector<HTMLElement>(".banner__text");
    if (!banner || !text) return;
    const said = answer && answer.status < 500 ? (await answer.text()).trim() : "";
    text.textContent = said && !said.startsWith("<") ? said : (document.querySelector("#offline-banner .banner__text")?.textContent ?? "");
    banner.hidden = false;
  }

  private adding(): string {
    return this.element.querySelector<HTMLInputElement>("[data-outline-last]")?.form?.action ?? "";
  }

  private ofCause(form: HTMLFormElement): string {
    const key = form.closest<HTMLElement>("li[data-cause]")?.dataset.cause;
    return key ? `#cause-${key}` : "[data-outline-last]";
  }

  private focused(): string {
    const id = document.activeElement?.id;
    return id && this.element.contains(document.activeElement) ? `#${id}` : "[data-none]";
  }
}
