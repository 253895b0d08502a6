import { contours } from "d3-contour";

const levels = 64;
// With more polygons than this, lines between them would be all that is seen.
const mostEdged = 4000;
const namespace = "http://www.w3.org/2000/svg";
let clips = 0;

function element(name, attributes) {
  const made = document.createElementNS(namespace, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

// A group that shows nothing outside the chart's frame.
function clipped({ width, height, marginLeft, marginTop, marginRight, marginBottom }) {
  const id = `plane-${++clips}`;
  const group = element("g", { "clip-path": `url(#${id})` });
  const clip = element("clipPath", { id });
  clip.append(element("rect", { x: marginLeft, y: marginTop, width: width - marginLeft - marginRight, height: height - marginTop - marginBottom }));
  group.append(clip);
  return group;
}

// Outlines by colour: as few elements as there are colours, which are expressions of the page's
// variables, so that thousands of cells are drawn at once and follow light and dark.
class Outlines {
  #byLevel = new Map();

  add(value, shade, outline) {
    const level = Number.isFinite(value) ? Math.min(levels - 1, Math.floor(shade.place(value) * levels)) : -1;
    if (!this.#byLevel.has(level)) this.#byLevel.set(level, []);
    this.#byLevel.get(level).push(outline);
  }

  appendTo(group, shade, attributes) {
    for (const [level, outlines] of this.#byLevel) {
      const path = element("path", { d: outlines.join(""), ...attributes });
      const colour = level < 0 ? "var(--hairline)" : shade.at((level + 0.5) / levels);
      path.style.fill = colour;
      if (attributes["stroke-width"]) path.style.stroke = colour;
      group.append(path);
    }
  }
}

const short = (value) => Number(value.toFixed(2));

function gridOf({ left, right, bottom, top, columns, values }) {
  const rows = values.length / columns;
  return { rows, x: (column) => left + ((right - left) * column) / columns, y: (row) => bottom + ((top - bottom) * row) / rows };
}

// Neighbours of one colour in a row are one rectangle.
function heat(mark, shade, { x, y }, dimensions) {
  const group = clipped(dimensions);
  const grid = gridOf(mark);
  const outlines = new Outlines();
  const level = (value) => (value === null ? null : Math.min(levels - 1, Math.floor(shade.place(value) * levels)));
  for (let row = 0; row < grid.rows; row++) {
    const [below, above] = [short(y(grid.y(row))), short(y(grid.y(row + 1)))];
    const cells = mark.values.slice(row * mark.columns, (row + 1) * mark.columns);
    for (let start = 0, end; start < mark.columns; start = end) {
      end = start + 1;
      while (end < mark.columns && level(cells[end]) === level(cells[start])) end++;
      if (cells[start] === null) continue;
      outlines.add(cells[start], shade, `M${short(x(grid.x(start)))} ${below}V${above}H${short(x(grid.x(end)))}V${below}Z`);
    }
  }
  outlines.appendTo(group, shade, { "shape-rendering": "crispEdges" });
  if (mark.isolines) group.append(isolines(mark, grid, { x, y }));
  return group;
}

function isolines(mark, grid, { x, y }) {
  const lines = contours().size([mark.columns, grid.rows]).thresholds(mark.isolines)(mark.values.map((value) => value ?? NaN));
  // A contour's polygon closes along the grid's border, where there is no line to be drawn.
  const onBorder = ([column, row]) => column <= 0.5 || row <= 0.5 || column >= mark.columns - 0.5 || row >= grid.rows - 0.5;
  const outline = (ring) => ring.map((point, i) => {
    const move = i === 0 || (onBorder(point) && onBorder(ring[i - 1]));
    return `${move ? "M" : "L"}${short(x(grid.x(point[0])))} ${short(y(grid.y(point[1])))}`;
  }).join("");
  const path = element("path", { d: lines.flatMap((line) => line.coordinates.flat()).map(outline).join(""), fill: "none", "stroke-width": 0.8, "stroke-opacity": 0.45 });
  path.style.stroke = "var(--ink)";
  return path;
}

function polygons(mark, shade, { x, y }, dimensions) {
  const group = clipped(dimensions);
  const outlines = new Outlines();
  const all = [];
  let first = 0;
  mark.corners.forEach((count, cell) => {
    let outline = "";
    for (let i = first; i < first + count; i++) outline += `${i === first ? "M" : "L"}${short(x(mark.x[i]))} ${short(y(mark.y[i]))}`;
    first += count;
    outlines.add(mark.shades[cell], shade, `${outline}Z`);
    all.push(`${outline}Z`);
  });
  // A hair of the cell's own colour around it, or the background shows between neighbours.
  outlines.appendTo(group, shade, { "stroke-width": 0.5, "stroke-linejoin": "round" });
  if (all.length <= mostEdged) {
    const edges = element("path", { d: all.join(""), fill: "none", "stroke-width": 0.5, "stroke-opacity": 0.55, "stroke-linejoin": "round" });
    edges.style.stroke = "var(--paper)";
    group.append(edges);
  }
  return group;
}

const drawers = { heat, polygons };

// One of our marks that fill the plane, as a mark of Plot's.
export function drawPlane(mark, { shade }) {
  return [(index, scales, channels, dimensions) => drawers[mark.kind](mark, shade, scales, dimensions)];
}
