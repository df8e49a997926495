// Watches over the sign-in of a page: warns 2 min before it ends, and once it has ended keeps what is typed from being
// sent into the void until the person has signed in again, in another tab.
// On the dialog: data-session-url (GET: {person, seconds, token}; POST: stay), data-session-seconds (left when the page
// was made; empty: no end to warn of). Parts with data-session-when="ending|ended|other" show in that state only;
// [data-session-stay] is the button, [data-session-left] shows the time.
import { Controller } from "@hotwired/stimulus";
import { announce } from "../lib/dom";
import { get, post, renewToken } from "../lib/http";
import { message } from "../lib/messages";
import { toast } from "../lib/toasts";
import { show } from "./dialog";

interface Answer {
  person: number | null;
  seconds: number | null;
  token?: string;
}

type State = "fine" | "ending" | "ended" | "other";

const WARN_SECONDS = 120;
export const SIGNED_IN_KEY = "steward-signed-in";

export default class extends Controller<HTMLDialogElement> {
  private timer = 0;
  private endsAt = Infinity;
  private state: State = "fine";
  private isAsking = false;

  override connect(): void {
    const written = this.element.dataset.sessionSeconds ?? "";
    if (written !== "") this.endsAt = Date.now() + Number(written) * 1_000;
    this.timer = window.setInterval(this.tick, 1_000);
    document.addEventListener("visibilitychange", this.look);
    document.addEventListener("steward:signed-out", this.ask);
    document.addEventListener("submit", this.hold, true);
    document.addEventListener("htmx:beforeRequest", this.hold, true);
    window.addEventListener("storage", this.heard);
    this.element.querySelector("[data-session-stay]")?.addEventListener("click", this.stay);
  }

  override disconnect(): void {
    clearInterval(this.timer);
    document.removeEventListener("visibilitychange", this.look);
    document.removeEventListener("steward:signed-out", this.ask);
    document.removeEventListener("submit", this.hold, true);
    document.removeEventListener("htmx:beforeRequest", this.hold, true);
    window.removeEventListener("storage", this.heard);
    this.element.querySelector("[data-session-stay]")?.removeEventListener("click", this.stay);
  }

  private get secondsLeft(): number {
    return Math.ceil((this.endsAt - Date.now()) / 1_000);
  }

  private tick = (): void => {
    if (this.state === "ending") this.tell();
    // The server knows better than this page: somebody may have stayed in another tab, or the machine has slept.
    const isDue = this.state === "fine" ? this.secondsLeft <= WARN_SECONDS : this.state === "ending" && this.secondsLeft <= 0;
    if (isDue) void this.ask();
  };

  private look = (): void => {
    if (!document.hidden && this.state !== "fine") void this.ask();
  };

  private heard = (event: StorageEvent): void => {
    if (event.key === SIGNED_IN_KEY) void this.ask();
  };

  private ask = async (): Promise<void> => {
    await this.talk(() => get(this.url, "application/json"));
  };

  private stay = async (): Promise<void> => {
    await this.talk(() => post(this.url));
    // Refused for want of a valid token, when somebody signed in meanwhile: asking renews it.
    if (this.state === "ending" && this.secondsLeft <= WARN_SECONDS) await this.ask();
  };

  private get url(): string {
    return this.element.dataset.sessionUrl ?? "";
  }

  private async talk(request: () => Promise<Response>): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      const response = await request();
      if (response.ok || response.status === 401) this.hear((await response.json()) as Answer);
    } catch {
      // Out of reach: the banner says so, and the next tick asks again.
    } finally {
      this.isAsking = false;
    }
  }

  private hear({ person, seconds, token }: Answer): void {
    this.endsAt = seconds === null ? Infinity : Date.now() + seconds * 1_000;
    if (person === null) this.enter("ended");
    else if (String(person) !== document.documentElement.dataset.person) this.enter("other");
    else {
      if (token) renewToken(token);
      this.enter(this.secondsLeft <= WARN_SECONDS ? "ending" : "fine");
    }
  }

  private enter(state: State): void {
    const before = this.state;
    if (state === before) return;
    this.state = state;
    if (state === "fine") {
      this.element.close();
      if (before !== "ending") document.dispatchEvent(new CustomEvent("steward:signed-in"));
      toast({ text: message(before === "ending" ? "stays_signed_in" : "signed_in_again") });
      return;
    }
    for (const part of this.element.querySelectorAll<HTMLElement>("[data-session-when]")) {
      part.hidden = part.dataset.sessionWhen !== state;
    }
    // The last moment at which the server still takes drafts.
    if (state === "ending") document.dispatchEvent(new CustomEvent("steward:sign-in-ends"));
    this.tell();
    if (this.element.open) announce(this.element.querySelector(`h2 [data-session-when=${state}]`)?.textContent ?? "", true);
    show(this.element);
    this.element.querySelector<HTMLElement>(".dialog__foot .button--primary:not([hidden])")?.focus();
  }

  private tell(): void {
    const slot = this.element.querySelector<HTMLElement>("[data-session-left]");
    const left = Math.max(0, this.secondsLeft);
    if (slot) slot.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  }

  /** Keep a form from being sent while the server would refuse it, and say why. */
  private hold = (event: Event): void => {
    if (this.state !== "ended" && this.state !== "other") return;
    const detail = (event as CustomEvent<{ requestConfig?: { verb: string } }>).detail;
    if (event.type === "htmx:beforeRequest" && detail?.requestConfig?.verb === "get") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    show(this.element);
  };
}
