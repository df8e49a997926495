// The records opened in this tab, latest first, for the palette.
export interface Place {
  label: string;
  detail: string;
  url: string;
}

const KEY = "steward-recent";
const MOST = 12;

export function recent(): Place[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as Place[];
  } catch {
    return [];
  }
}

export function start(): void {
  const record = document.querySelector<HTMLElement>("[data-record-reference]");
  if (!record) return;
  const place = {
    label: record.dataset.recordReference ?? "",
    detail: record.dataset.recordTitle ?? "",
    url: record.dataset.recordUrl ?? location.pathname,
  };
  const others = recent().filter((each) => each.url !== place.url);
  sessionStorage.setItem(KEY, JSON.stringify([place, ...others].slice(0, MOST)));
}
