import { failure, get, h, mayControl, post } from "../dom.js";
import { jobList } from "../jobs.js";
import { store } from "../store.js";

export async function showTrain(place, like, { signal }) {
  await store.ready;
  place.append(h("h1", {}, "Train"), h("p", { class: "subtitle" }, "A network on data, as a configuration says. As occam train does it, into a run of this folder."));
  if (!mayControl) {
    place.append(h("p", { class: "note" }, "This server only shows. Start it with ", h("code", {}, "occam ui --control"), " to train from here."));
    return;
  }
  const [examples, run] = await Promise.all([get("/api/configurations", [], signal), like ? get("/api/run", { name: like }, signal) : null]);
  const text = h("textarea", { class: "code configuration-text", spellcheck: "false", autocapitalize: "off", rows: "26", "aria-label": "Configuration, in YAML" });
  const name = h("input", { type: "text", required: "", size: "24", pattern: "[A-Za-z0-9][A-Za-z0-9._\\-]{0,63}", "aria-label": "Name of the run" });
  const about = h("p", { class: "remark" });
  const begin = h("select", { "aria-label": "Begin with", onchange: () => take(begin.value) },
    run ? h("option", { value: "" }, `${like}, which was trained`) : null, examples.map((one) => h("option", { value: one.name }, one.name)));
  const problems = h("ol", { class: "problems", role: "alert" });
  const jobs = jobList((job) => job.title === "training", signal);
  place.append(h("form", { class: "train-form", onsubmit: start },
    h("div", { class: "tools-line" }, h("label", {}, "Begin with ", begin), h("label", {}, "Name ", name), h("button", { class: "main", type: "submit" }, "Train")),
    about, text, problems), jobs.element);
  let begun = null;
  store.listen(showBegun, signal);
  take(run ? "" : examples.find((one) => one.name === "mlp-glyphs")?.name ?? examples[0].name);

  function take(which) {
    const example = examples.find((one) => one.name === which);
    begin.value = which;
    text.value = example?.text ?? run.configuration ?? "";
    about.textContent = example?.title ?? "";
    name.value = free(example?.name ?? like);
    problems.replaceChildren();
  }

  // A name that no run has yet.
  function free(wanted) {
    const base = wanted.split("/").at(-1).replace(/[^A-Za-z0-9._-]/g, "-").replace(/-\d+$/, "").slice(0, 56) || "run";
    for (let i = 1; ; i++) {
      const tried = i === 1 ? base : `${base}-${i}`;
      if (!store.places.has(tried)) return tried;
    }
  }

  function goTo({ line, column }) {
    const before = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(before + column - 1, before + (text.value.slice(before).indexOf("\n") + 1 || text.value.length + 1) - 1);
  }

  // Its page is there as soon as the run is.
  function showBegun() {
    if (!begun) return;
    const isThere = store.places.has(begun);
    problems.replaceChildren(h("li", { class: "plain" }, isThere ? h("a", { href: `#/run/${encodeURIComponent(begun)}` }, `See ${begun}`) : `${begun} begins …`));
    if (isThere) begun = null;
  }

  async function start(event) {
    event.preventDefault();
    begun = null;
    problems.replaceChildren();
    try {
      const found = await post("/api/train", { name: name.value, configuration: text.value });
      problems.replaceChildren(...found.map((one) => h("li", {}, h("button", { type: "button", class: "quiet", onclick: () => goTo(one) }, `line ${one.line}`), ` ${one.message}`)));
      if (found.length === 0) {
        begun = name.value;
        showBegun();
        jobs.look();
      }
    } catch (error) {
      problems.replaceChildren(failure(error));
    }
  }
}
