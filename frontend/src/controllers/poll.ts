// Asks for news every 15 s while the page is looked at. 204 means unchanged. The answer replaces data-poll-target
// (a selector; default: the element itself) unless the person is using that part just now.
// Attributes: data-poll-url, data-poll-target, data-poll-swap ("innerHTML" | "outerHTML" | "parts"), data-poll-seconds.
// "parts": each element of the answer replaces the one with its id; those in use wait for the next round.
import { Controller } from "@hotwired/stimulus";
import { isInUse } from "../lib/dom";
import { get } from "../lib/http";
import { htmx } from "../lib/requests";

/** Replace the elements of the page that have the ids of the answer's elements. False when one of them was in use. */
function swapParts(html: string): boolean {
  const fragment = new DOMParser().parseFromString(html, "text/html").body;
  let isComplete = true;
  for (const part of [...fragment.children]) {
    const old = part.id ? document.getElementById(part.id) : null;
    if (!old) continue;
    if (isInUse(old)) {
      isComplete = false;
      continue;
    }
    htmx.swap(old, part.outerHTML.replace(' hx-swap-oob="true"', ""), { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 0 });
  }
  return isComplete;
}

export default class extends Controller<HTMLElement> {
  private timer = 0;
  private isAsking = false;

  override connect(): void {
    const seconds = Number(this.element.dataset.pollSeconds ?? "15");
    this.timer = window.setInterval(() => void this.ask(), seconds * 1_000);
    document.addEventListener("visibilitychange", this.ask);
    this.element.addEventListener("steward:stale", this.ask);
  }

  override disconnect(): void {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.ask);
    this.element.removeEventListener("steward:stale", this.ask);
  }

  private ask = async (): Promise<void> => {
    const url = this.element.dataset.pollUrl;
    if (!url || document.hidden || !navigator.onLine || this.isAsking) return;
    this.isAsking = true;
    try {
      const response = await get(url);
      const next = response.headers.get("X-Poll-Url");
      if (response.status !== 200 || response.redirected) return;
      const target = this.target;
      if (this.element.dataset.pollSwap === "parts") {
        // Parts in use stay as they are, and the same news is asked for again.
        if (swapParts(await response.text()) && next) this.element.dataset.pollUrl = next;
        return;
      }
      if (!target || isInUse(target)) return;
      if (next) this.element.dataset.pollUrl = next;
      const swapStyle = this.element.dataset.pollSwap === "outerHTML" ? "outerHTML" : "innerHTML";
      htmx.swap(target, await response.text(), { swapStyle, swapDelay: 0, settleDelay: 0 });
    } catch {
      // No connection: the next round tries again and the banner says so.
    } finally {
      this.isAsking = false;
    }
  };

  private get target(): HTMLElement | null {
    const selector = this.element.dataset.pollTarget;
    return selector ? document.querySelector<HTMLElement>(selector) : this.element;
  }
}
