import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ComparedRun } from '../../../../src/protocol/panel';
import { arrange } from '../../../../webview/charts/arrange';
import { onScale } from '../../../../webview/charts/line';
import { bestEvaluation } from '../../../../webview/state';
import { lossContents, type LossChoice } from '../../../../webview/views/loss/content';
import { othersText } from '../../../../webview/views/loss/others';
import { lossCsv, lossTable } from '../../../../webview/views/loss/rows';
import { smoothed } from '../../../../webview/views/loss/smooth';
import {
  perToken,
  scalePerCharacter,
  telling,
  type LossUnit,
} from '../../../../webview/views/loss/units';
import { format, runOf } from './run';

const choice: LossChoice = {
  unit: 'nats',
  axis: 'step',
  smoothing: 'none',
  logLoss: false,
  logAxis: false,
};

function compared(id: string, of: ReturnType<typeof runOf>, slot = 1): ComparedRun {
  return {
    ...{ id, label: id, slot, baselines: of.facts.baselines },
    ...{ metrics: of.metrics.columns(), evaluations: of.evaluations.columns() },
    ...{ facts: of.facts, lags: null },
  };
}

/** What is drawn of a line: its values as the axis tells them. */
function drawn(run: ReturnType<typeof runOf>, others: readonly ComparedRun[], of: LossChoice) {
  const { loss } = lossContents(run, others, of, format);
  const { lines, references } = arrange(loss, new Set(), undefined, 1000);
  return {
    lines: Object.fromEntries(lines.map(({ line, x, y }) => [line.id, { x, y }])),
    references: references.map(({ value }) => value),
  };
}

function close(actual: number | null | undefined, expected: number): void {
  assert.ok(Math.abs(actual! - expected) < 1e-9, `${String(actual)}, not ${expected}`);
}

describe('units of the loss', () => {
  it('convert between nats, bits and perplexity: 1 bit is ln 2 nats, and a perplexity of 2', () => {
    const convert = (unit: LossUnit) => telling(unit, format, false).convert(Math.LN2);
    close(convert('nats'), Math.LN2);
    close(convert('bits'), 1);
    close(convert('perplexity'), 2);
  });

  it('per character are those per token where characters are the tokens', () => {
    assert.deepEqual(scalePerCharacter('char', runOf([3], []).evaluations.view), perToken);
  });

  it('per character follow the newest evaluation for other tokens', () => {
    // Five characters a word: a loss of 5 bits a word is 1 bit a character.
    const run = runOf([3], [[2, 5 * Math.LN2, 1]], 'word');
    const { factor, offset } = scalePerCharacter('word', run.evaluations.view);
    close(factor, 1 / 5);
    assert.equal(offset, 0);
    const unmeasured = scalePerCharacter('word', runOf([3], [], 'word').evaluations.view);
    assert.ok(Number.isNaN(unmeasured.factor));
  });

  it('per character have the spelling of unknown words, whatever the loss', () => {
    // 5 characters a word, and 0.5 bits of each character are for spelling.
    const run = runOf([3], [[2, 10 * Math.LN2, 2.5, 0.5]], 'word');
    const scale = scalePerCharacter('word', run.evaluations.view);
    close(telling('bits', format, false).convert(onScale(scale, 10 * Math.LN2)), 2.5);
    close(telling('bits', format, false).convert(onScale(scale, 20 * Math.LN2)), 4.5);
  });
});

