import * as Plot from "@observablehq/plot";
import { formatNumber } from "./numbers.js";
import { drawPlane } from "./plane.js";
import { placeRules } from "./rules.js";
import { place } from "./scales.js";
import { textWidth } from "./words.js";

const tones = ["blue", "red", "green", "orange", "purple", "teal", "pink", "gray"];

// The colour of every mark: the one asked for, that of its shade, or the next that no name has taken.
export function colours(marks, shade) {
  const taken = new Set(marks.map((mark) => mark.tone).filter((tone) => tone !== "automatic"));
  const free = tones.filter((tone) => !taken.has(tone));
  const named = new Map();
  return (mark) => {
    if (mark.tone !== "automatic") return `var(--${mark.tone})`;
    if (mark.kind === "horizontal" || mark.kind === "vertical") return "var(--soft)";
    if (shade && Number.isFinite(mark.shade)) return shade.colour(mark.shade);
    const name = mark.name ?? "";
    if (!named.has(name)) named.set(name, (free.length > 0 ? free : tones)[named.size % (free.length || tones.length)]);
    return `var(--${named.get(name)})`;
  };
}

const label = { fill: "var(--soft)", stroke: "var(--paper)", strokeWidth: 4, fontSize: 11.5 };

// Bars of several series stand side by side within each category's band.
function bars(mark, colour, { x, y, marks, bandwidth }) {
  const data = { length: mark.values.length };
  const upright = x.type === "band";
  const [value, name, along, start, end] = upright ? ["y", "x", "dx", "Left", "Right"] : ["x", "y", "dy", "Top", "Bottom"];
  const series = marks.filter((other) => other.kind === "bars");
  const share = bandwidth / series.length;
  const before = series.indexOf(mark);
  const offset = { [along]: share * (before + 0.5) - bandwidth / 2 };
  const scale = upright ? y : x;
  const title = mark.values.map((length, i) => `${mark.categories[i]}${mark.name ? `, ${mark.name}` : ""}: ${formatNumber(length)}`);

  // A logarithmic axis has no zero for a bar to stand on: there a value is a dot.
  const bar = upright ? Plot.barY : Plot.barX;
  const isLog = scale.type === "log";
  const from = isLog ? scale.domain[0] : 0;
  const drawn = [isLog
    ? Plot.dot(data, { [name]: mark.categories, [value]: mark.values, ...offset, r: 4, fill: colour, stroke: "var(--paper)", strokeWidth: 0.75, title })
    : bar(data, {
      [name]: mark.categories, [`${value}1`]: mark.values.map(() => from), [`${value}2`]: mark.values, fill: colour, fillOpacity: 0.88, rx: 1.5,
      [`inset${start}`]: share * before, [`inset${end}`]: share * (series.length - 1 - before), title,
    })];
  if (mark.errors) {
    drawn.push((upright ? Plot.ruleX : Plot.ruleY)(data, {
      [name]: mark.categories, [`${value}1`]: mark.low, [`${value}2`]: mark.high, ...offset,
      stroke: "var(--ink)", strokeWidth: 1.3, marker: "tick", clip: true,
    }));
  } else if (!upright) {
    const text = mark.values.map((length) => formatNumber(length, 3));
    // Beside the bar's right end: that of one below zero is the axis.
    const ends = mark.values.map((length) => (length === null ? null : Math.max(length, from)));
    drawn.push(Plot.text(data, { ...label, y: mark.categories, x: ends, text, textAnchor: "start", ...offset, dx: isLog ? 9 : 6 }));
  }
  return drawn;
}

// Shaded lines carry their names at their ends, in the order in which they end there; in a narrow
// chart or a grid there is no room for that, and the legend names them.
export function isLabelled(mark, shade) {
  return Boolean(shade && !shade.inLegend && mark.kind === "line" && mark.name && Number.isFinite(mark.shade));
}

const labelHeight = 14;

// How far down each line's label is moved, so that none lies on another.
function labelShifts({ marks, shade, y, height }) {
  const ends = marks.filter((mark) => isLabelled(mark, shade)).flatMap((mark) => {
    const last = mark.y.findLast((value) => value !== null);
    return last === undefined ? [] : [{ mark, place: (1 - place(y, last)) * height }];
  }).sort((a, b) => a.place - b.place);
  const lowest = (i) => height - labelHeight * (ends.length - 1 - i);
  let above = -Infinity;
  return new Map(ends.map(({ mark, place: own }, i) => {
    above = Math.min(Math.max(own, above + labelHeight), Math.max(lowest(i), above + labelHeight));
    return [mark, above - own];
  }));
}

// The boxes of the lines' labels inside the frame.
function labelBoxes(context) {
  return [...labelShifts(context)].map(([mark, shift]) => {
    const last = mark.y.findLastIndex((y) => y !== null);
    const left = place(context.x, mark.x[last]) * context.width + 6;
    const middle = (1 - place(context.y, mark.y[last])) * context.height + shift;
    return { left, right: left + textWidth(mark.name, label.fontSize), top: middle - labelHeight / 2, bottom: middle + labelHeight / 2 };
  });
}

// Where the names of rules stand, by the chart's frame.
export const ruleNames = (context) =>
  placeRules(context.marks, context, labelBoxes(context), (y) => roomierOnTheRight(y, context));

