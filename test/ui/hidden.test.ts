import assert from 'node:assert/strict';
import type { Frame, Locator } from 'playwright-core';
import { formatFor } from '../../src/protocol/format';
import { openFile, panelFrame, runCommand, screenshot, trainInFront } from './support/actions';
import { inspectRun, newestRun, type InspectedToken } from './support/inspection';
import { chooseTheme, numberOf, openTab, smallModel, themes } from './support/panel';
import { randomLines } from './support/texts';
import { useVSCode } from './support/vscode';

const { value, loss, percent } = formatFor('en');

/** As the view reads before its window, tokens. */
const context = 128;

/** Where the window is: `[start, end)` in the text, from 0. */
async function windowOf(frame: Frame): Promise<{ start: number; end: number }> {
  const text = (await frame.locator('.hidden-position-text').textContent()) ?? '';
  const [, from, to] = /^Characters ([\d,]+)–([\d,]+) of/.exec(text) ?? [];
  return { start: numberOf(from) - 1, end: numberOf(to) };
}

/** Where the window is once the answers to all moves have come: it stays there for a while. */
async function settledWindow(frame: Frame): Promise<{ start: number; end: number }> {
  let last = await windowOf(frame);
  for (let same = 0; same < 10;) {
    await frame.page().waitForTimeout(100);
    const now = await windowOf(frame);
    same = now.start === last.start && now.end === last.end ? same + 1 : 0;
    last = now;
  }
  return last;
}

/** Waits until a place of the page has a text, and says which it has where it does not. */
async function waitForText(frame: Frame, selector: string, pattern: RegExp): Promise<string> {
  const place = frame.locator(selector);
  await place.filter({ hasText: pattern }).first().waitFor();
  return (await place.first().textContent()) ?? '';
}

