import { h } from "../dom.js";
import { stateMark, textOf, titleOf, widthOf } from "./columns.js";
import { formatNumber } from "../../../Occam.Lab/Reports/Page/numbers.js";

const rowHeight = 34;
const spare = 8;
// Browsers have a greatest height of an element; runs beyond it can be found by a search.
const highest = 8_000_000;

// A table of which only the rows in sight are there. Arrows move, space chooses, enter opens.
export class Grid {
  order = [];
  keys = [];
  #store;
  #on;
  #chosen;
  #scroller;
  #head;
  #body;
  #rows = new Map();
  #at = 0;
  #sorted = {};

  constructor(store, chosen, on) {
    this.#store = store;
    this.#chosen = chosen;
    this.#on = on;
    this.#head = h("div", { class: "head", role: "row" });
    this.#body = h("div", { class: "body", role: "rowgroup" });
    this.#scroller = h("div", { class: "grid-table", role: "grid", "aria-label": "Runs", "aria-multiselectable": "true", tabIndex: 0, onscroll: () => this.draw(), onkeydown: (event) => this.#key(event) },
      h("div", { role: "rowgroup", class: "heads" }, this.#head), this.#body);
    new ResizeObserver(() => this.draw()).observe(this.#scroller);
  }

  get element() {
    return this.#scroller;
  }

  show(order, keys, sorted) {
    const isOther = keys.join("\n") !== this.keys.join("\n") || sorted.key !== this.#sorted.key || sorted.down !== this.#sorted.down;
    Object.assign(this, { order, keys });
    this.#sorted = sorted;
    this.#at = Math.max(0, Math.min(this.#at, order.length - 1));
    if (isOther) this.#drawHead();
    this.#body.style.height = `${Math.min(highest, order.length * rowHeight)}px`;
    this.#scroller.setAttribute("aria-rowcount", order.length + 1);
    this.#scroller.setAttribute("aria-colcount", keys.length + 1);
    this.redraw();
  }

  // All rows in sight anew.
  redraw() {
    for (const row of this.#rows.values()) row.remove();
    this.#rows.clear();
    this.draw();
  }

  // The rows of some runs anew, where they are in sight.
  refresh(places) {
    for (const place of places) {
      for (const [at, row] of this.#rows) {
        if (this.order[at] !== place) continue;
        const fresh = this.#row(at);
        fresh.classList.add("fresh");
        row.replaceWith(fresh);
        this.#rows.set(at, fresh);
      }
    }
  }

  draw() {
    const top = this.#scroller.scrollTop;
    const first = Math.max(0, Math.floor(top / rowHeight) - spare);
    const last = Math.min(this.order.length - 1, Math.ceil((top + this.#scroller.clientHeight) / rowHeight) + spare);
    for (const [at, row] of this.#rows) {
      if (at >= first && at <= last) continue;
      row.remove();
      this.#rows.delete(at);
    }
    const fresh = [];
    for (let at = first; at <= last; at++) {
      if (this.#rows.has(at)) continue;
      const row = this.#row(at);
      this.#rows.set(at, row);
      fresh.push(row);
    }
    this.#body.append(...fresh);
  }

  #template() {
    return `44px minmax(190px, 1.6fr) ${this.keys.map((key) => `minmax(${widthOf(key)}px, 1fr)`).join(" ")}`;
  }

  #drawHead() {
    const cells = [["name", "Run"], ...this.keys.map((key) => [key, titleOf(key)])].map(([key, title], i) => {
      const isSorted = this.#sorted.key === key;
      const column = this.#store.columns.get(key);
      return h("div", { role: "columnheader", "aria-sort": isSorted ? (this.#sorted.down ? "descending" : "ascending") : "none", class: column?.isNumber ? "number" : key === "name" ? "name" : "", "aria-colindex": i + 2 },
        h("button", { type: "button", tabIndex: 0, title: key, onclick: () => this.#on.sort(key) }, title, h("span", { class: "arrow", "aria-hidden": "true" }, isSorted ? (this.#sorted.down ? " ↓" : " ↑") : "")));
    });
    this.#head.replaceChildren(h("div", { role: "columnheader", "aria-colindex": 1, class: "choice" }, h("span", { class: "unseen" }, "Chosen")), ...cells);
    for (const part of [this.#head, this.#body]) part.style.setProperty("--columns", this.#template());
    const least = 44 + 190 + this.keys.reduce((sum, key) => sum + widthOf(key), 0);
    for (const part of [this.#head, this.#body]) part.style.minWidth = `${least}px`;
  }

  #row(at) {
    const place = this.order[at];
    const name = this.#store.names[place];
    const tone = this.#chosen.get(name);
    const row = h("div", {
      role: "row", class: `row${tone ? " chosen" : ""}${at === this.#at ? " at" : ""}`, id: `row-${at}`, "aria-rowindex": at + 2, "aria-selected": tone ? "true" : "false",
      onclick: (event) => this.#click(event, at, name),
    },
    h("div", { role: "gridcell", class: "choice" }, h("span", { class: `chip ${tone ?? ""}`, "aria-hidden": "true" })),
    h("div", { role: "gridcell", class: "name" }, h("a", { href: `#/run/${encodeURIComponent(name)}`, tabIndex: -1, title: name }, ...parts(name))),
    ...this.keys.map((key) => this.#cell(key, place)));
    row.style.transform = `translateY(${at * rowHeight}px)`;
    return row;
  }

  #cell(key, place) {
    const column = this.#store.columns.get(key);
    const value = column?.values[place];
    if (key === "state") return h("div", { role: "gridcell" }, value ? stateMark(value) : "");
    if (key === "step") return this.#progress(place, value);
    const text = column ? textOf(column, value) : "";
    return h("div", { role: "gridcell", class: column?.isNumber ? "number" : "", title: text.length > 14 ? text : null }, text);
  }

  #progress(place, step) {
    const steps = this.#store.columns.get("steps")?.values[place];
    if (step === null || step === undefined) return h("div", { role: "gridcell" });
    const bar = h("span", { class: "track", "aria-hidden": "true" }, h("span", { class: "done" }));
    bar.firstChild.style.width = `${Math.min(100, steps > 0 ? (100 * step) / steps : 0)}%`;
    return h("div", { role: "gridcell", class: "number progress", title: steps > 0 ? `${formatNumber(step, 9)} of ${formatNumber(steps, 9)} steps` : "" }, bar, formatNumber(step, 9));
  }

  #click(event, at, name) {
    this.#move(at);
    if (event.target.closest("a")) return;
    this.#on.choose(name);
  }

  #move(at) {
    const before = this.#at;
    this.#at = Math.max(0, Math.min(this.order.length - 1, at));
    const top = this.#at * rowHeight;
    const height = this.#scroller.clientHeight - this.#head.offsetHeight;
    if (top < this.#scroller.scrollTop) this.#scroller.scrollTop = top;
    if (top + rowHeight > this.#scroller.scrollTop + height) this.#scroller.scrollTop = top + rowHeight - height;
    this.draw();
    this.#rows.get(before)?.classList.remove("at");
    this.#rows.get(this.#at)?.classList.add("at");
    this.#scroller.setAttribute("aria-activedescendant", `row-${this.#at}`);
  }

  #key(event) {
    if (event.target !== this.#scroller) return;
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / rowHeight) - 2);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const name = this.#store.names[this.order[this.#at]];
    if (event.key in moves) this.#move(this.#at + moves[event.key]);
    else if (event.key === " " && name !== undefined) this.#on.choose(name);
    else if (event.key === "Enter" && name !== undefined) this.#on.open(name);
    else return;
    event.preventDefault();
  }
}

// The folders of a run's name softly, and its own name.
function parts(name) {
  const at = name.lastIndexOf("/") + 1;
  return [h("span", { class: "folder" }, name.slice(0, at)), name.slice(at)];
}