describe('the charts of the loss', () => {
  const run = runOf(
    [4, 3, 2],
    [
      [2, 3.5, 0],
      [6, 2.5, 0],
    ],
  );

  it('have training, validation and the three references over steps', () => {
    const { lines, references } = drawn(run, [], choice);
    assert.deepEqual(lines['training'], { x: [2, 4, 6], y: [4, 3, 2] });
    assert.deepEqual(lines['validation'], { x: [2, 6], y: [3.5, 2.5] });
    assert.deepEqual(references, [Math.log(64), 3, 2]);
  });

  it('and over time', () => {
    const { lines } = drawn(run, [], { ...choice, axis: 'seconds' });
    assert.deepEqual(lines['training']!.x, [1, 2, 3]);
    assert.deepEqual(lines['validation']!.x, [1, 3]);
  });

  it('tell everything in one unit', () => {
    const { lines, references } = drawn(run, [], { ...choice, unit: 'perplexity' });
    close(lines['training']!.y[2], Math.exp(2));
    close(lines['validation']!.y[1], Math.exp(2.5));
    close(references[0], 64);
    close(drawn(run, [], { ...choice, unit: 'bits' }).references[0], 6);
  });

  it('convert each run per character with its own tokens', () => {
    const words = compared('words', runOf([5 * Math.LN2], [[2, 5 * Math.LN2, 1]], 'word'));
    const { lines } = drawn(run, [words], { ...choice, unit: 'bits' });
    close(lines['words training']!.y[0], 1);
    close(lines['words validation']!.y[0], 1);
    close(lines['training']!.y[2], 2 / Math.LN2);
  });

  it('share one axis that ends with the longest run and begins at zero', () => {
    const long = compared(
      'long',
      runOf(
        Array.from({ length: 50 }, () => 3),
        [],
      ),
    );
    const { loss, rate } = lossContents(run, [long], choice, format);
    for (const content of [loss, rate]) {
      assert.deepEqual(arrange(content, new Set(), undefined, 1000).x, { from: 0, to: 100 });
    }
    const log = lossContents(run, [], { ...choice, axis: 'seconds', logAxis: true }, format);
    for (const content of [log.loss, log.rate]) {
      assert.deepEqual(arrange(content, new Set(), undefined, 1000).x, { from: 1, to: 20 });
    }
  });

  it('tell eight runs apart by colour and by dash', () => {
    const one = runOf([1], [[2, 1, 1]]);
    const others = [1, 2, 3, 4, 5, 6, 7].map((slot) => compared(String(slot), one, slot));
    const { lines } = lossContents(run, others, choice, format).loss;
    const looks = lines
      .filter(({ id }) => id.endsWith('training'))
      .map(({ color, dash }) => `${color} ${String(dash)}`);
    assert.equal(looks.length, 8);
    assert.equal(new Set(looks).size, 8);
    assert.equal(new Set(lines.map(({ id }) => id)).size, lines.length);
  });

  it('give a run the colour it has whichever is on show', () => {
    const colorsOf = (shown: typeof run, other: ComparedRun) =>
      lossContents(shown, [other], choice, format).loss.lines.map(({ color }) => color);
    const second = { ...run, status: { ...run.status, slot: 1 } };
    assert.deepEqual(colorsOf(run, compared('b', run, 1)), ['blue', 'blue', 'purple', 'purple']);
    assert.deepEqual(colorsOf(second, compared('a', run, 0)), ['purple', 'purple', 'blue', 'blue']);
  });

  it('have no lines to beat where the runs learnt different texts', () => {
    const other = { ...compared('b', run), baselines: { ...run.facts.baselines, bigram: 2.1 } };
    const drawn = (others: readonly ComparedRun[]) =>
      lossContents(run, others, choice, format).loss.references?.length;
    assert.equal(drawn([compared('b', run)]), 3);
    assert.equal(drawn([other]), 0);
    assert.deepEqual(othersText(run, [other, compared('c', run)]), [other]);
  });

  it('say of each line whose it is, once there are several runs', () => {
    const names = (others: readonly ComparedRun[]) =>
      lossContents(run, others, choice, format).loss.lines.map(({ name }) => name);
    assert.deepEqual(names([]), ['training', 'validation']);
    assert.deepEqual(names([compared('b.txt · lstm', runOf([1], [[2, 1, 1]]))]), [
      ...['a.txt · gru, training', 'a.txt · gru, validation'],
      ...['b.txt · lstm, training', 'b.txt · lstm, validation'],
    ]);
  });

  it('mark the best evaluation', () => {
    const marked = lossContents(run, [], choice, format).loss.marks;
    assert.deepEqual(
      marked?.map(({ x }) => x),
      [6],
    );
    assert.deepEqual(lossContents(runOf([1], []), [], choice, format).loss.marks, []);
  });
});

describe('the best evaluation', () => {
  it('is the lowest, the first of equals, and never one that is not a number', () => {
    const best = (losses: readonly number[]) =>
      bestEvaluation(
        runOf(
          [],
          losses.map((loss, i) => [i + 1, loss, 0] as const),
        ),
      )?.step;
    assert.equal(best([3, 1, 2, 1]), 2);
    assert.equal(best([NaN, 2, NaN]), 2);
    assert.equal(best([NaN]), undefined);
    assert.equal(best([]), undefined);
  });
});

describe('smoothing', () => {
  it('is the exponentially weighted mean of all steps until then', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            value: fc.double({ min: 0, max: 10, noNaN: true }),
            steps: fc.integer({ min: 1, max: 4 }),
          }),
          { minLength: 1, maxLength: 40 },
        ),
        fc.double({ min: 1, max: 50, noNaN: true }),
        (rows, reach) => {
          const result = smoothed(
            rows.map(({ value }) => value),
            rows.map(({ steps }) => steps),
            reach,
          );
          // Step by step: weights fall by exp(-1/reach) with each.
          const single = rows.flatMap(({ value, steps }) => Array<number>(steps).fill(value));
          const weights = single.map((_, i) => Math.exp(-(single.length - 1 - i) / reach));
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          const mean = single.reduce((sum, value, i) => sum + value * weights[i]!, 0) / total;
          assert.ok(Math.abs(result.at(-1)! - mean) < 1e-9);
        },
      ),
    );
  });

  it('passes over what is not finite, and leaves it as it is', () => {
    const result = smoothed([1, NaN, 1], [1, 1, 1], 5);
    assert.deepEqual([...result], [1, NaN, 1]);
  });
});

describe('the loss as numbers', () => {
  const run = runOf(
    Array.from({ length: 100 }, (_, i) => 4 - i / 50),
    [[4, 3.5, 0]],
  );

  it('is a table with the first and the last row', () => {
    const { header, rows } = lossTable(run, choice, format);
    assert.equal(rows.length, 24);
    assert.ok(rows.every((row) => row.length === header.length));
    assert.deepEqual(rows[0]!.slice(0, 5), ['2', '0:01', '4.000', '3.900 – 4.100', '']);
    assert.deepEqual(rows.at(-1)!.slice(0, 5), ['200', '1:40', '2.020', '1.920 – 2.120', '3.500']);
    assert.deepEqual(lossTable(runOf([], []), choice, format).rows, []);
  });

  it('is saved whole, the runs one after the other, rows and evaluations by step', () => {
    const other = compared('other', runOf([1], []));
    const text = lossCsv(run, [other], { ...choice, unit: 'perplexity' }, format);
    const [header, ...rows] = text.trim().split('\r\n');
    assert.match(header!, /^run,step,epoch,seconds,training \(perplexity\),/);
    assert.equal(rows.length, 102);
    assert.deepEqual(rows[2]!.split(',').slice(0, 5), ['a.txt · gru', '4', '0', '2', '']);
    close(Number(rows[2]!.split(',')[7]), Math.exp(3.5));
    close(Number(rows[0]!.split(',')[4]), Math.exp(4));
    assert.match(rows.at(-1)!, /^other,2,/);
  });
});
