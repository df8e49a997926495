// Theme and density. Attributes: data-controller="appearance" on the form; its buttons have name and value.
import { Controller } from "@hotwired/stimulus";
import { post } from "../lib/http";

export default class extends Controller<HTMLFormElement> {
  override connect(): void {
    this.element.addEventListener("submit", this.change);
  }

  override disconnect(): void {
    this.element.removeEventListener("submit", this.change);
  }

  private change = (event: SubmitEvent): void => {
    const button = event.submitter as HTMLButtonElement | null;
    if (!button) return;
    event.preventDefault();
    document.documentElement.dataset[button.name] = button.value;
    for (const each of this.element.querySelectorAll<HTMLButtonElement>(`button[name="${button.name}"]`)) {
      each.setAttribute("aria-pressed", String(each === button));
    }
    document.dispatchEvent(new CustomEvent("steward:appearance"));
    void post(this.element.action, new URLSearchParams({ [button.name]: button.value }));
  };
}