// Whether a horizontal rule's label is farther from the data at the right end than at the left.
function roomierOnTheRight(y, { marks, ...scales }) {
  if (scales.x.type === "band") return true;
  const height = place(scales.y, y);
  const room = { left: Infinity, right: Infinity };
  for (const mark of marks) {
    if (!Array.isArray(mark.x) || !Array.isArray(mark.y)) continue;
    mark.x.forEach((x, i) => {
      if (x === null || mark.y[i] === null) return;
      const along = place(scales.x, x);
      const distance = Math.abs(place(scales.y, mark.y[i]) - height);
      if (along < 0.25) room.left = Math.min(room.left, distance);
      if (along > 0.75) room.right = Math.min(room.right, distance);
    });
  }
  return room.right >= room.left;
}

// Plot's marks for one of ours. `size` shrinks symbols in small panels.
const drawers = {
  line: (mark, colour, context) => {
    const { size, shade } = context;
    const drawn = [Plot.line({ length: mark.x.length }, {
      x: mark.x, y: mark.y, stroke: colour, strokeWidth: 1.4 + 0.5 * size, strokeLinejoin: "round",
      strokeDasharray: mark.dashed ? "5 4" : undefined, strokeOpacity: mark.faint ? 0.28 : undefined, clip: true,
    })];
    if (isLabelled(mark, shade)) {
      const last = mark.y.findLastIndex((y) => y !== null);
      if (last >= 0) drawn.push(Plot.text([mark.name], { ...label, fill: `color-mix(in oklab, ${colour} 75%, var(--ink))`, x: [mark.x[last]], y: [mark.y[last]], textAnchor: "start", dx: 6, dy: labelShifts(context).get(mark) }));
    }
    return drawn;
  },
  dots: (mark, colour, { size, shade }) => {
    const paint = mark.shades && shade ? { value: mark.shades.map(shade.colour), scale: null } : colour;
    const options = { x: mark.x, y: mark.y, r: 2.5 + 2 * size };
    return [Plot.dot({ length: mark.x.length }, mark.hollow
      ? { ...options, stroke: paint, strokeWidth: 1.5, fill: "none" }
      : { ...options, fill: paint, stroke: "var(--paper)", strokeWidth: 0.75 })];
  },
  crosses: (mark, colour, { size }) => [
    Plot.dot({ length: mark.x.length }, { x: mark.x, y: mark.y, symbol: "times", r: 1.9 + 1.3 * size, stroke: colour, strokeWidth: 1.6 }),
  ],
  band: (mark, colour) => [
    Plot.areaY({ length: mark.x.length }, { x: mark.x, y1: mark.low, y2: mark.high, fill: colour, fillOpacity: 0.18, clip: true }),
  ],
  errors: (mark, colour, { size }) => {
    const data = { length: mark.x.length };
    return [
      Plot.ruleX(data, { x: mark.x, y1: mark.low, y2: mark.high, stroke: colour, strokeWidth: 1.5, marker: "tick", clip: true }),
      Plot.dot(data, { x: mark.x, y: mark.y, r: 2 + 1.5 * size, fill: colour, stroke: "var(--paper)", strokeWidth: 0.75 }),
    ];
  },
  horizontal: (mark, colour, context) => {
    const { frameAnchor, anchor, dx, dy } = context.names.get(mark);
    return [
      Plot.ruleY([mark.y], { stroke: colour, strokeDasharray: "2 3", strokeWidth: 1.3 }),
      Plot.text([mark.label], { ...label, y: [mark.y], frameAnchor, textAnchor: anchor, dx, dy }),
    ];
  },
  vertical: (mark, colour, context) => {
    const { anchor, dx, dy } = context.names.get(mark);
    return [
      Plot.ruleX([mark.x], { stroke: colour, strokeDasharray: "2 3", strokeWidth: 1.3 }),
      Plot.text([mark.label], { ...label, x: [mark.x], frameAnchor: "top", textAnchor: anchor, lineAnchor: "top", dx, dy }),
    ];
  },
  bars,
  heat: (mark, colour, context) => drawPlane(mark, context),
  polygons: (mark, colour, context) => drawPlane(mark, context),
  histogram: (mark, colour) => [
    Plot.rectY({ length: mark.counts.length }, {
      x1: mark.edges.slice(0, -1), x2: mark.edges.slice(1), y: mark.counts, fill: colour, fillOpacity: 0.8, inset: 0.5,
      title: mark.counts.map((count, i) => `${formatNumber(mark.edges[i])} to ${formatNumber(mark.edges[i + 1])}: ${count}`),
    }),
  ],
};

export function drawMark(mark, context) {
  return drawers[mark.kind](mark, context.colour(mark), context);
}

// What the pointer tells: the nearest point of lines, dots and errors.
export function tip(marks, axes) {
  const pointed = marks.filter((mark) => ["line", "dots", "crosses", "errors"].includes(mark.kind) && !mark.faint);
  const points = pointed.flatMap((mark) => mark.x.map((x, i) => ({ x, y: mark.y[i], name: mark.name }))).filter((p) => p.x !== null && p.y !== null);
  if (points.length === 0) return [];
  return [Plot.tip(points, Plot.pointer({
    x: "x", y: "y", fontSize: 12, fill: "var(--paper)", stroke: "var(--hairline)",
    title: (p) => `${p.name ? `${p.name}\n` : ""}${axes.x.label}: ${formatNumber(p.x)}\n${axes.y.label}: ${formatNumber(p.y)}`,
  }))];
}
