// Says when the connection is gone and keeps sending disabled until it is back.
const LOCKED = "button[type=submit], input[type=submit], form button:not([type])";

function apply(): void {
  const isOffline = !navigator.onLine;
  const banner = document.getElementById("offline-banner");
  if (banner) banner.hidden = !isOffline;
  document.documentElement.toggleAttribute("data-offline", isOffline);
  for (const button of document.querySelectorAll<HTMLButtonElement>(LOCKED)) {
    if (isOffline && !button.disabled) {
      button.disabled = true;
      button.dataset.offlineLocked = "";
    } else if (!isOffline && "offlineLocked" in button.dataset) {
      button.disabled = false;
      delete button.dataset.offlineLocked;
    }
  }
}

export function start(): void {
  window.addEventListener("offline", apply);
  window.addEventListener("online", apply);
  if (!navigator.onLine) apply();
}
