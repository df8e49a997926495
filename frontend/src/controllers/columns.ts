// The choice of columns: the checked boxes of the form go into one field, as the address of the list wants them.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller<HTMLFormElement> {
  override connect(): void {
    this.element.addEventListener("submit", this.gather);
  }

  override disconnect(): void {
    this.element.removeEventListener("submit", this.gather);
  }

  private gather = (): void => {
    const boxes = [...this.element.querySelectorAll<HTMLInputElement>("input[type=checkbox][name=col]")];
    const value = this.element.querySelector<HTMLInputElement>("[data-columns-value]");
    if (value) value.value = boxes.filter((box) => box.checked).map((box) => box.value).join(",");
    for (const box of boxes) box.disabled = true;
  };
}
