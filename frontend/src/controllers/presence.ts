// Tells the others that this person has the record open, every 20 s, and whether they are writing; shows who else is.
// Attributes: data-presence-url. POST state=viewing|replying|idle; the answer's HTML goes into the element, 204 keeps it.
import { Controller } from "@hotwired/stimulus";
import { post } from "../lib/http";

const BEAT_MS = 20_000;
const IDLE_MS = 300_000;

export default class extends Controller<HTMLElement> {
  private timer = 0;
  private activeAt = Date.now();

  override connect(): void {
    this.timer = window.setInterval(() => void this.beat(), BEAT_MS);
    for (const sign of ["keydown", "pointerdown"]) document.addEventListener(sign, this.note);
    document.addEventListener("steward:composer", this.beat);
    void this.beat();
  }

  override disconnect(): void {
    clearInterval(this.timer);
    for (const sign of ["keydown", "pointerdown"]) document.removeEventListener(sign, this.note);
    document.removeEventListener("steward:composer", this.beat);
  }

  private note = (): void => {
    this.activeAt = Date.now();
  };

  private get state(): string {
    if (document.querySelector(".composer--reply[open]")) return "replying";
    return Date.now() - this.activeAt > IDLE_MS ? "idle" : "viewing";
  }

  private beat = async (): Promise<void> => {
    const url = this.element.dataset.presenceUrl;
    if (!url || document.hidden) return;
    try {
      const response = await post(url, new URLSearchParams({ state: this.state }));
      if (response.status === 200) this.element.innerHTML = await response.text();
    } catch {
      // Presence is a courtesy; the next beat tries again.
    }
  };
}
