// The answer to "somebody else changed this": Keep mine, Take theirs, Edit. On the conflict banner:
// data-conflict-form (selector), data-conflict-field (name), data-conflict-version (the version now in force);
// theirs stands in [data-conflict-theirs]; buttons carry data-conflict-choice="mine|theirs|edit".
import { Controller } from "@hotwired/stimulus";

export default class extends Controller<HTMLElement> {
  override connect(): void {
    this.element.addEventListener("click", this.choose);
  }

  override disconnect(): void {
    this.element.removeEventListener("click", this.choose);
  }

  private choose = (event: Event): void => {
    const button = (event.target as Element).closest<HTMLElement>("[data-conflict-choice]");
    const { conflictForm, conflictField, conflictVersion } = this.element.dataset;
    const form = document.querySelector<HTMLFormElement>(conflictForm ?? "") ?? this.element.closest("form");
    if (!button || !form) return;
    event.preventDefault();
    const version = form.elements.namedItem("version");
    if (version instanceof HTMLInputElement && conflictVersion) version.value = conflictVersion;
    const field = form.elements.namedItem(conflictField ?? "");
    const isField = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement;
    const choice = button.dataset.conflictChoice;
    if (choice === "theirs" && isField) {
      const theirs = this.element.querySelector<HTMLElement>("[data-conflict-theirs]");
      field.value = theirs?.dataset.value ?? theirs?.textContent ?? "";
    }
    this.element.remove();
    if (choice === "mine") form.requestSubmit();
    else if (isField) field.focus();
  };
}
