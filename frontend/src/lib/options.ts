/** One choice of a list that opens below a field. */
export interface Choice {
  label: string;
  detail?: string;
  count?: string;
}

/** Its row, numbered within the list so that `aria-activedescendant` can name it. */
export function optionRow(list: HTMLElement, choice: Choice, index: number): HTMLLIElement {
  const row = document.createElement("li");
  row.className = "combobox__option";
  row.id = `${list.id}-${index}`;
  row.setAttribute("role", "option");
  const label = document.createElement("bdi");
  label.textContent = choice.label;
  row.append(label);
  if (choice.detail) {
    const detail = document.createElement("span");
    detail.className = "combobox__detail";
    detail.textContent = choice.detail;
    row.append(detail);
  }
  if (choice.count) {
    const count = document.createElement("span");
    count.className = "combobox__count";
    count.textContent = choice.count;
    row.append(count);
  }
  return row;
}
