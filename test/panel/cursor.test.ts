import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { formatFor } from '../../src/protocol/format';
import { inspectRun, type InspectedToken } from '../ui/support/inspection';
import { fewWords, randomLines } from '../ui/support/texts';
import type { TextEditor } from './support/editor';
import { illegible } from './support/legible';
import { usePanel, type TestPanel } from './support/panel';
import { themeKinds } from './support/themes';
import { figure, numberOf, openTab, openTable, spoken } from './support/view';

const { count, loss, percent } = formatFor('en');

const lines = randomLines(fewWords, 400, 8);
const text = `${lines.join('\n')}\n`;

/** Steps at which a training was looked at. */
function observedSteps(run: string): number[] {
  const kept = fs.readFileSync(path.join(run, 'observations.jsonl'), 'utf8');
  return kept
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly step: number }).step);
}

/** Waits until the view tells of a place of the text. */
async function isAt({ page }: TestPanel, place: string): Promise<void> {
  await page.locator('.cursor-head strong').getByText(place, { exact: true }).waitFor();
}

/** Waits until the view tells of the token that is predicted what the engine says of it. */
async function toldOf({ page }: TestPanel, token: InspectedToken): Promise<void> {
  await page
    .locator('.cursor-told')
    .getByText(`E = ${loss(token.loss!)} nats (p = ${percent(token.probability!)})`)
    .waitFor();
}

