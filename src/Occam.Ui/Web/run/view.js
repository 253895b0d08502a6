import { duration, failure, get, h, mayControl, moment, number, post, throttled } from "../dom.js";
import { jobList } from "../jobs.js";
import { stateMark } from "../runs/columns.js";
import { MetricFigure, settingsBar } from "../runs/curves.js";
import { store } from "../store.js";
import { formatNumber } from "../../../Occam.Lab/Reports/Page/numbers.js";

const first = ["train.loss", "test.loss", "train.accuracy", "test.accuracy", "geometric-complexity", "test.margin", "margin"];

const rank = (name) => { const at = first.indexOf(name); return at < 0 ? first.length : at; };

const bytes = (size) => (size < 1000 ? `${size} B` : size < 1e6 ? `${(size / 1000).toFixed(1)} kB` : `${(size / 1e6).toFixed(1)} MB`);

export async function showRun(place, name, { parameters, signal, remember }) {
  await store.ready;
  const about = await get("/api/run", { name }, signal);
  const state = { axis: parameters.get("x") ?? "step", isLog: false, isLogX: false, weight: 0, other: parameters.get("with") ?? "" };
  const cell = (key) => store.value(name, key);

  const standing = h("div", {});
  const actions = h("div", { class: "actions" });
  const head = h("div", { class: "run-head" }, standing, actions);
  const problem = h("div", {});
  const jobs = jobList((job) => job.run === name, signal, () => refresh(), (job) => job.title === "training");
  const charts = h("div", { class: "charts" });
  const configuration = h("div", {});
  const log = section("Log", h("div", { class: "table", tabIndex: 0 }));
  place.append(
    h("p", { class: "kicker" }, h("a", { href: "#/runs" }, "Runs")),
    h("h1", {}, name), head, problem, jobs.element,
    section("Curves", settingsBar(state, () => drawLast()), charts),
    section("Configuration", configuration),
    h("div", { class: "beside" },
      h("div", {}, section("Environment", facts(Object.entries(about.environment)), about.command ? h("p", { class: "command" }, h("code", {}, about.command)) : null)),
      h("div", {}, section("Files", fileTable(about)))),
    log);

  async function act(action) {
    problem.replaceChildren();
    try {
      await post("/api/control", { run: name, action });
      jobs.look();
    } catch (error) {
      problem.replaceChildren(failure(error));
    }
  }

  function drawLog() {
    log.hidden = about.log.length === 0;
    log.lastChild.replaceChildren(h("table", { class: "log" }, h("tbody", {}, about.log.map((line) =>
      h("tr", {}, h("th", { scope: "row" }, moment(line.at)), h("td", {}, line.what))))));
  }

  function drawHead() {
    const [step, steps] = [cell("step"), cell("steps")];
    const isRunning = cell("state") === "running";
    const bar = h("span", { class: "track wide", "aria-hidden": "true" }, h("span", { class: "done" }));
    bar.firstChild.style.width = `${steps > 0 ? Math.min(100, (100 * step) / steps) : 0}%`;
    const left = isRunning && Number.isFinite(cell("pace")) && steps > step ? `, ${duration((steps - step) * cell("pace"))} left` : "";
    standing.replaceChildren(
      h("p", { class: "standing" }, stateMark(cell("state") ?? "unreadable"), step === null ? null : bar, step === null ? null : `${formatNumber(step, 9)} of ${formatNumber(steps, 9)} steps${left}`),
      h("p", { class: "remark" }, [cell("why"), cell("started") ? `begun ${moment(cell("started"))}` : "", cell("seconds") ? `trained for ${duration(cell("seconds"))}` : ""].filter(Boolean).join(" · ")));
    drawActions();
  }

  // Only where others are there: what is about to be pressed stays where it is.
  function drawActions() {
    const now = `${cell("state")} ${about.explained}`;
    if (actions.dataset.drawn === now) return;
    actions.dataset.drawn = now;
    const isRunning = cell("state") === "running";
    const button = (action, title, isMain) => h("button", { type: "button", class: isMain ? "main" : "", onclick: () => act(action) }, title);
    actions.replaceChildren(...[
        h("a", { class: "button", href: `#/network/${encodeURIComponent(name)}` }, "Network"),
        h("a", { class: "button", href: `#/example/${encodeURIComponent(name)}` }, "Examples"),
        about.explained ? h("a", { class: "button", href: `/api/run/explanation?${new URLSearchParams({ name })}`, target: "_blank", rel: "noopener" }, "Explanation") : null,
        mayControl && isRunning ? button("stop", "Stop") : null,
        mayControl && ["interrupted", "failed", "killed"].includes(cell("state")) ? button("resume", "Resume", true) : null,
        mayControl && about.configuration ? h("a", { class: "button", href: `#/train/${encodeURIComponent(name)}` }, "Train another like it") : null,
        mayControl && !isRunning ? button("explain", about.explained ? "Explain again" : "Explain") : null].filter(Boolean));
  }

  function drawConfiguration() {
    const own = store.cells(name);
    const keys = [...own.keys()].filter((key) => key.startsWith("config."));
    const other = state.other && store.places.has(state.other) ? store.cells(state.other) : null;
    const all = other ? [...new Set([...keys, ...[...other.keys()].filter((key) => key.startsWith("config."))])] : keys;
    const differs = (key) => other !== null && own.get(key) !== other.get(key);
    const shown = other ? [...all.filter(differs), ...all.filter((key) => !differs(key))] : all;
    const count = all.filter(differs).length;
    const list = h("datalist", { id: "other-runs" }, store.names.slice(0, 500).filter((one) => one !== name).map((one) => h("option", { value: one })));
    const input = h("input", { type: "search", list: "other-runs", value: state.other, placeholder: "another run", "aria-label": "Compare with another run", onchange: () => {
      state.other = input.value;
      remember([["with", state.other]].filter(([, value]) => value));
      drawConfiguration();
    } });
    configuration.replaceChildren(
      h("p", { class: "tools-line" }, h("label", {}, "Compare with ", input), list,
        h("span", { class: "count", role: "status" }, other ? `${count} ${count === 1 ? "key differs" : "keys differ"}` : state.other ? "there is no such run" : "")),
      h("div", { class: "table", tabIndex: 0 }, h("table", { class: "configuration" },
        h("thead", {}, h("tr", {}, h("th", {}, "Key"), h("th", {}, "This run"), other ? h("th", {}, state.other) : null)),
        h("tbody", {}, shown.map((key) => h("tr", { class: differs(key) ? "differs" : "" },
          h("th", { scope: "row" }, key.slice(7)), h("td", {}, own.get(key) ?? "–"), other ? h("td", {}, other.get(key) ?? "–") : null))))),
      about.configuration ? h("details", {}, h("summary", {}, "As it was written"), h("pre", { class: "code", tabIndex: 0 }, about.configuration)) : "");
  }

  const figures = new Map();
  let last = null;

  async function draw() {
    try {
      const [run] = await get("/api/curves", { run: name, points: "600" }, signal);
      if (!run) return;
      last = { ...run, pace: number(run.pace), tone: "blue" };
      const metrics = Object.keys(run.metrics).sort((a, b) => rank(a) - rank(b));
      for (const metric of metrics) {
        if (figures.has(metric)) continue;
        figures.set(metric, new MetricFigure(metric));
        charts.append(figures.get(metric).element);
      }
      if (metrics.length === 0) charts.replaceChildren(h("p", { class: "hint" }, "It has recorded nothing yet."));
      drawLast();
    } catch (error) {
      if (!signal.aborted && !(error instanceof TypeError)) charts.replaceChildren(failure(error));
    }
  }

  function drawLast() {
    if (last) for (const one of figures.values()) one.draw([{ ...last, run: "" }], state);
  }

  async function refresh() {
    Object.assign(about, await get("/api/run", { name }, signal));
    drawHead();
    drawLog();
  }

  const soon = throttled(900, draw);
  let stateBefore = cell("state");
  store.listen((names) => {
    if (names !== null && !names.includes(name)) return;
    drawHead();
    if (cell("state") !== stateBefore) {
      stateBefore = cell("state");
      refresh().catch(() => { });
    }
    soon();
  }, signal);
  signal.addEventListener("abort", () => { for (const one of figures.values()) one.stop(); });
  drawHead();
  drawLog();
  drawConfiguration();
  await draw();
}

const section = (title, ...content) => h("section", { "aria-label": title }, h("h2", {}, title), content);

const facts = (pairs) => h("dl", { class: "facts" }, pairs.map(([key, value]) => h("div", {}, h("dt", {}, key), h("dd", {}, value))));

const fileTable = ({ folder, files }) => [
  h("p", { class: "command" }, h("code", {}, folder)),
  h("div", { class: "table" }, h("table", {}, h("thead", {}, h("tr", {}, h("th", {}, "File"), h("th", { class: "number" }, "Size"), h("th", {}, "Written"))),
    h("tbody", {}, files.map((file) => h("tr", {}, h("th", { scope: "row" }, file.name), h("td", { class: "number" }, bytes(file.size)), h("td", {}, moment(file.written))))))),
];
