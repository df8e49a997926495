// One editor for all cells. On the page part that holds them: data-controller="inline-edit". A value that can be edited
// is a link or button .inline-edit with data-edit-url (GET: a small form; its POST answers the new row or fragment), or
// in a row with data-preview-url just data-edit, which goes behind that address.
// data-edit-key is the letter that opens it for the current row (A, P, S, V, T). Esc restores, Enter saves.
// Who has it, its priority and its tags (data-edit of a row) show the new value at once and the old one again when the
// server refuses it, which then says why.
import { Controller } from "@hotwired/stimulus";
import { onKey } from "../lib/keys";
import { htmx } from "../lib/requests";

export default class extends Controller<HTMLElement> {
  private stops: Array<() => void> = [];
  private opener: HTMLElement | null = null;

  override connect(): void {
    this.element.addEventListener("click", this.clicked);
    document.addEventListener("pointerdown", this.outside);
    this.editor.addEventListener("htmx:afterRequest", this.answered);
    this.stops = ["a", "p", "s", "v", "t"].map((key) => onKey(key, this.element, () => this.openByKey(key)));
    this.stops.push(onKey("Escape", this.element, () => this.close()));
    this.editor.addEventListener("keydown", this.pressed);
    this.editor.addEventListener("htmx:configRequest", this.sending);
  }

  override disconnect(): void {
    this.element.removeEventListener("click", this.clicked);
    document.removeEventListener("pointerdown", this.outside);
    for (const stop of this.stops) stop();
    this.editor.remove();
    this.made = null;
  }

  private made: HTMLElement | null = null;

  private get editor(): HTMLElement {
    if (!this.made) {
      this.made = document.createElement("div");
      this.made.className = "inline-editor";
      this.made.hidden = true;
      document.body.append(this.made);
    }
    return this.made;
  }

  private openByKey(key: string): boolean {
    if (this.element.querySelector("[data-row-select]:checked")) return false;
    const row = this.element.querySelector("[data-row][data-current]");
    const value = (row ?? this.element).querySelector<HTMLElement>(`[data-edit-key="${key}"]`);
    if (!value || (!row && this.element.querySelector("[data-row]"))) return false;
    void this.open(value);
    return true;
  }

  private clicked = (event: MouseEvent): void => {
    const value = (event.target as Element).closest<HTMLElement>("[data-edit-url], [data-edit]");
    if (!value || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    void this.open(value);
  };

  private async open(value: HTMLElement): Promise<void> {
    this.opener = value;
    value.setAttribute("aria-expanded", "true");
    await htmx.ajax("get", urlOf(value), { target: this.editor, swap: "innerHTML" });
    if (this.opener !== value) return;
    // htmx looks at what came a little later: until then Enter would leave the page.
    htmx.process(this.editor);
    this.editor.hidden = false;
    this.place(value);
    this.editor.querySelector<HTMLElement>("[autofocus], input:not([type=hidden]), select, textarea, button")?.focus();
  }

  private place(value: HTMLElement): void {
    const box = value.getBoundingClientRect();
    const width = this.editor.offsetWidth;
    const isReversed = getComputedStyle(value).direction === "rtl";
    const start = isReversed ? box.right - width : box.left;
    const x = Math.max(8, Math.min(start, document.documentElement.clientWidth - width - 8));
    const isBelow = box.bottom + this.editor.offsetHeight + 8 < window.innerHeight;
    const y = isBelow ? box.bottom + 4 : Math.max(8, box.top - this.editor.offsetHeight - 4);
    this.editor.style.setProperty("left", `${x + window.scrollX}px`);
    this.editor.style.setProperty("top", `${y + window.scrollY}px`);
  }

  private close(): boolean {
    if (this.editor.hidden) return false;
    this.editor.hidden = true;
    this.editor.replaceChildren();
    this.opener?.removeAttribute("aria-expanded");
    // A saved value comes back as a new element with the same id.
    const opener = this.opener?.isConnected ? this.opener : document.getElementById(this.opener?.id || "-");
    opener?.focus();
    this.opener = null;
    return true;
  }

  private pressed = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && event.target instanceof HTMLSelectElement) {
      event.preventDefault();
      event.target.form?.requestSubmit();
    }
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  };

  private outside = (event: Event): void => {
    if (!this.editor.hidden && !this.editor.contains(event.target as Node)) this.close();
  };

  /** Show what was chosen before the server has said so. */
  private sending = (event: Event): void => {
    const detail = (event as CustomEvent<{ verb: string; headers: Record<string, string> }>).detail;
    const value = this.opener;
    const form = this.editor.querySelector("form");
    const isSure = Boolean(value && form?.checkValidity() && OPTIMISTIC.has(value.dataset.edit ?? ""));
    if (detail.verb !== "post" || !isSure || !value || !form) return;
    detail.headers["X-Optimistic"] = "1";
    const before = value.innerHTML;
    value.textContent = chosenIn(form, value);
    value.dataset.pending = "";
    // The form waits for its answer out of sight, so that another value can be edited meanwhile.
    form.hidden = true;
    document.body.append(form);
    form.addEventListener("htmx:afterRequest", (answer) => {
      const { xhr } = (answer as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
      delete value.dataset.pending;
      if (xhr.status < 200 || xhr.status >= 300) value.innerHTML = before;
      form.remove();
      // The saved row came back as a new element: the focus stays on the value that was edited.
      if (document.activeElement === document.body) document.getElementById(value.id || "-")?.focus();
    });
    this.close();
  };

  /** A saved value closes the editor; a refused one stays with its errors shown inside. */
  private answered = (event: Event): void => {
    // Not `successful`: htmx says so of refusals too, since they are swapped in.
    const detail = (event as CustomEvent<{ xhr: XMLHttpRequest; requestConfig: { verb: string } }>).detail;
    if (detail.xhr.status >= 200 && detail.xhr.status < 400 && detail.requestConfig.verb !== "get") this.close();
  };
}

const OPTIMISTIC = new Set(["assign", "priority", "tag"]);

/** The new value in words: the choice of the first list, or what was typed behind what stood there. */
function chosenIn(form: HTMLFormElement, value: HTMLElement): string {
  const list = form.querySelector("select");
  if (list) return list.selectedOptions[0]?.text ?? "";
  const typed = form.querySelector<HTMLInputElement>("input:not([type=hidden])")?.value ?? "";
  const before = value.textContent?.trim() ?? "";
  return before.length > 1 ? `${before}, ${typed}` : typed;
}

function urlOf(value: HTMLElement): string {
  const row = value.closest<HTMLElement>("[data-preview-url]");
  return value.dataset.editUrl ?? `${row?.dataset.previewUrl ?? ""}${value.dataset.edit ?? ""}/`;
}
