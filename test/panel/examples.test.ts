import assert from 'node:assert/strict';
import { accessibilityViolations } from './support/axe';
import type { SaveRequest } from '../../src/host/panel/save';
import { usePanel } from './support/panel';
import { choose, openTab, openTable, rowsOf, spoken } from './support/view';
import { themeKinds } from './support/themes';

const settings = {
  'model.hidden': 16,
  'training.batch': 32,
  'training.learningRate': 0.02,
  'data.tokenizer': 'word',
};

/** Rows of a table whose label follows from its words: `good` and `fine` are pos, unless `not` stands before them. */
function sentences(count: number): readonly string[] {
  const things = ['film', 'book', 'meal', 'song', 'play'];
  const words = ['good', 'fine', 'bad', 'dull'];
  return Array.from({ length: count }, (_, i) => {
    const word = words[i % 4]!;
    const isNot = i % 3 === 0;
    const label = i % 4 < 2 !== isNot ? 'pos' : 'neg';
    return `the ${things[i % 5]!} was ${isNot ? 'not ' : ''}${word} ${String(i)},${label}`;
  });
}

const lines = ['text,label', ...sentences(240)];

describe('a model of examples', () => {
  const panel = usePanel();
  const view = (name: string) => panel.page.locator(`#view-${name}`);
  const table = (name: string) =>
    view('results').locator(`[aria-labelledby="results-${name}-title"] .results-table`);

  before(async () => {
    await panel.host.trainToEnd('sentences.csv', `${lines.join('\n')}\n`, 60, settings);
  });

  it('tells what was understood of its data, and its score beside the losses', async () => {
    const { page, host } = panel;
    await page.getByText('240 rows · text → label (2) · many to one · 80/10/10').waitFor();
    const { evaluations } = host.runs.current!;
    const losses = evaluations.columns().validationLoss;
    const best = losses.indexOf(Math.min(...losses));
    const score = (100 * evaluations.at('accuracy', best)).toFixed(1);
    const figure = page.locator('.figure', { has: page.getByText('Score', { exact: true }) });
    await figure.locator('.value').getByText(`${score}%`, { exact: true }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Sample', exact: true }).count(), 0);
    await page.getByRole('button', { name: 'Predict…' }).click();
    await page.getByRole('button', { name: 'Export…' }).click();
    await page.getByRole('button', { name: 'Change…' }).press('Enter');
    await panel.settled();
    assert.deepEqual(host.asked.commands, ['predict', 'export', 'changeTable']);
  });

  it('draws the scores that its evaluations have, and no others', async () => {
    const { page, host } = panel;
    await page.locator('#loss-unit').click();
    const offered = await page.locator('#loss-unit [role="option"]').allTextContents();
    await page.keyboard.press('Escape');
    assert.deepEqual(
      offered.map((text) => text.trim()),
      ['loss', 'perplexity', 'accuracy', 'balanced accuracy', 'F1'],
    );
    // Each can be clicked, also where the list opens over the tabs.
    for (const name of [...offered, 'accuracy']) await choose(page, 'loss-unit', name.trim());
    const plot = view('loss').locator('.plot').first();
    await plot.press('End');
    const { evaluations } = host.runs.current!;
    const last = 100 * evaluations.at('accuracy', evaluations.length - 1);
    assert.match(await spoken(plot), new RegExp(`validation ${last.toFixed(1)}%`));
    await panel.screenshot('examples-loss');
  });

  it('is measured on its test part: scores, classes and mistakes agree with each other', async () => {
    const { page } = panel;
    await openTab(page, 'results');
    await table('scores').locator('tbody tr').first().waitFor();
    const scores = new Map((await rowsOf(table('scores'))).map(([name, value]) => [name, value]));
    const details = view('results').locator('[aria-labelledby="results-confusion-title"] .table');
    const counts = (await openTable(details)).map((row) => row.slice(1).map(Number));
    const all = counts.flat().reduce((a, b) => a + b, 0);
    assert.equal(all, 24);
    const right = counts[0]![0]! + counts[1]![1]!;
    assert.equal(scores.get('accuracy'), `${((100 * right) / all).toFixed(1)}%`);
    const classes = await rowsOf(table('classes'));
    assert.deepEqual(
      classes.map(([name, examples]) => [name, Number(examples)]),
      [
        ['neg', counts[0]![0]! + counts[0]![1]!],
        ['pos', counts[1]![0]! + counts[1]![1]!],
      ],
    );
    const heatmap = view('results').getByRole('slider', { name: 'Confusion matrix' });
    await heatmap.press('Home');
    assert.match(await spoken(heatmap), /true neg.*answered neg.*examples \d+/);
  });

  it('lists the examples of a cell of the matrix, by keyboard and by mouse', async () => {
    const { page } = panel;
    const details = view('results').locator('[aria-labelledby="results-confusion-title"] .table');
    const counts = (await rowsOf(details)).map((row) => row.slice(1).map(Number));
    const heatmap = view('results').getByRole('slider', { name: 'Confusion matrix' });
    const kinds = ['neg', 'pos'];
    const listed = async () => {
      const rows = await rowsOf(table('kind'));
      for (const [line = '', , target, answer, , input] of rows) {
        assert.equal(lines[Number(line) - 1], `${input!},${target!}`);
        assert.ok(kinds.includes(answer!));
      }
      return rows.map(([, , target, answer]) => [target, answer].join(' '));
    };
    await heatmap.press('Home');
    await heatmap.press('ArrowRight');
    await heatmap.press('Enter');
    if (counts[0]![1] === 0) await view('results').getByText('no examples').waitFor();
    else assert.deepEqual(await listed(), Array(counts[0]![1]).fill('neg pos'));
    const box = (await heatmap.boundingBox())!;
    await page.mouse.click(box.x + box.width * 0.75, box.y + box.height * 0.75);
    assert.deepEqual(await listed(), Array(counts[1]![1]).fill('pos pos'));
    await panel.screenshot('examples-kind');
  });

  it('draws how far its probabilities can be believed, bin by bin', async () => {
    const figure = view('results').locator('[aria-labelledby="results-calibration-title"]');
    const bins = await openTable(figure.locator('.table'));
    const number = (text = '') => Number(text.replace('%', '')) / 100;
    const all = bins.reduce((sum, [, count]) => sum + Number(count), 0);
    assert.equal(all, 24);
    // As the definition has it, from what the table shows.
    const error = bins.reduce(
      (sum, [, count, sure, right]) => sum + Number(count) * Math.abs(number(sure) - number(right)),
      0,
    );
    const told = /expected calibration error ([\d.]+%)/.exec((await figure.textContent())!)![1];
    assert.ok(Math.abs(number(told) - error / all) < 0.01, `${told!} ${String(error / all)}`);
    const plot = figure.getByRole('slider');
    await plot.press('Home');
    assert.match(await spoken(plot), new RegExp(`answers ${bins[0]![1]!}$`));
  });

  it('saves its pictures and tables', async () => {
    const { host } = panel;
    const save = async (name: string, format: SaveRequest['format']) => {
      const figure = view('results').locator(`[aria-labelledby="results-${name}-title"]`);
      await figure.locator('.save-menu').getByRole('button').press('Enter');
      const saved = host.nextSave();
      await figure.locator(`[data-format="${format}"]`).click();
      return saved;
    };
    const textOf = ({ content }: SaveRequest) => new TextDecoder().decode(content);
    const matrix = await save('confusion', 'csv');
    assert.match(matrix.name, /sentences\.csv Confusion matrix/);
    const [header, ...classes] = textOf(matrix).trim().split(/\r?\n/);
    assert.equal(header, 'true,neg,pos');
    const counts = classes.flatMap((line) => line.split(',').slice(1).map(Number));
    assert.equal(
      counts.reduce((a, b) => a + b, 0),
      24,
    );
    const picture = await save('confusion', 'svg');
    assert.match(textOf(picture), /^<svg[\s\S]*>neg<[\s\S]*>pos</);
    const worst = await save('worst', 'csv');
    assert.match(textOf(worst), /^line,loss,probability,target,answer,input\r?\n\d+,/);
  });

  it('shows the line of an example that it got wrong', async () => {
    const { host } = panel;
    const [line = '', , target, , , input] = (await rowsOf(table('worst')))[0]!;
    await table('worst').getByRole('button').first().click();
    await panel.settled();
    assert.deepEqual(host.asked.lines, [Number(line)]);
    assert.equal(lines[Number(line) - 1], `${input!},${target!}`);
  });

  it('is measured on another part', async () => {
    await choose(panel.page, 'results-part', 'Training part');
    await view('results').getByText('192 examples').waitFor();
  });

  it('has no view that has nothing to show, and opens with its losses after one of those', async () => {
    const { page } = panel;
    const tabs = page.getByRole('tab');
    assert.deepEqual(await tabs.allInnerTexts(), [
      ...['Loss', 'Results', 'At the cursor', 'Gradients', 'Projector', 'Model'],
    ]);
    await openTab(page, 'model');
    assert.match((await view('model').textContent()) ?? '', /192 examples/);
  });

  it('follows the row at the cursor, token by token: as each beginning is answered alone', async () => {
    const { page } = panel;
    const row = 'the film was not good';
    const beginning = 'the film was not';
    panel.edit('notes.txt', `${row}\n${beginning}\n\n`);
    await openTab(page, 'cursor');
    const answer = view('cursor').locator('.example-answer');
    const place = view('cursor').locator('strong');
    await place.getByText('notes.txt, line 1').waitFor();
    const figure = view('cursor').locator('[aria-labelledby="example-map-title"]');
    const [tokens, probabilities] = [
      (await openTable(figure.locator('.table'))).map(([token]) => token),
      await figure.locator('.table').locator('tbody tr').allInnerTexts(),
    ];
    assert.deepEqual(tokens, row.split(' '));
    const plot = figure.getByRole('slider');
    await plot.press('Home');
    assert.match(await spoken(plot), /Token the, class neg, probability \d/);
    await panel.screenshot('examples-cursor');
    assert.equal((await accessibilityViolations(page)).join('\n'), '');
    const editor = panel.edit('notes.txt', `${row}\n${beginning}\n\n`);
    editor.goTo(2, 3);
    await place.getByText('notes.txt, line 2').waitFor();
    const [, name, sure] = /→ (\w+) \((\d+%)\)/.exec((await answer.textContent())!)!;
    const [, neg, pos] = probabilities[3]!.split(/\s+/);
    assert.equal(name === 'neg' ? neg : pos, sure);
    editor.goTo(3, 1);
    await view('cursor').getByText('Put the cursor into a row').waitFor();
  });

  it('breaks no rule of accessibility, in any theme and width', async () => {
    const { page } = panel;
    await openTab(page, 'results');
    const found = await accessibilityViolations(page);
    const before = page.viewportSize()!;
    for (const kind of themeKinds) {
      await panel.theme(kind);
      found.push(...(await accessibilityViolations(page, ['color-contrast'])));
      for (const width of [350, 700, 1100]) {
        await page.setViewportSize({ width, height: 1500 });
        await panel.settled();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${kind} at ${width}: ${wide}`);
        await panel.screenshot(`examples-results-${kind}-${width}`);
      }
    }
    await page.setViewportSize(before);
    assert.equal(found.join('\n'), '');
  });

  it('of numbers shows what was answered against what is true, and rows that contradict each other', async () => {
    const { page, host } = panel;
    const rows = Array.from({ length: 120 }, (_, i) => {
      const word = 'abcde'.repeat(3).slice(i % 5, (i % 5) + 1 + (i % 7)) + String(i);
      return `${word},${String(word.length * 100 + i)}`;
    });
    rows.push('twin,401', 'twin,702', 'copy,403', 'copy,403');
    const file = ['word,length', ...rows];
    const numbers = { ...settings, 'data.output': 'length', 'data.tokenizer': 'char' };
    await host.trainToEnd('lengths.csv', `${file.join('\n')}\n`, 60, numbers);
    await openTab(page, 'results');
    await choose(page, 'results-part', 'Test part');
    const { test } = host.runs.current!.facts.task!.examples;
    await view('results').getByText(`${test} examples`).waitFor();
    const figure = view('results').locator('[aria-labelledby="results-residuals-title"]');
    const shown = await openTable(figure.locator('.table'));
    assert.equal(shown.length, test);
    const value = (text = '') => Number(text.replaceAll(',', ''));
    for (const [line, truth, answer, residual] of shown) {
      assert.equal(Number(file[value(line) - 1]!.split(',')[1]), value(truth));
      assert.ok(Math.abs(value(answer) - value(truth) - value(residual)) < 6);
    }
    const scores = new Map((await rowsOf(table('scores'))).map(([name, score]) => [name, score]));
    const mean = shown.reduce((sum, [, , , r]) => sum + Math.abs(value(r)), 0) / shown.length;
    assert.ok(Math.abs(mean / value(scores.get('mean absolute error')) - 1) < 0.02);
    const plot = view('results').getByRole('slider', { name: 'Predicted against true' });
    await plot.press('End');
    const most = shown.reduce((a, b) => (value(b[1]) > value(a[1]) ? b : a));
    assert.match(await spoken(plot), new RegExp(`true ${most[1]!}, answered`));
    await plot.press('Enter');
    await panel.settled();
    const opened = host.asked.lines.at(-1)!;
    assert.equal(Number(file[opened - 1]!.split(',')[1]), value(most[1]));
    const copies = await rowsOf(table('duplicates'));
    const at = (row: string) => file.indexOf(row) + 1;
    const of = (a: number, b: number) => `${String(a)}, ${String(b)}`;
    assert.deepEqual(copies, [
      ['2', of(at('twin,401'), at('twin,702')), 'differ: 401 · 702', 'twin'],
      ['2', of(at('copy,403'), at('copy,403') + 1), '403', 'copy'],
    ]);
    await page.setViewportSize({ width: 700, height: 2200 });
    await panel.screenshot('examples-numbers');
  });
});
