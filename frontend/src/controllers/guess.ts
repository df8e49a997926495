// New ticket: the service that the server guessed from the words is chosen, until the person chooses one.
// On the element around form and preview; the preview carries [data-guess], the form #id_service and #service-guess.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller<HTMLElement> {
  private isChosen = false;

  override connect(): void {
    this.isChosen = Boolean(this.field?.value);
    this.element.addEventListener("htmx:afterSwap", this.guess);
    this.element.addEventListener("change", this.changed);
    this.guess();
  }

  override disconnect(): void {
    this.element.removeEventListener("htmx:afterSwap", this.guess);
    this.element.removeEventListener("change", this.changed);
  }

  private get field(): HTMLSelectElement | null {
    return this.element.querySelector<HTMLSelectElement>("#id_service");
  }

  private changed = (event: Event): void => {
    if (event.target !== this.field) return;
    this.isChosen = true;
    this.tell(false);
  };

  private guess = (): void => {
    const guess = this.element.querySelector<HTMLElement>("[data-guess]")?.dataset.guess;
    if (!guess || this.isChosen || !this.field) return;
    this.field.value = guess;
    this.tell(this.field.value === guess);
  };

  private tell(isGuessed: boolean): void {
    const hint = this.element.querySelector<HTMLElement>("#service-guess");
    if (hint) hint.hidden = !isGuessed;
  }
}
