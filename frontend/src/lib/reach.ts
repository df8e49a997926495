// Asks whether the server is there before the browser leaves the page with a form: a page that is left for a server that
// does not answer is gone, and what was typed in it with it. Forms that htmx sends tell their failures themselves.
import { noticed } from "./http";
import { message } from "./messages";
import { toast } from "./toasts";

const PATIENCE_MS = 8_000;
const asked = new WeakSet<HTMLFormElement>();
const asking = new WeakSet<HTMLFormElement>();

async function isThere(): Promise<boolean> {
  try {
    const response = await fetch("/health/live/", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    return noticed(response).status < 500;
  } catch {
    return false;
  }
}

async function ask(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  if (asking.has(form)) return;
  asking.add(form);
  const isReached = await isThere();
  asking.delete(form);
  if (!isReached) {
    toast({ text: message("unreachable"), tone: "bad" });
    return;
  }
  asked.add(form);
  form.requestSubmit(submitter);
  asked.delete(form);
}

/** Before all other listeners: they hear of the form only once it can really be sent. */
function hold(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  const submitter = event.submitter;
  const sendsItself = form.matches("[hx-post], [data-outline-form], [data-controller~=appearance]") || submitter?.matches("[hx-post]");
  const method = submitter?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get";
  if (asked.has(form) || sendsItself || method.toLowerCase() !== "post") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  void ask(form, submitter);
}

export function start(): void {
  document.addEventListener("submit", hold, true);
}
