/** A value of a table as it is saved; null: an empty cell. */
export type CsvValue = string | number | null | undefined;

/** Comma-separated values as RFC 4180 has them; numbers with all their digits, what is not finite as its name. */
export function csv(header: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  const lines = [header.map(csvCell).join(',')];
  for (const row of rows) lines.push(row.map(csvCell).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

/** A value as it stands between two commas. */
export function csvCell(value: CsvValue): string {
  if (value == null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
