// Remembers the list that a record was opened from, in this tab, so that its page can lead to the next one.
const KEY = "steward-place";

export interface Place {
  from: string;
  urls: string[];
}

export function start(): void {
  document.addEventListener(
    "click",
    (event) => {
      const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-row-link]");
      const list = link?.closest("[data-controller~=list]");
      if (!list) return;
      const urls = [...list.querySelectorAll<HTMLAnchorElement>("a[data-row-link]")].map((each) => each.pathname);
      sessionStorage.setItem(KEY, JSON.stringify({ from: location.href, urls }));
    },
    true,
  );
}

export function place(): Place | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Place | null;
  } catch {
    return null;
  }
}
