import { failure, get, h, post, s, scripted } from "../dom.js";
import { store } from "../store.js";
import { curve, layered } from "./layout.js";
import { formatNumber } from "../../../Occam.Lab/Reports/Page/numbers.js";

const files = { "network.onnx": "at the last checkpoint", "best.onnx": "at its best", "initial.onnx": "before training" };

const measures = {
  none: { title: "nothing", of: () => null },
  parameters: { title: "parameters", of: (node) => (node.parameters > 0 ? node.parameters : null), isLog: true },
  norm: { title: "norm of its weights", of: (node) => { const all = node.weights.filter((weight) => weight.norm !== undefined); return all.length > 0 ? Math.hypot(...all.map((weight) => weight.norm)) : null; } },
  complexity: { title: "layer complexity", of: (node, values) => values?.get(node.name)?.value ?? null, error: (node, values) => values?.get(node.name)?.standardError, isLog: true, isComputed: true },
  amplification: { title: "amplification A_i", of: (node, values) => values?.get(node.name)?.value ?? null, isLog: true, isComputed: true },
};

export async function showNetwork(place, name, { parameters, signal, remember }) {
  await store.ready;
  const state = { file: parameters.get("file") ?? "network.onnx", colour: parameters.get("colour") ?? "norm", scale: 1 };
  const canvas = h("div", { class: "canvas", tabIndex: 0, "aria-label": "The graph; its nodes are buttons" });
  const details = h("aside", { class: "layer-details", "aria-live": "polite" }, h("p", { class: "hint" }, "A layer opens to its numbers."));
  const legend = h("div", { class: "legend" });
  const problem = h("div", {});
  const choose = (title, options, value, changed) => h("label", {}, `${title} `, h("select", { onchange: (event) => changed(event.target.value) },
    Object.entries(options).map(([key, text]) => h("option", { value: key, selected: key === value }, text))));
  const zoom = (factor) => { state.scale = Math.min(3, Math.max(0.15, state.scale * factor)); fit(); };
  place.append(
    h("p", { class: "kicker" }, h("a", { href: "#/runs" }, "Runs"), " / ", h("a", { href: `#/run/${encodeURIComponent(name)}` }, name)),
    h("h1", {}, "Network"),
    h("div", { class: "tools-line" },
      choose("As it was", files, state.file, (file) => { state.file = file; keep(); load(); }),
      choose("Coloured by", Object.fromEntries(Object.entries(measures).map(([key, { title }]) => [key, title])), state.colour, (colour) => { state.colour = colour; keep(); paint(); }),
      h("span", { class: "segments" }, h("button", { type: "button", "aria-label": "Smaller", onclick: () => zoom(1 / 1.25) }, "−"), h("button", { type: "button", "aria-label": "Larger", onclick: () => zoom(1.25) }, "+")), legend),
    problem, h("div", { class: "network-view" }, canvas, details));

  let graph = null;
  let drawn = null;
  let boxes = new Map();
  let opened = null;
  const computed = new Map();
  const keep = () => remember([["file", state.file], ["colour", state.colour]]);

  async function load() {
    problem.replaceChildren();
    canvas.replaceChildren(h("p", { class: "hint" }, "Reading the network …"));
    try {
      graph = await get("/api/network", { run: name, file: state.file }, signal);
      draw();
      await paint();
    } catch (error) {
      if (!signal.aborted) canvas.replaceChildren(failure(error));
    }
  }

  function draw() {
    const made = new Map();
    const nodes = [
      ...graph.inputs.map((input) => ({ id: `in ${input.name}`, title: input.name, lines: [input.shape], isEnd: true, outputs: [input.name] })),
      ...graph.nodes.map((node, i) => ({ id: `node ${i}`, title: node.operator, lines: [node.shape ?? "", node.weights.map((weight) => weight.shape).join(", ")].filter(Boolean), node, outputs: node.outputs })),
      ...graph.outputs.map((output) => ({ id: `out ${output.name}`, title: output.name, lines: [], isEnd: true, outputs: [], inputs: [output.name] })),
    ];
    for (const node of nodes) {
      for (const value of node.outputs) if (!made.has(value)) made.set(value, node.id);
      node.height = 30 + 16 * node.lines.length;
      node.width = Math.min(260, Math.max(110, 24 + 7.2 * Math.max(node.title.length, ...node.lines.map((line) => line.length))));
    }
    const edges = nodes.flatMap((node) => (node.inputs ?? node.node?.inputs ?? []).filter((value) => made.has(value)).map((value) => ({ from: made.get(value), to: node.id, value })));
    drawn = layered(nodes, edges);
    boxes = new Map();
    opened = null;
    const parts = nodes.map((node) => box(node, drawn.nodes.get(node.id)));
    const svg = s("svg", { viewBox: `-12 -12 ${drawn.width + 24} ${drawn.height + 24}`, role: "group", "aria-label": `The graph of ${state.file}, ${graph.nodes.length} nodes` },
      s("g", { class: "edges", "aria-hidden": "true" }, drawn.edges.map((edge) => s("path", { d: curve(edge.points) }))), s("g", {}, parts));
    canvas.replaceChildren(svg);
    state.scale = Math.min(1.25, Math.max(0.35, (canvas.clientWidth - 30) / (drawn.width + 24)));
    fit();
  }

  function fit() {
    const svg = canvas.querySelector("svg");
    if (!svg) return;
    svg.style.width = `${(drawn.width + 24) * state.scale}px`;
    svg.style.height = `${(drawn.height + 24) * state.scale}px`;
  }

  function box(node, { x, y, width, height }) {
    const rect = s("rect", { x: x - width / 2, y, width, height, rx: node.isEnd ? height / 2 : 7 });
    const title = s("text", { x, y: y + 19, class: "title" }, node.title);
    const lines = node.lines.map((line, i) => s("text", { x, y: y + 36 + 16 * i, class: "line-text" }, line.length > 34 ? `${line.slice(0, 33)}…` : line));
    const group = s("g", { class: node.isEnd ? "box end" : "box" }, rect, title, lines);
    if (!node.node) return group;
    for (const [key, value] of Object.entries({ role: "button", tabindex: "0", "aria-label": `${node.node.operator} ${node.node.name}` })) group.setAttribute(key, value);
    const chosen = () => open(node.node, group);
    group.addEventListener("click", chosen);
    group.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); chosen(); } });
    boxes.set(node.node, group);
    return group;
  }

  const keyOf = (file = state.file, colour = state.colour) => `${file} ${colour}`;

  async function values() {
    if (!measures[state.colour].isComputed) return null;
    if (!computed.has(keyOf())) {
      legend.replaceChildren("measuring on 100 training examples …");
      const [file, colour] = [state.file, state.colour];
      const document = await post("/api/layers", { run: name, file, measure: colour }, signal);
      computed.set(keyOf(file, colour), {
        layers: new Map(document.measures.flatMap((measure) => measure.layers ?? []).map((layer) => [layer.name, layer])),
        why: document.measures.map((measure) => measure.notApplicable).find(Boolean),
      });
    }
    return computed.get(keyOf()) ?? null;
  }

  async function paint() {
    problem.replaceChildren();
    try {
      const measure = measures[state.colour];
      const known = await values();
      const numbers = new Map([...boxes.keys()].map((node) => [node, measure.of(node, known?.layers)])
        .filter(([, value]) => Number.isFinite(value)));
      const at = (value) => (measure.isLog ? Math.log(Math.max(value, 1e-300)) : value);
      const low = Math.min(...[...numbers.values()].map(at));
      const span = Math.max(...[...numbers.values()].map(at)) - low || 1;
      for (const [node, group] of boxes) {
        const share = numbers.has(node) ? (at(numbers.get(node)) - low) / span : null;
        group.classList.toggle("coloured", share !== null);
        group.style.setProperty("--shade", share === null ? "transparent" : shade(share));
      }
      const none = state.colour === "none" ? [] : [known?.why ? `no layer has it: it ${known.why}` : "no layer has it"];
      legend.replaceChildren(...(numbers.size > 0 ? ramp(measure, [...numbers.values()]) : none));
      if (opened) show(...opened);
    } catch (error) {
      legend.replaceChildren();
      if (!signal.aborted) problem.replaceChildren(failure(error));
    }
  }

  function open(node, group) {
    show(node, group);

    // Where the numbers stand below the graph they are out of sight.
    if (getComputedStyle(details.parentElement).gridTemplateColumns.split(" ").length < 2) details.scrollIntoView({ block: "nearest" });
  }

  function show(node, group) {
    opened = [node, group];
    for (const other of boxes.values()) other.classList.remove("open");
    group.classList.add("open");
    const value = measures[state.colour].of(node, computed.get(keyOf())?.layers);
    const error = measures[state.colour].error?.(node, computed.get(keyOf())?.layers);
    const rows = [["operator", node.operator], ["bends", node.linearity?.replaceAll("-", " ")], ["output", node.shape], ["parameters", node.parameters > 0 ? formatNumber(node.parameters, 12) : null],
      [measures[state.colour].title, value === null ? null : `${formatNumber(value, 5)}${error ? ` ± ${formatNumber(error, 2)}` : ""}`], ["takes", node.inputs.join(", ")], ["gives", node.outputs.join(", ")]].filter(([, text]) => text);
    details.replaceChildren(h("h2", {}, node.name || node.operator),
      h("dl", { class: "facts" }, rows.map(([key, text]) => h("div", {}, h("dt", {}, scripted(key)), h("dd", {}, text)))),
      node.weights.length === 0 ? "" : h("div", { class: "table", tabIndex: 0 }, h("table", {},
        h("thead", {}, h("tr", {}, ["Weights", "Shape", "Norm", "Mean", "Largest"].map((title, i) => h("th", { class: i > 1 ? "number" : "" }, title)))),
        h("tbody", {}, node.weights.map((weight) => h("tr", {}, h("th", { scope: "row" }, weight.name), h("td", {}, weight.shape),
          [weight.norm, weight.mean, weight.largest].map((number) => h("td", { class: "number" }, number === undefined ? "–" : formatNumber(number)))))))));
  }

  await load();
}

function shade(share) {
  const [from, to, part] = share < 0.5 ? ["low", "middle", share] : ["middle", "high", share - 0.5];
  return `color-mix(in oklab, var(--complexity-${to}) ${(part * 200).toFixed(1)}%, var(--complexity-${from}))`;
}

function ramp({ title, isLog }, values) {
  const bar = h("i", { class: "ramp", style: { "--low": "var(--complexity-low)", "--middle": "var(--complexity-middle)", "--high": "var(--complexity-high)" } });
  return [h("span", {}, scripted(title), isLog ? ", logarithmic" : ""), h("span", {}, formatNumber(Math.min(...values), 3), bar, formatNumber(Math.max(...values), 3))];
}
