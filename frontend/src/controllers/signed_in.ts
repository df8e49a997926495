// The page that signing in from another tab led to: tells the tabs that wait.
import { Controller } from "@hotwired/stimulus";
import { SIGNED_IN_KEY } from "./session";

export default class extends Controller<HTMLElement> {
  override connect(): void {
    localStorage.setItem(SIGNED_IN_KEY, String(Date.now()));
  }
}
