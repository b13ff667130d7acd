// The pictures of lab notebooks as a page in a browser, without VS Code around it.
import type { BrowserContext, Page } from 'playwright-core';
import { openPanelPage, ORIGIN, setTheme } from '../../../scripts/panel-page.mjs';
import type { ExperimentFigure } from '../../../src/core/notebooks/figure';
import type { FromRenderer } from '../../../src/protocol/notebook';
import { defaultStyle, themeVariables, type ThemeKind } from './themes';

export interface RendererPage {
  readonly page: Page;
  /** What the page has posted. */
  readonly posted: FromRenderer[];
  /** Draws a figure in place of the one before. */
  draw(figure: ExperimentFigure): Promise<void>;
  theme(kind: ThemeKind): Promise<void>;
}

const html = `<!doctype html><html lang="en"><head><title>Pictures</title><style>body { background: var(--vscode-editor-background); }</style></head><body><main><h1>A notebook</h1><div id="target"></div></main><script type="module">
import { activate } from './dist/webview/notebook.js';
const renderer = activate({ postMessage: (message) => window.postToHost(message) });
window.draw = (figure) =>
  renderer.renderOutputItem({ id: 'one', json: () => figure }, document.getElementById('target'));
</script></body></html>`;

export async function openRenderer(context: BrowserContext): Promise<RendererPage> {
  const posted: FromRenderer[] = [];
  const variables = themeVariables();
  const themeOf = (kind: ThemeKind) => ({ kind, variables: variables[kind] });
  const page = await openPanelPage(context, {
    html: () => html,
    style: defaultStyle(),
    theme: themeOf('vscode-dark'),
    receive: (message) => posted.push(message as FromRenderer),
  });
  await page.goto(`${ORIGIN}/`);
  await page.waitForFunction(() => 'draw' in window);
  return {
    page,
    posted,
    async draw(figure) {
      await page.evaluate((now) => {
        (window as unknown as { draw: (figure: unknown) => void }).draw(now);
      }, figure);
    },
    theme: (kind) => setTheme(page, themeOf(kind)),
  };
}

/** An experiment of as many configurations, each with three seeds: what comes out follows from its settings. */
export function figureOf(configurations: number): ExperimentFigure {
  const cells = ['vanilla', 'gru', 'lstm'];
  const hidden = [32, 64, 128, 256];
  const made = Array.from({ length: configurations }, (_, i) => {
    const values = [
      cells[i % 3]!,
      hidden[Math.floor(i / 3) % 4]!,
      Number((1e-4 * 1.01 ** i).toPrecision(4)),
    ];
    const loss = 2 + 0.1 * (i % 3) - 0.1 * (Math.floor(i / 3) % 4) + i / 2000;
    const metrics = [loss, loss - 0.2, 1000 * (values[1] as number)];
    return {
      values,
      cells: metrics.map((mean, k) => ({
        text: k === 2 ? mean.toLocaleString('en') : mean.toFixed(4),
        mean,
        deviation: k === 2 ? 0 : 0.01,
        n: 3,
      })),
      ...{ stopped: null, failed: 0, failure: null, run: `/runs/${String(i)}` },
    };
  });
  const best = Math.min(...made.map(({ cells: [first] }) => first!.mean));
  const rows = made.map((row) => ({
    ...row,
    mark: row.cells[0]!.mean === best ? ('best' as const) : ('behind' as const),
  }));
  const band = (loss: number) => {
    const mean = [3, loss + 0.1, loss];
    return { step: [1, 50, 100], mean, least: mean.map((y) => y - 0.02), greatest: mean };
  };
  return {
    experiment: 'large',
    settings: ['cell', 'hidden', 'learningRate'],
    metrics: ['validationLoss', 'loss', 'parameters'],
    better: 'lower',
    rows,
    points: rows.flatMap(({ cells: own, run }, row) =>
      [1, 2, 3].map((seed) => ({
        ...{ row, seed, run: `${run}-${String(seed)}` },
        values: own.map(({ mean }) => mean + (seed - 2) / 100),
      })),
    ),
    curves: rows.slice(0, 12).map(({ cells: own }, row) => ({
      row,
      training: band(own[1]!.mean),
      validation: band(own[0]!.mean),
    })),
    floors: [{ name: 'unigram', metric: 'validationLoss', value: 2.9 }],
    variance: [],
    verdicts: [],
    ...{ seeds: 3, done: 3 * configurations, runs: 3 * configurations },
  };
}
