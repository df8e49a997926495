// One listener for every single key. Controllers register keys; links and buttons carry theirs in data-key.
// Pages know the shipped keys only. A person who has moved some (data-own-keys of the root: shipped key to own key,
// "g h" to "g x") has them translated here, where a key is pressed and where one is shown: in [data-key],
// [data-edit-key] and [data-shown-key].
import { isShown, isTyping, openDialog } from "./dom";

export type KeyHandler = (event: KeyboardEvent) => boolean | void;

interface Entry {
  owner: Element | null;
  handler: KeyHandler;
}

const CHORD_MS = 1500;
const SHOWN = "[data-key], [data-edit-key], [data-shown-key]";
const own = JSON.parse(document.documentElement.dataset.ownKeys || "{}") as Record<string, string>;
const shipped = Object.fromEntries(Object.entries(own).map(([ship, mine]) => [mine, ship]));
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
  if (!(key.toLowerCase() in shipped) && /^[^\x00-\x7f]$/.test(key) && /^Key[A-Z]$/.test(event.code)) {
    key = event.shiftKey ? event.code.slice(3) : event.code.slice(3).toLowerCase();
  }
  if (key === " ") key = "Space";
  if (/^\p{L}$/u.test(key)) key = event.shiftKey ? `Shift+${key.toUpperCase()}` : key.toLowerCase();
  if (event.altKey) key = `Alt+${key}`;
  if (event.ctrlKey || event.metaKey) key = `Ctrl+${key}`;
  return key;
}

/** The shipped key that a pressed one stands for; nothing for a shipped key that was given away. */
function meant(name: string): string {
  const letter = /^Shift\+(.)$/u.exec(name)?.[1];
  if (letter) {
    const base = meant(letter.toLowerCase());
    return base ? `Shift+${base.toUpperCase()}` : "";
  }
  return shipped[name] ?? (name in own ? "" : name);
}

/** How this person presses a shipped key, as people read it: "G H", "⇧X". */
export function printed(key: string): string {
  const [first = "", second] = key.split(" ");
  const mine = second ? `${own[first] ?? first} ${(own[key] ?? key).split(" ")[1]}` : ownOf(key);
  return mine.replace("Shift+", "⇧").replace(/(?<!\S)\p{L}(?!\S)/gu, (found) => found.toUpperCase());
}

function ownOf(key: string): string {
  const letter = /^Shift\+(.)$/u.exec(key)?.[1];
  return letter ? `Shift+${(own[letter.toLowerCase()] ?? letter).toUpperCase()}` : (own[key] ?? key);
}

/** Show the person's own keys below `root`, and none where single keys are off. */
function dress(root: Element): void {
  for (const element of [root, ...root.querySelectorAll<HTMLElement>(SHOWN)]) {
    if (!(element instanceof HTMLElement) || !element.matches(SHOWN)) continue;
    const key = element.dataset.key ?? element.dataset.editKey ?? element.dataset.shownKey ?? "";
    if (!key || /^(Ctrl|Alt)\+/.test(key)) continue;
    const isList = element.closest(".keys") !== null;
    if (!keysAreOn() && !isList) element.removeAttribute("aria-keyshortcuts");
    else if (element.hasAttribute("aria-keyshortcuts")) element.setAttribute("aria-keyshortcuts", ownOf(key));
    const badge = element.matches("kbd") ? element : element.querySelector("kbd");
    if (badge && !isList) badge.hidden = !keysAreOn();
    const text = printed(key);
    if (badge && badge.textContent !== text) badge.textContent = text;
    const before = asShipped(key);
    if (element.title.endsWith(` ${before}`)) element.title = element.title.slice(0, -before.length) + (keysAreOn() ? text : "");
  }
}

const asShipped = (key: string): string => key.replace("Shift+", "⇧").replace(/\b[a-z]\b/g, (letter) => letter.toUpperCase());

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
  const pressed = nameOf(event);
  const isSingle = !/^(Ctrl|Alt)\+/.test(pressed) && pressed !== "Escape";
  if (isSingle && (isTyping(event.target) || !keysAreOn())) return;
  const name = chord ? meant(`${chord} ${pressed}`) : meant(pressed);
  // Enter and Space belong to the button or disclosure that has the focus, Enter to a link too.
  const own = { Enter: "a, button, summary, input, [role=option]", Space: "button, summary, input, [role=option]" }[name];
  if (own && (event.target as Element).closest?.(own)) return;
  if (openDialog() && isSingle && !openDialog()?.contains(event.target as Node)) return;

  clearTimeout(chordTimer);
  const wasChord = chord !== "";
  chord = "";
  if (name && press(name, event)) {
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
  if (Object.keys(own).length > 0 || !keysAreOn()) {
    dress(document.documentElement);
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof Element) dress(node);
    }).observe(document.body, { childList: true, subtree: true });
  }
  onKey("\\", null, () => {
    const root = document.documentElement;
    root.dataset.side = root.dataset.side === "hidden" ? "shown" : "hidden";
  });
}
