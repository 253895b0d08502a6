import * as Plot from "@observablehq/plot";
import { drawLegend } from "./legend.js";
import { countHistograms } from "./histogram.js";
import { colours, drawMark, isLabelled, tip } from "./marks.js";
import { addPlayer } from "./player.js";
import { prepare } from "./prepare.js";
import { axisTicks, isPlane, scaleOptions, shadeScale } from "./scales.js";

const highestPlane = 540;
// Narrower charts have no room for names at the ends of their lines.
const narrowestLabelled = 420;
const printedWidth = { alone: 660, beside: 330 };

function labelWidth(scale, ticks) {
  if (scale.type !== "band") return 46;
  const longest = Math.max(0, ...scale.domain.map((name) => name.length));
  return Math.min(190, 16 + 6.6 * longest);
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
  const slope = (y.domain[1] - y.domain[0]) / (x.domain[1] - x.domain[0]);
  const inner = Math.round(Math.min(room * slope, highestPlane));
  return { inner, spare: Math.max(0, room - inner / slope) };
}

// One chart as an SVG of the given width. In a grid only the outer panels carry the axes' labels.
function drawPanel(figure, panel, width, { left, above, bottom } = { left: true, above: true, bottom: true }) {
  const { spec, scales, colour, shade } = figure;
  const small = width < 330;
  const size = Math.min(1, Math.max(0.35, width / 700));
  const lying = scales.y.type === "band";
  const marks = [...spec.always, ...panel.marks];
  const series = marks.filter((mark) => mark.kind === "bars").length;
  const marginTop = above && spec.y.label ? 28 : 12;
  const marginBottom = bottom && spec.x.label ? 44 : 26;
  const longest = Math.max(0, ...marks.filter((mark) => isLabelled(mark, shade)).map((mark) => mark.name.length));
  const marginLeft = labelWidth(scales.y);
  const usualRight = lying ? 48 : 16 + 6.6 * longest;
  const { inner, spare } = lying
    ? { inner: (10 + 14 * series) * scales.y.domain.length, spare: 0 }
    : shapeOf(figure, marks, width, width - marginLeft - usualRight, small);
  const marginRight = usualRight + spare;
  const band = bandOf(scales, lying ? inner : width - marginLeft - marginRight, lying ? 0.25 : Math.max(0.25, 1 - (64 * series * scales.x.domain.length) / width));
  const context = { colour, shade, size, marks, x: scales.x, y: scales.y, bandwidth: band.width, height: inner };
  const text = { fontSize: small ? 11 : 12, fill: "currentColor" };
  const xTicks = axisTicks(scales.x, Math.max(2, Math.floor(width / (small ? 70 : 95))));
  const yTicks = axisTicks(scales.y, Math.max(3, Math.floor(inner / (small ? 50 : 60))));
  const grid = { stroke: "var(--grid)", strokeOpacity: 1 };

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
      Plot.axisX({ ...text, ...xTicks, tickSize: 0, tickPadding: 8, label: (bottom && spec.x.label) || null, labelAnchor: "center", labelArrow: "none", labelOffset: 40 }),
      Plot.axisY({ ...text, ...yTicks, tickSize: 0, tickPadding: 8, label: (left && above && spec.y.label) || null, labelAnchor: "top", labelArrow: "none", labelOffset: marginLeft }),
      lying ? Plot.ruleX([0], { stroke: "var(--gray)" }) : Plot.ruleY([scales.y.domain[0]], { stroke: "var(--gray)" }),
      ...marks.flatMap((mark) => drawMark(mark, context)),
      ...tip(marks, spec),
    ],
  });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", [figure.title, panel.title, `${spec.y.label} against ${spec.x.label}`].filter(Boolean).join(". "));
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

// What is drawn of a figure's data: its marks with their ends, its scales and colours.
function compose(element, data) {
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
  };
}

// Draws a figure, and again whenever its width changes; gives what draws other data in its place, and what ends it.
export function drawFigure(element, data) {
  const plots = element.querySelector(".plots");
  let figure = compose(element, data);
  let drawnWidth = 0;
  const draw = (width) => {
    const { spec, shade, marks, colour } = figure;
    drawnWidth = width;
    if (shade) shade.inLegend = spec.layout === "grid" || width < narrowestLabelled;
    drawLegend(element.querySelector(".legend"), marks, colour, shade);
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
  if (figure.spec.layout === "frames") addPlayer(element, figure, () => draw(available()));
  return {
    update: (other) => {
      figure = compose(element, other);
      draw(available());
    },
    stop: () => {
      ended.abort();
      observer.disconnect();
    },
  };
}
