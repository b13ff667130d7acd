const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600 };

/** `60 s`, `10 min`, `2 h`, in seconds; undefined: it is no time. */
export function readSeconds(text: string): number | undefined {
  const [, number = '', unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h)?$/.exec(text.trim()) ?? [];
  return number === '' ? undefined : Number(number) * units[unit]!;
}
