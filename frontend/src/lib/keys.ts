// One listener for every single key. Controllers register keys; links and buttons carry theirs in data-key.
import { isShown, isTyping, openDialog } from "./dom";

export type KeyHandler = (event: KeyboardEvent) => boolean | void;

interface Entry {
  owner: Element | null;
  handler: KeyHandler;
}

const CHORD_MS = 1500;
const handlers = new Map<string, Entry[]>();
let chord = "";
let chordTimer = 0;

/**
 * Listen to a key such as "j", "Shift+J" or "g h". The latest registered handler comes first; one that returns
 * false leaves the key to the next. The answer unregisters it.
 */
export function onKey(key: string, owner: Element | null, handler: KeyHandler): () => void {
  const entry = { owner, handler };
  handlers.set(key, [entry, ...(handlers.get(key) ?? [])]);
  return () => handlers.set(key, (handlers.get(key) ?? []).filter((each) => each !== entry));
}

export const keysAreOn = (): boolean => document.documentElement.dataset.keys !== "off";

function nameOf(event: KeyboardEvent): string {
  let key = event.key;
  // On a keyboard of another script the printed letter is not Latin: take the position instead.
  if (/^[^\x00-\x7f]$/.test(key) && /^Key[A-Z]$/.test(event.code)) {
    key = event.shiftKey ? event.code.slice(3) : event.code.slice(3).toLowerCase();
  }
  if (key === " ") key = "Space";
  const isLetter = /^[a-z]$/i.test(key);
  if (isLetter) key = event.shiftKey ? `Shift+${key.toUpperCase()}` : key.toLowerCase();
  if (event.altKey) key = `Alt+${key}`;
  if (event.ctrlKey || event.metaKey) key = `Ctrl+${key}`;
  return key;
}

function press(name: string, event: KeyboardEvent): boolean {
  const dialog = openDialog();
  for (const { owner, handler } of handlers.get(name) ?? []) {
    if (owner && !owner.isConnected) continue;
    // Behind an open dialog nothing takes keys; Escape is the dialog's own.
    if (dialog && (owner ? !dialog.contains(owner) : name === "Escape")) continue;
    if (handler(event) !== false) return true;
  }
  return pressElement(name);
}

function pressElement(name: string): boolean {
  const dialog = openDialog();
  const near = document.activeElement?.closest("[data-key-scope]");
  const roots = [near, dialog ?? document].filter((root): root is Element | Document => Boolean(root));
  for (const root of roots) {
    for (const element of root.querySelectorAll<HTMLElement>(`[data-key="${CSS.escape(name)}"]`)) {
      if (!isShown(element) || element.getAttribute("aria-disabled") === "true" || element.matches(":disabled")) continue;
      if (element.matches("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select")) element.focus();
      else element.click();
      return true;
    }
  }
  return false;
}

function onKeydown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || ["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
  const name = nameOf(event);
  const isSingle = !/^(Ctrl|Alt)\+/.test(name) && name !== "Escape";
  if (isSingle && (isTyping(event.target) || !keysAreOn())) return;
  // Enter and Space belong to the button or disclosure that has the focus, Enter to a link too.
  const own = { Enter: "a, button, summary, input, [role=option]", Space: "button, summary, input, [role=option]" }[name];
  if (own && (event.target as Element).closest?.(own)) return;
  if (openDialog() && isSingle && !openDialog()?.contains(event.target as Node)) return;

  const full = chord ? `${chord} ${name}` : name;
  clearTimeout(chordTimer);
  const wasChord = chord !== "";
  chord = "";
  if (press(full, event)) {
    event.preventDefault();
    return;
  }
  if (!wasChord && name === "g" && !event.repeat) {
    chord = "g";
    chordTimer = window.setTimeout(() => (chord = ""), CHORD_MS);
  }
}

export function start(): void {
  document.addEventListener("keydown", onKeydown);
  onKey("\\", null, () => {
    const root = document.documentElement;
    root.dataset.side = root.dataset.side === "hidden" ? "shown" : "hidden";
  });
}
