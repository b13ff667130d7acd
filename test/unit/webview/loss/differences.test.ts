import assert from 'node:assert/strict';
import type { ComparedFacts, ComparedRun } from '../../../../src/protocol/panel';
import type { Run } from '../../../../webview/state';
import { differencesOf } from '../../../../webview/views/loss/differences';
import { format, runOf } from './run';

const facts: ComparedFacts = {
  name: 'hamlet.txt',
  cell: { name: 'gru', equations: 'h[t] = …' },
  ...{ parameters: 1000, vocabulary: 65, tokens: 200_000, task: null },
  settings: { 'training.batch': 32, 'training.learningRate': 0.002, 'model.cell': 'gru' },
};

/** The run on show, with its facts and what it has come to. */
function shown(change: Partial<ComparedFacts> = {}): Run {
  const run = runOf([3, 2.5], [[4, 2.25, 3.2]]);
  return { ...run, facts: { ...run.facts, ...facts, ...change } };
}

function other(id: string, losses: readonly number[], change: Partial<ComparedFacts>): ComparedRun {
  const run = runOf(losses, []);
  return {
    ...{ id, label: id, slot: 1, baselines: run.facts.baselines, lags: null },
    facts: { ...facts, ...change },
    ...{ metrics: run.metrics.columns(), evaluations: run.evaluations.columns() },
  };
}

describe('what differs between runs', () => {
  it('is told with their losses, the lowest first, and without what is the same', () => {
    const settings = { ...facts.settings, 'training.batch': 8, 'model.cell': 'lstm' };
    const longer = other('longer', [2, 1.5, 1.25], { settings, parameters: 1200 });
    const { columns, rows } = differencesOf(shown(), [longer], format);
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['Loss', 'Step', 'Time', 'Parameters', 'batch'],
    );
    assert.equal(columns.at(-1)!.title, 'rnnLab.training.batch');
    assert.deepEqual(
      rows.map(({ label, isShown, cells }) => [label, isShown, ...cells]),
      [
        ['longer', false, '1.250', '6', '0:03', '1,200', '8'],
        ['a.txt · gru', true, '2.250', '4', '0:02', '1,000', '32'],
      ],
    );
  });

  it('crowns no loss of another text, whatever it is', () => {
    const elsewhere = other('elsewhere', [0.5], { name: 'dates.csv' });
    const baselines = { uniform: 1, unigram: 1, bigram: 1 };
    const stranger = { ...elsewhere, baselines: { ...elsewhere.baselines, ...baselines } };
    const alone = differencesOf(shown(), [stranger], format).rows;
    assert.deepEqual(
      alone.map(({ label, isBest }) => [label, isBest]),
      [
        ['a.txt · gru', false],
        ['elsewhere', false],
      ],
    );
    const contest = differencesOf(shown(), [stranger, other('better', [1], {})], format).rows;
    assert.deepEqual(
      contest.map(({ label, isBest }) => [label, isBest]),
      [
        ['better', true],
        ['a.txt · gru', false],
        ['elsewhere', false],
      ],
    );
  });

  it('names versions of a cell within its name alone', () => {
    const one = { name: 'lstm', equations: 'c[t] = …' };
    const [a, b] = [shown(), other('b', [9], { cell: one })];
    const cells = differencesOf(a, [b], format).rows.map(({ cells }) => cells.at(-1));
    assert.deepEqual(cells, ['gru', 'lstm']);
    const table = other('table', [9], {
      cell: { name: 'gru', equations: 'h[t] = gru(…)' },
      task: {
        ...{ inputs: ['source'], outputs: ['target'], response: 'softmax', floors: [], line: '' },
        examples: { train: 8, validation: 1, test: 1 },
      },
    });
    const names = differencesOf(a, [b, table], format).rows.map(({ cells }) => cells.at(-1));
    assert.deepEqual(names, ['gru', 'lstm', 'gru']);
  });

  it('is also the text, and a cell that was changed under its name', () => {
    const cell = { name: 'gru', equations: 'h[t] = … + b' };
    const changed = other('changed', [9], { cell, name: 'macbeth.txt' });
    const { columns, rows } = differencesOf(shown(), [changed, other('same', [], {})], format);
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['Loss', 'Step', 'Time', 'Text', 'Cell'],
    );
    assert.deepEqual(
      rows.map(({ cells }) => cells),
      [
        ['2.250', '4', '0:02', 'hamlet.txt', 'gru, version 1'],
        ['9.000', '2', '0:01', 'macbeth.txt', 'gru, version 2'],
        // Before its first step.
        ['–', '0', '0:00', 'hamlet.txt', 'gru, version 1'],
      ],
    );
  });

  it('is a setting that a run of an earlier version did not have', () => {
    const settings = { 'training.learningRate': 0.002, 'model.cell': 'gru' };
    const { columns, rows } = differencesOf(shown(), [other('old', [9], { settings })], format);
    assert.equal(columns.at(-1)!.name, 'batch');
    assert.deepEqual(
      rows.map(({ cells }) => cells.at(-1)),
      ['32', '–'],
    );
  });
});
