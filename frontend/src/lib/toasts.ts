import { isTyping } from "./dom";
import { onKey } from "./keys";

export interface Toast {
  text: string;
  tone?: "info" | "bad";
  undo_url?: string;
  undo_label?: string;
  view_url?: string;
  view_label?: string;
}

const MOST = 3;

/** Show one line with at most one action. Errors stay until dismissed. */
export function toast(details: Toast): void {
  const region = document.getElementById("toasts");
  const template = document.querySelector<HTMLTemplateElement>("#toast-template");
  if (!region || !template) return;
  const element = template.content.firstElementChild?.cloneNode(true) as HTMLElement;
  element.querySelector("[data-toast-text]")!.textContent = details.text;
  if (details.tone) element.dataset.tone = details.tone;
  const undo = element.querySelector<HTMLButtonElement>("[data-toast-undo]")!;
  const view = element.querySelector<HTMLAnchorElement>("[data-toast-view]")!;
  if (details.undo_url) {
    undo.dataset.undoUrl = details.undo_url;
    if (details.undo_label) undo.textContent = details.undo_label;
  } else undo.remove();
  if (details.view_url && !details.undo_url) {
    view.href = details.view_url;
    if (details.view_label) view.textContent = details.view_label;
  } else view.remove();
  region.append(element);
  while (region.children.length > MOST) region.firstElementChild?.remove();
}

export function start(): void {
  document.addEventListener("steward:toast", (event) => toast((event as CustomEvent<Toast>).detail));
  onKey("Ctrl+z", null, (event) => {
    if (isTyping(event.target)) return false;
    const undo = [...document.querySelectorAll<HTMLElement>("#toasts [data-undo-url]")].pop();
    if (!undo) return false;
    undo.click();
    return true;
  });
}
