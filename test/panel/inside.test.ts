// What goes on inside models of examples, as the panel draws it, against the command line's numbers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { SaveRequest } from '../../src/host/panel/save';
import { formatFor } from '../../src/protocol/format';
import { accessibilityViolations } from './support/axe';
import { usePanel } from './support/panel';
import { themeKinds } from './support/themes';
import { choose, openTab, openTable, rowsOf, spoken } from './support/view';

const { value: written, percent } = formatFor('en');

interface Looked {
  readonly answer: string;
  readonly parts: readonly string[];
  readonly source: readonly string[];
  readonly answers: readonly string[];
  readonly inputs: readonly { readonly variable: string; readonly norms: readonly number[][] }[];
  readonly states: readonly { readonly variable: string; readonly norms: readonly number[][] }[];
  readonly variables: readonly { readonly name: string; readonly values: readonly number[][] }[];
}

const settings = { 'model.hidden': 12, 'training.batch': 16, 'data.tokenizer': 'char' };

/** Words of any letters, and the same from right to left. */
const words = (() => {
  let seed = 7;
  const next = (n: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % n;
  };
  return Array.from({ length: 160 }, () =>
    Array.from({ length: 4 + next(4) }, () => 'abcde'[next(5)]!).join(''),
  );
})();
const reversed = words.map((word) => `${word},${Array.from(word).reverse().join('')}`);

