import { drawFigure } from "./figure.js";
import { addRawData } from "./data.js";
import { makeSortable } from "./sort.js";

for (const element of document.querySelectorAll("figure.figure")) {
  try {
    const spec = JSON.parse(element.querySelector("script[type='application/json']").textContent);
    drawFigure(element, spec);
    addRawData(element, () => spec);
  } catch (error) {
    const failure = document.createElement("p");
    failure.className = "failure";
    failure.textContent = `This chart could not be drawn: ${error.message}`;
    element.querySelector(".plots").replaceChildren(failure);
  }
}

for (const table of document.querySelectorAll("table.sortable")) makeSortable(table);
