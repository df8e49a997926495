// Tabs that are addresses: where their strip is wider than the screen, the one that is open stands in sight.

export function start(): void {
  for (const tab of document.querySelectorAll<HTMLElement>(".tabs > [aria-current]")) {
    const strip = tab.parentElement;
    if (!strip || strip.scrollWidth <= strip.clientWidth) continue;
    const [inside, outside] = [tab.getBoundingClientRect(), strip.getBoundingClientRect()];
    strip.scrollLeft += inside.left - outside.left - (outside.width - inside.width) / 2;
  }
}
