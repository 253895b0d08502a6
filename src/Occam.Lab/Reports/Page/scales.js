import { ticks as roundTicks } from "d3-array";
import { formatNumber, powerOfTen, tickFormat } from "./numbers.js";
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

// The given multiples of all powers of ten within a domain of positive numbers.
function decades([low, high], multiples) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    ticks.push(...multiples.map((multiple) => multiple * 10 ** power));
  }
  return ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
}

// Powers of ten, with 2 and 5 or 3 times these between them where there is room; plain round numbers
// where the domain spans less than one power.
function logTicks(domain, count) {
  if (domain[1] / domain[0] < 12) return roundTicks(domain[0], domain[1], count);
  const candidates = [[1, 2, 5], [1, 3], [1]].map((multiples) => decades(domain, multiples));
  const fitting = candidates.find((ticks) => ticks.length <= count + 1) ?? candidates.at(-1);
  const stride = Math.ceil(fitting.length / (count + 1));
  return fitting.filter((_, i) => i % stride === 0);
}

// Whether a number is written without a power of ten.
const isPlain = (value) => value === 0 || (Math.abs(value) >= 0.9e-3 && Math.abs(value) < 2e6);

// Ticks and their texts, about `count` of them.
export function axisTicks(scale, count) {
  if (scale.type === "band") return {};
  if (scale.type === "log") {
    const ticks = logTicks(scale.domain, count);
    const powers = ticks.every((tick) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-9);
    const plain = ticks.every(isPlain);
    // By tickFormat Plot would leave out what d3 finds too many for a logarithmic axis: every 5.
    return { ticks, text: (value) => (powers && !plain ? powerOfTen(Math.round(Math.log10(value))) : formatNumber(value, 3)) };
  }
  if (scale.type === "symlog") {
    const [low, high] = scale.domain;
    const sides = [[-low, -1], [high, 1]].filter(([end]) => end > 0).map(([end, sign]) => ({ end, sign, domain: [Math.min(scale.constant, end), Math.max(end, scale.constant)] }));
    const found = sides.map(({ domain }) => (domain[1] / domain[0] < 12 ? decades(domain, [1, 2, 5]) : logTicks(domain, Math.max(2, count / sides.length))));
    const plain = found.flat().every(isPlain);
    const apart = (one, other) => Math.abs(place(scale, one) - place(scale, other)) > 0.6 / count;
    const ticks = sides.flatMap(({ end, sign, domain }, i) =>
      (plain ? found[i] : decades(domain, [1]))
        .filter((tick) => tick <= end)
        .map((tick) => sign * tick)
        // From the end inwards, so that the ends of the axis keep theirs.
        .reduceRight((kept, tick) => (apart(tick, kept[0] ?? 0) && apart(tick, 0) ? [tick, ...kept] : kept), []));
    const power = (value) => (value === 0 ? "0" : `${value < 0 ? "−" : ""}${powerOfTen(Math.round(Math.log10(Math.abs(value))))}`);
    return { ticks: low <= 0 && high >= 0 ? [0, ...ticks] : ticks, tickFormat: plain ? (value) => formatNumber(value, 3) : power };
  }
  return { ticks: count, tickFormat: (value, index, ticks) => tickFormat(ticks)(value) };
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
