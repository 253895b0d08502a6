const play = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M5 3l12 7-12 7z"/></svg>';
const pause = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M4 3h4v14H4zm8 0h4v14h-4z"/></svg>';

// A play button and a slider below a figure of frames; the whole sequence lasts about eight seconds.
export function addPlayer(element, figure, redraw) {
  const panels = figure.spec.panels;
  const player = document.createElement("div");
  player.className = "player";
  const button = document.createElement("button");
  button.type = "button";
  const slider = document.createElement("input");
  Object.assign(slider, { type: "range", min: 0, max: panels.length - 1, value: figure.frame });
  slider.setAttribute("aria-label", "Frame");
  const title = document.createElement("output");
  const printedTitle = document.createElement("p");
  printedTitle.className = "frame-title";
  player.append(button, slider, title);
  element.querySelector(".plots").before(printedTitle);
  element.querySelector(".plots").after(player);

  let timer = null;
  const show = (frame) => {
    figure.frame = frame;
    slider.value = frame;
    title.textContent = printedTitle.textContent = panels[frame].title;
    slider.setAttribute("aria-valuetext", panels[frame].title);
  };
  const label = () => {
    button.innerHTML = timer === null ? play : pause;
    button.setAttribute("aria-label", timer === null ? "Play" : "Pause");
  };
  const stop = () => {
    clearInterval(timer);
    timer = null;
    label();
  };
  const step = () => {
    if (figure.frame >= panels.length - 1) return stop();
    show(figure.frame + 1);
    redraw();
  };
  button.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (figure.frame >= panels.length - 1) {
      show(0);
      redraw();
    }
    timer = setInterval(step, Math.min(700, Math.max(40, 8000 / panels.length)));
    label();
  });
  slider.addEventListener("input", () => {
    stop();
    show(Number(slider.value));
    redraw();
  });
  show(figure.frame);
  label();
}
