import { formatNumber } from "./numbers.js";

const swatches = {
  line: (mark) => `<path d="M0 7h24" stroke-width="2.2" ${mark.dashed ? 'stroke-dasharray="5 4"' : ""}/>`,
  dots: (mark) => (mark.hollow ? '<circle cx="12" cy="7" r="4" fill="none" stroke-width="1.6"/>' : '<circle cx="12" cy="7" r="4" fill="currentColor" stroke="none"/>'),
  crosses: () => '<path d="M8.2 3.2l7.6 7.6m0-7.6l-7.6 7.6" stroke-width="1.8"/>',
  band: () => '<rect y="2" width="24" height="10" rx="2" fill="currentColor" fill-opacity=".22" stroke="none"/>',
  errors: () => '<path d="M12 0v14M9.5 0h5m-5 14h5" stroke-width="1.5"/><circle cx="12" cy="7" r="3" fill="currentColor" stroke="none"/>',
  bars: () => '<rect x="5" y="1" width="14" height="12" rx="1" fill="currentColor" stroke="none"/>',
  histogram: () => '<rect x="5" y="1" width="14" height="12" rx="1" fill="currentColor" fill-opacity=".75" stroke="none"/>',
  horizontal: () => '<path d="M0 7h24" stroke-width="1.5" stroke-dasharray="2 3"/>',
  vertical: () => '<path d="M12 0v14" stroke-width="1.5" stroke-dasharray="2 3"/>',
};

function entry(name, drawings, colour) {
  const span = document.createElement("span");
  span.innerHTML = `<svg viewBox="0 0 24 14" aria-hidden="true" fill="none" stroke="currentColor">${drawings}</svg>`;
  // By the object, which a policy without inline styles lets pass.
  span.firstChild.style.color = colour;
  span.append(name);
  return span;
}

// One entry a name; a name that several kinds of marks share shows them in one picture.
export function drawLegend(element, marks, colour, shade) {
  const names = new Map();
  for (const mark of marks) {
    if (!mark.name || mark.kind === "heat" || (shade && (mark.shades || (Number.isFinite(mark.shade) && !shade.inLegend)))) continue;
    if (!names.has(mark.name)) names.set(mark.name, new Map());
    names.get(mark.name).set(mark.kind, mark);
  }
  const entries = [...names].map(([name, kinds]) =>
    entry(name, [...kinds.values()].map((mark) => swatches[mark.kind](mark)).join(""), colour([...kinds.values()].at(-1))));
  const told = shade?.inLegend && marks.every((mark) => mark.kind !== "heat" && !mark.shades && (mark.name || !Number.isFinite(mark.shade)));
  if (shade && !told && shade.minimum <= shade.maximum) {
    const ramp = document.createElement("span");
    const bar = document.createElement("i");
    bar.className = "ramp";
    for (const stop of ["low", "middle", "high"]) bar.style.setProperty(`--${stop}`, `var(--${shade.ramp}-${stop})`);
    const label = document.createElement("span");
    label.textContent = shade.label;
    ramp.append(label, formatNumber(shade.minimum, 3), bar, formatNumber(shade.maximum, 3));
    entries.push(ramp);
  }
  element.replaceChildren(...entries);
}
