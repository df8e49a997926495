// Collapses the navigation on wide screens and opens it as a sheet on narrow ones. On <html>; button: data-nav-toggle.
import { Controller } from "@hotwired/stimulus";
import { post } from "../lib/http";
import { onKey } from "../lib/keys";

const wide = window.matchMedia("(width >= 960px)");

export default class extends Controller<HTMLElement> {
  private stop = (): void => {};
  private stopEscape = (): void => {};

  override connect(): void {
    this.element.addEventListener("click", this.click);
    this.stop = onKey("[", null, () => this.toggle());
    this.tell();
  }

  override disconnect(): void {
    this.element.removeEventListener("click", this.click);
    this.stop();
    this.stopEscape();
  }

  private get root(): HTMLElement {
    return document.documentElement;
  }

  private get button(): HTMLElement | null {
    return this.element.querySelector<HTMLElement>("[data-nav-toggle]");
  }

  private click = (event: Event): void => {
    const target = event.target as Element;
    if (target.closest("[data-nav-toggle]")) this.toggle();
    else if (this.root.dataset.navSheet === "open" && !target.closest(".nav")) this.toggle();
  };

  private toggle(): void {
    if (wide.matches) {
      this.root.dataset.nav = this.root.dataset.nav === "collapsed" ? "open" : "collapsed";
      const url = this.button?.dataset.navToggle;
      if (url) void post(url, new URLSearchParams({ nav: this.root.dataset.nav }));
    } else {
      const isOpening = this.root.dataset.navSheet !== "open";
      this.root.dataset.navSheet = isOpening ? "open" : "closed";
      this.stopEscape();
      // Only while open, and so before whatever lies behind the sheet.
      if (isOpening) this.stopEscape = onKey("Escape", null, () => this.toggle());
      if (isOpening) requestAnimationFrame(() => this.element.querySelector<HTMLElement>(".nav__link")?.focus());
      else this.button?.focus();
    }
    this.tell();
  }

  private tell(): void {
    const isOpen = wide.matches ? this.root.dataset.nav !== "collapsed" : this.root.dataset.navSheet === "open";
    this.button?.setAttribute("aria-expanded", String(isOpen));
  }
}
