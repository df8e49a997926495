// Remembers the list that a record was opened from, in this tab, so that its page can lead to the next one; and whether
// the tickets of that list are being served one after the other.
const KEY = "steward-place";

export interface Place {
  from: string;
  urls: string[];
  // The page that a link or a reply leads to from here, beyond those of the list's page; "*" when only the server knows.
  walked?: string;
  playing?: { label: string; served: number[] };
}

export function start(): void {
  document.addEventListener(
    "click",
    (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-row-link]");
      const list = link?.closest("[data-controller~=list]");
      if (!list) return;
      const urls = [...list.querySelectorAll<HTMLAnchorElement>("a[data-row-link]")].map((each) => each.pathname);
      keep({ from: location.href, urls });
    },
    true,
  );
  if (document.querySelector("[data-play-end]")) stopPlaying();
  tellForms();
}

/** Forms that lead on to another ticket say which list is meant. */
function tellForms(): void {
  const known = place();
  if (!known) return;
  const from = new URL(known.from, location.href);
  const said = { list: from.pathname + from.search, playing: known.playing ? "1" : "", served: known.playing?.served.join() ?? "" };
  document.querySelector("[data-place-list]")?.closest("form")?.addEventListener("submit", () => keep({ ...known, walked: "*" }));
  for (const [name, value] of Object.entries(said)) {
    for (const field of document.querySelectorAll<HTMLInputElement>(`[data-place-${name}]`)) field.value = value;
  }
}

export function keep(place: Place): void {
  sessionStorage.setItem(KEY, JSON.stringify(place));
}

export function stopPlaying(): void {
  const known = place();
  if (known) keep({ from: known.from, urls: known.urls });
}

export function place(): Place | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Place | null;
  } catch {
    return null;
  }
}
