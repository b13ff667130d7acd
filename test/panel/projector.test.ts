// Points of models, as the panel draws them, against the command line's numbers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { SaveRequest } from '../../src/host/panel/save';
import { accessibilityViolations } from './support/axe';
import { usePanel } from './support/panel';
import { themeKinds } from './support/themes';
import { choose, openTab, openTable, rowsOf, spoken } from './support/view';

const text = 'The Queen went away. He came at 10; she stayed.\n'.repeat(60);

function rnnLab(...args: string[]): string {
  const cli = path.resolve('dist/cli.js');
  return execFileSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** A matrix of a run, as it is exported. */
function matrixOf(run: string, wanted: string): readonly number[][] {
  const file = path.join(run, 'exported.json');
  rnnLab('export', run, '--format', 'json', '--checkpoint', 'last', '--out', file);
  const { parameters } = JSON.parse(fs.readFileSync(file, 'utf8')) as {
    parameters: { name: string; values: number[][] }[];
  };
  return parameters.find(({ name }) => name === wanted)!.values;
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('the projector', () => {
  const panel = usePanel();
  const view = () => panel.page.locator('#view-projector');
  const plot = () => view().getByRole('slider', { name: 'Projector' });
  const table = () => view().locator('.table');
  const unit = () => view().locator('h2 .unit');

  async function csv(): Promise<string[][]> {
    await view().locator('.save-menu').getByRole('button').press('Enter');
    const saved = panel.host.nextSave();
    await view().locator('[data-format="csv"]').click();
    const { content } = await saved;
    const rows = new TextDecoder().decode(content).trim().split(/\r?\n/);
    return rows.map((row) => row.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/));
  }

  describe('of a text', () => {
    before(async () => {
      await panel.host.trainToEnd('queen.txt', text, 60, {
        ...{ 'model.hidden': 8, 'model.embedding': 6, 'training.keepCheckpoints': 4 },
      });
      await openTab(panel.page, 'projector');
    });

    it('shows the states after each token, as far apart as they are', async () => {
      await unit().getByText('s · ').waitFor();
      const rows = await openTable(table());
      const points = (await csv()).slice(1);
      assert.equal(points.length, rows.length);
      // What is held out is shown; the model reads it from its beginning.
      const from = text.length - rows.length;
      const line = rnnLab(
        ...[
          'inspect',
          panel.host.folder(),
          '--checkpoint',
          'last',
          '--text',
          text.slice(from - 300),
        ],
        ...['--variables', 's', '--json'],
      );
      const told = line
        .trim()
        .split('\n')
        .map((each) => JSON.parse(each) as { variables?: Record<string, number[]> })
        .flatMap(({ variables }) => (variables ? [Object.values(variables)[0]!] : []))
        .slice(300);
      assert.equal(told.length, points.length);
      const apart = (a: readonly number[], b: readonly number[]): number =>
        Math.hypot(...a.map((value, i) => value - b[i]!));
      const places = points.map((row) => row.slice(5).map(Number));
      for (const [a, b] of [
        [0, 1],
        [3, 50],
        [20, 200],
        [100, 101],
      ] as const) {
        assert.equal(places[a]!.length, 8);
        const far = Math.abs(apart(places[a]!, places[b]!) - apart(told[a]!, told[b]!));
        assert.ok(far < 1e-4, String(far));
      }
    });

    it('goes to the place of a point in the text, by keyboard', async () => {
      const rows = await rowsOf(table());
      await plot().press('Home');
      for (let i = 0; i < 3; i++) await plot().press('ArrowRight');
      assert.match(await spoken(plot()), /^token .+, kind of character .+, loss .+, nearest /);
      await plot().press('Enter');
      await panel.settled();
      const { start, end, document } = panel.host.asked.places.at(-1)!;
      assert.equal(document.name, 'queen.txt');
      const lines = text.split('\n');
      assert.equal(start.line, end.line);
      const token = lines[start.line]!.slice(start.character, end.character);
      assert.equal(token.replace(' ', '␣'), rows[3]![0]);
      const near = view().locator('.projector-near');
      await near
        .getByRole('heading', { name: `Nearest to ${rows[3]![0]!}`, exact: true })
        .waitFor();
      assert.equal(await near.getByRole('button').count(), 8);
      await near.getByRole('button').first().press('Enter');
      assert.equal(await plot().evaluate((element) => element.matches(':focus')), true);
    });

    it('shows the tokens by their embedding, the nearest by the cosine', async () => {
      const { page, host } = panel;
      await choose(page, 'projector-what', 'tokens that are read, E');
      await unit().getByText('6 values each').waitFor();
      const embedding = matrixOf(host.folder(), 'embedding.E');
      const points = (await csv()).slice(1);
      const tokens = points.map(([, token]) => token!);
      assert.equal(tokens.length, embedding[0]!.length);
      const vector = (token: number): number[] => embedding.map((row) => row[token]!);
      const cosine = (a: number, b: number): number =>
        dot(vector(a), vector(b)) /
        Math.sqrt(dot(vector(a), vector(a)) * dot(vector(b), vector(b)));
      const token = tokens.indexOf('Q');
      const search = page.locator('#projector-search').getByRole('textbox');
      await search.fill('q');
      await view().getByText('1 found; Enter goes to the first.').waitFor();
      await search.press('Enter');
      const near = view().locator('.projector-near');
      await near.getByRole('heading', { name: 'Nearest to Q', exact: true }).waitFor();
      const wanted = [...tokens.keys()]
        .filter((other) => other !== token)
        .sort((a, b) => cosine(token, b) - cosine(token, a))
        .slice(0, 8)
        .map((other) => tokens[other]!);
      assert.deepEqual(await near.locator('b').allTextContents(), wanted);
      assert.match(await spoken(plot()), /^token Q, kind of character capital letter/);
      await search.fill('');
      await panel.screenshot('projector-embedding');
    });

    it('shows the model as it was, and keeps what is shown', async () => {
      const { page, host } = panel;
      const [first] = host.runs.current!.keptSteps;
      host.runs.travel(first);
      await unit()
        .getByText(`step ${String(first)}`, { exact: false })
        .waitFor();
      assert.match((await unit().textContent())!, /6 values each/);
      host.runs.travel(undefined);
      await unit().getByText('step 60').waitFor();
      await choose(page, 'projector-colors', 'nothing');
      await choose(page, 'projector-colors', 'kind of character');
      const legend = await view().locator('.projector-legend li').allTextContents();
      assert.ok(
        legend.some((entry) => entry.startsWith('capital letter ')),
        legend.join(),
      );
    });

    it('is saved as a picture', async () => {
      for (const format of ['svg', 'png'] as const) {
        await view().locator('.save-menu').getByRole('button').press('Enter');
        const saved: Promise<SaveRequest> = panel.host.nextSave();
        await view().locator(`[data-format="${format}"]`).click();
        const { content, name } = await saved;
        assert.match(name, /^queen\.txt embedding\.E$/);
        if (format === 'png') assert.deepEqual([...content.subarray(1, 4)], [80, 78, 71]);
        else assert.match(new TextDecoder().decode(content), /^<svg[\s\S]*axis 1: \d/);
      }
    });

    for (const kind of themeKinds) {
      it(`is without violations in ${kind}`, async () => {
        await panel.theme(kind);
        assert.equal((await accessibilityViolations(panel.page)).join('\n'), '');
        await panel.screenshot(`projector-${kind}`);
      });
    }
  });

  describe('of examples', () => {
    const rows = Array.from({ length: 120 }, (_, i) => {
      const word = ['good', 'fine', 'bad', 'dull'][i % 4]!;
      return `the ${['film', 'book', 'meal'][i % 3]!} was ${word} ${String(i)},${i % 4 < 2 ? 'pos' : 'neg'}`;
    });

    before(async () => {
      await panel.theme('vscode-dark');
      await panel.host.trainToEnd('words.csv', `text,label\n${rows.join('\n')}\n`, 60, {
        ...{ 'model.hidden': 12, 'training.batch': 16, 'data.tokenizer': 'word' },
      });
      await openTab(panel.page, 'projector');
    });

    it('shows each step of the test part, by its class, and goes to its line', async () => {
      await unit().getByText('12 values each').waitFor();
      // It is open, as it was of the run before.
      const shown = await rowsOf(table());
      assert.ok(shown.every(([, label]) => label === 'pos' || label === 'neg'));
      const points = (await csv()).slice(1);
      for (const [, token, label, loss, line] of points) {
        const [read, truth] = rows[Number(line) - 2]!.split(',');
        assert.equal(truth, label);
        assert.ok(
          token === 'UNK' || read!.split(' ').includes(token!) || /UNKNOWN|�/.test(token!),
          token,
        );
        assert.ok(Number(loss) >= 0);
      }
      assert.equal(points.length, 12 * 5);
      await plot().press('Home');
      await plot().press('Enter');
      await panel.settled();
      assert.deepEqual(panel.host.asked.lines, [Number(points[0]![4])]);
    });

    it('colours by the loss, and shows another part', async () => {
      const { page } = panel;
      await choose(page, 'projector-colors', 'loss');
      await view().locator('.projector-legend .ramp').waitFor();
      await choose(page, 'projector-part', 'Training part');
      await unit().getByText('480 points').waitFor();
      await panel.screenshot('projector-examples');
    });
  });
});
