// What docfx calls when a page is there: the charts are drawn by the script that Occam's own pages carry.
export default {
  start: () => import("./occam.js"),
};
