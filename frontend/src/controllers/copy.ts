// Copies a link or a text. Attributes: data-copy-text (default: the address of this page), data-copy-from (selector of a field).
import { Controller } from "@hotwired/stimulus";
import { message } from "../lib/messages";
import { toast } from "../lib/toasts";

export default class extends Controller<HTMLElement> {
  override connect(): void {
    this.element.addEventListener("click", this.copy);
  }

  override disconnect(): void {
    this.element.removeEventListener("click", this.copy);
  }

  private copy = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { copyFrom, copyText } = this.element.dataset;
    const field = copyFrom ? document.querySelector<HTMLTextAreaElement>(copyFrom) : null;
    try {
      await navigator.clipboard.writeText(field?.value ?? (copyText ? new URL(copyText, location.href).href : location.href));
      toast({ text: message("copied") });
    } catch {
      toast({ text: message("copy_refused"), tone: "bad" });
    }
  };
}
