/**
 * How many random cases a test tries: so many, and five times as many in `npm run verify`.
 *
 * @returns `count`, times what the environment variable RNN_LAB_OFTEN says
 */
export function often(count: number): number {
  return count * Number(process.env['RNN_LAB_OFTEN'] ?? 1);
}
