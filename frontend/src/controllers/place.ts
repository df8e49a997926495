// Where the record stands in the list it was opened from: "12 of 50", with links to its neighbors (J, K).
// On a hidden nav with a[rel=prev], a[rel=next] and [data-place-text]; it shows when the list is known in this tab.
import { Controller } from "@hotwired/stimulus";
import { message } from "../lib/messages";
import { place } from "../lib/place";

export default class extends Controller<HTMLElement> {
  override connect(): void {
    const known = place();
    const at = known?.urls.indexOf(location.pathname) ?? -1;
    if (!known || at < 0) return;
    this.lead("prev", known.urls[at - 1]);
    this.lead("next", known.urls[at + 1]);
    const text = this.element.querySelector("[data-place-text]");
    if (text) text.textContent = message("row_of", { at: at + 1, count: known.urls.length });
    this.element.hidden = false;
  }

  private lead(rel: string, url: string | undefined): void {
    const link = this.element.querySelector<HTMLAnchorElement>(`a[rel=${rel}]`);
    if (!link) return;
    link.hidden = !url;
    if (url) link.href = url;
  }
}
