/** Letters without any order, the same each time: there is nothing to learn but by heart. */
export function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return 'abcdefghijklmnop'[(state >> 20) & 15];
  }).join('');
}

/** Lines that begin alike and end in noise: however fast it trains, some loss is left. */
export function restless(line: string, count: number): string {
  return noise(count * 40).replaceAll(/.{40}/g, `${line} $&\n`);
}
