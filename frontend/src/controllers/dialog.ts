// Opens a native <dialog>. On the button: data-controller="dialog" data-dialog-id="…"; optional data-dialog-url loads
// the body first. Inside the dialog every [data-dialog-close] closes it. The focus returns to where it was.
import { Controller } from "@hotwired/stimulus";
import { htmx } from "../lib/requests";

export function show(dialog: HTMLDialogElement): void {
  if (dialog.open) return;
  const opener = document.activeElement as HTMLElement | null;
  dialog.addEventListener("close", () => opener?.isConnected && opener.focus(), { once: true });
  dialog.addEventListener("click", (event) => {
    if ((event.target as Element).closest("[data-dialog-close]")) dialog.close();
  });
  dialog.showModal();
}

export default class extends Controller<HTMLElement> {
  override connect(): void {
    this.element.addEventListener("click", this.open);
  }

  override disconnect(): void {
    this.element.removeEventListener("click", this.open);
  }

  private open = (event: Event): void => {
    const dialog = document.getElementById(this.element.dataset.dialogId ?? "");
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    show(dialog);
    const url = this.element.dataset.dialogUrl;
    const body = dialog.querySelector<HTMLElement>(".dialog__body");
    if (url && body) void htmx.ajax("get", url, { target: body });
  };
}
