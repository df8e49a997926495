// Reply and note: opening one (R, N) closes the other and puts the caret into its text; Ctrl+Enter sends with the shown
// button, Ctrl+Shift+Enter opens the choice of states; Esc folds it up and keeps the text.
// On the element around both <details class="composer">.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller<HTMLElement> {
  // Those that came open with a draft: the browser reports them as toggled, but nobody asked for the caret.
  private cameOpen = new WeakSet<Element>();

  override connect(): void {
    for (const composer of this.element.querySelectorAll(".composer[open]")) this.cameOpen.add(composer);
    this.element.addEventListener("toggle", this.toggled, true);
    this.element.addEventListener("keydown", this.pressed);
    this.element.addEventListener("click", this.clicked);
  }

  override disconnect(): void {
    this.element.removeEventListener("toggle", this.toggled, true);
    this.element.removeEventListener("keydown", this.pressed);
    this.element.removeEventListener("click", this.clicked);
  }

  private toggled = (event: Event): void => {
    const composer = event.target;
    if (!(composer instanceof HTMLDetailsElement) || !composer.classList.contains("composer")) return;
    document.dispatchEvent(new CustomEvent("steward:composer"));
    if (this.cameOpen.delete(composer) || !composer.open) return;
    for (const other of this.element.querySelectorAll<HTMLDetailsElement>(".composer[open]")) {
      if (other !== composer) other.open = false;
    }
    const text = composer.querySelector<HTMLTextAreaElement>("textarea");
    text?.focus();
    text?.setSelectionRange(text.value.length, text.value.length);
  };

  /** Open at once instead of with the later toggle event: who types on after R or N must lose no letter. */
  private clicked = (event: Event): void => {
    const summary = (event.target as Element).closest("summary.composer__open");
    const composer = summary?.parentElement;
    if (!(composer instanceof HTMLDetailsElement) || composer.open) return;
    event.preventDefault();
    composer.open = true;
    composer.querySelector("textarea")?.focus();
  };

  private pressed = (event: KeyboardEvent): void => {
    const composer = (event.target as Element).closest<HTMLDetailsElement>(".composer");
    if (!composer) return;
    if (event.key === "Escape" && composer.open && !composer.querySelector("details.menu[open]")) {
      event.preventDefault();
      composer.open = false;
      composer.querySelector("summary")?.focus();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const menu = composer.querySelector<HTMLDetailsElement>("details.menu");
      if (event.shiftKey && menu) {
        menu.open = true;
        menu.querySelector<HTMLElement>(".menu__item")?.focus();
      } else {
        const form = composer.querySelector("form");
        form?.requestSubmit(form.querySelector<HTMLButtonElement>("button[data-send]"));
      }
    }
  };
}
