import { failure, h, throttled } from "../dom.js";
import { store } from "../store.js";
import { usual } from "./columns.js";
import { fetchCurves, MetricFigure, settingsBar } from "./curves.js";
import { Grid } from "./grid.js";
import { picker } from "./picker.js";
import { parse } from "./query.js";
import { formatNumber } from "../../../Occam.Lab/Reports/Page/numbers.js";

const tones = ["blue", "red", "green", "orange", "purple", "teal", "pink", "gray"];
const mostChosen = 24;
const firstMetrics = ["test.loss", "train.loss", "test.accuracy", "geometric-complexity"];

// The order of places by a column: numbers as numbers, what is missing last.
function sort(places, { key, down }) {
  const column = store.columns.get(key);
  const values = key === "name" ? store.names : column?.values ?? [];
  const sign = down ? -1 : 1;
  const isMissing = (value) => value === null || value === undefined || (column?.isNumber && Number.isNaN(Number(value)));
  const compare = column?.isNumber ? (a, b) => Number(a) - Number(b) : (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  return places.sort((a, b) => {
    const [one, other] = [values[a], values[b]];
    if (isMissing(one) || isMissing(other)) return isMissing(one) - isMissing(other) || a - b;
    return sign * compare(one, other) || a - b;
  });
}

export async function showRuns(place, _, { parameters, signal, remember }) {
  await store.ready;
  const state = {
    query: parameters.get("q") ?? "",
    sorted: { key: parameters.get("sort") ?? "started", down: parameters.get("up") === null },
    keys: parameters.get("columns")?.split(",").filter(Boolean) ?? null,
    metrics: parameters.get("metrics")?.split(",").filter(Boolean) ?? null,
    axis: parameters.get("x") ?? "step",
    isLog: parameters.get("log") === "1",
    isLogX: parameters.get("logx") === "1",
    weight: Number(parameters.get("smooth") ?? 0),
  };
  const chosen = new Map();
  let wantsFirst = !parameters.has("runs");
  for (const name of parameters.getAll("runs").filter(Boolean)) choose(name);

  const count = h("p", { class: "count", role: "status" });
  const search = h("input", { type: "search", class: "search", value: state.query, placeholder: "Search: sweep test.loss<0.3 optimizer.id:adam", "aria-label": "Search runs by name and by conditions on keys", oninput: () => { state.query = search.value; arrange(); keep(); } });
  const columns = picker("Columns", () => [...store.columns.keys()], (key) => keys().includes(key), (key, isOn) => {
    state.keys = isOn ? [...keys(), key] : keys().filter((other) => other !== key);
    arrange();
    keep();
  });
  const metrics = picker("Metrics", () => metricNames().map((name) => `metric.${name}`), (key) => shownMetrics().includes(key.slice(7)), (key, isOn) => {
    const name = key.slice(7);
    state.metrics = isOn ? [...shownMetrics(), name] : shownMetrics().filter((other) => other !== name);
    arrangeCharts();
    keep();
  });
  const clear = h("button", { type: "button", class: "quiet", onclick: () => { chosen.clear(); grid.redraw(); draw(); keep(); } }, "Choose none");
  const grid = new Grid(store, chosen, {
    sort: (key) => { state.sorted = { key, down: state.sorted.key === key ? !state.sorted.down : key !== "name" }; arrange(); keep(); },
    choose: (name) => { choose(name); grid.redraw(); draw(); keep(); },
    open: (name) => { location.hash = `#/run/${encodeURIComponent(name)}`; },
  });
  const charts = h("div", { class: "charts" });
  const hint = h("p", { class: "hint" });
  place.append(
    h("h1", { class: "unseen" }, "Runs"),
    h("section", { class: "table-side", "aria-label": "Table of runs" }, h("div", { class: "tools" }, search, columns, count), grid.element),
    h("section", { class: "chart-side", "aria-label": "Curves of the chosen runs" },
      h("div", { class: "tools" }, settingsBar(state, () => { drawLast(); keep(); }), metrics, clear), hint, charts));

  const figures = new Map();
  let last = [];

  function choose(name) {
    if (chosen.delete(name)) return;
    if (chosen.size >= mostChosen) chosen.delete(chosen.keys().next().value);
    const used = [...chosen.values()];
    const counts = tones.map((tone) => used.filter((other) => other === tone).length);
    chosen.set(name, tones[counts.indexOf(Math.min(...counts))]);
  }

  function keys() {
    return state.keys ?? usual(store);
  }

  function metricNames() {
    return [...store.columns.keys()].filter((key) => key.startsWith("metric.")).map((key) => key.slice(7));
  }

  function shownMetrics() {
    if (state.metrics) return state.metrics;
    const names = metricNames();
    const first = firstMetrics.filter((name) => names.includes(name));
    return first.length > 0 ? first : names.slice(0, 3);
  }

  function arrange() {
    const { matches, unknown } = parse(state.query, store);
    const places = [];
    for (let i = 0; i < store.names.length; i++) if (matches(i)) places.push(i);
    grid.show(sort(places, state.sorted), keys().filter((key) => store.columns.has(key)), state.sorted);
    const all = formatNumber(store.names.length, 9);
    count.textContent = unknown.length > 0 ? `no run has ${unknown.join(", ")}`
      : places.length === store.names.length ? `${all} ${store.names.length === 1 ? "run" : "runs"}` : `${formatNumber(places.length, 9)} of ${all} runs`;
    search.classList.toggle("wrong", unknown.length > 0);
  }

  function arrangeCharts() {
    const wanted = shownMetrics();
    for (const [metric, old] of figures) if (!wanted.includes(metric)) { old.stop(); figures.delete(metric); }
    for (const metric of wanted) {
      if (!figures.has(metric)) figures.set(metric, new MetricFigure(metric));
      charts.append(figures.get(metric).element);
    }
    draw();
  }

  async function draw() {
    clear.hidden = chosen.size === 0;
    hint.hidden = chosen.size > 0;
    charts.hidden = chosen.size === 0;
    hint.textContent = store.names.length === 0 ? "There are no runs yet: occam train makes some, and they appear here by themselves."
      : "Choose runs in the table to lay their curves over each other.";
    if (chosen.size === 0) return;
    try {
      last = await fetchCurves(chosen, shownMetrics(), signal);
      last = last.filter((run) => chosen.has(run.run));
      drawLast();
    } catch (error) {
      if (!signal.aborted && !(error instanceof TypeError)) hint.replaceChildren(failure(error));
    }
  }

  function drawLast() {
    for (const one of figures.values()) one.draw(last, state);
  }

  const keep = throttled(200, () => {
    if (signal.aborted) return;
    const kept = [["q", state.query], ["columns", state.keys?.join(",") ?? ""], ["metrics", state.metrics?.join(",") ?? ""], ["log", state.isLog ? "1" : ""], ["logx", state.isLogX ? "1" : ""],
      ["smooth", state.weight > 0 ? String(state.weight) : ""], ["x", state.axis === "step" ? "" : state.axis], ["sort", state.sorted.key === "started" ? "" : state.sorted.key], ["up", state.sorted.down ? "" : "1"]].filter(([, value]) => value);
    remember([...kept, ...(chosen.size > 0 ? [...chosen.keys()].map((name) => ["runs", name]) : [["runs", ""]])]);
  });

  // Those that train, or else the newest.
  function chooseFirst() {
    if (!wantsFirst || store.names.length === 0) return;
    wantsFirst = false;
    const states = store.columns.get("state").values;
    const places = sort([...store.names.keys()], { key: "started", down: true });
    const running = places.filter((i) => states[i] === "running");
    for (const i of (running.length > 0 ? running : places).slice(0, 3)) choose(store.names[i]);
  }

  const arrangeSoon = throttled(1000, arrange);
  const drawSoon = throttled(900, draw);
  store.listen((names) => {
    if (signal.aborted) return;
    chooseFirst();
    if (names === null) {
      arrange();
      arrangeCharts();
      return;
    }
    grid.refresh(names.map((name) => store.places.get(name)));
    arrangeSoon();
    if (names.some((name) => chosen.has(name))) drawSoon();
  }, signal);
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    search.focus();
  }, { signal });
  signal.addEventListener("abort", () => { for (const one of figures.values()) one.stop(); });

  chooseFirst();
  arrange();
  arrangeCharts();
}
