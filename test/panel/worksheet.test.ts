import assert from 'node:assert/strict';
import { illegible } from './support/legible';
import { usePanel } from './support/panel';
import { themeKinds } from './support/themes';
import { choose, openTab } from './support/view';

const text = 'hello world, hello there\n'.repeat(100);

describe('the worksheet', () => {
  const panel = usePanel();
  const view = () => panel.page.locator('#view-worksheet');
  const section = (name: string) =>
    view().locator('.sheet-section', { has: panel.page.getByRole('heading', { name }) });
  /** The numbers of a part, as they are shown. */
  const numbersIn = async (name: string) =>
    (await section(name).locator('.num').allTextContents()).map((each) =>
      Number(each.replaceAll('−', '-')),
    );
  /** Waits for the sheet that was asked for last. */
  const until = (isSo: string) => panel.page.getByText(isSo).first().waitFor();

  before(async () => {
    await panel.host.trainToEnd('hello.txt', text, 40, {
      'model.cell': 'vanilla',
      'model.hidden': 4,
    });
    await openTab(panel.page, 'worksheet');
    await section('Forward pass').locator('.num').first().waitFor();
  });

  it('is of the run, where that is small, over the first tokens of its text', async () => {
    const about = await view().locator('.sheet-about').textContent();
    assert.equal(about, 'The network of this run, as it is now: cell vanilla, 4 hidden units.');
    const heads = await section('Forward pass').locator('thead th').allTextContents();
    assert.equal(heads.length, 8);
    assert.deepEqual(
      heads.slice(0, 2).map((each) => each.replaceAll(/\s+/g, ' ')),
      ['t = 1 h → e', 't = 2 e → l'],
    );
    const rows = await section('Forward pass').locator('tbody th').allTextContents();
    assert.deepEqual(rows, [
      ...['x[t]', 'U x[t]', 'W s[t-1]', 'U x[t] + W s[t-1] + b', 's[t]'],
      ...['V s[t]', 'V s[t] + c', 'y[t]', 'E = −ln ŷ'],
    ]);
    const back = await section('Backward pass').locator('tbody th').allTextContents();
    assert.deepEqual(back.slice(0, 3), [
      ...['ŷ − y = ∂E/∂(V s[t] + c)', '∂E/∂(V s[t])', '∂E/∂s[t]'],
    ]);
  });

  it('shows numbers that follow from each other', async () => {
    const column = (name: string, row: number, t: number) =>
      section(name)
        .locator('tbody tr')
        .nth(row)
        .locator('td')
        .nth(t)
        .locator('.num')
        .allTextContents()
        .then((all) => all.map((each) => Number(each.replaceAll('−', '-'))));
    const [sum, state] = [await column('Forward pass', 3, 2), await column('Forward pass', 4, 2)];
    state.forEach((value, i) => assert.ok(Math.abs(Math.tanh(sum[i]!) - value) < 1.1e-3));
    const said = await section('The gradient of one parameter').locator('.told').allTextContents();
    const difference = said.find((each) => each.startsWith('ε'))!;
    const greatest = Number(
      /greatest difference (\S+)$/.exec(difference)![1]!.replaceAll('−', '-'),
    );
    assert.ok(greatest < 1e-7, difference);
  });

  it('moves its numbers with a step of gradient descent, and starts again', async () => {
    const { page } = panel;
    const sentence = section('A step of gradient descent').locator('.told').first();
    const losses = async () =>
      (await sentence.textContent())!.match(/\d\.\d+/g)!.map(Number) as [number, number];
    const [before, after] = await losses();
    assert.ok(after < before);
    await page.getByRole('button', { name: 'Take a step' }).click();
    await until('1 steps taken');
    assert.equal((await losses())[0], after);
    assert.ok((await view().locator('.num.up, .num.down').count()) > 20);
    await page.getByRole('button', { name: 'Start again' }).click();
    await page.waitForFunction(
      (loss) =>
        [...document.querySelectorAll('.told')].some(({ textContent }) =>
          textContent.includes(`is ${loss} before`),
        ),
      before.toFixed(3),
    );
  });

  it('follows another step, another parameter, the gain and a text of one’s own', async () => {
    const { page } = panel;
    const slide = async (id: string, times: number, key: string) => {
      for (let i = 0; i < times; i++) await page.locator(`#${id}`).press(key);
    };
    await slide('sheet-t', 4, 'ArrowLeft');
    await until('Jacobians from step 4 back to step 2');
    assert.equal(await section('Jacobians').locator('.card').count(), 2);
    await slide('sheet-k', 1, 'ArrowRight');
    await until('Step 3 as a graph');
    await choose(page, 'sheet-parameter', 'output.V');
    await section('The gradient of one parameter')
      .locator('.chip', { hasText: 'V' })
      .first()
      .waitFor();
    const before = await numbersIn('Jacobians');
    await slide('sheet-gain', 3, 'ArrowRight');
    await page.waitForFunction(
      () => document.querySelectorAll('.sheet-section:nth-child(4) .num.up').length > 0,
    );
    const after = await numbersIn('Jacobians');
    assert.notDeepEqual(after, before);
    await slide('sheet-gain', 3, 'ArrowLeft');
    const field = page.locator('#sheet-text input');
    await field.fill('world');
    await field.press('Enter');
    await until('t = 1 w → o');
    await field.fill('');
    await field.press('Enter');
    await until('t = 1 h → e');
  });

  it('reads out a number with all its digits, by the arrow keys', async () => {
    const { page } = panel;
    const part = section('Forward pass').locator('.sheet-part');
    await part.focus();
    await part.press('End');
    await part.press('ArrowUp');
    const said = (await view().locator('.sheet-readout').textContent())!;
    assert.match(said, /^y\[8\] \[.+\] = 0\.\d{10,}$/);
    assert.equal(await page.locator('.num.at').count(), 1);
  });

  it('can be saved as a page to print, and as numbers', async () => {
    const { page, host } = panel;
    const save = async (format: string) => {
      const saved = host.nextSave();
      await view()
        .locator('.save-menu vscode-button, .figure-toolbar [aria-haspopup="menu"]')
        .click();
      await view().locator(`[data-format="${format}"]`).click();
      return new TextDecoder().decode((await saved).content);
    };
    const csv = await save('csv');
    assert.match(csv, /^.?quantity,entry,value\n"x\[1\]",1,/);
    assert.ok(
      csv.split('\n').every((line) => line === '' || /,(-?[\d.]+(e-\d+)?|NaN|value)$/.test(line)),
    );
    const html = await save('html');
    const paper = await page.context().newPage();
    await paper.setContent(html);
    await paper.emulateMedia({ media: 'print' });
    assert.equal(await paper.locator('.num').count(), await view().locator('.num').count());
    assert.ok(await paper.locator('svg.gates text').first().isVisible());
    if (process.env['RNN_LAB_SCREENSHOTS'] === '1')
      await paper.screenshot({ path: 'out/screenshots/worksheet-paper.png', fullPage: true });
    await paper.close();
  });

  it('is of a new network where the run is too large, and shows the gates of its cell', async () => {
    const { page, host } = panel;
    await host.trainToEnd('large.txt', text, 10, { 'model.cell': 'lstm', 'model.hidden': 32 });
    await openTab(page, 'worksheet');
    await section('Step 6 as a graph').waitFor();
    assert.match((await view().locator('.sheet-about').textContent())!, /^This run is too large/);
    await choose(page, 'sheet-hidden', '2');
    await page.waitForFunction(() =>
      document.querySelector('.sheet-about')?.textContent.includes('2 hidden units'),
    );
    const labels = await view().locator('.gates-label').allTextContents();
    assert.deepEqual(
      ['×', '+', 'σ', 'tanh', 'c[t-1]'].map(
        (sign) => labels.filter((each) => each === sign).length,
      ),
      [3, 6, 3, 2, 1],
    );
    assert.equal(
      await view().locator('.gates-value').count(),
      await view().locator('.gates-edge').count(),
    );
  });

  it('is drawn in the colours of every theme, and legible', async () => {
    const { page } = panel;
    for (const kind of themeKinds) {
      await panel.theme(kind);
      assert.deepEqual(await illegible(page, '#view-worksheet'), [], kind);
      await panel.screenshot(`worksheet-${kind}`);
      if (process.env['RNN_LAB_SCREENSHOTS'] === '1')
        await view().screenshot({ path: `out/screenshots/worksheet-${kind}-whole.png` });
    }
  });
});
