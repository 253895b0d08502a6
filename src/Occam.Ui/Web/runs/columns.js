import { duration, h, moment } from "../dom.js";
import { formatNumber } from "../../../Occam.Lab/Reports/Page/numbers.js";

const preferred = ["metric.test.accuracy", "metric.test.loss", "metric.train.loss", "metric.geometric-complexity", "metric.margin"];
const mostVarying = 6;

const times = { started: moment, seconds: duration };

// A column's name as it is read.
export const titleOf = (key) => ({ seconds: "trained for", pace: "seconds a step", occam: "Occam", why: "what came of it" })[key]
  ?? key.replace(/^(config|metric)\./, "");

export const groupOf = (key) => (key.startsWith("metric.") ? "Metrics" : key.startsWith("config.") ? "Configuration" : "Run");

// What a cell says.
export function textOf(column, value) {
  if (value === null || value === undefined) return "";
  if (times[column.key]) return times[column.key](value);
  return column.isNumber && !column.isText ? formatNumber(value) : value;
}

const stateMarks = { running: "●", completed: "✓", diverged: "✕", interrupted: "‖", failed: "!", killed: "†", unreadable: "?" };

// A run's state as a word with a sign, for colour alone tells some nothing.
export const stateMark = (state) => h("span", { class: `state ${state}` }, h("span", { "aria-hidden": "true" }, stateMarks[state] ?? "?"), ` ${state}`);

// The columns that are shown where nobody chose: how each run stands, its main metrics, and what differs in the configurations.
export function usual(store) {
  const there = (key) => store.columns.has(key);
  const varying = [...store.columns.values()].filter(({ key, values }) => key.startsWith("config.") && isVarying(values) && !key.startsWith("config.probes")).map(({ key }) => key);
  const metrics = preferred.filter(there);
  const others = [...store.columns.keys()].filter((key) => key.startsWith("metric.") && !metrics.includes(key));
  return ["state", "step", ...metrics, ...(metrics.length === 0 ? others.slice(0, 3) : []), ...varying.slice(0, mostVarying), "seconds", "started"].filter(there);
}

function isVarying(values) {
  const first = values[0];
  return values.some((value) => value !== first);
}

export function widthOf(key) {
  if (key === "state") return 122;
  if (key === "step") return 150;
  if (key === "started") return 140;
  return Math.min(220, Math.max(key.startsWith("metric.") ? 112 : 92, 30 + 7.3 * titleOf(key).length));
}
