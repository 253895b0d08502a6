// Texts of a chart: how wide they are, how they are broken into lines, and what of them is set lower or higher.

const context = document.createElement("canvas").getContext("2d");
const family = "system-ui, -apple-system, sans-serif";
// Figures of one width are a little wider than those that the canvas measures.
const air = 1.06;

export function textWidth(text, size) {
  context.font = `${size}px ${family}`;
  return air * context.measureText(text).width;
}

// The words in lines of at most the given width; a word that is wider has a line of its own.
export function wrap(text, width, size) {
  const lines = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

// A name that is too long loses its middle: what tells names apart stands at their ends.
export function shorten(text, width, size) {
  if (textWidth(text, size) <= width) return text;
  let kept = text.length - 1;
  const short = () => `${text.slice(0, Math.ceil(kept / 2))}…${text.slice(text.length - Math.floor(kept / 2))}`;
  while (kept > 2 && textWidth(short(), size) > width) kept--;
  return short();
}

// σ_max, A_i, ‖W‖_F, f^i: what follows a single letter or a closing bracket behind an underscore or a caret.
const scripts = /(?<=(?<![\p{L}\p{N}])[\p{L}∇]|[‖)\]])([_^])(?:\{([^}]+)\}|([\p{L}\p{N}∞]+))/gu;
const shift = { _: 0.32, "^": -0.45 };
const size = 0.78;

function lowered(text) {
  const parts = [];
  let end = 0;
  let back = 0;
  const add = (content, attributes) => {
    const part = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
    part.textContent = content;
    for (const [name, value] of Object.entries(attributes)) if (value) part.setAttribute(name, value);
    parts.push(part);
  };
  for (const match of text.matchAll(scripts)) {
    if (match.index > end) {
      add(text.slice(end, match.index), { dy: back && `${back}em` });
      back = 0;
    }
    const by = shift[match[1]];
    add(match[2] ?? match[3], { dy: `${back / size + by}em`, "font-size": `${100 * size}%` });
    back = -by * size;
    end = match.index + match[0].length;
  }
  if (end < text.length) add(text.slice(end), { dy: back && `${back}em` });
  return parts;
}

// Sets subscripts and superscripts as such in every text of a picture.
export function setScripts(svg) {
  for (const element of svg.querySelectorAll("text")) {
    if (!/[_^]/.test(element.textContent)) continue;
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    for (const node of nodes) {
      const parts = lowered(node.data);
      if (parts.length > 1 && node.parentNode.nodeName !== "title") node.replaceWith(...parts);
    }
  }
}
