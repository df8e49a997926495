// Tabs inside one page; with data-tabs-below="640" only on narrower screens, where the tabs themselves are shown.
// On .tabs: links to #panels become tabs; without script they are jumps to sections.
import { Controller } from "@hotwired/stimulus";

export default class extends Controller<HTMLElement> {
  override connect(): void {
    this.element.setAttribute("role", "tablist");
    for (const tab of this.tabs) {
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", tab.hash.slice(1));
      const panel = this.panelOf(tab);
      panel?.setAttribute("role", "tabpanel");
      if (tab.id) panel?.setAttribute("aria-labelledby", tab.id);
    }
    this.element.addEventListener("click", this.clicked);
    this.element.addEventListener("keydown", this.pressed);
    this.narrow?.addEventListener("change", this.resized);
    this.show(this.tabs.find((tab) => tab.hash === location.hash) ?? this.tabs[0]);
  }

  override disconnect(): void {
    this.narrow?.removeEventListener("change", this.resized);
    this.element.removeEventListener("click", this.clicked);
    this.element.removeEventListener("keydown", this.pressed);
  }

  private readonly narrow = this.element.dataset.tabsBelow
    ? window.matchMedia(`(width < ${this.element.dataset.tabsBelow}px)`)
    : null;

  private resized = (): void => {
    this.show(this.tabs.find((tab) => tab.getAttribute("aria-selected") === "true"));
  };

  private get tabs(): HTMLAnchorElement[] {
    return [...this.element.querySelectorAll<HTMLAnchorElement>("a[href^='#']")];
  }

  private panelOf(tab: HTMLAnchorElement): HTMLElement | null {
    return document.getElementById(tab.hash.slice(1));
  }

  private show(chosen: HTMLAnchorElement | undefined): void {
    for (const tab of this.tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const panel = this.panelOf(tab);
      if (panel) panel.hidden = !isChosen && (this.narrow?.matches ?? true);
    }
  }

  private clicked = (event: Event): void => {
    const tab = (event.target as Element).closest<HTMLAnchorElement>("a[href^='#']");
    if (!tab) return;
    event.preventDefault();
    history.replaceState(history.state, "", tab.hash);
    this.show(tab);
  };

  private pressed = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const ahead = getComputedStyle(this.element).direction === "rtl" ? -step : step;
    const tabs = this.tabs;
    const next = tabs.at((tabs.indexOf(document.activeElement as HTMLAnchorElement) + ahead) % tabs.length);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.click();
  };
}
