import assert from 'node:assert/strict';
import type { SaveRequest } from '../../src/host/panel/save';
import { formatFor } from '../../src/protocol/format';
import { contrastOf, illegible } from './support/legible';
import { usePanel } from './support/panel';
import { noise, restless } from '../noise';
import { themeKinds } from './support/themes';
import { inkOf, pixelsOfColor } from './support/pixels';
import { choose, figure, numberOf, openTab, openTable, spoken, stepAtLeast } from './support/view';

const text = restless('To be, or not to be, that is the question:', 300);

/** Entropies of a text's characters, nats: alone, and given the one before. */
function entropies(of: string): { unigram: number; bigram: number } {
  const singles = countsOf(Array.from(of));
  const pairs = countsOf(Array.from({ length: of.length - 1 }, (_, i) => of.slice(i, i + 2)));
  const heads = countsOf(Array.from(of.slice(0, -1)));
  const entropy = (counts: Map<string, number>) => {
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    return -[...counts.values()].reduce((sum, n) => sum + (n / all) * Math.log(n / all), 0);
  };
  return { unigram: entropy(singles), bigram: entropy(pairs) - entropy(heads) };
}

function countsOf(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

describe('the view of the loss', () => {
  const panel = usePanel();
  const plot = () => panel.page.locator('#view-loss .plot').first();
  const canvas = () => plot().locator('canvas');

  /** What the plot says at a place: `Home`, `End`. */
  async function spokenAt(key: string): Promise<string> {
    await plot().press(key);
    return spoken(plot());
  }

  /** What the panel asks to be saved in a format. */
  async function save(format: SaveRequest['format']): Promise<SaveRequest> {
    const { page, host } = panel;
    await page.locator('#view-loss .save-menu').first().getByRole('button').press('Enter');
    const saved = host.nextSave();
    await page.locator(`#view-loss [data-format="${format}"]`).first().click();
    return saved;
  }

  before(async () => {
    await panel.host.train('hamlet.txt', text, { 'data.validation': 0.1 });
    await panel.page.getByText(/at step/).waitFor();
  });

  it('names the text, and draws a curve while the model trains', async () => {
    const { page } = panel;
    await stepAtLeast(page, 100);
    assert.equal(await page.locator('h1').textContent(), 'hamlet.txt');
    assert.equal(await page.locator('.phase').getAttribute('data-phase'), 'training');
    assert.ok((await inkOf(canvas())) > 500);
  });

  it('sets the learning rate of the training', async () => {
    const { page } = panel;
    /** Waits until a row of metrics, which comes from the engine, has a learning rate. */
    const isAt = (rate: string) =>
      page
        .locator(`#view-loss .rate-chart .plot[aria-valuetext$="learning rate ${rate}"]`)
        .waitFor();
    const field = page.locator('#rate input');
    await field.fill('0.00125');
    await field.press('Enter');
    await page.getByText('set by hand').waitFor();
    await isAt('0.00125');
    await page.getByRole('button', { name: 'Double the learning rate' }).click();
    await isAt('0.0025');
    await page.getByRole('button', { name: 'Back to the schedule' }).click();
    await page.getByText('as scheduled').waitFor();
    await field.fill('-1');
    await field.press('Enter');
    await page.getByText('Type a number above 0').waitFor();
    await field.press('Escape');
    assert.equal(await page.getByText('Type a number above 0').count(), 0);
  });

  it('leaves a learning rate to who types it while the training goes on, with room for it', async () => {
    const { page } = panel;
    const field = page.locator('#rate input');
    await field.press('ControlOrMeta+a');
    let typed = '';
    for (const key of '0.000653') {
      await page.keyboard.press(key);
      typed += key;
      await stepAtLeast(page, numberOf(await figure(page, 'Step')) + 5);
      assert.equal(await field.inputValue(), typed);
    }
    await page.keyboard.press('Enter');
    await page.getByText('set by hand').waitFor();
    const before = page.viewportSize()!;
    const buttons = page.locator('.rate vscode-button');
    for (const width of [300, 350, 440, before.width]) {
      await page.setViewportSize({ ...before, width });
      const tops = await buttons.evaluateAll((all) =>
        all.map((button) => button.getBoundingClientRect().top),
      );
      assert.ok(tops.length === 2 && tops[0] === tops[1], `${tops.join()} at ${width} pixels`);
      for (const written of ['0.0000653', '6.527e-4']) {
        await field.fill(written);
        const cut = await field.evaluate((box) => box.scrollWidth - box.clientWidth);
        assert.equal(cut, 0, `${written} at ${width} pixels`);
      }
      await panel.screenshot(`rate-${width}`);
    }
    // Left, it has the rate that holds, as the panel writes numbers.
    await field.press('Tab');
    await panel.settled();
    assert.equal(await field.inputValue(), '0.000653');
    const { metrics } = panel.host.runs.current!;
    await stepAtLeast(page, metrics.at('step', metrics.length - 1) + 5);
    assert.equal(metrics.at('learningRate', metrics.length - 1), 0.000653);
    await page.getByRole('button', { name: 'Back to the schedule' }).click();
    await page.getByText('as scheduled').waitFor();
  });

  it('pauses and goes on by its buttons, which keep the focus', async () => {
    const { page, host } = panel;
    await page.locator('[data-command="pause"]').press('Enter');
    await page.locator('.phase[data-phase="paused"]').waitFor();
    assert.equal(host.runs.current?.phase, 'paused');
    const resume = page.locator('[data-command="resume"]:focus');
    await resume.press('Enter');
    await page.locator('.phase[data-phase="training"]').waitFor();
    assert.equal(host.runs.current.phase, 'training');
  });

  it('draws nothing that is behind another tab', async () => {
    const { page } = panel;
    await page.evaluate(() => {
      const counter = window as unknown as { drawn: number };
      counter.drawn = 0;
      const plain = CanvasRenderingContext2D.prototype.clearRect;
      CanvasRenderingContext2D.prototype.clearRect = function (...box) {
        if (this.canvas.closest('#view-loss')) counter.drawn++;
        plain.apply(this, box);
      };
    });
    const drawn = () => page.evaluate(() => (window as unknown as { drawn: number }).drawn);
    const stepOn = async () => stepAtLeast(page, numberOf(await figure(page, 'Step')) + 20);
    await stepOn();
    assert.ok((await drawn()) > 0);
    await openTab(page, 'model');
    await panel.settled();
    const before = await drawn();
    await stepOn();
    assert.equal(await drawn(), before);
    await openTab(page, 'loss');
  });

  it('stops by its button, with the same numbers everywhere', async () => {
    const { page, host } = panel;
    await page.locator('[data-command="stop"]').press('Enter');
    await page.locator('.phase[data-phase="stopped"]').waitFor();
    assert.deepEqual(host.asked.commands, ['pause', 'resume', 'stop']);
    const { metrics } = host.runs.current!;
    const step = metrics.at('step', metrics.length - 1);
    const loss = formatFor('en').loss(metrics.at('lossMean', metrics.length - 1));
    assert.equal(numberOf(await figure(page, 'Step')), step);
    assert.equal(await figure(page, 'Training loss'), loss);
    const words = await spokenAt('End');
    assert.ok(words.startsWith(`step ${step.toLocaleString('en')}, training ${loss}`), words);
    assert.equal(await plot().getAttribute('aria-valuenow'), String(step));
    assert.ok(await plot().locator('.bubble').isVisible());
    await page.keyboard.press('Escape');
    assert.ok(await plot().locator('.bubble').isHidden());
  });

  it('has its numbers as a table', async () => {
    const { page } = panel;
    const table = page.locator('#view-loss .table');
    const last = (await openTable(table)).at(-1)!;
    assert.equal(last[0], await figure(page, 'Step'));
    assert.equal(last[2], await figure(page, 'Training loss'));
    await table.locator('summary').click();
  });

  it('shows the entropies of the text, in every unit', async () => {
    const { page } = panel;
    const { unigram, bigram } = entropies(text);
    const help = async () => (await page.locator('#loss-chart-help').textContent()) ?? '';
    const told = (await help()).matchAll(/(ln C|unigram entropy|bigram entropy) (\d\.\d{3})/g);
    const values = new Map([...told].map(([, name, value]) => [name!, Number(value)]));
    assert.ok(Math.abs(values.get('ln C')! - Math.log(new Set(text).size)) < 0.001);
    // The part that is trained on is nine tenths of lines that are alike.
    assert.ok(Math.abs(values.get('unigram entropy')! - unigram) < 0.01);
    assert.ok(Math.abs(values.get('bigram entropy')! - bigram) < 0.01);
    const loss = Number(await figure(page, 'Training loss'));

    await choose(page, 'loss-unit', 'bits/character');
    const bits = Number(/training (\d+\.\d+)/.exec(await spokenAt('End'))?.[1]);
    assert.ok(Math.abs(bits - loss / Math.LN2) < 0.002, `${bits} of ${loss}`);
    const uniform = Number(/log₂ C (\d+\.\d+)/.exec(await help())?.[1]);
    assert.ok(Math.abs(uniform - Math.log2(new Set(text).size)) < 0.001);

    await choose(page, 'loss-unit', 'perplexity');
    const perplexity = Number(/training (\d+\.?\d*)/.exec(await spokenAt('End'))?.[1]);
    assert.ok(Math.abs(perplexity / Math.exp(loss) - 1) < 0.01, `${perplexity} of ${loss}`);
    await choose(page, 'loss-unit', 'nats/token');
  });

  it('is drawn over steps and over time', async () => {
    const { page } = panel;
    assert.match(await spokenAt('End'), /^step [\d,]+, training .*, time \d+:\d\d/);
    await choose(page, 'loss-axis', 'over time');
    const words = await spokenAt('End');
    assert.match(words, /^time \d+:\d\d, training .*, step [\d,]+/);
    assert.equal(/, step ([\d,]*\d)/.exec(words)?.[1], await figure(page, 'Step'));
    await choose(page, 'loss-axis', 'over steps');
  });

  it('zooms by keyboard and by pointer, and back', async () => {
    const { page } = panel;
    const reset = page.locator('#view-loss .reset').first();
    const end = Number(await plot().getAttribute('aria-valuemax'));
    await spokenAt('End');
    await page.keyboard.press('+');
    await reset.waitFor();
    await page.keyboard.press('ArrowLeft');
    assert.ok(Number(await plot().getAttribute('aria-valuemin')) > end / 3);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await reset.waitFor({ state: 'hidden' });

    const box = (await plot().boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    await reset.waitFor();
    await spokenAt('Home');
    assert.ok(Number(await plot().getAttribute('aria-valuemax')) < end * 0.7);
    await page.keyboard.press('Escape');
    await reset.click();
    await reset.waitFor({ state: 'hidden' });
  });

  it('hides a line by its name in the legend', async () => {
    const { page } = panel;
    const blue = () => pixelsOfColor(canvas(), 'var(--vscode-charts-blue)');
    const training = page.locator('#view-loss .legend').getByRole('button', { name: 'training' });
    assert.ok((await blue()) > 50);
    await training.press('Enter');
    assert.equal(await training.getAttribute('aria-pressed'), 'false');
    assert.equal(await blue(), 0);
    await page.keyboard.press('Enter');
    assert.ok((await blue()) > 50);
  });

  it('is saved as PNG, SVG and CSV', async () => {
    const { page } = panel;
    const png = await save('png');
    assert.equal(png.name, 'hamlet.txt loss');
    const bytes = Buffer.from(png.content);
    assert.deepEqual([...bytes.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const width = await plot().evaluate((element) => element.clientWidth);
    assert.equal(bytes.readUInt32BE(16), 2 * Math.max(480, width));

    const svg = new TextDecoder().decode((await save('svg')).content);
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.match(svg, /unigram entropy \d\.\d{3}/);
    assert.ok((svg.match(/<path /g) ?? []).length >= 4);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined|color\(/);

    const csv = new TextDecoder().decode((await save('csv')).content);
    const [header, ...rows] = csv
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    assert.deepEqual(header!.slice(0, 5), [
      'run',
      'step',
      'epoch',
      'seconds',
      'training (nats/token)',
    ]);
    const trained = rows.filter((row) => row[4] !== '');
    assert.equal(Number(trained.at(-1)![1]), numberOf(await figure(page, 'Step')));
    const { loss } = formatFor('en');
    assert.equal(loss(Number(trained.at(-1)![4])), await figure(page, 'Training loss'));
    const best = Math.min(...rows.filter((row) => row[7] !== '').map((row) => Number(row[7])));
    assert.equal(loss(best), await figure(page, 'Best validation loss'));
  });

  for (const kind of themeKinds) {
    it(`is drawn in the colours of ${kind}, and legible`, async () => {
      const { page } = panel;
      const loss = await figure(page, 'Training loss');
      await plot().hover();
      await panel.theme(kind);
      for (const [color, least] of [
        ['blue', 50],
        ['yellow', 20],
      ] as const) {
        const variable = `var(--vscode-charts-${color})`;
        const pixels = await pixelsOfColor(canvas(), variable);
        assert.ok(pixels > least, `${pixels} pixels of ${color}`);
        // WCAG 1.4.11: what must be seen of a picture.
        assert.ok((await contrastOf(page, variable)) >= 3, color);
      }
      assert.deepEqual(await illegible(page, '#view-loss'), []);
      assert.equal(await figure(page, 'Training loss'), loss);
      await panel.screenshot(`loss-${kind}`);
    });
  }

  it('fits a narrow and a wide panel, as fine as the screen', async () => {
    const { page } = panel;
    const before = page.viewportSize()!;
    for (const width of [300, 640, 1800]) {
      await page.setViewportSize({ width, height: 900 });
      await page.waitForFunction(() => {
        const shown = document.querySelector('#view-loss .plot')!;
        const picture = shown.querySelector('canvas')!;
        const finest = picture.width / picture.clientWidth / window.devicePixelRatio;
        return (
          Math.abs(picture.clientWidth - shown.clientWidth) <= 1 && Math.abs(finest - 1) < 0.01
        );
      });
      const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
      assert.equal(scrollWidth, clientWidth, `${width} pixels`);
      await panel.screenshot(`loss-${width}`);
    }
    await page.setViewportSize(before);
  });

  it('keeps its tab, unit and axes while it is hidden', async () => {
    const { page } = panel;
    await choose(page, 'loss-unit', 'bits/character');
    await choose(page, 'loss-axis', 'over time');
    await page.locator('#loss-logLoss').click();
    await openTab(page, 'model');
    await panel.hide();
    await panel.show();
    await page.locator('#tab-model[aria-selected="true"]').waitFor();
    await openTab(page, 'loss');
    assert.match(await spokenAt('End'), /^time \d+:\d\d/);
    assert.match((await page.locator('#loss-chart-help').textContent()) ?? '', /log₂ C/);
    assert.equal(await page.locator('#loss-logLoss').getAttribute('aria-checked'), 'true');
  });

  it('has all its numbers again where it is opened again', async () => {
    const step = await figure(panel.page, 'Step');
    await panel.reopen();
    await panel.page.locator('.phase[data-phase="stopped"]').waitFor();
    assert.equal(await figure(panel.page, 'Step'), step);
    await panel.settled();
    assert.ok((await inkOf(canvas())) > 500);
  });

  it('says that a run overfits, since when, aloud too, and tries what helps', async () => {
    const { page, host } = panel;
    await host.trainToEnd('noise.txt', noise(4000), 1200, {
      ...{ 'data.validation': 0.1, 'training.learningRate': 0.01, 'training.schedule': 'constant' },
      'training.evaluateEvery': 50,
    });
    await page.locator('.phase[data-phase="finished"]').waitFor();
    await panel.settled();
    const course = page.locator('.course[data-course="overfitting"]');
    await course.waitFor();
    const { evaluations } = host.runs.current!;
    const losses = [...evaluations.view('validationLoss')];
    const best = Math.min(...losses);
    const since = evaluations.at('step', losses.indexOf(best)).toLocaleString('en');
    const claim = (await course.locator('.claim').textContent()) ?? '';
    const rise = `from ${best.toFixed(3)} to ${losses.at(-1)!.toFixed(3)}`;
    assert.ok(claim.startsWith(`Overfitting since step ${since}: `), claim);
    assert.ok(claim.includes(rise), claim);
    const spokenText = await page.locator('[role="status"]').last().textContent();
    assert.ok(spokenText?.includes(claim), spokenText ?? '');
    for (const kind of themeKinds) {
      await panel.theme(kind);
      assert.deepEqual(await illegible(page, '#view-loss'), []);
      await panel.screenshot(`loss-overfitting-${kind}`);
    }
    await course.getByRole('button', { name: 'Train again with dropout 0.2' }).click();
    await host.until(() => host.runs.current?.facts.settings['model.dropout'] === 0.2);
    const { settings } = host.runs.current!.facts;
    assert.equal(settings['training.learningRate'], 0.01);
    const names = page.locator('#view-loss .legend').first();
    await names.getByText('noise.txt · vanilla, training').nth(1).waitFor();
  });
});