describe('the view of hidden states', () => {
  const someWords = ['It', 'was', 'the', 'best', 'worst', 'of', 'times,\n', 'age'];
  const text = randomLines(someWords, 1, 3000)[0]!;
  const vscode = useVSCode({
    files: { 'times.txt': text, 'other.txt': 'other' },
    open: 'times.txt',
    settings: { ...smallModel, 'rnnLab.model.cell': 'lstm', 'rnnLab.model.hidden': 24 },
  });
  let frame: Frame;
  let cells: Locator;

  async function choose(id: string, option: string): Promise<void> {
    await frame.locator(`#hidden-${id}`).click();
    await frame.locator(`#hidden-${id} vscode-option`).getByText(option, { exact: true }).click();
  }

  async function spoken(): Promise<string> {
    return (await cells.getAttribute('aria-valuetext')) ?? '';
  }

  before(async function () {
    this.timeout(180_000);
    const { page } = vscode;
    await trainInFront(page);
    frame = await panelFrame(page, '.plot canvas');
    await openTab(frame, 'hidden');
    cells = frame.locator('.hidden .heatmap-cells');
  });

  it('begins at the held-out text', async () => {
    await waitForText(frame, '.hidden-position-text', /held out/);
    const { start } = await windowOf(frame);
    assert.equal(start, Math.floor(text.length * 0.9));
  });

  it('follows the training by itself, in the same window', async () => {
    const before = await frame.locator('.hidden-head .quiet').first().textContent();
    const window = await windowOf(frame);
    await frame.waitForFunction(
      (old) => document.querySelector('.hidden-head .quiet')!.textContent !== old,
      before,
    );
    assert.deepEqual(await windowOf(frame), window);
  });

  it('shows the numbers of the engine for the same checkpoint', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Stop training');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
    const { start, end } = await windowOf(frame);
    const read = await inspectRun(newestRun(vscode.data), text.slice(start - context, end));
    const tokens = read.slice(context);
    assert.equal(tokens.length, end - start);

    const mean = tokens.reduce((sum, token) => sum + token.loss!, 0) / tokens.length;
    await waitForText(frame, '.hidden-head .quiet', new RegExp(`here ${loss(mean)} nats/token`));
    await cells.focus();
    await page.keyboard.press('Control+Home');
    const check = async (unit: number, t: number) => {
      const words = await spoken();
      const { token, variables } = tokens[t]!;
      assert.ok(words.startsWith(`${token}, token ${String(t + 1)} of ${String(tokens.length)}`));
      const shown = `h, unit ${String(unit + 1)} ${value(variables['layer1.h']![unit]!)};`;
      assert.ok(words.includes(shown), `${words} has no ${shown}`);
      assert.ok(
        words.includes(
          `Loss ${loss(tokens[t]!.loss!)} nats (p = ${percent(tokens[t]!.probability!)})`,
        ),
      );
      assert.ok(words.includes(expectedWords(tokens, t)), `${words}: ${expectedWords(tokens, t)}`);
    };
    await check(0, 0);
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
    for (let i = 0; i < 7; i++) await page.keyboard.press('ArrowDown');
    await check(7, 5);
    await page.keyboard.press('End');
    await page.keyboard.press('PageDown');
    await check(10, tokens.length - 1);
    await page.keyboard.press('Control+End');
    await check(23, tokens.length - 1);
  });

  it('shows any variable, with its derivative where it has an activation', async () => {
    const { page } = vscode;
    await choose('variable', 'f');
    await waitForText(frame, '.hidden h2', /f · 24 units/);
    await choose('quantity', 'Derivative: σ′ = f(1 − f)');
    const { start, end } = await windowOf(frame);
    const read = await inspectRun(newestRun(vscode.data), text.slice(start - context, end));
    await cells.focus();
    await page.keyboard.press('Control+Home');
    const forget = read[context]!.variables['layer1.f']!;
    const words = await spoken();
    assert.ok(words.includes(`f, unit 1 ${value(forget[0]!)};`), words);
    assert.ok(words.includes(`σ′ = f(1 − f) ${value(forget[0]! * (1 - forget[0]!))};`), words);
    const saturated = forget.filter((gate) => gate < 0.1 || gate > 0.9).length;
    assert.ok(words.includes(`Saturated units ${percent(saturated / 24)};`), words);
  });

  it('sorts the units by their activity', async () => {
    const { page } = vscode;
    const { start, end } = await windowOf(frame);
    const read = await inspectRun(newestRun(vscode.data), text.slice(start - context, end));
    const course = (unit: number) =>
      read.slice(context).map(({ variables }) => variables['layer1.f']![unit]!);
    const liveliest = Array.from({ length: 24 }, (_, unit) => unit).sort(
      (a, b) => deviation(course(b)) - deviation(course(a)),
    );
    await choose('sorting', 'Activity');
    await cells.focus();
    await page.keyboard.press('Control+Home');
    assert.ok((await spoken()).includes(`f, unit ${String(liveliest[0]! + 1)} `));
    await page.keyboard.press('ArrowDown');
    assert.ok((await spoken()).includes(`f, unit ${String(liveliest[1]! + 1)} `));
    // The row's unit, not its number, colours the text.
    await page.keyboard.press('u');
    const hasText = `f, unit ${String(liveliest[1]! + 1)}`;
    await page.locator('.statusbar-item', { hasText }).first().waitFor();
    await runCommand(page, 'RNN Lab: Neuron lens…');
    await choose('sorting', 'Number');
  });

  it('leaves the keyboard where it was: Tab goes on, Escape takes the cursor away', async () => {
    const { page } = vscode;
    await cells.focus();
    await page.keyboard.press('Home');
    await frame.locator('.hidden-reading').waitFor();
    await page.keyboard.press('Escape');
    await frame.locator('.hidden-hint').waitFor();
    await page.keyboard.press('Tab');
    await frame.locator('.hidden-position vscode-button:focus').waitFor();
  });

  it('moves along the text', async () => {
    const { page } = vscode;
    const first = await windowOf(frame);
    await frame.locator('vscode-button[title="On in the text"]').focus();
    await page.keyboard.press('Enter');
    await frame.waitForFunction(
      (shown) => !document.querySelector('.hidden-position-text')!.textContent.includes(shown),
      `–${first.end.toLocaleString('en')} `,
    );
    const second = await windowOf(frame);
    assert.equal(second.start, first.end);
    await frame.locator('.hidden-track input').focus();
    await page.keyboard.press('Home');
    await waitForText(frame, '.hidden-position-text', /^Characters 1–.* · trained on$/);
    await waitForText(frame, '.hidden h2', /units × \d+ tokens/);
    await frame.locator('.hidden details.table summary').click();
    // Nothing is before the first token, so it has no loss.
    const row = frame.locator('.hidden details.table tbody tr').first();
    await row.filter({ hasText: new RegExp(`^${text[0]!}`) }).waitFor();
    const cellTexts = await row.locator('th, td').allTextContents();
    assert.deepEqual(cellTexts.slice(0, 2), [text[0], '']);
    await frame.locator('.hidden details.table summary').click();
  });

  it('is as it was after another editor has hidden the panel', async () => {
    const { page } = vscode;
    await choose('variable', 'c');
    await waitForText(frame, '.hidden h2', /c · 24 units/);
    await frame.locator('.hidden-track input').focus();
    for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
    const before = await settledWindow(frame);
    const tab = page.locator('.tabs-container .tab', { hasText: 'RNN Lab: times.txt' });
    await tab.click();
    await openFile(page, 'other.txt');
    await tab.and(page.locator(':not(.active)')).waitFor();
    await tab.click();
    frame = await panelFrame(page, '.hidden .heatmap-cells');
    cells = frame.locator('.hidden .heatmap-cells');
    await waitForText(frame, '.hidden h2', /c · 24 units/);
    assert.deepEqual(await settledWindow(frame), before);
  });

  it('is drawn in every theme', async () => {
    for (const theme of themes) {
      await chooseTheme(vscode.data, frame, theme);
      await frame.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      const colors = await frame.locator('.hidden canvas').evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
      });
      assert.ok(colors > 100, `${String(colors)} colours in ${theme.name}`);
      await screenshot(vscode.page, `hidden-${theme.kind}`);
    }
  });

  it('breaks no rule of its page', () => {
    const broken = vscode
      .consoleLines()
      .filter((line) => /Content Security Policy|dist\/webview|^uncaught/.test(line));
    assert.deepEqual(broken, []);
  });
});

