// What docfx calls when a page is there: the charts are drawn by the script that Occam's own pages carry. Blocks of code of no language are
// what the program prints, and no code.
export default {
  configureHljs: (hljs) => hljs.configure({ languages: ["plaintext"] }),
  start: () => import("./occam.js"),
};
