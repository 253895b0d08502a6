import * as Plot from "@observablehq/plot";
import { drawLegend } from "./legend.js";
import { countHistograms } from "./histogram.js";
import { colours, drawMark, isLabelled, ruleNames, tip } from "./marks.js";
import { formatNumber } from "./numbers.js";
import { addPlayer } from "./player.js";
import { prepare } from "./prepare.js";
import { isPlane, scaleOptions, shadeScale } from "./scales.js";
import { axisName, axisTicks } from "./ticks.js";
import { setScripts, shorten, textWidth, wrap } from "./words.js";
import { addZoom } from "./zoom.js";

const highestPlane = 540;
// Narrower charts have no room for names at the ends of their lines.
const narrowestLabelled = 420;
const printedWidth = { alone: 660, beside: 330 };

const widestName = 190;
const tickGap = 8;
const lineHeight = 14;
const touchAlong = (width, size) => (one, other) =>
  Math.abs(one.at - other.at) * width < (textWidth(one.text, size) + textWidth(other.text, size)) / 2 + tickGap;
const touchUp = (height) => (one, other) => Math.abs(one.at - other.at) * height < lineHeight;

const widest = (texts, size) => Math.max(0, ...texts.map((text) => textWidth(text, size)));

// The room that names and numbers beside a chart need: those of its vertical axis, of lying bars, of lines at their ends.
function roomOnTheLeft(yTicks, size) {
  return Math.max(30, 16 + Math.ceil(widest(yTicks.ticks.map(yTicks.text), size)));
}

function roomOnTheRight(marks, shade, lying) {
  if (lying) return 20 + Math.ceil(widest(marks.filter((mark) => mark.kind === "bars" && !mark.errors).flatMap((mark) => mark.values.map((value) => formatNumber(value, 3))), 11.5));
  const names = marks.filter((mark) => isLabelled(mark, shade)).map((mark) => mark.name);
  return 16 + Math.ceil(widest(names, 11.5));
}

// The names below upright bars: standing where they would touch, and shortened where they are long.
function namesBelow(scale, width, size) {
  const each = width / Math.max(1, scale.domain.length);
  const stand = scale.domain.some((name) => textWidth(name, size) > each - tickGap);
  if (!stand) return { ticks: scale.domain, text: (name) => name, height: 0 };
  const nth = Math.ceil(lineHeight / each);
  const text = (name) => shorten(name, 110, size);
  const ticks = scale.domain.filter((_, i) => i % nth === 0);
  return { ticks, text, height: widest(ticks.map(text), size), rotate: -90 };
}

// How wide a category's band is, by d3's rule for equal padding between and around bands.
function bandOf({ x, y }, range, padding) {
  const scale = x.type === "band" ? x : y;
  return scale.type === "band"
    ? { width: (range / (scale.domain.length + padding)) * (1 - padding), options: { padding } }
    : { width: 0, options: {} };
}

// How high a chart is inside its margins, and how much of its width it leaves free: a plane keeps its shape.
function shapeOf({ spec, scales }, marks, width, room, small) {
  const { x, y } = scales;
  if (spec.aspect || !marks.some(isPlane) || x.type !== "linear" || y.type !== "linear") {
    const aspect = spec.aspect ?? (small ? 1.35 : width < 560 ? 1.6 : 2.3);
    return { inner: Math.round(Math.min(width / aspect, 390)), spare: 0 };
  }
  const slope = Math.abs((y.domain[1] - y.domain[0]) / (x.domain[1] - x.domain[0]));
  const inner = Math.round(Math.min(room * slope, highestPlane));
  return { inner, spare: Math.max(0, room - inner / slope) };
}

// What a part of a chart leaves out doesn't reach beyond its frame.
function withinFrame(mark, isPart) {
  if (isPart && mark) mark.clip = "frame";
  return mark;
}

// The scales of what is drawn, by its SVG.
const drawnScales = new WeakMap();

