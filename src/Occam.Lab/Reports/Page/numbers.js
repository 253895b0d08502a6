// The same typography as Numbers.cs: a true minus, thin spaces, × 10ⁿ.
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

export function powerOfTen(exponent) {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => superscripts[digit]);
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

export function group(text) {
  const [whole, fraction] = text.replace("-", "−").split(".");
  const grouped = whole.replace("−", "").length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
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
