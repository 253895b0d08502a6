import { duration, failure, get, h, mayControl, post, scripted } from "../dom.js";
import { jobList } from "../jobs.js";

const kinds = ["judged", "by theorem", "computed", "text only", "missing"];

export async function showFigures(place, _, { signal, parameters, remember }) {
  place.append(h("h1", {}, "Figures"), h("p", { class: "subtitle" }, "What the papers say, item by item, and how Occam's own runs judge it."));
  const waiting = h("p", { class: "hint" }, "Reading the papers' items …");
  place.append(waiting);
  const [{ papers, items }, experiments] = await Promise.all([get("/api/papers", [], signal), get("/api/experiments", [], signal)]);
  waiting.remove();
  const state = { query: parameters.get("q") ?? "", paper: parameters.get("paper") ?? "", kind: parameters.get("kind") ?? "judged" };
  const list = h("ul", { class: "items" });
  const count = h("span", { class: "count", role: "status" });
  const search = h("input", { type: "search", class: "search", value: state.query, placeholder: "Search the items", "aria-label": "Search the items", oninput: () => { state.query = search.value; fill(); } });
  const choose = (key, title, options) => h("label", {}, `${title} `, h("select", { onchange: (event) => { state[key] = event.target.value; fill(); } },
    h("option", { value: "" }, "all"), Object.entries(options).map(([value, text]) => h("option", { value, selected: value === state[key] }, text))));
  const drawn = h("div", {});
  if (mayControl) place.append(drawing(experiments, signal, showDrawn));
  place.append(drawn);
  await showDrawn();
  place.append(h("section", { "aria-label": "Items" }, h("div", { class: "tools-line" }, search,
    choose("paper", "Paper", Object.fromEntries(papers.map((paper) => [paper.id, `${paper.authors}: ${paper.title}`]))), choose("kind", "Answered", Object.fromEntries(kinds.map((kind) => [kind, kind]))), count), list));

  async function showDrawn() {
    const pages = await get("/api/figures", [], signal);
    drawn.replaceChildren(...pages.length === 0 ? [] : [h("section", { "aria-label": "Pages" }, h("h2", {}, "Drawn here"), h("ul", { class: "pages" }, pages.map((name) =>
      h("li", {}, h("a", { href: `/api/figures/page?${new URLSearchParams({ name })}`, target: "_blank", rel: "noopener" }, name)))))]);
  }

  // The paper as a text cites it.
  function cited(item) {
    const authors = papers.find((paper) => item.id.startsWith(`${paper.id}-`))?.authors ?? "";
    return authors.includes(",") ? `${authors.split(",")[0]} et al. ${authors.match(/\d{4}$/)?.[0] ?? ""}` : authors;
  }

  function fill() {
    const wanted = state.query.toLowerCase();
    const shown = items.filter((item) => (!state.paper || item.id.startsWith(`${state.paper}-`)) && (!state.kind || item.kind === state.kind)
      && `${item.id} ${item.place} ${item.what} ${item.where.join(" ")}`.toLowerCase().includes(wanted));
    count.textContent = `${shown.length} of ${items.length} items`;
    list.replaceChildren(...shown.map((item) => h("li", { id: item.id },
      h("span", { class: "place" }, h("b", {}, cited(item)), ` ${item.place}`, h("small", {}, item.id)),
      h("div", {}, h("p", {}, scripted(item.what)), remark(item),
        item.verdicts.length > 0 ? h("ul", { class: "claims" }, item.verdicts.map((one) => h("li", {},
          h("span", { class: `mark ${one.verdict?.replaceAll(" ", "-") ?? ""}` }, one.verdict ?? "not run"),
          h("span", {}, h("code", {}, one.claim), one.reason ? scripted(` ${one.reason}`) : "")))) : null,
        h("p", { class: "references" }, item.where.map((one) => h("code", {}, one)))),
      h("span", { class: "mark" }, item.kind))));
    remember([["q", state.query], ["paper", state.paper], ["kind", state.kind]]);
  }

  try {
    fill();
  } catch (error) {
    place.append(failure(error));
  }
}

function remark(item) {
  const text = item.note || item.textOnly || item.missing;
  return text ? h("p", { class: "remark" }, scripted(text)) : null;
}

// Draws a figure, as occam reproduce does it.
function drawing(experiments, signal, changed) {
  const scales = { smoke: "a quick look that judges nothing", laptop: "judges the claims", paper: "the paper's own sizes" };
  const problem = h("div", {});
  const about = h("p", { class: "remark" });
  const which = h("select", { "aria-label": "Figure", onchange: tell }, experiments.map((one) => h("option", { value: one.id }, `${one.id} · ${one.figure}`)));
  const scale = h("select", { "aria-label": "Scale", onchange: tell }, Object.keys(scales).map((value) => h("option", { value }, value)));
  const jobs = jobList((job) => job.title === "figure", signal, changed);
  which.value = "gor-1";

  function tell() {
    const one = experiments.find((experiment) => experiment.id === which.value);
    about.textContent = `${one.title}${/[.?!]$/.test(one.title) ? "" : "."} ${scale.value}: ${scales[scale.value]}; about ${duration(one.seconds[scale.value])} on two cores${one.data.length > 0 ? `; needs ${one.data.join(", ")}` : ""}.`;
  }

  async function draw(event) {
    event.preventDefault();
    problem.replaceChildren();
    try {
      await post("/api/figures/draw", { id: which.value, scale: scale.value });
      jobs.look();
    } catch (error) {
      problem.replaceChildren(failure(error));
    }
  }

  tell();
  return h("section", { "aria-label": "Draw a figure" }, h("h2", {}, "Draw a figure"),
    h("form", { class: "tools-line", onsubmit: draw }, h("label", {}, "Figure ", which), h("label", {}, "Scale ", scale), h("button", { class: "main", type: "submit" }, "Draw")),
    about, problem, jobs.element);
}
