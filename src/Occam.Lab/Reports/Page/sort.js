// Tables whose headings sort: a click orders by that column, another turns the order around. Rows without a value come last.

const collator = new Intl.Collator("en", { numeric: true });

function compare(one, other, sign) {
  const [a, b] = [one, other].map((cell) => (cell.dataset.value === undefined ? cell.textContent : Number(cell.dataset.value)));
  if (a === "" || b === "") return (a === "") - (b === "");
  return sign * (typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b));
}

function sortBy(table, column, heading) {
  const isUp = heading.ariaSort === "descending" || (heading.ariaSort !== "ascending" && !heading.classList.contains("number"));
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", isUp ? "ascending" : "descending");
  const body = table.tBodies[0];
  body.append(...[...body.rows].sort((a, b) => compare(a.cells[column], b.cells[column], isUp ? 1 : -1)));
}

export function makeSortable(table) {
  for (const [column, heading] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sortBy(table, column, heading));
    heading.append(button);
  }
}
