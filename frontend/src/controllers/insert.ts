// Puts a ready text (a workaround, a link to an article) at the caret of the open composer; with none open, into a new reply.
// On a button. Attributes: data-insert-text, data-insert-url (POSTed once when it was inserted, so that its use counts).
import { Controller } from "@hotwired/stimulus";
import { post } from "../lib/http";
import { message } from "../lib/messages";
import { toast } from "../lib/toasts";

export default class extends Controller<HTMLElement> {
  private isCounted = false;

  override connect(): void {
    this.element.addEventListener("click", this.insert);
  }

  override disconnect(): void {
    this.element.removeEventListener("click", this.insert);
  }

  private insert = (event: Event): void => {
    const words = this.element.dataset.insertText;
    const composer = document.querySelector<HTMLDetailsElement>(".composer[open]") ?? document.querySelector<HTMLDetailsElement>("#composer-reply");
    const field = composer?.querySelector<HTMLTextAreaElement>("textarea");
    if (!words || !composer || !field) return;
    event.preventDefault();
    composer.open = true;
    field.focus();
    const { selectionStart: start, value } = field;
    const gap = start > 0 && !/\n$/.test(value.slice(0, start)) ? "\n\n" : "";
    field.setRangeText(gap + words, start, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    void this.count();
  };

  private async count(): Promise<void> {
    const url = this.element.dataset.insertUrl;
    if (!url || this.isCounted) return;
    this.isCounted = true;
    const answer = await post(url).catch(() => null);
    if (answer?.ok) return;
    this.isCounted = false;
    toast({ text: message("use_not_counted"), tone: "bad" });
  }
}
