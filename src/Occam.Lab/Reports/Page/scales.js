import { offLogScale } from "./prepare.js";

// The columns of a mark that lie along an axis.
const coordinates = {
  x: (mark) => (mark.kind === "heat" ? [[mark.left, mark.right]] : mark.kind === "vertical" ? [[mark.x]] : mark.kind === "bars" ? [mark.values, mark.low, mark.high] : [mark.x, mark.edges]),
  y: (mark) => (mark.kind === "heat" ? [[mark.bottom, mark.top]] : mark.kind === "horizontal" ? [[mark.y]] : mark.kind === "bars" ? [mark.values, mark.low, mark.high]
    : [mark.y, mark.low, mark.high, mark.counts && [0, ...mark.counts]]),
};

// Marks that fill the plane between the axes, where a unit is as long upwards as it is across.
export const isPlane = (mark) => mark.kind === "heat" || mark.kind === "polygons";

// The least and greatest value that the marks of all panels show along an axis, or undefined for none.
function extent(marks, which) {
  let low = Infinity;
  let high = -Infinity;
  for (const column of marks.flatMap(coordinates[which])) {
    for (const value of column ?? []) {
      if (!Number.isFinite(value) || value === offLogScale) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : undefined;
}

// A symmetric logarithm is linear up to its constant: 1, or less where smaller values would lie on top of zero.
const symlog = (constant) => (value) => Math.sign(value) * Math.log1p(Math.abs(value) / constant);
const unsymlog = (constant) => (value) => Math.sign(value) * Math.expm1(Math.abs(value)) * constant;

function linearUpTo(marks, which) {
  const sizes = marks.flatMap(coordinates[which]).flatMap((column) => [...(column ?? [])]).map(Math.abs).filter((size) => size > 0 && Number.isFinite(size));
  const smallest = Math.max(sizes.reduce((a, b) => Math.min(a, b), 1), sizes.reduce((a, b) => Math.max(a, b), 0) * 1e-6);
  return Math.min(1, 10 ** Math.floor(Math.log10(smallest)));
}

// A little air, so that no mark touches the edge; but never below a zero that the data stay above.
function airy(axis, found, air, there = (value) => value, back = (value) => value) {
  const [low, high] = found;
  const span = there(high) - there(low) || Math.abs(there(high)) || 1;
  const least = back(there(low) - air * span);
  return [axis.minimum ?? (low >= 0 && least < 0 ? 0 : least), axis.maximum ?? back(there(high) + air * span)];
}

function logDomain(axis, found) {
  const [low, high] = found ?? [1, 10];
  const air = (high / low) ** 0.04 || 1;
  const widen = high > low ? air : 2;
  return [axis.minimum ?? low / widen, axis.maximum ?? high * widen];
}

// The options of one axis for Plot, shared by all panels of a figure.
export function scaleOptions(axis, which, marks) {
  if (axis.scale === "category") {
    const bars = marks.filter((mark) => mark.kind === "bars");
    return { type: "band", domain: [...new Set(bars.flatMap((mark) => mark.categories))], round: false };
  }
  const positive = axis.scale === "log";
  let found = extent(marks, which);
  if (positive) return { type: "log", domain: logDomain(axis, found) };
  found ??= [0, 1];
  if (marks.some((mark) => mark.kind === "bars")) found = [Math.min(found[0], 0), Math.max(found[1], 0)];
  const binned = which === "x" && marks.some((mark) => mark.kind === "histogram");
  const air = binned || marks.some(isPlane) ? 0 : which === "x" ? 0.02 : 0.05;
  if (axis.scale !== "symmetricLog") return { type: "linear", domain: airy(axis, found, air) };
  const constant = linearUpTo(marks, which);
  return { type: "symlog", constant, domain: airy(axis, found, air, symlog(constant), unsymlog(constant)) };
}

// How far along the axis a value lies, from 0 to 1.
export function place(scale, value) {
  const there = scale.type === "log" ? Math.log : scale.type === "symlog" ? symlog(scale.constant) : (v) => v;
  const [low, high] = scale.domain.map(there);
  return (there(value) - low) / (high - low);
}

// All values that a figure's shade colours.
function shaded(mark) {
  if (mark.kind === "heat") return mark.values;
  return mark.shades ?? (Number.isFinite(mark.shade) ? [mark.shade] : []);
}

function shadeDomain({ scale, ramp, minimum, maximum }, marks) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of marks.flatMap(shaded)) {
    if (!Number.isFinite(value) || (scale === "log" && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (ramp === "diverging" && low <= high) {
    high = Math.max(Math.abs(low), Math.abs(high));
    low = -high;
  }
  return [minimum ?? low, maximum ?? high];
}

// Colours for a quantity; as expressions of the page's variables, so that light, dark and print follow.
export function shadeScale(spec, marks) {
  if (!spec.shade) return null;
  const { scale, ramp, label } = spec.shade;
  const transform = scale === "log" ? (value) => Math.log(Math.max(value, Number.MIN_VALUE)) : (value) => value;
  const [minimum, maximum] = shadeDomain(spec.shade, marks);
  const low = transform(minimum);
  const span = transform(maximum) - low || 1;
  const place = (value) => Math.min(1, Math.max(0, (transform(value) - low) / span));
  const at = (share) => {
    const percent = ((share < 0.5 ? share : share - 0.5) * 200).toFixed(1);
    const [from, to] = share < 0.5 ? ["low", "middle"] : ["middle", "high"];
    return `color-mix(in oklab, var(--${ramp}-${to}) ${percent}%, var(--${ramp}-${from}))`;
  };
  return { minimum, maximum, label, ramp, place, at, colour: (value) => (Number.isFinite(value) ? at(place(value)) : "var(--gray)") };
}
