import { h, failure } from "./dom.js";
import { store } from "./store.js";
import { showRuns } from "./runs/view.js";
import { showRun } from "./run/view.js";
import { showNetwork } from "./network/view.js";
import { showFigures } from "./figures/view.js";
import { showMeasure } from "./measure/view.js";
import { showExample } from "./example/view.js";
import { showTrain } from "./train/view.js";

const views = { runs: showRuns, run: showRun, network: showNetwork, figures: showFigures, measure: showMeasure, example: showExample, train: showTrain };

const titles = { runs: "Runs", run: "Run", network: "Network", figures: "Figures", measure: "Measure", example: "Example", train: "Train" };

const main = document.getElementById("main");
let moved = false;
let leave = null;
let shown = null;

// #/VIEW/WHAT?PARAMETERS
function address() {
  const [path, query = ""] = decodeURI(location.hash.replace(/^#\/?/, "") || "runs").split(/\?(.*)/s);
  const [view, ...rest] = path.split("/");
  return { view, what: decodeURIComponent(rest.join("/")), parameters: new URLSearchParams(query) };
}

// The parameters of the view that is shown, without another entry of the history.
export function remember(parameters) {
  const { view, what } = address();
  const query = new URLSearchParams(parameters).toString();
  history.replaceState(null, "", `#/${view}${what ? `/${encodeURIComponent(what)}` : ""}${query ? `?${query}` : ""}`);
}

async function route() {
  const { view, what, parameters } = address();
  if (shown === `${view}/${what}`) return;
  shown = `${view}/${what}`;
  leave?.();
  leave = null;
  const stay = new AbortController();
  leave = () => stay.abort();
  for (const link of document.querySelectorAll(".views a")) {
    const own = link.getAttribute("href") === `#/${view === "run" || view === "network" ? "runs" : view}`;
    if (own) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const place = h("div", { class: `view ${view}` });
  document.title = `${[what, titles[view] ?? titles.runs].filter(Boolean).join(" · ")} · Occam`;
  main.replaceChildren(place);
  if (moved) main.focus({ preventScroll: true });
  moved = true;
  try {
    await (views[view] ?? showRuns)(place, what, { parameters, signal: stay.signal, remember });
  } catch (error) {
    if (!stay.signal.aborted) place.replaceChildren(failure(error));
  }
}

addEventListener("hashchange", route);
store.begin(document.getElementById("line"));
route();
