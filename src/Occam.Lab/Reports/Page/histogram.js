import { bin, nice, thresholdScott, ticks } from "d3-array";

const mostBins = 80;

const usable = (logarithmic) => (value) => Number.isFinite(value) && (!logarithmic || value > 0);

// The bins' edges for all histograms of a figure, so that they can be compared: round numbers on a
// linear axis, equal ratios on a logarithmic one.
function commonEdges(marks, logarithmic) {
  const values = marks.flatMap((mark) => mark.values).filter(usable(logarithmic)).map((value) => (logarithmic ? Math.log(value) : value));
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (low > high) return [1, 2];
  if (low === high) return logarithmic ? [Math.exp(low - 0.1), Math.exp(low + 0.1)] : [low - 0.5, low + 0.5];
  const bins = marks.find((mark) => mark.bins)?.bins ?? Math.min(mostBins, thresholdScott(values, low, high));
  if (logarithmic) return Array.from({ length: bins + 1 }, (_, i) => Math.exp(low + ((high - low) * i) / bins));
  return ticks(...nice(low, high, bins), bins);
}

// Gives every histogram its edges and counts.
export function countHistograms(marks, axis) {
  const histograms = marks.filter((mark) => mark.kind === "histogram");
  if (histograms.length === 0) return;
  const logarithmic = axis.scale === "log";
  const edges = commonEdges(histograms, logarithmic);
  // Rounding may put an extreme value a hair outside.
  const least = edges[0];
  const greatest = edges.at(-1);
  for (const mark of histograms) {
    const values = mark.values.filter(usable(logarithmic)).map((value) => Math.min(greatest, Math.max(least, value)));
    mark.edges = edges;
    mark.counts = bin().domain([least, greatest]).thresholds(edges.slice(1, -1))(values).map((group) => group.length);
  }
}
