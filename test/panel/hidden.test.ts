import assert from 'node:assert/strict';
import { formatFor } from '../../src/protocol/format';
import { inspectRun, type InspectedToken } from '../ui/support/inspection';
import { randomLines } from '../ui/support/texts';
import { illegible } from './support/legible';
import { usePanel } from './support/panel';
import { themeKinds } from './support/themes';
import { choose, numberOf, openTab, openTable, spoken } from './support/view';

const { value, loss, percent } = formatFor('en');

/** As the view reads before its window, tokens. */
const context = 128;

describe('the view of hidden states', () => {
  const someWords = ['It', 'was', 'the', 'best', 'worst', 'of', 'times,\n', 'age'];
  const text = randomLines(someWords, 1, 3000)[0]!;
  const panel = usePanel();
  const cells = () => panel.page.locator('.hidden .heatmap-cells');
  const heading = () => panel.page.locator('.hidden h2');
  const position = () => panel.page.locator('.hidden-position-text');

  /** Where the window is: `[start, end)` in the text, from 0. */
  async function windowOf(): Promise<{ start: number; end: number }> {
    const words = (await position().textContent()) ?? '';
    const [, from, to] = /^Characters ([\d,]+)–([\d,]+) of/.exec(words) ?? [];
    return { start: numberOf(from) - 1, end: numberOf(to) };
  }

  /** What the engine says of the tokens in the window, in a process of its own. */
  async function engineSays(): Promise<InspectedToken[]> {
    const { start, end } = await windowOf();
    const before = Math.max(0, start - context);
    const read = await inspectRun(panel.host.folder(), text.slice(before, end));
    return read.slice(start - before);
  }

  before(async () => {
    await panel.host.train('times.txt', text, { 'model.cell': 'lstm', 'model.hidden': 24 });
    await openTab(panel.page, 'hidden');
    await panel.answered();
  });

  it('begins at the held-out text', async () => {
    assert.match((await position().textContent()) ?? '', /held out$/);
    assert.equal((await windowOf()).start, Math.floor(text.length * 0.9));
  });

  it('follows the training by itself, in the same window', async () => {
    const { page } = panel;
    const head = page.locator('.hidden-head .quiet').first();
    const before = await head.textContent();
    const window = await windowOf();
    await page.waitForFunction(
      (old) => document.querySelector('.hidden-head .quiet')!.textContent !== old,
      before,
    );
    assert.deepEqual(await windowOf(), window);
  });

  it('shows the numbers of the engine for the same checkpoint', async () => {
    const { page, host } = panel;
    await host.runs.stop();
    await page.locator('.phase[data-phase="stopped"]').waitFor();
    await panel.answered();
    const tokens = await engineSays();
    const { start, end } = await windowOf();
    assert.equal(tokens.length, end - start);
    const mean = tokens.reduce((sum, token) => sum + token.loss!, 0) / tokens.length;
    const head = (await page.locator('.hidden-head .quiet').first().textContent()) ?? '';
    assert.ok(head.includes(`here ${loss(mean)} nats/token`), head);
    const check = async (unit: number, t: number) => {
      const words = await spoken(cells());
      const { token, variables } = tokens[t]!;
      assert.ok(words.startsWith(`${token}, token ${t + 1} of ${tokens.length}`), words);
      const shown = `h, unit ${unit + 1} ${value(variables['layer1.h']![unit]!)};`;
      assert.ok(words.includes(shown), `${words} has no ${shown}`);
      const told = `Loss ${loss(tokens[t]!.loss!)} nats (p = ${percent(tokens[t]!.probability!)})`;
      assert.ok(words.includes(told), `${words} has no ${told}`);
      assert.ok(words.includes(expectedWords(tokens, t)), `${words}: ${expectedWords(tokens, t)}`);
    };
    await cells().press('Control+Home');
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
    const { page } = panel;
    await choose(page, 'hidden-variable', 'f');
    await panel.answered();
    assert.match((await heading().textContent()) ?? '', /f · 24 units/);
    await choose(page, 'hidden-quantity', 'Derivative: σ′ = f(1 − f)');
    const [first] = await engineSays();
    await cells().press('Control+Home');
    const forget = first!.variables['layer1.f']!;
    const words = await spoken(cells());
    assert.ok(words.includes(`f, unit 1 ${value(forget[0]!)};`), words);
    assert.ok(words.includes(`σ′ = f(1 − f) ${value(forget[0]! * (1 - forget[0]!))};`), words);
    const saturated = forget.filter((gate) => gate < 0.1 || gate > 0.9).length;
    assert.ok(words.includes(`Saturated units ${percent(saturated / 24)};`), words);
  });

  it('sorts the units by their activity, and colours the text by one of them', async () => {
    const { page, host } = panel;
    const tokens = await engineSays();
    const course = (unit: number) => tokens.map(({ variables }) => variables['layer1.f']![unit]!);
    const liveliest = Array.from({ length: 24 }, (_, unit) => unit).sort(
      (a, b) => deviation(course(b)) - deviation(course(a)),
    );
    await choose(page, 'hidden-sorting', 'Activity');
    await cells().press('Control+Home');
    assert.ok((await spoken(cells())).includes(`f, unit ${liveliest[0]! + 1} `));
    await page.keyboard.press('ArrowDown');
    assert.ok((await spoken(cells())).includes(`f, unit ${liveliest[1]! + 1} `));
    // The row's unit, not its number.
    await page.keyboard.press('u');
    await panel.settled();
    const units = host.asked.units.map(({ variable, unit }) => ({ variable, unit }));
    assert.deepEqual(units, [{ variable: 'layer1.f', unit: liveliest[1] }]);
    await choose(page, 'hidden-sorting', 'Number');
  });

  it('leaves the keyboard where it was: Tab goes on, Escape takes the cursor away', async () => {
    const { page } = panel;
    await cells().press('Home');
    await page.locator('.hidden-reading').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.hidden-reading').waitFor({ state: 'hidden' });
    await page.keyboard.press('Tab');
    assert.equal(await page.locator('.hidden-position vscode-button:focus').count(), 1);
  });

  it('reads out beside the pointer and the keyboard’s cell, within the window, and moves nothing', async () => {
    const { page } = panel;
    const reading = page.locator('.hidden-reading');
    const before = page.viewportSize()!;
    for (const [width, height] of [
      [300, 500],
      [640, 760],
      [1400, 600],
    ] as const) {
      await page.setViewportSize({ width, height });
      await panel.answered();
      await cells().scrollIntoViewIfNeeded();
      const rest = await page.locator('.hidden-position').boundingBox();
      const box = (await cells().boundingBox())!;
      const tabs = (await page.locator('#tab-hidden').boundingBox())!;
      const top = Math.max(box.y, tabs.y + tabs.height) + 6;
      const bottom = Math.min(box.y + box.height, height) - 6;
      for (const [x, y] of [
        [box.x + 3, top],
        [box.x + box.width - 3, top],
        [box.x + box.width / 2, (top + bottom) / 2],
        [box.x + 3, bottom],
        [box.x + box.width - 3, bottom],
      ] as const) {
        await page.mouse.move(x, y);
        await reading.waitFor();
        const shown = (await reading.boundingBox())!;
        const where = `${JSON.stringify(shown)} of ${x}, ${y} in ${width} × ${height}`;
        const isInside = shown.x >= 0 && shown.x + shown.width <= width && shown.y >= 0;
        assert.ok(isInside && shown.y + shown.height <= height, where);
        const covers = (from: number, size: number, at: number) => at > from && at < from + size;
        const isOver = covers(shown.x, shown.width, x) && covers(shown.y, shown.height, y);
        assert.ok(!isOver, where);
        const gap = (from: number, size: number, at: number) =>
          Math.max(0, from - at, at - from - size);
        const far = [gap(shown.x, shown.width, x), gap(shown.y, shown.height, y)];
        assert.ok(Math.max(...far) <= 60, `${where}: ${far.join()}`);
      }
      assert.deepEqual(await page.locator('.hidden-position').boundingBox(), rest);
      await page.mouse.move(0, 0);
      await reading.waitFor({ state: 'hidden' });
    }
    await page.setViewportSize(before);
    await panel.answered();
  });

  it('moves along the text', async () => {
    const { page } = panel;
    const first = await windowOf();
    await page.getByRole('button', { name: 'Later in the text' }).press('Enter');
    await panel.answered();
    assert.equal((await windowOf()).start, first.end);
    await page.locator('.hidden-track input').press('Home');
    await panel.answered();
    assert.match((await position().textContent()) ?? '', /^Characters 1–.* · trained on$/);
    assert.match((await heading().textContent()) ?? '', /units × \d+ tokens/);
    // Nothing is before the first token, so it has no loss.
    const table = page.locator('.hidden details.table');
    assert.deepEqual((await openTable(table))[0]!.slice(0, 2), [text[0], '']);
    await table.locator('summary').click();
  });

  it('is as it was after another editor has hidden the panel', async () => {
    const { page } = panel;
    await choose(page, 'hidden-variable', 'c');
    await page.locator('.hidden-track input').focus();
    for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
    await panel.answered();
    const before = await windowOf();
    assert.ok(before.start > 0);
    await panel.hide();
    await panel.show();
    await cells().waitFor();
    await panel.answered();
    assert.match((await heading().textContent()) ?? '', /c · 24 units/);
    assert.deepEqual(await windowOf(), before);
  });

  for (const kind of themeKinds) {
    it(`is drawn in ${kind}, and legible`, async () => {
      const { page } = panel;
      await cells().press('Control+Home');
      await panel.theme(kind);
      const colors = await page.locator('.hidden canvas').evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
      });
      assert.ok(colors > 100, `${colors} colours`);
      assert.deepEqual(await illegible(page, '#view-hidden'), []);
      await panel.screenshot(`hidden-${kind}`);
    });
  }
});

describe('hidden states over a text of characters beyond the basic plane', () => {
  const text = '😀😁 ab\r\n'.repeat(300);
  const panel = usePanel();

  it('cuts none of them in two', async () => {
    const { page, host } = panel;
    await host.trainToEnd('faces.txt', text, 20);
    await openTab(page, 'hidden');
    await panel.answered();
    const table = page.locator('.hidden details.table');
    for (let i = 0; i < 3; i++) {
      await page.locator('.hidden-track input').press('ArrowLeft');
      await panel.answered();
      const tokens = new Set((await openTable(table)).map(([token]) => token!));
      assert.deepEqual([...tokens].sort(), [...new Set('😀😁␣ab↵')].sort());
      await table.locator('summary').click();
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
    return `${token} ${percent(probability)}${isNext ? ' (the actual next token)' : ''}`;
  });
  return `Predicted next ${words.join(', ')}`;
}
