import { failure, get, h, post } from "../dom.js";
import { figure, single } from "../figure.js";
import { store } from "../store.js";
import { encode, picture, sizeOf } from "./pixels.js";
import { formatNumber } from "../../../Occam.Lab/Reports/Page/numbers.js";

// As many as the server gives at once.
const most = 48;

export async function showExample(place, name, { parameters, signal, remember }) {
  await store.ready;
  const asked = Number(parameters.get("index") ?? 0);
  const state = {
    run: name || newest(), set: parameters.get("set") ?? "test", file: parameters.get("file") ?? "network.onnx", start: Number.isSafeInteger(asked) && asked > 0 ? asked - asked % most : 0,
    chosen: parameters.get("index"), to: parameters.get("to"), pairing: false,
  };
  const strip = h("div", { class: "strip", role: "listbox", "aria-label": "Examples" });
  const problem = h("div", {});
  const result = h("div", { class: "example-result", "aria-live": "polite" });
  const run = h("input", { type: "search", list: "example-runs", value: state.run, "aria-label": "Run", onchange: () => { location.hash = `#/example/${encodeURIComponent(run.value)}`; } });
  const choose = (key, options) => h("select", { "aria-label": key, onchange: (event) => { state[key] = event.target.value; state.chosen = state.to = null; load(); } },
    Object.entries(options).map(([value, text]) => h("option", { value, selected: value === state[key] }, text)));
  const drop = h("label", { class: "drop" }, h("input", { type: "file", accept: "image/*", class: "unseen", onchange: (event) => ask(event.target.files[0]) }), "Drop a picture here, or choose one");
  const turn = (by) => { state.start = Math.max(0, state.start + by); state.chosen = state.to = null; load(); };
  place.append(h("h1", {}, "An example"),
    h("p", { class: "subtitle" }, "What the network says of one input, and where its function is steep there."),
    h("div", { class: "tools-line" }, run, h("datalist", { id: "example-runs" }, store.names.slice(0, 500).map((one) => h("option", { value: one }))),
      choose("file", { "network.onnx": "at the last checkpoint", "best.onnx": "at its best", "initial.onnx": "before training" }), choose("set", { test: "test data", train: "training data" }),
      h("button", { type: "button", onclick: () => turn(-most) }, "Before"), h("button", { type: "button", onclick: () => turn(most) }, "Next"), drop),
    problem, strip, result);
  for (const kind of ["dragover", "drop"]) {
    place.addEventListener(kind, (event) => {
      event.preventDefault();
      if (kind === "drop" && event.dataTransfer.files.length > 0) ask(event.dataTransfer.files[0]);
    }, { signal });
  }

  let data = null;
  let figures = [];
  signal.addEventListener("abort", () => figures.forEach((one) => one.stop()));

  async function load() {
    problem.replaceChildren();
    if (!state.run) {
      strip.replaceChildren(h("p", { class: "hint" }, "There are no runs yet."));
      return;
    }
    try {
      data = await get("/api/examples", { run: state.run, set: state.set, start: String(state.start) }, signal);
      strip.replaceChildren(...data.examples.map((example) => {
        const title = `example ${example.index}${example.label === undefined ? "" : `, ${className(example.label)}`}`;
        return h("button", { type: "button", role: "option", "aria-selected": String(example.index) === state.chosen ? "true" : "false", title, "aria-label": title,
          onclick: (event) => { if ((event.shiftKey || state.pairing) && state.chosen !== null) pair(example.index); else pick(example.index); } }, picture(example.values, data.shape, title));
      }));
      if (data.examples.length > 0) pick(state.chosen ?? data.examples[0].index, state.to);
    } catch (error) {
      if (!signal.aborted) problem.replaceChildren(failure(error));
    }
  }

  const className = (label) => data.classes[label] ?? `class ${label}`;

  function mark() {
    for (const [i, button] of [...strip.children].entries()) {
      const index = String(data.examples[i]?.index);
      button.setAttribute("aria-selected", index === state.chosen ? "true" : "false");
      button.classList.toggle("other-end", index === state.to);
    }
  }

  function pair(index) {
    state.to = String(index);
    state.pairing = false;
    mark();
    return segment();
  }

  function pick(index, to = null) {
    state.chosen = String(index);
    state.to = to;
    state.pairing = false;
    mark();
    remember([["set", state.set], ["file", state.file], ["index", state.chosen], ...(to ? [["to", to]] : [])]);
    const values = data.examples.find((example) => example.index === Number(index))?.values;
    return compute({ index: state.chosen }, values, `example ${index}`);
  }

  async function ask(blob) {
    try {
      const { values, text } = await encode(blob, data.shape);
      await compute({ picture: text }, values, "your picture");
    } catch (error) {
      problem.replaceChildren(failure(error));
    }
  }

  // Answers come in any order: what was asked last is what is shown.
  let questions = 0;

  async function compute(input, values, title) {
    const question = ++questions;
    problem.replaceChildren();
    result.classList.add("waiting-for");
    try {
      const answer = await post("/api/example", { run: state.run, file: state.file, set: state.set, ...input }, signal);
      if (question !== questions) return;
      show(answer, values, title);
      if (state.to) await segment();
    } catch (error) {
      if (!signal.aborted && question === questions) problem.replaceChildren(failure(error));
    } finally {
      if (question === questions) result.classList.remove("waiting-for");
    }
  }

  function show({ logits, label, margin, frobeniusSquared, spectral, rows }, values, title) {
    figures.forEach((one) => one.stop());
    const order = [...logits.keys()].sort((a, b) => logits[b] - logits[a]);
    const greatest = Math.max(...logits);
    const sum = logits.reduce((all, logit) => all + Math.exp(logit - greatest), 0);
    const facts = [
      ["prediction", `${className(order[0])}, ${formatNumber(Math.exp(logits[order[0]] - greatest) / sum, 3)} by softmax`],
      ...(label === undefined ? [] : [["label", `${className(label)}${label === order[0] ? "" : " (another)"}`], ["margin", formatNumber(margin)]]),
      ["‖J‖², how steep in all directions", formatNumber(frobeniusSquared)], ["σₘₐₓ, how steep in the steepest", formatNumber(spectral)],
      ["∂f/∂x of", "the logits by the input as the network gets it, normalized"],
    ];
    const bars = figure("Logits");
    figures = [bars];
    const maps = order.slice(0, 10).map((row) => {
      const one = figure(`${className(row)}`);
      figures.push(one);
      return [one, rows[row]];
    });
    result.replaceChildren(
      h("div", { class: "beside" },
        h("div", {}, h("h2", {}, title), h("div", { class: "example-picture" }, values ? picture(values, data.shape, title) : ""),
          h("dl", { class: "facts one" }, facts.map(([key, value]) => h("div", {}, h("dt", {}, key), h("dd", {}, value))))),
        h("div", {}, bars.element)),
      h("section", { "aria-label": "Where it is steep" }, h("h2", {}, "Where the function is steep"),
        h("p", { class: "prose" }, `How much each class's logit changes with each ${sizeOf(data.shape)[0] === 1 ? "input" : "pixel"}, |∂f/∂x|, the likeliest class first.`),
        state.chosen === null ? "" : h("p", {}, pairing()),
        h("div", { class: "maps" }, maps.map(([one]) => one.element))), h("div", { class: "way" }));
    bars.draw(single({ label: "", scale: "linear" }, { label: "", scale: "category" }, [{ kind: "bars", name: "logit", tone: "blue", categories: order.slice(0, 12).map(className), values: order.slice(0, 12).map((i) => logits[i]) }]));
    const [height, width] = sizeOf(data.shape);
    const most = Math.max(...rows.flat(), 1e-30);
    // A cell lies around its number; the first row at the top, so that its axis goes down.
    const isStrip = height === 1;
    const across = { label: isStrip ? "Input" : "Column", scale: "linear", minimum: -0.5, maximum: width - 0.5 };
    const down = { label: isStrip ? "" : "Row", scale: "linear", minimum: height - 0.5, maximum: -0.5 };
    for (const [one, row] of maps) {
      one.draw(single(across, down, [{ kind: "heat", left: -0.5, right: width - 0.5, bottom: -0.5, top: height - 0.5, columns: width, values: row }],
        { ...(isStrip ? { aspect: 5 } : {}), shade: { label: "|∂f/∂x|", scale: "linear", ramp: "sequential", minimum: 0, maximum: most } }));
    }
  }

  // The next example that is chosen is the other end; with shift held any click says so.
  function pairing() {
    const button = h("button", { type: "button", "aria-pressed": "false", onclick: () => {
      state.pairing = !state.pairing;
      button.setAttribute("aria-pressed", String(state.pairing));
      button.textContent = state.pairing ? "Now choose the other example above" : "Look along the way to another example";
    } }, "Look along the way to another example");
    return button;
  }

  async function segment() {
    const { shares, logits, distance } = await post("/api/segment", { run: state.run, file: state.file, set: state.set, index: state.chosen, to: state.to }, signal);
    const classes = logits.length / shares.length;
    const best = shares.map((_, i) => Array.from({ length: classes }, (_, c) => logits[i * classes + c]).reduce((at, value, c, all) => (value > all[at] ? c : at), 0));
    const met = [...new Set(best)];
    const crossings = shares.slice(1).flatMap((share, i) => (best[i] === best[i + 1] ? [] : [(share + shares[i]) / 2]));
    const one = figure(`From example ${state.chosen} to ${state.to}`, crossings.length === 0 ? `The prediction is ${className(best[0])} all along.`
      : `${crossings.length === 1 ? "A boundary is" : `${crossings.length} boundaries are`} crossed; the nearest at ${formatNumber(crossings[0] * distance, 3)} from the first example, of ${formatNumber(distance, 3)} between the two.`);
    figures.push(one);
    result.querySelector(".way").replaceChildren(one.element);
    await one.draw(single({ label: "Distance from the first", scale: "linear" }, { label: "Logit", scale: "linear" }, [
      ...met.slice(0, 8).map((c) => ({ kind: "line", name: className(c), tone: "automatic", x: shares.map((share) => share * distance), y: shares.map((_, i) => logits[i * classes + c]) })),
      ...crossings.slice(0, 8).map((share) => ({ kind: "vertical", x: share * distance, label: "", tone: "automatic" })),
    ]));
    remember([["set", state.set], ["file", state.file], ["index", state.chosen], ["to", state.to]]);
  }

  await load();
}

// The newest run that has a network.
function newest() {
  const started = store.columns.get("started")?.values ?? [];
  return [...store.names.keys()].sort((a, b) => (started[b] ?? 0) - (started[a] ?? 0)).map((i) => store.names[i])[0] ?? "";
}
