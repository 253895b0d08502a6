import { failure, get, h } from "../dom.js";

const kinds = ["judged", "by theorem", "computed", "text only", "missing"];

export async function showFigures(place, _, { signal, parameters, remember }) {
  place.append(h("h1", {}, "Figures"), h("p", { class: "subtitle" }, "What the papers say, item by item, and how Occam's own runs judge it."));
  const waiting = h("p", { class: "hint" }, "Reading the papers' items …");
  place.append(waiting);
  const [{ papers, items }, pages] = await Promise.all([get("/api/papers", [], signal), get("/api/figures", [], signal)]);
  waiting.remove();
  const state = { query: parameters.get("q") ?? "", paper: parameters.get("paper") ?? "", kind: parameters.get("kind") ?? "judged" };
  const list = h("ul", { class: "items" });
  const count = h("span", { class: "count", role: "status" });
  const search = h("input", { type: "search", class: "search", value: state.query, placeholder: "Search the items", "aria-label": "Search the items", oninput: () => { state.query = search.value; fill(); } });
  const choose = (key, title, options) => h("label", {}, `${title} `, h("select", { onchange: (event) => { state[key] = event.target.value; fill(); } },
    h("option", { value: "" }, "all"), Object.entries(options).map(([value, text]) => h("option", { value, selected: value === state[key] }, text))));
  if (pages.length > 0) {
    place.append(h("section", { "aria-label": "Pages" }, h("h2", {}, "Drawn here"), h("ul", { class: "pages" }, pages.map((name) =>
      h("li", {}, h("a", { href: `/api/figures/page?${new URLSearchParams({ name })}`, target: "_blank", rel: "noopener" }, name))))));
  }
  place.append(h("section", { "aria-label": "Items" }, h("div", { class: "tools-line" }, search,
    choose("paper", "Paper", Object.fromEntries(papers.map((paper) => [paper.id, `${paper.authors}: ${paper.title}`]))), choose("kind", "Answered", Object.fromEntries(kinds.map((kind) => [kind, kind]))), count), list));

  function fill() {
    const wanted = state.query.toLowerCase();
    const shown = items.filter((item) => (!state.paper || item.id.startsWith(`${state.paper}-`)) && (!state.kind || item.kind === state.kind)
      && `${item.id} ${item.place} ${item.what} ${item.where.join(" ")}`.toLowerCase().includes(wanted));
    count.textContent = `${shown.length} of ${items.length} items`;
    list.replaceChildren(...shown.map((item) => h("li", { id: item.id },
      h("span", { class: "place" }, item.place),
      h("div", {}, h("p", {}, item.what), item.note || item.textOnly || item.missing ? h("p", { class: "remark" }, item.note ?? item.textOnly ?? item.missing) : null,
        item.verdicts.length > 0 ? h("ul", { class: "claims" }, item.verdicts.map((one) => h("li", {},
          h("span", { class: `mark ${one.verdict?.replaceAll(" ", "-") ?? ""}` }, one.verdict ?? "not run"),
          h("span", {}, h("code", {}, one.claim), one.reason ? ` ${one.reason}` : "")))) : null,
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
