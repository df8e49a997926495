// Where the record stands in the list it was opened from: "12 of 214", with links to its neighbors (J, K).
// On a hidden nav with a[rel=prev], a[rel=next] and [data-place-text]; it shows when the list is known in this tab. What
// the page of the list knew comes at once, the place in the whole list when the server has told it.
import { Controller } from "@hotwired/stimulus";
import { get } from "../lib/http";
import { message } from "../lib/messages";
import { keep, place } from "../lib/place";

interface Told {
  text: string;
  previous: string;
  next: string;
}

export default class extends Controller<HTMLElement> {
  override connect(): void {
    const known = place();
    if (!known || known.playing) return;
    const at = known.urls.indexOf(location.pathname);
    if (at >= 0) {
      const text = message("row_of", { at: at + 1, count: known.urls.length });
      this.show({ text, previous: known.urls[at - 1] ?? "", next: known.urls[at + 1] ?? "" });
    }
    const from = new URL(known.from, location.href);
    const isOnTheWay = at >= 0 || known.walked === location.pathname || known.walked === "*";
    if (!from.pathname.startsWith("/queue/") || !isOnTheWay) return;
    keep({ ...known, walked: location.pathname });
    for (const link of this.element.querySelectorAll("a")) {
      link.addEventListener("click", () => keep({ ...known, walked: link.pathname }));
    }
    void this.ask(from);
  }

  private async ask(from: URL): Promise<void> {
    const number = /(\d+)\/$/.exec(location.pathname)?.[1];
    if (!number) return;
    for (const page of ["after", "before"]) from.searchParams.delete(page);
    from.searchParams.set("part", "place");
    from.searchParams.set("at", number);
    const response = await get(from.href, "application/json").catch(() => null);
    if (response?.status === 200) this.show((await response.json()) as Told);
  }

  private show(told: Told): void {
    this.lead("prev", told.previous);
    this.lead("next", told.next);
    const text = this.element.querySelector("[data-place-text]");
    if (text) text.textContent = told.text;
    this.element.hidden = false;
  }

  private lead(rel: string, url: string): void {
    const link = this.element.querySelector<HTMLAnchorElement>(`a[rel=${rel}]`);
    if (!link) return;
    link.hidden = !url;
    if (url) link.href = url;
  }
}
