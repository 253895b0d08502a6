import { get, h, number } from "../dom.js";
import { figure, single } from "../figure.js";
import { formatNumber } from "../../../Occam.Lab/Reports/Page/numbers.js";

export const axes = { step: "Step", epoch: "Epoch", time: "Training time, s" };

// An exponential moving average without the pull of its beginning; what isn't finite makes a gap.
export function smooth(values, weight) {
  let sum = 0;
  let all = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return null;
    sum = weight * sum + (1 - weight) * value;
    all = weight * all + (1 - weight);
    return sum / all;
  });
}

const finite = (values) => values.map((value) => (Number.isFinite(value) ? value : null));

// A curve's own seconds of training. Runs of before kept none: their steps count as long as the mean step until the first that has
// them, or as that of the whole run.
export function times({ step, time }, pace) {
  const own = time?.map(number) ?? [];
  const first = own.findIndex(Number.isFinite);
  const mean = first >= 0 && step[first] > 0 ? own[first] / step[first] : pace;
  return step.map((one, i) => (Number.isFinite(own[i]) ? own[i] : Number.isFinite(mean) ? one * mean : null));
}

const isEstimated = ({ step, time }) => step.some((_, i) => !Number.isFinite(number(time?.[i] ?? null) ?? NaN));

function along(curve, pace, axis) {
  return axis === "time" ? times(curve, pace) : curve[axis].map(number);
}

// The marks of one run's metric: its line, under it the raw one where it is smoothed, and the band of its standard error.
export function marksOf({ name, tone, curve, pace }, { axis, weight, isEnd = true }) {
  const x = along(curve, pace, axis);
  const raw = curve.value.map(number);
  const line = { kind: "line", name, tone, x };
  const marks = [];
  if (curve.error && weight === 0) {
    const error = curve.error.map(number);
    marks.push({ kind: "band", tone, x, low: raw.map((value, i) => value - error[i]), high: raw.map((value, i) => value + error[i]) });
  }
  if (weight > 0) marks.push({ ...line, name: undefined, y: finite(raw), faint: true });
  marks.push({ ...line, y: weight > 0 ? smooth(raw, weight) : finite(raw) });
  if (isEnd && raw.length === 1) marks.push({ kind: "dots", name, tone, x, y: finite(raw) });
  return marks;
}


// A figure of one metric for the chosen runs.
export class MetricFigure {
  #figure;

  constructor(metric) {
    this.metric = metric;
    this.#figure = figure(metric);
  }

  get element() {
    return this.#figure.element;
  }

  stop() {
    this.#figure.stop();
  }

  draw(runs, settings) {
    const own = runs.flatMap((run) => (run.metrics[this.metric] ? [{ ...run, name: run.run, curve: run.metrics[this.metric] }] : []));
    const { axis, weight, isLog, isLogX } = settings;
    const estimated = axis === "time" ? own.filter((run) => isEstimated(run.curve)) : [];
    this.#figure.say(own.length === 0 ? "None of the chosen runs has recorded it."
      : estimated.length === 0 ? ""
      : `No times were kept ${own.length === 1 ? "by this run" : `by ${estimated.map((run) => run.name).join(", ")}`}: a step counts as long as the run's mean step.`);
    const marks = own.flatMap((run) => marksOf(run, { axis, weight }));
    return this.#figure.draw(single(
      { label: axes[axis], scale: isLogX ? "log" : "linear" }, { label: "", scale: isLog ? "log" : "linear" }, marks));
  }
}

// Curves of runs with the tones they have, thinned by the server to what a screen shows.
export async function fetchCurves(chosen, metrics, signal) {
  const runs = await get("/api/curves", [...[...chosen.keys()].map((name) => ["run", name]), ...metrics.map((metric) => ["metric", metric]), ["points", "800"]], signal);
  return runs.map((run) => ({ ...run, pace: number(run.pace), tone: chosen.get(run.run) }));
}

// What a row of settings above the charts holds.
export function settingsBar(settings, changed) {
  const choice = (name, title) => h("label", { class: "segment" },
    h("input", { type: "radio", name: "axis", value: name, checked: settings.axis === name, onchange: () => { settings.axis = name; changed(); } }), h("span", {}, title));
  const tick = (key, title) => h("label", { class: "tick" },
    h("input", { type: "checkbox", checked: settings[key], onchange: (event) => { settings[key] = event.target.checked; changed(); } }), title);
  const shown = h("output", {}, formatNumber(settings.weight, 2));
  return h("div", { class: "settings", role: "group", "aria-label": "How curves are drawn" },
    h("fieldset", { class: "segments" }, h("legend", { class: "unseen" }, "Along"), choice("step", "Step"), choice("epoch", "Epoch"), choice("time", "Time")),
    tick("isLog", "log y"), tick("isLogX", "log x"),
    h("label", { class: "smoothing" }, "smooth", h("input", {
      type: "range", min: "0", max: "0.99", step: "0.01", value: settings.weight,
      oninput: (event) => { settings.weight = Number(event.target.value); shown.textContent = formatNumber(settings.weight, 2); changed(); },
    }), shown));
}

