import { get, h, mayControl, post } from "./dom.js";

// What goes on that was started here, with what it says; looked at every second while it goes on. A job that is stopped elsewhere on the
// page has no button of its own.
export function jobList(wanted, signal, changed = () => {}, isStoppedElsewhere = () => false) {
  const place = h("div", { class: "jobs", "aria-live": "polite" });
  let timer = null;
  let running = new Set();

  async function look() {
    clearTimeout(timer);
    try {
      const jobs = (await get("/api/jobs", [], signal)).filter(wanted);
      place.replaceChildren(...jobs.slice(0, 4).map(card));
      const now = new Set(jobs.filter((job) => job.code === undefined).map((job) => job.id));
      if ([...running].some((id) => !now.has(id))) changed();
      running = now;
      if (now.size > 0) timer = setTimeout(look, 1000);
    } catch (error) {
      if (!signal.aborted) timer = setTimeout(look, 3000);
    }
  }

  function card(job) {
    const goesOn = job.code === undefined;
    const share = job.lines.map((line) => /(\d+(?:\.\d+)?)\s*%/.exec(line)).findLast(Boolean);
    return h("section", { class: "job", "aria-label": `${job.title} of ${job.run}` },
      h("div", { class: "job-head" }, h("strong", {}, job.title), ` of ${job.run} `,
        h("span", { class: `state ${goesOn ? "running" : job.code === 0 ? "completed" : "failed"}` }, goesOn ? "goes on" : job.code === 0 ? "done" : `ended with code ${job.code}`),
        goesOn && share ? h("progress", { max: "100", value: share[1], "aria-label": "How far it is" }) : null,
        goesOn && mayControl && !isStoppedElsewhere(job) ? h("button", { type: "button", "aria-label": `Stop ${job.title} of ${job.run}`, onclick: async () => { await post("/api/jobs/stop", { id: job.id }); look(); } }, "Stop") : null,
        job.page && !goesOn ? h("a", { class: "button", href: `/api/jobs/page?id=${job.id}`, target: "_blank", rel: "noopener" }, "Open the page") : null),
      job.lines.length > 0 ? h("pre", { class: "code", tabIndex: 0 }, job.lines.slice(-12).join("\n")) : null);
  }

  signal.addEventListener("abort", () => clearTimeout(timer));
  look();
  return { element: place, look };
}
