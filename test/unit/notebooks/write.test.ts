import assert from 'node:assert/strict';
import { builtinCells } from '../../../src/core/cells';
import { readNotebook } from '../../../src/core/notebooks/notebook';
import { newNotebookText, notebookOfRun } from '../../../src/core/notebooks/write';
import { settingEntries } from '../../../src/core/settings/settings';

const words = { title: 'A title', question: 'A question?', sample: 'A sample:' };
const usual = Object.fromEntries(settingEntries.map(({ key, setting }) => [key, setting.default]));

async function settingsIn(text: string) {
  const { steps, problems, cells } = await readNotebook(text);
  assert.deepEqual(problems, []);
  const [experiment] = steps;
  assert.ok(experiment?.kind === 'experiment');
  const { axes } = experiment;
  const values = axes.map(({ name, choice }) => [
    name,
    choice.kind === 'list' ? choice.values : [],
  ]);
  return { values: Object.fromEntries(values) as Record<string, unknown>, cells, steps };
}

describe('a new notebook', () => {
  it('can be run as it stands', async () => {
    const { values } = await settingsIn(newNotebookText(words, 'a text: of mine.txt'));
    assert.deepEqual(values, {
      ...{ data: ['a text: of mine.txt'], cell: ['vanilla', 'gru'] },
      ...{ hidden: [64], seconds: [20] },
    });
  });

  it('of a run says what the run was trained with, and nothing that goes without saying', async () => {
    const settings = {
      ...usual,
      ...{ 'model.hidden': 24, 'training.steps': 300 },
      ...{ 'training.seconds': 0, 'training.threads': 2, 'data.tokenizer': 'word' },
    };
    const gru = { name: 'gru', source: builtinCells.get('gru')! };
    const asked = { cell: gru, settings, data: '../on.txt', canSample: true };
    const { values, steps } = await settingsIn(notebookOfRun(words, asked));
    assert.equal(steps.length, 2);
    const { hidden, steps: limit, tokenizer, data, cell } = values;
    assert.deepEqual(
      [hidden, limit, tokenizer, data, cell],
      [[24], [300], ['word'], ['../on.txt'], ['gru']],
    );
    assert.ok(!('threads' in values) && !('batch' in values) && !('sampleEvery' in values));
  });

  it('of a run brings the equations of a cell of one’s own', async () => {
    const source = '# mine ```\nh[t] = tanh(U x[t] + W h[t-1])\n';
    const cell = { name: 'cells/my cell.rnn', source };
    const asked = { cell, settings: { ...usual }, data: 'a.txt', canSample: false };
    const { values, cells } = await settingsIn(notebookOfRun(words, asked));
    assert.deepEqual(values['cell'], ['cell']);
    assert.equal(cells.get('cell')?.body, source);
  });
});
