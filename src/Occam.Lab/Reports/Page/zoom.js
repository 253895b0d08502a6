const namespace = "http://www.w3.org/2000/svg";

// Shorter ways of the pointer are clicks; across alone unless it also goes this far up or down.
const shortest = 8;
const tallest = 24;

// Dragging across a chart shows that part of it alone, and a button shows all again. `scalesOf` gives a drawn chart's scales along both
// axes, or nothing where an axis has names; `zoom` takes the ends along each axis, or null for all.
export function addZoom(element, scalesOf, zoom) {
  const plots = element.querySelector(".plots");
  const whole = document.createElement("button");
  Object.assign(whole, { type: "button", className: "save whole", textContent: "Show all", hidden: true });
  whole.addEventListener("click", () => show(null));
  plots.after(whole);

  const show = (part) => {
    whole.hidden = part === null;
    zoom(part);
  };

  plots.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest?.("svg");
    const scales = svg && event.button === 0 && event.pointerType !== "touch" ? scalesOf(svg) : null;
    if (!scales) return;
    event.preventDefault();
    const box = svg.getBoundingClientRect();
    const factor = Number(svg.getAttribute("width")) / box.width || 1;
    const inside = (value, [one, other]) => Math.min(Math.max(value, Math.min(one, other)), Math.max(one, other));
    const at = ({ clientX, clientY }) => [inside((clientX - box.left) * factor, scales.x.range), inside((clientY - box.top) * factor, scales.y.range)];
    const from = at(event);
    const frame = document.createElementNS(namespace, "rect");
    frame.setAttribute("class", "zoom-box");
    svg.append(frame);
    const ended = new AbortController();
    const end = () => {
      ended.abort();
      frame.remove();
    };
    const part = (to) => {
      const isTall = Math.abs(to[1] - from[1]) >= tallest;
      const [top, bottom] = isTall ? [from[1], to[1]] : scales.y.range;
      return { isTall, left: Math.min(from[0], to[0]), right: Math.max(from[0], to[0]), top: Math.min(top, bottom), bottom: Math.max(top, bottom) };
    };
    addEventListener("pointermove", (moved) => {
      const { left, right, top, bottom } = part(at(moved));
      for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top })) frame.setAttribute(name, value);
    }, ended);
    addEventListener("pointerup", (up) => {
      const { isTall, left, right, top, bottom } = part(at(up));
      end();
      if (right - left >= shortest) show({ x: [scales.x.invert(left), scales.x.invert(right)], y: isTall ? [scales.y.invert(bottom), scales.y.invert(top)] : null });
    }, ended);
    addEventListener("pointercancel", end, ended);
    addEventListener("keydown", (key) => { if (key.key === "Escape") end(); }, ended);
  });
}
