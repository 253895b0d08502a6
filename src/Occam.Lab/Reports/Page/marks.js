import * as Plot from "@observablehq/plot";
import { formatNumber } from "./numbers.js";
import { place } from "./scales.js";

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

function bars(mark, colour, { x }) {
  const data = { length: mark.values.length };
  const upright = x.type === "band";
  const paint = { fill: colour, rx: 1.5, title: mark.values.map((value, i) => `${mark.categories[i]}: ${formatNumber(value)}`) };
  const drawn = upright
    ? [Plot.barY(data, { ...paint, x: mark.categories, y: mark.values })]
    : [Plot.barX(data, { ...paint, y: mark.categories, x: mark.values })];
  if (mark.errors) {
    const low = mark.values.map((value, i) => value - mark.errors[i]);
    const high = mark.values.map((value, i) => value + mark.errors[i]);
    const rule = { stroke: "var(--ink)", strokeWidth: 1.3, marker: "tick" };
    drawn.push(upright
      ? Plot.ruleX(data, { ...rule, x: mark.categories, y1: low, y2: high })
      : Plot.ruleY(data, { ...rule, y: mark.categories, x1: low, x2: high }));
  } else if (!upright) {
    drawn.push(Plot.text(data, {
      ...label, y: mark.categories, x: mark.values, text: mark.values.map((value) => formatNumber(value, 3)), textAnchor: "start", dx: 6,
    }));
  }
  return drawn;
}

// Shaded lines carry their names at their ends, because the legend can't tell their colours apart.
export function isLabelled(mark, shade) {
  return Boolean(shade && mark.kind === "line" && mark.name && Number.isFinite(mark.shade));
}

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
  line: (mark, colour, { size, shade }) => {
    const drawn = [Plot.line({ length: mark.x.length }, {
      x: mark.x, y: mark.y, stroke: colour, strokeWidth: 1.4 + 0.5 * size, strokeLinejoin: "round",
      strokeDasharray: mark.dashed ? "5 4" : undefined, clip: true,
    })];
    if (isLabelled(mark, shade)) {
      const last = mark.y.findLastIndex((y) => y !== null);
      drawn.push(Plot.text([mark.name], { ...label, x: [mark.x[last]], y: [mark.y[last]], textAnchor: "start", dx: 6 }));
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
    const low = mark.y.map((y, i) => y - mark.error[i]);
    const high = mark.y.map((y, i) => y + mark.error[i]);
    const data = { length: mark.x.length };
    return [
      Plot.ruleX(data, { x: mark.x, y1: low, y2: high, stroke: colour, strokeWidth: 1.5, marker: "tick" }),
      Plot.dot(data, { x: mark.x, y: mark.y, r: 2 + 1.5 * size, fill: colour, stroke: "var(--paper)", strokeWidth: 0.75 }),
    ];
  },
  horizontal: (mark, colour, context) => {
    const right = roomierOnTheRight(mark.y, context);
    return [
      Plot.ruleY([mark.y], { stroke: colour, strokeDasharray: "2 3", strokeWidth: 1.3 }),
      Plot.text([mark.label], {
        ...label, y: [mark.y], frameAnchor: right ? "right" : "left", textAnchor: right ? "end" : "start", dx: right ? 0 : 4,
        dy: place(context.y, mark.y) > 0.95 ? 10 : -9,
      }),
    ];
  },
  vertical: (mark, colour, context) => {
    const left = place(context.x, mark.x) > 0.72;
    return [
      Plot.ruleX([mark.x], { stroke: colour, strokeDasharray: "2 3", strokeWidth: 1.3 }),
      Plot.text([mark.label], {
        ...label, x: [mark.x], frameAnchor: "top", textAnchor: left ? "end" : "start", lineAnchor: "top", dx: left ? -6 : 6,
      }),
    ];
  },
  bars,
  histogram: (mark, colour) => [
    Plot.rectY({ length: mark.counts.length }, {
      x1: mark.edges.slice(0, -1), x2: mark.edges.slice(1), y: mark.counts, fill: colour, fillOpacity: 0.75, inset: 0.5,
      title: mark.counts.map((count, i) => `${formatNumber(mark.edges[i])} to ${formatNumber(mark.edges[i + 1])}: ${count}`),
    }),
  ],
};

export function drawMark(mark, context) {
  return drawers[mark.kind](mark, context.colour(mark), context);
}

// What the pointer tells: the nearest point of lines, dots and errors.
export function tip(marks, axes) {
  const pointed = marks.filter((mark) => ["line", "dots", "crosses", "errors"].includes(mark.kind));
  const points = pointed.flatMap((mark) => mark.x.map((x, i) => ({ x, y: mark.y[i], name: mark.name }))).filter((p) => p.x !== null && p.y !== null);
  if (points.length === 0) return [];
  return [Plot.tip(points, Plot.pointer({
    x: "x", y: "y", fontSize: 12, fill: "var(--paper)", stroke: "var(--hairline)",
    title: (p) => `${p.name ? `${p.name}\n` : ""}${axes.x.label}: ${formatNumber(p.x)}\n${axes.y.label}: ${formatNumber(p.y)}`,
  }))];
}
