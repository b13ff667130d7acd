import type { Check, Finding } from './check';

/** What became of a check. */
export interface Outcome {
  readonly check: Check;
  readonly findings: readonly Finding[];
  readonly seconds: number;
  /** Why it could not be run. */
  readonly notRun?: string;
}

const head = ['what', 'expected', 'got', ''] as const;

const mark = ({ passed }: Finding): string => (passed ? 'pass' : 'FAIL');

/** A finding as it comes. */
export function line(finding: Finding): string {
  const { what, expected, got } = finding;
  return `  ${mark(finding)}  ${what}: expected ${expected}, got ${got}`;
}

/** `3 passed, 1 failed, 1 not run` */
function totals(outcomes: readonly Outcome[]): string {
  const findings = outcomes.flatMap((outcome) => outcome.findings);
  const passed = findings.filter((finding) => finding.passed).length;
  const notRun = outcomes.filter((outcome) => outcome.notRun !== undefined).length;
  return [
    `${String(passed)} passed`,
    `${String(findings.length - passed)} failed`,
    `${String(notRun)} ${notRun === 1 ? 'check' : 'checks'} not run`,
  ].join(', ');
}

/** All findings in one table, and how many passed. */
export function asText(outcomes: readonly Outcome[]): string {
  const all = outcomes.flatMap(({ findings }) => findings);
  const rows = [head, ...all.map((f) => [f.what, f.expected, f.got, mark(f)] as const)];
  const widths = head.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const text = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  const blocks = outcomes.map(({ check, findings, seconds, notRun }) => {
    const title = `${check.title} (${check.name}, ${seconds.toFixed(0)} s)`;
    const lines = findings.map((f) => text([f.what, f.expected, f.got, mark(f)]));
    return [title, ...lines, ...(notRun === undefined ? [] : [`not run: ${notRun}`])].join('\n');
  });
  return [text(head), ...blocks, totals(outcomes)].join('\n\n');
}

/** The same for docs/verification.md. */
export function asMarkdown(outcomes: readonly Outcome[]): string {
  const blocks = outcomes.map(({ check, findings, seconds, notRun }) => {
    const title = `### ${check.title}\n\n\`${check.name}\`, ${seconds.toFixed(0)} s. ${check.source}.`;
    if (findings.length === 0) return `${title}\n\nNot run: ${notRun ?? 'it found nothing'}.`;
    const rows = findings.map((f) => `| ${f.what} | ${f.expected} | ${f.got} | ${mark(f)} |`);
    return [
      title,
      ['| | expected | got | |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ].join('\n\n');
  });
  return `${[...blocks, totals(outcomes)].join('\n\n')}\n`;
}
