// Saves what is being written 2 s after a pause and on blur; keeps a copy in the browser while the server is out of reach.
// On the form: data-draft-url; fields to keep carry data-draft-field (default: every textarea and text input).
// Shows its state in [data-draft-status]. POST of the fields as a form; any 2xx means saved. The server renders the
// draft into the fields when the page is opened, in whatever browser.
import { Controller } from "@hotwired/stimulus";
import { post } from "../lib/http";
import { message } from "../lib/messages";

const PAUSE_MS = 2_000;

type Field = HTMLInputElement | HTMLTextAreaElement;

export default class extends Controller<HTMLFormElement> {
  private timer = 0;
  private saved = "";
  private isDone = false;

  override connect(): void {
    this.restore();
    this.saved = this.text;
    this.element.addEventListener("input", this.later);
    this.element.addEventListener("focusout", this.now);
    this.element.addEventListener("submit", this.finish);
    this.element.addEventListener("steward:unsent", this.goOn);
    window.addEventListener("pagehide", this.leave);
    window.addEventListener("online", this.now);
    for (const event of ["steward:sign-in-ends", "steward:signed-in"]) document.addEventListener(event, this.now);
  }

  override disconnect(): void {
    clearTimeout(this.timer);
    this.element.removeEventListener("input", this.later);
    this.element.removeEventListener("focusout", this.now);
    this.element.removeEventListener("submit", this.finish);
    this.element.removeEventListener("steward:unsent", this.goOn);
    window.removeEventListener("pagehide", this.leave);
    window.removeEventListener("online", this.now);
    for (const event of ["steward:sign-in-ends", "steward:signed-in"]) document.removeEventListener(event, this.now);
  }

  private get fields(): Field[] {
    const marked = [...this.element.querySelectorAll<Field>("[data-draft-field]")];
    return marked.length > 0 ? marked : [...this.element.querySelectorAll<Field>("textarea, input[type=text]")];
  }

  private get body(): URLSearchParams {
    return new URLSearchParams(this.fields.map((field) => [field.name, field.value]));
  }

  private get text(): string {
    return this.body.toString();
  }

  private get key(): string {
    return `steward-draft:${document.documentElement.dataset.person ?? ""}:${this.element.dataset.draftUrl}`;
  }

  private later = (): void => {
    clearTimeout(this.timer);
    this.isDone = false;
    this.timer = window.setTimeout(() => void this.save(), PAUSE_MS);
  };

  private now = (): void => {
    clearTimeout(this.timer);
    void this.save();
  };

  /** The text is being sent: the server drops the draft with the act, a late save must not bring it back. */
  private finish = (): void => {
    clearTimeout(this.timer);
    this.isDone = true;
    localStorage.removeItem(this.key);
  };

  /** It was not sent after all: the text is a draft again, and what the server does not take stays in the browser. */
  private goOn = (): void => {
    this.isDone = false;
    this.saved = "";
    this.now();
  };

  private leave = (): void => {
    if (!this.isDone && this.text !== this.saved) void this.save(true);
  };

  private async save(isLeaving = false): Promise<void> {
    const url = this.element.dataset.draftUrl;
    const text = this.text;
    if (!url || this.isDone || text === this.saved) return;
    // The next page may be rendered before the server has taken the draft: it finds the copy.
    if (isLeaving) localStorage.setItem(this.key, text);
    try {
      const response = await post(url, this.body, isLeaving);
      if (!response.ok) throw new Error(String(response.status));
      this.saved = text;
      if (!isLeaving) localStorage.removeItem(this.key);
      const time = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short", hourCycle: "h23" }).format(new Date());
      this.tell(message("draft_saved", { time }));
    } catch {
      localStorage.setItem(this.key, text);
      this.tell(message("draft_kept"));
    }
  }

  private restore(): void {
    const kept = localStorage.getItem(this.key);
    if (kept === null) return;
    for (const [name, value] of new URLSearchParams(kept)) {
      const field = this.fields.find((each) => each.name === name);
      if (field && field.value === "") field.value = value;
    }
    this.later();
  }

  private tell(text: string): void {
    const status = this.element.querySelector<HTMLElement>("[data-draft-status]");
    if (status) status.textContent = text;
  }
}
