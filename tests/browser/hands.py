"""Two hands on a keyboard: nothing is clicked, and what is reached is reached by Tab, as a person would."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

MOST_STEPS = 200
# The link over the navigation is taken. In the outline of causes Tab moves a line in; Escape leaves it.
NEXT_KEY = """each => {
  const at = document.activeElement
  if (each === at) return ""
  if (at.matches("a[href='#content']")) return "Enter"
  return at.matches("[data-outline-text]") ? "Escape" : "Tab"
}"""


class Hands:
    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, page.keyboard

    def reach(self, wanted: Locator) -> None:
        """Go on with Tab until this has the focus; fails when it never gets it."""
        expect(wanted).to_be_visible()
        for _step in range(MOST_STEPS):
            key = wanted.evaluate(NEXT_KEY)
            if not key:
                return
            self.keys.press(key)
        raise AssertionError(f"Tab does not lead to {wanted}")

    def follow(self, name: str, role: Any = "link") -> None:
        """Reach a link or button of this name and press Enter."""
        self.reach(self.page.get_by_role(role, name=name, exact=True).first)
        self.keys.press("Enter")

    def fill(self, label: str, text: str) -> None:
        """Reach the field with this label and type; in a list the letters choose."""
        self.reach(self.page.get_by_label(label).locator("visible=true").first)
        self.keys.type(text)

    def send(self) -> None:
        """Send the form that has the focus."""
        self.keys.press("Control+Enter")
