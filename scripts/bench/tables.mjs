/**
 * @typedef {object} Table
 * @property {string} title
 * @property {string[]} head
 * @property {string[][]} rows the first column is aligned to the left, the others to the right
 * @property {string} [note]
 */

/** @param {Table} table */
export function tableAsText({ title, head, rows, note }) {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (/** @type {string[]} */ row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ');
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const under = note === undefined ? [] : [note];
  return [title, line(head), rule, ...rows.map(line), ...under].join('\n');
}

/** @param {Table} table */
export function tableAsMarkdown({ title, head, rows, note }) {
  const line = (/** @type {string[]} */ row) => `| ${row.join(' | ')} |`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  const under = note === undefined ? [] : ['', note];
  return [`### ${title}`, '', line(head), line(rule), ...rows.map(line), ...under].join('\n');
}

/** `1,115,394` @param {number} value */
export function whole(value) {
  return Math.round(value).toLocaleString('en');
}

/** `2.3×`, `31×` @param {number} value */
export function times(value) {
  return `${value < 10 ? value.toFixed(1) : whole(value)}×`;
}

/** @param {number} value */
export function percent(value) {
  return `${Math.round(100 * value)} %`;
}
