// Serves the tickets of a list one after the other. On the form that begins it: data-play-start (the name of the list).
// On the bar of a ticket page, which shows while playing: data-play-number, [data-play-label], [data-play-stop], and forms
// [data-play-form], which are sent to the list with what was served before in their field `served`.
import { Controller } from "@hotwired/stimulus";
import { keep, place, stopPlaying } from "../lib/place";

const MOST = 500;

export default class extends Controller<HTMLElement> {
  override connect(): void {
    if (this.element.dataset.playStart !== undefined) this.element.addEventListener("submit", this.start);
    else this.go();
  }

  override disconnect(): void {
    this.element.removeEventListener("submit", this.start);
  }

  private start = (): void => {
    keep({ from: location.href, urls: [], playing: { label: this.element.dataset.playStart ?? "", served: [] } });
  };

  private go(): void {
    const known = place();
    if (!known?.playing) return;
    const { label, served } = known.playing;
    const all = [...new Set([...served, Number(this.element.dataset.playNumber)])].slice(-MOST);
    keep({ ...known, playing: { label, served: all } });
    const list = new URL(known.from, location.href);
    this.element.querySelector("[data-play-label]")!.textContent = label;
    for (const form of this.element.querySelectorAll<HTMLFormElement>("[data-play-form]")) {
      form.action = `${list.pathname}play/${list.search}`;
      form.querySelector<HTMLInputElement>("[name=served]")!.value = all.join();
    }
    for (const field of document.querySelectorAll<HTMLInputElement>("[data-place-served]")) field.value = all.join();
    const stop = this.element.querySelector<HTMLAnchorElement>("[data-play-stop]");
    if (stop) stop.href = list.href;
    stop?.addEventListener("click", stopPlaying);
    this.element.hidden = false;
  }
}
