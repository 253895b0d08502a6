// A figure as one picture, as it stands on the page: title, legend and plots, with the colours and fonts that the style gives them.

const namespace = "http://www.w3.org/2000/svg";
const margin = 12;
const pixelsPerUnit = 2;
const styles = [
  "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity",
  "font-family", "font-size", "font-weight", "font-variant", "text-anchor", "paint-order", "mix-blend-mode", "display", "visibility",
];

function make(name, attributes) {
  const element = document.createElementNS(namespace, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// A copy that needs no style sheet.
function copyOf(svg, x, y) {
  const { width, height } = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true);
  const [from, to] = [svg, copy].map((root) => [root, ...root.querySelectorAll("*")]);
  for (const [i, element] of from.entries()) {
    const style = getComputedStyle(element);
    to[i].removeAttribute("style");
    to[i].removeAttribute("class");
    for (const name of styles) to[i].setAttribute(name, style.getPropertyValue(name));
  }
  for (const sheet of copy.querySelectorAll("style")) sheet.remove();
  for (const [name, value] of Object.entries({ x, y, width, height, overflow: "visible" })) copy.setAttribute(name, value);
  return copy;
}

function words(node) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) if (walker.currentNode.data.trim() && !walker.currentNode.parentElement.closest("svg, script")) found.push(walker.currentNode);
  return found;
}

function text(node, origin) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const box = range.getBoundingClientRect();
  const style = getComputedStyle(node.parentElement);
  const element = make("text", {
    x: box.left - origin.x, y: box.top - origin.y + box.height / 2, "dominant-baseline": "central", fill: style.color,
    "font-family": style.fontFamily, "font-size": style.fontSize, "font-weight": style.fontWeight,
  });
  element.textContent = node.data.trim();
  return element;
}

export function pictureOf(figure) {
  const parts = ["h3", ".legend", ".plots"].map((name) => figure.querySelector(name)).filter((part) => part.getBoundingClientRect().width > 0);
  const boxes = parts.map((part) => part.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left));
  const origin = { x: left - margin, y: boxes[0].top - margin };
  const width = Math.ceil(Math.max(...boxes.map((box) => box.right)) - left + 2 * margin);
  const height = Math.ceil(boxes.at(-1).bottom - boxes[0].top + 2 * margin);
  const picture = make("svg", { xmlns: namespace, width, height, viewBox: `0 0 ${width} ${height}` });
  picture.append(make("rect", { width, height, fill: getComputedStyle(document.body).backgroundColor }));
  for (const part of parts) {
    for (const svg of part.querySelectorAll("svg")) {
      if (svg.parentElement.closest("svg")) continue;
      const box = svg.getBoundingClientRect();
      picture.append(copyOf(svg, box.left - origin.x, box.top - origin.y));
    }
    picture.append(...words(part).map((node) => text(node, origin)));
  }
  return { width, height, source: new XMLSerializer().serializeToString(picture) };
}

function save(url, name) {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

async function pngOf({ width, height, source }) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [pixelsPerUnit * width, pixelsPerUnit * height];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function button(label, action) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "save";
  element.textContent = label;
  element.addEventListener("click", action);
  return element;
}

// Buttons that save the figure as it is drawn at that moment.
export function pictureButtons(figure, name) {
  return [
    button("SVG", () => save(URL.createObjectURL(new Blob([pictureOf(figure).source], { type: "image/svg+xml" })), `${name}.svg`)),
    button("PNG", async () => save(URL.createObjectURL(await pngOf(pictureOf(figure))), `${name}.png`)),
  ];
}
