/** Round numbers (1, 2 or 5 times a power of ten apart) from `low` to `high`, about `wanted` of them. */
export function roundTicks(low: number, high: number, wanted: number): number[] {
  const span = high - low;
  if (!(span > 0) || !Number.isFinite(span)) return [low];
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // `+ 0` makes a plain zero of −0.
  return Array.from({ length: last - first + 1 }, (_, i) => rounded((first + i) * step) + 0);
}

/** Powers of ten from `low` to `high`, thinned out evenly to `wanted` at most. */
export function powerTicks(low: number, high: number, wanted: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / wanted));
  const ticks: number[] = [];
  for (let power = first; power <= last; power += every) ticks.push(rounded(10 ** power));
  return ticks;
}

/** Ticks in one notation: where one of them would have an exponent, all are powers of ten: 10⁻², 5·10⁻⁴. */
export function writeTicks(
  ticks: readonly number[],
  write: (value: number) => string,
): readonly string[] {
  const texts = ticks.map(write);
  return texts.some((text) => /\dE/.test(text)) ? ticks.map(powerOfTen) : texts;
}

/** 10⁻², 5·10⁻⁴. */
export function powerOfTen(value: number): string {
  if (value === 0) return '0';
  const [mantissa = '', exponent = ''] = value.toExponential().replace('+', '').split('e');
  const raised = Array.from(exponent, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? '⁻').join('');
  return `${mantissa}·10${raised}`.replace(/^(-?)1·/, '$1');
}

/** Without the last digits' noise: 0.30000000000000004 is 0.3. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
