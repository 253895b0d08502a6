const properties = new Set(["value", "checked", "disabled", "indeterminate", "selected", "tabIndex", "hidden", "open", "min", "max", "step", "type"]);

function put(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (properties.has(name) && !(element instanceof SVGElement)) element[name] = value;
    else if (name === "style") for (const [rule, what] of Object.entries(value)) element.style.setProperty(rule, what);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// An element; what is text stays text.
export const h = (tag, attributes, ...children) => put(document.createElement(tag), attributes, children);

// Text in which what follows a single letter or a bar behind an underscore or a caret is set lower or higher: σ_max, A_i, ‖W‖_F, f^i.
export function scripted(text) {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(/(?<=(?<![\p{L}\p{N}])[\p{L}∇]|[‖)\]])([_^])(?:\{([^}]+)\}|([\p{L}\p{N}∞]+))/gu)) {
    pieces.push(text.slice(end, match.index), h(match[1] === "_" ? "sub" : "sup", {}, match[2] ?? match[3]));
    end = match.index + match[0].length;
  }
  return [...pieces, text.slice(end)];
}

// The same of a drawing.
export const s = (tag, attributes, ...children) => put(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// At most once in so many milliseconds, the last call always.
export function throttled(milliseconds, work) {
  let timer = null;
  let last = 0;
  return (...given) => {
    clearTimeout(timer);
    const wait = Math.max(0, last + milliseconds - performance.now());
    timer = setTimeout(() => {
      last = performance.now();
      work(...given);
    }, wait);
  };
}

const about = (name) => document.querySelector(`meta[name="occam-${name}"]`)?.content ?? "";

// Whether the browser may start and stop things.
export const mayControl = about("control") === "true";

async function checked(response) {
  if (!response.ok) throw new Error((await response.text()) || `the server answered ${response.status}`);
  return response;
}

export async function get(path, parameters = [], signal) {
  const query = new URLSearchParams(parameters);
  return (await checked(await fetch(query.size > 0 ? `${path}?${query}` : path, { signal }))).json();
}

export async function post(path, body, signal) {
  const isFile = body instanceof Blob;
  const response = await checked(await fetch(path, {
    method: "POST", signal,
    headers: { "X-Occam-Token": about("token"), "Content-Type": isFile ? "application/octet-stream" : "application/json" },
    body: isFile ? body : JSON.stringify(body ?? {}),
  }));
  return response.status === 204 ? null : response.json();
}

// A number of the server's, which writes those that JSON hasn't by name.
export const number = (value) => (value === null || value === undefined ? null : Number(value));

export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function moment(seconds) {
  const date = new Date(seconds * 1000);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")} ${String(date.getHours()).padStart(2, "0")}:${String(date.getMinutes()).padStart(2, "0")}`;
}

export const failure = (error) => h("p", { class: "failure", role: "alert" }, error.message);
