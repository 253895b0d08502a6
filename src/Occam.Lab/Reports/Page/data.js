import { formatNumber } from "./numbers.js";
import { pictureButtons } from "./picture.js";

const shown = 200;

// Every mark as columns of equal length, by the name that the file's header gives them.
function columns(mark) {
  switch (mark.kind) {
    case "line": return { x: mark.x, y: mark.y };
    case "dots": return { x: mark.x, y: mark.y, ...(mark.shades ? { shade: mark.shades } : {}) };
    case "crosses": return { x: mark.x, y: mark.y };
    case "band": return { x: mark.x, low: mark.low, high: mark.high };
    case "errors": return { x: mark.x, y: mark.y, error: mark.error };
    case "bars": return { x: mark.categories, y: mark.values, ...(mark.errors ? { error: mark.errors } : {}) };
    case "histogram": return { x: mark.values };
    case "heat": return heat(mark);
    case "polygons": return polygons(mark);
    case "horizontal": return { y: [mark.y] };
    case "vertical": return { x: [mark.x] };
  }
}

// A row a cell, at its centre.
function heat({ left, right, bottom, top, columns: across, values }) {
  const up = values.length / across;
  return {
    x: values.map((_, i) => left + ((right - left) * ((i % across) + 0.5)) / across),
    y: values.map((_, i) => bottom + ((top - bottom) * (Math.floor(i / across) + 0.5)) / up),
    value: values,
  };
}

// A row a corner, with the number of its polygon.
function polygons({ x, y, corners, shades }) {
  const cell = corners.flatMap((count, i) => Array(count).fill(i));
  return { cell, x, y, shade: cell.map((i) => shades[i]) };
}

function rows(spec) {
  const all = [];
  const add = (panel, mark) => {
    const values = columns(mark);
    const length = Object.values(values)[0].length;
    for (let i = 0; i < length; i++) {
      const row = { panel, series: mark.name ?? mark.label ?? mark.kind };
      if (Number.isFinite(mark.shade)) row.shade = mark.shade;
      for (const [name, column] of Object.entries(values)) row[name] = column[i];
      all.push(row);
    }
  };
  for (const mark of spec.always) add("", mark);
  for (const panel of spec.panels) for (const mark of panel.marks) add(panel.title, mark);
  return all;
}

// What the columns are called: as the axes and the scale of colours are. Bars lie along either axis.
function headings({ x, y, shade }, names) {
  const isLying = y.scale === "category";
  const told = { x: (isLying ? y : x).label || "name", y: (isLying ? x : y).label, value: shade?.label, shade: shade?.label };
  const found = names.map((name) => told[name] || name);
  return found.map((name, i) => (found.indexOf(name) < i ? `${name}, ${names[i]}` : name));
}

function quote(value) {
  if (value === null || value === undefined) return "";
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function cell(tag, value) {
  const element = document.createElement(tag);
  element.textContent = typeof value === "number" ? formatNumber(value, 6) : (value ?? "");
  if (typeof value === "number") element.className = "number";
  return element;
}

function row(tag, values) {
  const element = document.createElement("tr");
  element.append(...values.map((value) => cell(tag, value)));
  return element;
}

function table(names, titles, data) {
  const element = document.createElement("table");
  const head = document.createElement("thead");
  const body = document.createElement("tbody");
  const header = row("th", titles);
  for (const title of header.children) title.scope = "col";
  for (const [i, name] of names.entries()) if (data.some((item) => typeof item[name] === "number")) header.children[i].className = "number";
  head.append(header);
  body.append(...data.map((item) => row("td", names.map((name) => item[name]))));
  element.append(head, body);
  const scroller = document.createElement("div");
  scroller.className = "table";
  scroller.tabIndex = 0;
  scroller.append(element);
  return scroller;
}

// Fills the figure's "Data" when it is opened: a table of the first rows and all of them as a file. `current` gives what is drawn now.
export function addRawData(element, current) {
  const details = element.querySelector("details.raw");
  const summary = details.querySelector("summary");
  let file = null;
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    const spec = current();
    const data = rows(spec);
    const used = (name) => data.some((item) => item[name] !== undefined && item[name] !== "");
    const names = ["panel", "series", "cell", "x", "y", "low", "high", "error", "value", "shade"].filter(used);
    const titles = headings(spec, names);
    const text = [titles, ...data.map((item) => names.map((name) => item[name]))].map((line) => line.map(quote).join(",")).join("\n");
    const link = document.createElement("a");
    if (file !== null) URL.revokeObjectURL(file);
    file = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/csv" }));
    link.href = file;
    const title = element.querySelector("h3").textContent.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-") || element.id;
    link.download = `${title}.csv`;
    link.textContent = "Download as CSV";
    const line = document.createElement("p");
    line.append(link, " · the picture as ", ...pictureButtons(element, title).flatMap((button) => [button, " "]), data.length > shown ? ` (all ${formatNumber(data.length, 9)} rows; the first ${shown} are below)` : "");
    details.replaceChildren(summary, line, table(names, titles, data.slice(0, shown)));
  });
}