// One chart as an SVG of the given width. In a grid only the outer panels carry the axes' labels.
function drawPanel(figure, panel, width, { left, above, bottom } = { left: true, above: true, bottom: true }) {
  const { spec, scales, colour, shade } = figure;
  const small = width < 330;
  const fontSize = small ? 11 : 12;
  const lying = scales.y.type === "band";
  const upright = scales.x.type === "band";
  const marks = [...spec.always, ...panel.marks];
  const series = marks.filter((mark) => mark.kind === "bars").length;
  const right = roomOnTheRight(marks, shade, lying);
  const lyingHeight = (10 + 19 * series) * scales.y.domain.length;
  const upTicks = (height) => (lying
    ? { ticks: scales.y.domain, text: (name) => shorten(name, Math.min(widestName, 0.4 * width), fontSize) }
    : axisTicks(scales.y, Math.max(3, Math.floor(height / (small ? 50 : 60))), touchUp(height)));

  // Numbers beside the axis take room, and the room decides how high a plane is.
  const first = lying ? { inner: lyingHeight, spare: 0 } : shapeOf(figure, marks, width, width - 46 - right, small);
  const marginLeft = roomOnTheLeft(upTicks(first.inner), fontSize);
  const { inner, spare } = lying ? first : shapeOf(figure, marks, width, width - marginLeft - right, small);
  const yTicks = upTicks(inner);
  const marginRight = right + spare;
  const across = Math.max(1, width - marginLeft - marginRight);
  const below = upright ? namesBelow(scales.x, across, fontSize) : null;
  const xTicks = below ?? axisTicks(scales.x, Math.max(2, Math.floor(width / (small ? 70 : 95))), touchAlong(across, fontSize));

  const centre = marginLeft + across / 2;
  const xName = bottom ? wrap(axisName(spec.x.label, xTicks), 2 * Math.min(centre, width - centre), fontSize).join("\n") : "";
  const yName = left && above ? wrap(axisName(spec.y.label, yTicks), width, fontSize).join("\n") : "";
  const more = (name) => lineHeight * (name.split("\n").length - 1);
  const marginTop = yName ? 28 + more(yName) : 12;
  const namesHeight = Math.max(0, Math.ceil((below?.height ?? 0) - lineHeight));
  const marginBottom = namesHeight + (xName ? 47 + more(xName) : 28);
  const band = bandOf(scales, lying ? inner : across, lying ? 0.25 : Math.max(0.25, 1 - (64 * series * scales.x.domain.length) / width));
  const size = Math.min(1, Math.max(0.35, width / 700));
  const context = { colour, shade, size, marks, x: scales.x, y: scales.y, bandwidth: band.width, width: across, height: inner };
  context.names = ruleNames(context);
  const text = { fontSize, fill: "currentColor", tickSize: 0, labelArrow: "none" };
  const grid = { stroke: "var(--grid)", strokeOpacity: 1 };
  const standing = below?.rotate ? { tickRotate: below.rotate, textAnchor: "end" } : {};

  const svg = Plot.plot({
    width,
    height: marginTop + inner + marginBottom,
    marginTop,
    marginRight,
    marginBottom,
    marginLeft,
    x: { ...scales.x, ...(lying ? {} : band.options), label: null },
    y: { ...scales.y, ...(lying ? band.options : {}), label: null },
    marks: [
      lying ? null : Plot.gridY({ ...grid, ticks: yTicks.ticks }),
      lying ? Plot.gridX({ ...grid, ticks: xTicks.ticks }) : null,
      Plot.axisX({ ...text, ...standing, tickPadding: 10, ticks: xTicks.ticks, text: xTicks.text, label: xName || null, labelAnchor: "center", labelOffset: marginBottom - 4 }),
      Plot.axisY({ ...text, tickPadding: 8, ticks: yTicks.ticks, text: yTicks.text, label: yName || null, labelAnchor: "top", labelOffset: marginLeft }),
      lying ? Plot.ruleX([0], { stroke: "var(--gray)" }) : Plot.ruleY([scales.y.domain[0]], { stroke: "var(--gray)" }),
      ...marks.flatMap((mark) => drawMark(mark, context)).map((mark) => withinFrame(mark, figure.isPart)),
      ...tip(marks, spec),
    ],
  });
  if (!lying && !upright) drawnScales.set(svg, { x: svg.scale("x"), y: svg.scale("y") });
  setScripts(svg);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", [figure.title, panel.title, [spec.y.label, spec.x.label].filter(Boolean).join(" against ")].filter(Boolean).join(". "));
  return svg;
}

