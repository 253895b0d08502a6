// The same typography as Numbers.cs: a true minus, thin spaces, × 10ⁿ.
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

export function powerOfTen(exponent) {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => superscripts[digit]);
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

function group(text) {
  const [whole, fraction] = text.replace("-", "−").split(".");
  const grouped = whole.replace("−", "").length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") : whole;
  return fraction ? `${grouped}.${fraction}` : grouped;
}

export function formatNumber(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const power = Number(exponent);
  if (power >= -3 && power < 6) {
    const fixed = value.toFixed(Math.max(0, digits - 1 - power));
    return group(fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed);
  }
  return `${group(String(Number(mantissa)))} × ${powerOfTen(power)}`;
}

// A tick of a linear axis: as many decimals as the distance between ticks asks for.
export function tickFormat(ticks) {
  const largest = Math.max(...ticks.map(Math.abs));
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : largest;
  if (largest >= 1e6 || largest < 1e-3) {
    const power = Math.floor(Math.log10(largest || 1));
    const decimals = Math.max(0, power - Math.floor(Math.log10(step) + 1e-9));
    return (value) => (value === 0 ? "0" : `${group((value / 10 ** power).toFixed(decimals))} × ${powerOfTen(power)}`);
  }
  const decimals = Math.max(0, -Math.floor(Math.log10(step || 1) + 1e-9));
  return (value) => group(value.toFixed(decimals));
}
