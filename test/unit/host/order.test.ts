import assert from 'node:assert/strict';
import type { RunLine } from '../../../src/host/runs/line';
import { inOrder, isFound, type Order } from '../../../src/host/views/order';

interface Given {
  readonly name: string;
  readonly created: number;
  readonly best?: number;
  readonly loss?: number;
  readonly tags?: readonly string[];
  readonly parameters?: number;
  /** Of a model of examples. */
  readonly task?: object | null;
}

function line({
  name,
  created,
  best,
  loss,
  tags = [],
  parameters = 0,
  task = null,
}: Given): RunLine {
  const settings = { 'training.batch': 8, 'model.dropout': 0.2 };
  const summary = { name: `${name}.txt`, cell: `/cells/${name}.rnn`, created, tags, parameters };
  return {
    ...{ folder: name, name, step: 0, seconds: 0, best, loss, phase: 'finished' },
    summary: { ...summary, settings, task, note: 'Why: to see' },
  } as unknown as RunLine;
}

const lines = [
  line({ name: 'new', created: 4, loss: 3, parameters: 50 }),
  line({ name: 'old', created: 1, best: 1.5, loss: 1.2, tags: ['b'], parameters: 200 }),
  line({ name: 'none', created: 2, parameters: 50 }),
  line({ name: 'good', created: 3, best: 1.4, loss: 9, tags: ['a', 'b'], parameters: 9 }),
];

/** Their names in an order. */
function names(by: Order['by'], isReversed = false): string {
  return inOrder(lines, { by, isReversed })
    .map(({ name }) => name)
    .join(' ');
}

describe('the order of runs', () => {
  it('is by age, the newest first, and the other way round', () => {
    assert.equal(names('age'), 'new good none old');
    assert.equal(names('age', true), 'old none good new');
  });

  it('is by the best validation loss, else that of the training; what has none is last either way', () => {
    assert.equal(names('loss'), 'good old new none');
    assert.equal(names('loss', true), 'new old good none');
    // Nats of examples are no nats of tokens.
    const table = line({ name: 'table', created: 5, best: 0.1, task: {} });
    const order = inOrder([...lines, table], { by: 'loss', isReversed: false });
    assert.equal(order.map(({ name }) => name).join(' '), 'good old new table none');
    assert.equal(names('tags'), 'good old new none');
    assert.equal(names('tags', true), 'old good new none');
  });

  it('is by size, the largest first, and of equals the newest', () => {
    assert.equal(names('size'), 'old new none good');
    assert.equal(names('size', true), 'good new none old');
    assert.equal(names('step'), 'new good none old');
  });

  it('is by score, the better first: of errors the least, and those behind all shares that are right', () => {
    const scored = [{ accuracy: 0.7 }, { mae: 400 }, { accuracy: 0.9 }, { mae: 2 }, {}].map(
      (scores, i) => ({ ...line({ name: Object.entries(scores).join(), created: i }), scores }),
    );
    const order = (isReversed: boolean): string[] =>
      inOrder(scored, { by: 'score', isReversed }).map(({ name }) => name);
    assert.deepEqual(order(false), ['accuracy,0.9', 'accuracy,0.7', 'mae,2', 'mae,400', '']);
    assert.deepEqual(order(true), ['mae,400', 'mae,2', 'accuracy,0.7', 'accuracy,0.9', '']);
  });

  it('is by text and by the name of a cell’s file', () => {
    assert.equal(names('text'), 'good new none old');
    assert.equal(names('cell', true), 'old none new good');
  });
});

describe('runs', () => {
  const [run] = lines.slice(1) as [RunLine];
  const found = (words: string) => isFound(run, 'Finished', words);

  it('are found by all the words of a name, a cell, a setting, a tag, a note or a phase', () => {
    for (const words of [
      '',
      'OLD',
      'old.rnn',
      '#b',
      'dropout=0.2',
      'to see',
      'finished',
      '#b why OLD',
    ])
      assert.ok(found(words), words);
    for (const words of ['#a', 'old new', 'dropout=0.25', 'failed'])
      assert.ok(!found(words), words);
  });
});
