import { ticks as roundTicks } from "d3-array";
import { formatNumber, group, powerOfTen } from "./numbers.js";
import { place } from "./scales.js";

// The given multiples of all powers of ten within a domain of positive numbers.
function decades([low, high], multiples) {
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    ticks.push(...multiples.map((multiple) => multiple * 10 ** power));
  }
  return ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
}

// Powers of ten, with 2 and 5 or 3 times these between them where there is room.
function logTicks(domain, count) {
  const candidates = [[1, 2, 5], [1, 3], [1]].map((multiples) => decades(domain, multiples));
  const fitting = candidates.find((ticks) => ticks.length <= count + 1) ?? candidates.at(-1);
  const stride = Math.ceil(fitting.length / (count + 1));
  return fitting.filter((_, i) => i % stride === 0);
}

// Whether a number is written without a power of ten.
const isPlain = (value) => value === 0 || (Math.abs(value) >= 0.9e-3 && Math.abs(value) < 2e6);

const exponentOf = (value) => Math.floor(Math.log10(value) + 1e-9);

// With more digits than this a tick tells how far it is from the first one.
const mostDigits = 6;

// Texts of equally distant ticks: as many decimals as their distance asks for. What they have in common goes to the axis's name: a power
// of ten, and the number that they lie above.
export function evenTexts(ticks) {
  const largest = Math.max(...ticks.map(Math.abs), 0);
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : largest;
  if (largest === 0) return { text: () => "0" };
  if (exponentOf(largest) - exponentOf(step) >= mostDigits) {
    const base = ticks[0];
    const above = evenTexts(ticks.map((tick) => tick - base));
    return { ...above, text: (value) => above.text(value - base), base: formatNumber(base, 12) };
  }
  const power = largest >= 1e6 || largest < 1e-3 ? exponentOf(largest) : 0;
  const decimals = Math.max(0, power - exponentOf(step));
  // In two steps, so that the smallest numbers survive; and by the same rounding for every tick.
  const half = Math.trunc(power / 2);
  const scaled = (value) => (value / 10 ** half / 10 ** (power - half)).toFixed(decimals);
  return { text: (value) => (Number(scaled(value)) === 0 ? "0" : group(scaled(value))), unit: power === 0 ? undefined : powerOfTen(power) };
}

function even(scale, count) {
  const round = roundTicks(scale.domain[0], scale.domain[1], count);

  // Cells from one half to the next, as a heat map's, are numbered: between whole numbers there is nothing.
  // A single cell needs no number to be told from others.
  const isCells = scale.domain.every((end) => Number.isInteger(end + 0.5));
  const isOne = isCells && Math.abs(scale.domain[1] - scale.domain[0]) === 1;
  const ticks = isOne ? [] : isCells ? round.filter(Number.isInteger) : round;
  return { ticks, ...evenTexts(ticks) };
}

function logarithmic(scale, count) {
  if (scale.domain[1] / scale.domain[0] < 12) return even(scale, count);
  const ticks = logTicks(scale.domain, count);
  const powers = ticks.every((tick) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-9);
  return { ticks, text: (value) => (powers && !ticks.every(isPlain) ? powerOfTen(Math.round(Math.log10(value))) : formatNumber(value, 3)) };
}

function symmetric(scale, count) {
  const [low, high] = scale.domain;
  const sides = [[-low, -1], [high, 1]].filter(([end]) => end > 0)
    .map(([end, sign]) => ({ end, sign, domain: [Math.min(scale.constant, end), Math.max(end, scale.constant)] }));
  const found = sides.map(({ domain }) => (domain[1] / domain[0] < 12 ? decades(domain, [1, 2, 5]) : logTicks(domain, Math.max(2, count / sides.length))));
  const plain = found.flat().every(isPlain);
  const ticks = sides.flatMap(({ end, sign, domain }, i) => (plain ? found[i] : decades(domain, [1])).filter((tick) => tick <= end).map((tick) => sign * tick))
    .filter((tick) => tick >= low && tick <= high);
  if (ticks.length < 2 && (low > 0 || high < 0)) return even(scale, count);
  const power = (value) => (value === 0 ? "0" : `${value < 0 ? "−" : ""}${powerOfTen(Math.round(Math.log10(Math.abs(value))))}`);
  return { ticks: low <= 0 && high >= 0 ? [0, ...ticks] : ticks, text: plain ? (value) => formatNumber(value, 3) : power, keepsEnds: true };
}

const makers = { linear: even, log: logarithmic, symlog: symmetric };

// Those of which no text touches another; the ends of a symmetric axis and its zero stay before what lies between.
function apart({ ticks, text, keepsEnds, ...rest }, scale, touch) {
  const placed = ticks.map((tick) => ({ tick, at: place(scale, tick), text: text(tick) }));
  if (keepsEnds) placed.sort((a, b) => (a.tick === 0 ? -1 : b.tick === 0 ? 1 : Math.abs(b.tick) - Math.abs(a.tick)));
  const kept = [];
  for (const one of placed) if (!kept.some((other) => touch(one, other))) kept.push(one);
  return { ticks: kept.map((one) => one.tick).sort((a, b) => a - b), text, ...rest, isWhole: kept.length === ticks.length };
}

// Ticks and their texts, about `count` of them or fewer, none touching another: `touch` tells of two texts, each with its place from 0
// to 1. A power of ten or a number that all have in common is told as `unit` and `base`.
export function axisTicks(scale, count, touch) {
  if (scale.type === "band") return { ticks: scale.domain, text: (name) => name };
  for (let wanted = count; ; wanted = Math.floor(0.75 * wanted)) {
    const found = apart(makers[scale.type](scale, wanted), scale, touch);
    if (found.isWhole || scale.type === "symlog" || wanted <= 2) return found;
  }
}

// An axis's name with what its ticks have in common.
export function axisName(label, { unit, base }) {
  const name = [label, base && `above ${base}`].filter(Boolean).join(", ");
  return unit ? (name ? `${name} (${unit})` : `× ${unit}`) : name;
}
