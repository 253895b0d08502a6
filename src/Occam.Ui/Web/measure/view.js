import { failure, get, h, mayControl, post } from "../dom.js";
import { jobList } from "../jobs.js";
import { store } from "../store.js";

export async function showMeasure(place, name, { signal }) {
  await store.ready;
  place.append(h("h1", {}, "Measure"), h("p", { class: "subtitle" }, "How complex is the function that a run's network computes? As occam measure does it, with its page."));
  if (!mayControl) {
    place.append(h("p", { class: "note" }, "This server only shows. Start it with ", h("code", {}, "occam ui --control"), " to measure from here."));
    return;
  }
  const measures = await get("/api/measures", [], signal);
  const chosen = new Set();
  const run = h("input", { type: "search", list: "measured-runs", value: name || store.names[0] || "", required: "", "aria-label": "Run" });
  const file = select({ "network.onnx": "at the last checkpoint", "best.onnx": "at its best", "initial.onnx": "before training" }, "Network");
  const set = select({ test: "the run’s test data", train: "the run’s training data", other: "other data" }, "Data");
  const data = h("input", { type: "text", placeholder: "mnist:test, or a file", "aria-label": "Other data" });
  const otherData = field("Other data", data);
  const showOther = () => { otherData.hidden = set.value !== "other"; data.required = !otherData.hidden; };
  set.addEventListener("change", showOther);
  showOther();
  const limit = h("input", { type: "number", min: "1", value: "500", "aria-label": "Examples" });
  const estimate = h("input", { type: "number", min: "1", placeholder: "exact", "aria-label": "Random directions" });
  const problem = h("div", {});
  const jobs = jobList((job) => job.title === "measuring", signal);
  const families = Map.groupBy(measures, (measure) => measure.family);
  const form = h("form", { class: "measure-form", onsubmit: start },
    field("Run", run), h("datalist", { id: "measured-runs" }, store.names.slice(0, 500).map((one) => h("option", { value: one }))),
    field("Network", file), field("Data", set), otherData, field("Examples, at random", limit), field("Estimate by so many directions", estimate),
    h("details", { class: "wide" }, h("summary", {}, "Choose measures (left alone: the cheap ones of general interest)"),
      h("div", { class: "families" }, [...families].map(([family, own]) => h("fieldset", {}, h("legend", {}, family), own.map((measure) => h("label", { class: "tick", title: measure.source },
        h("input", { type: "checkbox", onchange: (event) => (event.target.checked ? chosen.add(measure.id) : chosen.delete(measure.id)) }),
        h("span", {}, measure.title, h("small", {}, measure.meaning), definition(measure)))))))),
    h("button", { class: "main", type: "submit" }, "Measure"));
  place.append(form, problem, jobs.element);

  async function start(event) {
    event.preventDefault();
    problem.replaceChildren();
    try {
      await post("/api/measure", { run: run.value, file: file.value, set: set.value, data: data.value, limit: limit.value, estimate: estimate.value, measures: [...chosen].join(",") });
      jobs.look();
    } catch (error) {
      problem.replaceChildren(failure(error));
    }
  }
}

// Words and MathML of the program's own catalogue.
function definition(measure) {
  const element = h("small", { class: "definition" });
  element.innerHTML = measure.definition;
  return element;
}

const select = (options, label) => h("select", { "aria-label": label }, Object.entries(options).map(([value, text]) => h("option", { value }, text)));

const field = (title, input) => h("label", { class: "field" }, h("span", {}, title), input);
