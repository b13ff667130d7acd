import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { createTerminal } from '../../../src/cli/terminal';
import { trainReport } from '../../../src/cli/train-report';
import type { MetricsRow } from '../../../src/protocol/engine';

/** A terminal of some width, or none, and what was written to it. */
function fakeTerminal(columns?: number): {
  terminal: ReturnType<typeof createTerminal>;
  written: () => { stdout: string; stderr: string };
} {
  const text = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr'): PassThrough =>
    new PassThrough().on('data', (chunk: Buffer) => (text[name] += chunk.toString()));
  const stderr = Object.assign(
    stream('stderr'),
    columns === undefined ? {} : { isTTY: true, columns },
  );
  return {
    terminal: createTerminal({ stdout: stream('stdout'), stderr }),
    written: () => text,
  };
}

function row(step: number, seconds: number): MetricsRow {
  const spread = { mean: 2.5, min: 2, max: 3 };
  return {
    step,
    steps: 1,
    epoch: 1.25,
    tokens: step * 100,
    seconds,
    loss: spread,
    gradientNorm: spread,
    clipped: 0,
    learningRate: 0.01,
    tokensPerSecond: 123_456,
    progress: seconds / 100,
  };
}

/** The terminal's control codes: back to the start of the line, and clear it. */
const clear = '\r\u001B[K';

describe('terminal of the command line', () => {
  it('writes one line over and over, and lets notes pass it', () => {
    const { terminal, written } = fakeTerminal(80);
    terminal.progress('one');
    terminal.note('Look.');
    terminal.progress('two');
    terminal.progress('');
    assert.equal(written().stderr, `${clear}one${clear}Look.\none${clear}two${clear}`);
    assert.equal(written().stdout, '');
  });

  it('writes no progress where there is no terminal', () => {
    const { terminal, written } = fakeTerminal();
    terminal.progress('one');
    terminal.note('Look.');
    assert.equal(written().stderr, 'Look.\n');
  });

  for (const columns of [20, 60, 80, 120, 300]) {
    it(`fits its bar to ${columns} columns`, () => {
      const { terminal, written } = fakeTerminal(columns);
      const report = trainReport(terminal);
      for (let step = 1; step < 100; step++)
        report.event({ event: 'metrics', row: row(step, step) });
      const lines = written().stderr.split(clear).slice(1);
      assert.equal(lines.length, 99);
      for (const line of lines) {
        assert.ok(line.length < columns, line);
        assert.match(line, /\d+%/);
      }
    });
  }

  it('writes a line every five seconds where there is no terminal', () => {
    const { terminal, written } = fakeTerminal();
    const report = trainReport(terminal);
    for (let step = 1; step <= 200; step++) {
      report.event({ event: 'metrics', row: row(step, step / 10) });
    }
    const lines = written().stderr.trimEnd().split('\n');
    assert.equal(lines.length, 4);
    assert.match(
      lines[1] ?? '',
      /5% {2}step 51 {2}loss 2\.500 {2}123,456 tokens\/s {2}epoch 1\.25/,
    );
  });
});
