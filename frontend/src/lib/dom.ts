export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "reset"].includes(target.type);
}

export function isShown(element: Element): boolean {
  return element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";
}

export function openDialog(): HTMLDialogElement | null {
  return [...document.querySelectorAll<HTMLDialogElement>("dialog[open]")].pop() ?? null;
}

/** Say something to screen readers; `urgent` interrupts them. */
export function announce(text: string, urgent = false): void {
  const region = document.getElementById(urgent ? "announce-assertive" : "announce-polite");
  if (region) region.textContent = text;
}

/** True while replacing this part of the page would take something out of the person's hands. */
export function isInUse(element: Element): boolean {
  const active = document.activeElement;
  if (active && active !== document.body && element.contains(active)) return true;
  return element.querySelector("details.menu[open], dialog[open], .inline-editor:not([hidden])") !== null;
}
