import { h } from "../dom.js";
import { groupOf, titleOf } from "./columns.js";

// A button that opens a list of keys to tick, with a search where there are many.
export function picker(title, keys, isTicked, tick) {
  const list = h("div", { class: "list" });
  const search = h("input", { type: "search", placeholder: "Find", "aria-label": `Find in ${title.toLowerCase()}`, oninput: fill });
  const details = h("details", { class: "picker", ontoggle: () => { if (details.open) { fill(); search.focus(); } } },
    h("summary", { role: "button" }, title), h("div", { class: "panel-list" }, search, list));
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    details.open = false;
    details.querySelector("summary").focus();
  });
  addEventListener("pointerdown", (event) => { if (details.open && !details.contains(event.target)) details.open = false; });

  function fill() {
    const wanted = search.value.toLowerCase();
    const groups = new Map();
    for (const key of keys()) {
      if (!titleOf(key).toLowerCase().includes(wanted)) continue;
      if (!groups.has(groupOf(key))) groups.set(groupOf(key), []);
      groups.get(groupOf(key)).push(key);
    }
    list.replaceChildren(...[...groups].map(([group, own]) => h("fieldset", {}, h("legend", {}, group), own.map((key) =>
      h("label", { class: "tick" }, h("input", { type: "checkbox", checked: isTicked(key), onchange: (event) => tick(key, event.target.checked) }), titleOf(key))))));
  }

  return details;
}