describe('the inside of models of examples', () => {
  const panel = usePanel();
  const view = () => panel.page.locator('#view-cursor');
  const figure = (name: string) => view().locator(`[aria-labelledby="example-${name}-title"]`);
  const tableOf = (name: string) => figure(name).locator('.table');
  const at = (place: string) =>
    view().locator('strong').getByText(place, { exact: true }).waitFor();

  function look(input: string, ...flags: string[]): Looked {
    const args = [path.resolve('dist/cli.js'), 'inspect', panel.host.folder(), input, '--json'];
    const out = execFileSync(process.execPath, [...args, ...flags], { encoding: 'utf8' });
    return JSON.parse(out) as Looked;
  }

  describe('of an encoder and a decoder', () => {
    const row = 3;
    const [input, target] = reversed[row]!.split(',') as [string, string];

    before(async () => {
      const { page, host } = panel;
      const file = `source,target\n${reversed.join('\n')}\n`;
      const editor = panel.edit('reversed.csv', file);
      await host.trainToEnd('reversed.csv', file, 80, settings);
      await openTab(page, 'cursor');
      editor.goTo(row + 2, 1);
      await at(`reversed.csv, line ${String(row + 2)}`);
    });

    it('tells how each symbol written depends on each that was read', async () => {
      const { parts, source, inputs } = look(input, '--target', target);
      assert.deepEqual(parts, [...Array.from(target), 'END']);
      await figure('dependence')
        .getByText('E is the loss of the answer that the file has.')
        .waitFor();
      const shown = await openTable(tableOf('dependence'));
      const { norms } = inputs[0]!;
      source.forEach((token, t) => {
        const expected = norms.map((row) => written(row[t]!));
        assert.deepEqual(shown[t], [token, ...expected]);
      });
      const map = figure('dependence').getByRole('slider');
      await map.press('Home');
      await map.press('ArrowRight');
      assert.match(
        await spoken(map),
        new RegExp(
          `Step 2 ${source[1]!}, Part of the answer 1 ${parts[0]!}, .*${written(norms[0]![1]!)}`,
        ),
      );
    });

    it('and on each state of the decoder and of the encoder', async () => {
      const { states } = look(input, '--target', target);
      for (const { variable, norms } of states) {
        const name = `${variable}[${variable.startsWith('d') ? 'u' : 't'}]`;
        await choose(panel.page, 'example-dependence', name);
        // The table follows its picture a little later.
        await panel.page.waitForFunction(
          (wanted) =>
            document.querySelector(
              '[aria-labelledby="example-dependence-title"] .table tbody tr :nth-child(2)',
            )?.textContent === wanted,
          written(norms[0]![0]!),
        );
        const shown = await rowsOf(tableOf('dependence'));
        norms[0]!.forEach((_, step) => {
          assert.deepEqual(
            shown[step]!.slice(1),
            norms.map((row) => written(row[step]!)),
          );
        });
      }
    });

    it('chooses a part from the picture, whose tokens it shades', async () => {
      const { inputs } = look(input, '--target', target);
      const map = figure('dependence').getByRole('slider');
      await choose(panel.page, 'example-dependence', inputs[0]!.variable);
      await map.press('Home');
      await map.press('ArrowDown');
      await map.press('Enter');
      await panel.settled();
      const norms = inputs[0]!.norms[1]!;
      const greatest = Math.max(...norms);
      const strengths = await view()
        .locator('.example-word')
        .evaluateAll((all) =>
          all.map((each) => (each as HTMLElement).style.getPropertyValue('--strength')),
        );
      assert.deepEqual(
        strengths,
        norms.map((norm) => `${String(Math.round((60 * norm) / greatest))}%`),
      );
    });

    it('draws the states of either, unit by unit', async () => {
      for (const [name, length] of [
        ['s', input.length],
        ['d', target.length + 1],
      ] as const) {
        await choose(panel.page, 'example-variable', name);
        const { variables } = look(input, '--target', target, '--variables', name);
        const own = variables.find((each) => each.name === name)!;
        assert.equal(own.values.length, length);
        const map = figure('states').getByRole('slider');
        await map.press('Home');
        await panel.page.waitForFunction(
          (wanted) =>
            document
              .querySelector('[aria-labelledby="example-states-title"] [role="slider"]')!
              .getAttribute('aria-valuetext')!
              .includes(wanted),
          `${name}[${name === 's' ? 't' : 'u'}] ${written(own.values[0]![0]!)}`,
        );
      }
    });

    it('saves what it shows', async () => {
      const save = async (name: string, format: SaveRequest['format']) => {
        await figure(name).locator('.save-menu').getByRole('button').press('Enter');
        const saved = panel.host.nextSave();
        await figure(name).locator(`[data-format="${format}"]`).click();
        return new TextDecoder().decode((await saved).content);
      };
      const [header, first] = (await save('dependence', 'csv')).trim().split(/\r?\n/);
      assert.equal(header, 'variable,part,symbol,step,token,norm');
      const { inputs, source, parts } = look(input, '--target', target);
      const cells = first!.split(',');
      assert.deepEqual(cells.slice(1, 5), ['1', parts[0]!, '1', source[0]!]);
      assert.ok(Math.abs(Number(cells[5]) / inputs[0]!.norms[0]![0]! - 1) < 1e-6);
      for (const name of ['dependence', 'states', 'map']) {
        assert.match(await save(name, 'svg'), /^<svg/);
      }
    });

    it('is unrolled over the example, with its answers, and what is true', async () => {
      const { page } = panel;
      await openTab(page, 'model');
      const unrolled = page.locator('[aria-labelledby="model-unrolled-title"]');
      const { answers } = look(input, '--target', target);
      const shown = await openTable(unrolled.locator('.table'));
      const written = Array.from(target);
      assert.deepEqual(
        shown.map((row) => row.slice(0, 3)),
        [
          ...Array.from(input, (token) => [token, '', '']),
          ...['START', ...written].map((token, u) => [
            ...[token, answers[u] ?? 'END', [...written, 'END'][u]!],
          ]),
        ],
      );
      await panel.screenshot('inside-unrolled');
      assert.match(
        (await unrolled.getByRole('img').first().getAttribute('aria-label'))!,
        /s →, d →/,
      );
      await openTab(page, 'cursor');
      await at(`reversed.csv, line ${String(row + 2)}`);
    });

    it('breaks no rule of accessibility in any theme, and is not too wide', async () => {
      const { page } = panel;
      const before = page.viewportSize()!;
      const found: string[] = [];
      for (const kind of themeKinds) {
        await panel.theme(kind);
        found.push(...(await accessibilityViolations(page)));
        for (const width of [350, 900]) {
          await page.setViewportSize({ width, height: 1700 });
          await panel.settled();
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= width, `${kind} at ${String(width)}: ${String(wide)}`);
          await panel.screenshot(`inside-reversed-${kind}-${String(width)}`);
        }
      }
      await page.setViewportSize(before);
      assert.deepEqual(found, []);
    });
  });

  it('shows each tag below its token, and the true one where it differs', async () => {
    const { page, host } = panel;
    const sentences = words.map((word, i) =>
      Array.from(word)
        .map((c) => `${c} ${'ae'.includes(c) === i % 9 > 0 ? 'V' : 'C'}\n`)
        .join(''),
    );
    const file = `${sentences.join('\n')}\n`;
    const editor = panel.edit('tags.conll', file);
    await host.trainToEnd('tags.conll', file, 60, { ...settings, 'model.bidirectional': 'on' });
    await openTab(page, 'cursor');
    // The first sentence is tagged the other way round.
    editor.goTo(2, 1);
    await at('tags.conll, line 2');
    const sentence = Array.from(words[0]!);
    const { answers, parts, inputs } = look(
      sentence.join(' '),
      '--target',
      sentences[0]!
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[1]!)
        .join(' '),
    );
    assert.notDeepEqual(answers, parts);
    const tokens = await view().locator('.example-token').allInnerTexts();
    assert.deepEqual(
      tokens.map((text) => text.split(/\s+/)),
      sentence.map((c, i) =>
        answers[i] === parts[i] ? [c, answers[i]!] : [c, answers[i]!, parts[i]!],
      ),
    );
    // The cursor is at the second tag: its token stands out, and what it depends on is shaded.
    assert.match(
      await view().locator('.example-token.chosen').innerText(),
      new RegExp(`^${sentence[1]!}`),
    );
    const norms = inputs[0]!.norms[1]!;
    const strength = await view()
      .locator('.example-word')
      .first()
      .evaluate((word) => word.style.getPropertyValue('--strength'));
    assert.equal(strength, `${String(Math.round((60 * norms[0]!) / Math.max(...norms)))}%`);
    await panel.screenshot('inside-tags');
  });

  it('draws the score after each word as curves, and shades the text by it', async () => {
    const { page, host } = panel;
    const rows = words.map(
      (word) => `${Array.from(word).join(' ')},${word.includes('a') ? 'yes' : 'no'}`,
    );
    const file = `text,label\n${rows.join('\n')}\n`;
    const editor = panel.edit('classes.csv', file);
    await host.trainToEnd('classes.csv', file, 80, { ...settings, 'data.tokenizer': 'word' });
    await openTab(page, 'cursor');
    editor.goTo(4, 1);
    await at('classes.csv, line 4');
    await choose(page, 'example-shading', 'score after each token');
    const tokens = rows[2]!.split(',')[0]!.split(' ');
    const args = [path.resolve('dist/cli.js'), 'predict', host.folder(), '--json'];
    const beginnings = tokens.map((_, i) => tokens.slice(0, i + 1).join(' '));
    const told = execFileSync(process.execPath, [...args, ...beginnings], { encoding: 'utf8' });
    const answers = told
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { others: { answer: string; probability: number }[] })
      .slice(0, -1);
    const plot = figure('score').getByRole('slider');
    const { answer } = look(tokens.join(' '));
    for (const [i, { others }] of answers.entries()) {
      await plot.press(i === 0 ? 'Home' : 'ArrowRight');
      const said = await spoken(plot);
      for (const { answer: name, probability } of others) {
        assert.match(said, new RegExp(`${name} ${percent(probability)}`));
      }
      const own = others.find((other) => other.answer === answer)!.probability;
      const strength = await view()
        .locator('.example-word')
        .nth(i)
        .evaluate((word) => word.style.getPropertyValue('--strength'));
      assert.ok(Math.abs(parseFloat(strength) - 60 * own) <= 0.51, `${strength} ${String(own)}`);
    }
    await panel.screenshot('inside-classes');
  });

  it('draws the errors of a series by steps ahead, beside ways without states', async () => {
    const { page, host } = panel;
    const values = Array.from({ length: 200 }, (_, i) =>
      Number((10 + 3 * Math.sin(i / 4)).toFixed(4)),
    );
    const rows = values.map((value, i) => {
      const date = new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
      return `${date},${String(value)}`;
    });
    await host.trainToEnd('wave.csv', `date,value\n${rows.join('\n')}\n`, 60, settings);
    await openTab(page, 'results');
    const shown = page.locator('[aria-labelledby="results-forecasts-title"]');
    await shown.waitFor();
    const table = await openTable(shown.locator('.table'));
    const header = await shown.locator('.table thead th').allInnerTexts();
    const lastValue = header.indexOf('last value');
    // The test part is the last tenth: from each of its steps back, of all that still end in it.
    const [first, end] = [179, 200];
    table.forEach((row, i) => {
      const ahead = i + 1;
      const errors = Array.from({ length: end - first - ahead }, (_, k) =>
        Math.abs(values[first + k + ahead]! - values[first + k]!),
      );
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      assert.ok(Math.abs(Number(row[lastValue]) / mean - 1) < 2e-3, `${row.join(' ')} ${mean}`);
    });
    const plot = shown.getByRole('slider');
    await plot.press('Home');
    const [own] = table;
    assert.match(await spoken(plot), new RegExp(`model ${own![header.indexOf('model')]!}`));
    const scores = page.locator('[aria-labelledby="results-scores-title"]');
    const [, mae] = /mean absolute error\s+([\d.]+)/.exec(await scores.innerText())!;
    assert.ok(Math.abs(Number(own![header.indexOf('model')]) / Number(mae) - 1) < 0.01);
    await panel.screenshot('inside-forecasts');
  });

  it('draws the series and its forecast, as the command line tells it', async () => {
    const { page, host } = panel;
    const shown = page.locator('[aria-labelledby="results-course-title"]');
    const slider = shown.locator('input[type="range"]');
    await slider.press('End');
    const rows = await openTable(shown.locator('.table'));
    const file = path.join(host.folder(), 'wave.csv');
    const dates = rows.map(([date]) => date!).filter((date) => date.startsWith('2020'));
    assert.deepEqual([dates[0], dates.at(-1)], ['2020-06-29', '2020-07-18']);
    const lines = Array.from({ length: 200 }, (_, i) => {
      const date = new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
      return `${date},${(10 + 3 * Math.sin(i / 4)).toFixed(4)}`;
    });
    fs.writeFileSync(file, `date,value\n${lines.join('\n')}\n`);
    const ahead = String(rows.length - dates.length);
    const args = ['predict', host.folder(), '--horizon', ahead, '--file', file, '--json'];
    const out = execFileSync(process.execPath, [path.resolve('dist/cli.js'), ...args], {
      encoding: 'utf8',
    });
    const told = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly numbers?: readonly number[][] })
      .flatMap(({ numbers }) => numbers?.[0]?.[0] ?? []);
    assert.ok(told.length > 1);
    // Behind the last step nothing is true, and nothing is told one step ahead.
    assert.deepEqual(
      rows.slice(dates.length).map((row) => row.slice(1, 4)),
      told.map((value) => ['–', '–', written(value)]),
    );
    rows.slice(dates.length).forEach(([, , , free, low, high]) => {
      assert.ok(Number(low) <= Number(high), [low, free, high].join(' '));
    });
    await slider.press('Home');
    await panel.settled();
    const plot = shown.getByRole('slider', { name: 'Series and forecast' });
    await plot.press('Home');
    assert.match(
      await spoken(plot),
      /2020-06-29.*true [\d.]+.*one step ahead ([\d.]+).*free running \1/,
    );
    await slider.evaluate((input: HTMLInputElement) => {
      input.value = '10';
      input.dispatchEvent(new Event('input'));
    });
    for (const kind of themeKinds) {
      await panel.theme(kind);
      assert.equal((await accessibilityViolations(page)).join('\n'), '', kind);
      await shown.scrollIntoViewIfNeeded();
      // The keyboard is at the first step: so are the dots.
      const [dot, area] = await Promise.all(
        ['.u-cursor-pt', '.u-over'].map((part) => plot.locator(part).first().boundingBox()),
      );
      assert.ok(dot && area && Math.abs(dot.x + dot.width / 2 - area.x) < 3, kind);
      await panel.screenshot(`inside-course-${kind}`);
    }
  });
});