function panelElement(panel, svg) {
  const element = document.createElement("div");
  element.className = "panel";
  if (panel.title) {
    const title = document.createElement("h4");
    title.textContent = panel.title;
    element.append(title);
  }
  element.append(svg);
  return element;
}

const layouts = {
  single: (figure, width) => [drawPanel(figure, figure.spec.panels[0], width)],
  grid: (figure, width) => {
    const { panels, columns: wanted } = figure.spec;
    const columns = Math.max(1, Math.min(wanted, width < 350 ? 1 : width < 620 ? 2 : wanted));
    const each = Math.floor((width - (columns - 1) * 10) / columns);
    const grid = document.createElement("div");
    grid.className = "grid";
    grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
    grid.append(...panels.map((panel, i) => {
      const edges = { left: i % columns === 0, above: i < columns, bottom: i + columns >= panels.length };
      return panelElement(panel, drawPanel(figure, panel, each, edges));
    }));
    return [grid];
  },
  frames: (figure, width) => [drawPanel(figure, figure.spec.panels[figure.frame], width)],
};

// What is drawn of a figure's data, or of a part between ends along its axes: its marks with their ends, its scales and colours.
function compose(element, whole, part = null) {
  const between = (axis, ends) => (ends ? { ...axis, minimum: ends[0], maximum: ends[1] } : axis);
  const data = { ...whole, x: between(whole.x, part?.x), y: between(whole.y, part?.y) };
  const drawn = (marks) => marks.map((mark) => prepare(mark, data));
  const spec = { ...data, always: drawn(data.always), panels: data.panels.map((panel) => ({ ...panel, marks: drawn(panel.marks) })) };
  const marks = [...spec.always, ...spec.panels.flatMap((panel) => panel.marks)];
  countHistograms(marks, spec.x);
  const shade = shadeScale(spec, marks);
  return {
    spec,
    shade,
    marks,
    title: element.querySelector("h3").textContent,
    scales: { x: scaleOptions(spec.x, "x", marks), y: scaleOptions(spec.y, "y", marks) },
    colour: colours(marks, shade),
    frame: spec.panels.length - 1,
    isPart: part !== null,
  };
}

// Draws a figure, and again whenever its width changes; gives what draws other data in its place, and what ends it.
export function drawFigure(element, first) {
  const plots = element.querySelector(".plots");
  let data = first;
  let part = null;
  let figure = compose(element, data);
  let drawnWidth = 0;
  const draw = (width) => {
    const { spec, shade, marks, colour } = figure;
    drawnWidth = width;
    if (shade) shade.inLegend = spec.layout === "grid" || width < narrowestLabelled;
    if (spec.legend !== false) drawLegend(element.querySelector(".legend"), marks, colour, shade);
    plots.replaceChildren(...layouts[spec.layout](figure, width));
  };
  const available = () => Math.max(220, Math.floor(plots.clientWidth));
  draw(available());
  const ended = new AbortController();
  const observer = new ResizeObserver(() => {
    if (Math.abs(available() - drawnWidth) > 1 && !matchMedia("print").matches) draw(available());
  });
  observer.observe(plots);
  addEventListener("beforeprint", () => draw(element.closest(".beside") ? printedWidth.beside : printedWidth.alone), ended);
  addEventListener("afterprint", () => draw(available()), ended);
  const redraw = () => {
    figure = compose(element, data, part);
    draw(available());
  };
  if (figure.spec.layout === "frames") {
    addPlayer(element, figure, () => draw(available()));
  } else {
    addZoom(element, (svg) => drawnScales.get(svg), (ends) => {
      part = ends;
      redraw();
    });
  }
  return {
    update: (other) => {
      data = other;
      redraw();
    },
    stop: () => {
      ended.abort();
      observer.disconnect();
    },
  };
}
