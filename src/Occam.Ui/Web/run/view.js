import { h } from "../dom.js";

export async function showRun(place, name) {
  place.append(h("h1", {}, name));
}
