import { h, failure } from "./dom.js";

let made = 0;

// The frame of a figure of the report pages, whose own code draws it; that is fetched when the first one is drawn.
export function figure(title, caption) {
  const id = `figure-${++made}`;
  const heading = h("h3", { id: `${id}-title` }, title);
  const plots = h("div", { class: "plots" });
  const note = h("figcaption", { hidden: !caption }, caption ?? "");
  const raw = h("details", { class: "raw", hidden: true }, h("summary", {}, "Data"));
  const element = h("figure", { class: "figure", id, "aria-labelledby": `${id}-title` }, heading, h("div", { class: "legend" }), plots, note, raw);
  let drawn = null;
  let shown = null;
  let isStopped = false;
  return {
    element,
    say: (text) => { note.textContent = text; note.hidden = !text; },
    async draw(spec) {
      try {
        const { drawFigure, addRawData } = await import("/charts.js");
        if (isStopped || !element.isConnected) return;
        shown = spec;
        if (drawn) {
          drawn.update(spec);
        } else {
          drawn = drawFigure(element, spec);
          addRawData(element, () => shown);
          raw.hidden = false;
        }
      } catch (error) {
        plots.replaceChildren(failure(new Error(`this chart could not be drawn: ${error.message}`)));
      }
    },
    stop: () => { isStopped = true; drawn?.stop(); element.remove(); },
  };
}

export const single = (x, y, marks, more = {}) => ({ layout: "single", x, y, columns: 1, always: [], panels: [{ title: "", marks }], ...more });