describe('the view of the text at the cursor', () => {
  const panel = usePanel();
  let editor: TextEditor;

  async function told(): Promise<string> {
    return (await panel.page.locator('.cursor-told').first().textContent()) ?? '';
  }

  /** What the engine makes of the token at a place: the model reads the text from its beginning. */
  async function engineAt(line: number, column: number, step?: number): Promise<InspectedToken> {
    const before = [...lines.slice(0, line - 1), ''].join('\n') + lines[line - 1]!.slice(0, column);
    return (await inspectRun(panel.host.folder(), before, step)).at(-1)!;
  }

  /** The chart of gradients by lag as a table. */
  const lagTable = () =>
    panel.page.locator('.cursor-charts details', { hasText: 'through time” as a table' });

  before(async () => {
    const { page, host } = panel;
    editor = panel.edit('times.txt', text);
    await host.train('times.txt', text, {
      'model.cell': 'lstm',
      'model.hidden': 24,
      // So that some steps are kept, and looked at.
      'training.checkpointEvery': 0.2,
      'inspection.observeEvery': 0.1,
    });
    // At the first visit the cursor has not moved since, and nothing else calls for its place.
    editor.goTo(2, 7);
    await openTab(page, 'cursor');
    await isAt(panel, 'times.txt, line 2, column 7');
  });

  it('follows the cursor while the model is trained', async () => {
    editor.goTo(3, 9);
    await isAt(panel, 'times.txt, line 3, column 9');
    assert.match(await told(), /^Next comes \S+: E = [\d.]+(E-\d+)? nats \(p = /);
  });

  it('tells the loss, the probability and the candidates that the engine tells', async () => {
    const { page, host } = panel;
    await host.until(() => host.runs.current!.keptSteps.length >= 2);
    await host.runs.stop();
    editor.goTo(5, 12);
    await isAt(panel, 'times.txt, line 5, column 12');
    await toldOf(panel, await engineAt(5, 12));
    const before = await engineAt(5, 11);
    const shown = await page.locator('.hidden-probability').allTextContents();
    assert.deepEqual(
      shown.slice(0, before.top.length),
      before.top.map(({ probability }) => percent(probability)),
    );
  });

  it('has a lag for every token that was read, and a memory', async () => {
    const { page } = panel;
    await page
      .locator('.cursor-told')
      .getByText(/^Effective memory: \d/)
      .waitFor();
    const rows = await openTable(lagTable());
    assert.equal(rows.length, text.indexOf(lines[4]!) + 11);
    assert.deepEqual(
      rows.map(([lag]) => lag),
      rows.map((_, lag) => String(lag)),
    );
    await lagTable().locator('summary').click();
  });

  it('looks at what is selected, and no farther back, knowing all that comes before it', async () => {
    editor.goTo(5, 4, 9);
    await isAt(panel, 'times.txt, line 5, column 13');
    await toldOf(panel, await engineAt(5, 13));
    assert.equal((await openTable(lagTable())).length, 9);
    await lagTable().locator('summary').click();
    editor.goTo(5, 12);
    await isAt(panel, 'times.txt, line 5, column 12');
  });

  it('selects the token of a column, and stays where it looked', async () => {
    const { page } = panel;
    await page.locator('#view-cursor .heatmap-cells').press('End');
    await page.keyboard.press('Enter');
    await panel.settled();
    const { start, end } = editor.selection;
    assert.deepEqual(
      [start, end].map(({ line, character }) => [line, character]),
      [
        [4, 10],
        [4, 11],
      ],
    );
    await isAt(panel, 'times.txt, line 5, column 12');
  });

  it('colours the text by the unit of a cell', async () => {
    const { page, host } = panel;
    const cells = page.locator('#view-cursor .heatmap-cells');
    for (const key of ['Control+Home', 'ArrowDown', 'ArrowDown', 'u']) await cells.press(key);
    await panel.settled();
    const units = host.asked.units.map(({ variable, unit }) => ({ variable, unit }));
    assert.deepEqual(units, [{ variable: 'layer1.h', unit: 2 }]);
    assert.match(await spoken(cells), /h, unit 3 /);
  });

  it('follows what is typed, and reads other texts', async () => {
    const other = panel.edit('other.txt', 'the age of the worst of times, zebra\n');
    other.goTo(1, 5);
    await isAt(panel, 'other.txt, line 1, column 5');
    other.type('best ');
    await isAt(panel, 'other.txt, line 1, column 10');
    assert.match(await told(), /^Next comes a:/);
    const [before] = (await inspectRun(panel.host.folder(), 'the best a')).slice(-1);
    await toldOf(panel, before!);
  });

  it('stays at a place that is pinned', async () => {
    const { page } = panel;
    const other = panel.edit('other.txt', 'the best age\n');
    other.goTo(1, 10);
    await isAt(panel, 'other.txt, line 1, column 10');
    await page.locator('#cursor-pin').click();
    await panel.settled();
    other.goTo(1, 1);
    // What is typed is told at once: what the cursor would have told came before it.
    other.type('x');
    await isAt(panel, 'other.txt, line 1, column 11');
    other.goTo(1, 1);
    await page.locator('#cursor-pin').click();
    await isAt(panel, 'other.txt, line 1, column 1');
    // Where nothing comes before, nothing is shown of another place.
    await page
      .locator('.cursor-told')
      .getByText('Nothing before the cursor to predict from.')
      .waitFor();
    assert.equal(await page.locator('#view-cursor .heatmap').isVisible(), false);
  });

  it('looks at the model as it was at an earlier step, as the engine has kept it', async () => {
    const { page, host } = panel;
    editor = panel.edit('times.txt', text);
    editor.goTo(5, 12);
    await isAt(panel, 'times.txt, line 5, column 12');
    await toldOf(panel, await engineAt(5, 12));
    const now = await told();
    const slider = page.locator('#travel');
    await slider.press('Home');
    const [first] = host.runs.current!.keptSteps;
    const shown = page.locator('.travel output', { hasText: /^step [\d,]+$/ });
    await shown.waitFor();
    const step = numberOf((await shown.textContent())?.replace('step ', ''));
    assert.equal(step, first);
    // The figures are those of that step, too.
    assert.equal(numberOf(await figure(page, 'Step')), first);
    const { metrics } = host.runs.current!;
    const row = metrics.view('step').findIndex((each) => each >= step);
    assert.equal(await figure(page, 'Training loss'), metrics.at('lossMean', row).toFixed(3));
    await toldOf(panel, await engineAt(5, 12, step));
    // The gradients are those of the look that is nearest.
    await openTab(page, 'gradients');
    const looks = observedSteps(host.folder());
    const [nearest] = looks.sort((a, b) => Math.abs(a - step) - Math.abs(b - step));
    await page
      .locator('.gradients .steps output')
      .getByText(new RegExp(`\\b${count(nearest!)}\\b`))
      .waitFor();
    await openTab(page, 'cursor');
    await slider.press('End');
    await page.locator('.cursor-told').getByText(now, { exact: true }).waitFor();
  });

  for (const kind of themeKinds) {
    it(`is legible in ${kind}`, async () => {
      editor.goTo(20, 14);
      await isAt(panel, 'times.txt, line 20, column 14');
      await panel.theme(kind);
      assert.deepEqual(await illegible(panel.page, '#view-cursor'), []);
      await panel.screenshot(`cursor-${kind}`);
    });
  }

  it('looks with the run of the text itself, whichever is on show, and tells what a model does not know', async () => {
    const { page, host } = panel;
    const first = host.folder();
    const head = page.locator('.cursor-model');
    const strange = page.locator('.cursor-strange');
    await host.runs.list.load();
    await host.trainToEnd('numbers.txt', '0123456789 '.repeat(300), 3, { 'model.hidden': 8 });
    await openTab(page, 'cursor');
    // The text in front has a run of its own.
    editor.goTo(5, 12);
    await head.getByText('Model: times.txt · lstm, trained on this text').waitFor();
    await isAt(panel, 'times.txt, line 5, column 12');
    const before = [...lines.slice(0, 4), ''].join('\n') + lines[4]!.slice(0, 12);
    await toldOf(panel, (await inspectRun(first, before)).at(-1)!);
    assert.equal(await strange.isVisible(), false);
    // Another has none: the one on show looks, and knows none of its letters.
    const other = panel.edit('letters.txt', 'abc def ghi\n');
    other.goTo(1, 12);
    await head.getByText('Model: numbers.txt · vanilla, trained on another text').waitFor();
    await strange.waitFor();
    assert.match((await strange.textContent())!, /^Most characters here are unknown/);
    await page.getByText('Use another run…').click();
    await panel.settled();
    assert.equal(host.asked.commands.at(-1), 'useRun');
    await panel.screenshot('cursor-model');
  });
});

describe('the view of a text of bytes at the cursor', () => {
  const words = randomLines(['😀', 'né', '\tx', '日本'], 300, 4);
  const document = `${words.join('\r\n')}\r\n`;
  const panel = usePanel();

  before(async () => {
    await panel.host.trainToEnd('faces.txt', document, 40, { 'data.tokenizer': 'byte' });
    await openTab(panel.page, 'cursor');
  });

  for (const [word, column] of Object.entries({ '😀': 2, né: 3, '\tx': 6, 日本: 3 })) {
    it(`tells of the bytes after ${word.trim()}, and selects a character whole`, async () => {
      const { page, host } = panel;
      const editor = panel.edit('faces.txt', document);
      const line = words.findIndex((each) => each.startsWith(`${word} `));
      editor.goTo(line + 1, word.length + 1);
      await isAt(panel, `faces.txt, line ${line + 1}, column ${column}`);
      const before = `${[...words.slice(0, line), word].join('\n')} `;
      await toldOf(panel, (await inspectRun(host.folder(), before)).at(-1)!);
      await page.locator('#view-cursor .heatmap-cells').press('End');
      await page.keyboard.press('Enter');
      await panel.settled();
      const { start, end } = editor.selection;
      const last = Array.from(word).at(-1)!;
      assert.deepEqual(
        [start.line, start.character, end.line, end.character],
        [line, word.length - last.length, line, word.length],
      );
    });
  }
});
