import { place } from "./scales.js";
import { textWidth } from "./words.js";

const size = 11.5;
const height = 14;
const gap = 6;

const overlap = (one, other) =>
  Math.max(0, Math.min(one.right, other.right) - Math.max(one.left, other.left)) * Math.max(0, Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top));

const box = (left, middle, width) => ({ left, right: left + width, top: middle - height / 2, bottom: middle + height / 2 });

// Beside the line, on its roomier side first, then lower.
function besides(mark, text, frame) {
  const at = place(frame.x, mark.x) * frame.width;
  const sides = at > 0.72 * frame.width ? ["end", "start"] : ["start", "end"];
  const rows = Array.from({ length: Math.max(1, Math.floor(frame.height / height)) }, (_, row) => row * height);
  return rows.flatMap((row) => sides.map((anchor) => ({
    anchor, dx: anchor === "start" ? gap : -gap, dy: row, box: box(anchor === "start" ? at + gap : at - gap - text, row + height / 2, text),
  })));
}

// Above or below the line, at the end that is asked for first, then further along it.
function along(mark, text, frame, isRight) {
  const at = (1 - place(frame.y, mark.y)) * frame.height;
  const levels = place(frame.y, mark.y) > 0.95 ? [10, -9] : [-9, 10];
  const shifts = Array.from({ length: Math.max(1, Math.floor(frame.width / 40)) }, (_, i) => 40 * i);
  return shifts.flatMap((shift) => [isRight, !isRight].flatMap((right) => levels.map((dy) => ({
    frameAnchor: right ? "right" : "left", anchor: right ? "end" : "start", dx: right ? -shift : 4 + shift, dy,
    box: box(right ? frame.width - shift - text : 4 + shift, at + dy, text),
  }))));
}

// Where the names of a chart's rules stand: in the first place that lies on no other name and inside the frame, or else where least is hidden.
export function placeRules(marks, frame, taken, isRoomierOnTheRight) {
  const placed = new Map();
  const boxes = [...taken];
  const outside = ({ left, right, top, bottom }) => Math.max(0, -left) + Math.max(0, right - frame.width) + Math.max(0, -top - 20) + Math.max(0, bottom - frame.height);
  for (const mark of marks.filter((one) => one.kind === "vertical" || one.kind === "horizontal")) {
    const text = textWidth(mark.label, size);
    const candidates = mark.kind === "vertical" ? besides(mark, text, frame) : along(mark, text, frame, isRoomierOnTheRight(mark.y));
    const costs = candidates.map((one) => boxes.reduce((sum, other) => sum + overlap(one.box, other), 0) + 20 * outside(one.box));
    const best = candidates[costs.findIndex((cost) => cost === Math.min(...costs))];
    boxes.push(best.box);
    placed.set(mark, best);
  }
  return placed;
}