describe('hidden states over a text of characters beyond the basic plane', () => {
  const text = '😀😁 ab\r\n'.repeat(300);
  const vscode = useVSCode({
    files: { 'faces.txt': text },
    open: 'faces.txt',
    settings: smallModel,
  });

  it('cuts none of them in two', async function () {
    this.timeout(180_000);
    const { page } = vscode;
    await trainInFront(page);
    const frame = await panelFrame(page, '.plot canvas');
    await openTab(frame, 'hidden');
    await frame.locator('.hidden-position-text').filter({ hasText: 'held out' }).waitFor();
    await runCommand(page, 'RNN Lab: Stop training');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
    for (let i = 0; i < 3; i++) {
      await frame.locator('.hidden-track input').focus();
      await page.keyboard.press('ArrowLeft');
      await page.waitForTimeout(300);
      const summary = frame.locator('.hidden details.table summary');
      await summary.click();
      const headings = frame.locator('.hidden details.table tbody th');
      await headings.first().waitFor();
      const tokens = new Set(await headings.allTextContents());
      assert.deepEqual([...tokens].sort(), [...new Set('😀😁␣ab↵')].sort());
      await summary.click();
    }
  });
});

function deviation(course: readonly number[]): number {
  const mean = course.reduce((sum, x) => sum + x, 0) / course.length;
  return Math.sqrt(course.reduce((sum, x) => sum + (x - mean) ** 2, 0) / course.length);
}

/** What the view says of the tokens after one, from what the command line says. */
function expectedWords(tokens: readonly InspectedToken[], t: number): string {
  const next = tokens[t + 1];
  const words = tokens[t]!.top.map(({ token, probability }) => {
    const isNext = token === next?.token;
    return `${token} ${percent(probability)}${isNext ? ' (comes next in the text)' : ''}`;
  });
  return `Next, says the model ${words.join(', ')}`;
}
