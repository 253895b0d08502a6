// Where the lower end of a band or an error bar lies that reaches to zero or below on a logarithmic
// axis: so low that only what is clipped away reaches it.
export const offLogScale = 1e-300;

function positive(column) {
  return column?.map((value) => (value > 0 ? value : null));
}

function ends(mark, values, errors) {
  const shifted = (sign) => values.map((value, i) => (value === null || errors[i] === null ? null : value + sign * errors[i]));
  return { ...mark, low: shifted(-1), high: shifted(1) };
}

// A mark as it is drawn: with the ends of its errors, and on a logarithmic axis without what is not positive.
export function prepare(mark, { x, y }) {
  let drawn = { ...mark };
  if (mark.kind === "errors") drawn = ends(drawn, mark.y, mark.error);
  if (mark.kind === "bars" && mark.errors) drawn = ends(drawn, mark.values, mark.errors);
  const reaching = mark.kind === "bars" ? (y.scale === "category" ? x : y) : y;
  if (reaching.scale === "log" && drawn.low) {
    drawn.high = positive(drawn.high);
    drawn.low = drawn.low.map((value, i) => (drawn.high[i] === null || value === null ? null : Math.max(value, offLogScale)));
  }
  if (reaching.scale === "log" && mark.kind === "bars") drawn.values = positive(mark.values);
  if (x.scale === "log" && Array.isArray(mark.x)) drawn.x = positive(mark.x);
  if (y.scale === "log" && Array.isArray(mark.y)) drawn.y = positive(mark.y);
  return drawn;
}
