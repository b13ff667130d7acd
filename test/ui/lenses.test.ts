import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { formatFor } from '../../src/protocol/format';
import {
  answerInput,
  goTo,
  openFile,
  panelFrame,
  runCommand,
  screenshot,
  trainInFront,
  waitForStatusBar,
} from './support/actions';
import { inspectRun, newestRun, type InspectedToken } from './support/inspection';
import { numberOf, openTab, smallModel } from './support/panel';
import { opacities, shades, waitForShades } from './support/shades';
import { fewWords, randomLines } from './support/texts';
import { useVSCode } from './support/vscode';

const { percent, value, count, loss: lossText } = formatFor('en');

const lines = randomLines(fewWords, 403, 8);
const text = `${lines.slice(0, 400).join('\n')}\n`;
/** So short that the model reads it whole, whatever is asked about. */
const short = `${lines[400]!}\n${lines[401]!}\nfog robot tomb\n${lines[402]!}\n`;

const surprise = '255, 140, 0';
const above = '229, 20, 0';
const below = '26, 133, 255';
const isSurprise = (colour: string) => colour.startsWith(`rgba(${surprise}`);
const isAbove = (colour: string) => colour.startsWith(`rgba(${above}`);
const isBelow = (colour: string) => colour.startsWith(`rgba(${below}`);

/** Of nine equal parts the first is bare, and each of the others more opaque than the one before, up to 0.6. */
const opacity = (strength: number) =>
  (Math.max(0, Math.min(8, Math.floor(strength * 9))) / 8) * 0.6;

/** A value for each character, line by line, as they are drawn; line ends are not. */
function byLine(values: readonly number[]): number[][] {
  let at = 0;
  return short.split('\n').map((line) => {
    const start = at;
    at += line.length + 1;
    return values.slice(start, start + line.length);
  });
}

/** Waits until each character of the text in front has the shade that it is to have. */
async function waitForOpacities(page: Page, colour: string, wanted: number[][]): Promise<void> {
  const isThere = (drawn: number[][]) =>
    wanted.every((line, i) => line.every((each, k) => Math.abs(each - drawn[i]![k]!) < 2e-3));
  const texts = (values: number[][]) => values.map((line) => line.map((each) => each.toFixed(2)));
  for (let tries = 0; tries < 100; tries++) {
    if (isThere(await opacities(page, colour))) return;
    await page.waitForTimeout(100);
  }
  assert.deepEqual(texts(await opacities(page, colour)), texts(wanted));
}

/** How strongly a model that expected what `tokens` tell shades by surprise: ln C and a half more is the most. */
function surpriseOpacities(tokens: readonly InspectedToken[]): number[][] {
  const characters = new Set(text).size;
  return byLine(tokens.map(({ loss }) => opacity((loss ?? 0) / (1.5 * Math.log(characters)))));
}

/** What characters cost the model on average, as the status bar writes it. */
function bitsPerCharacter(tokens: readonly InspectedToken[]): string {
  const nats = tokens.reduce((sum, { loss }) => sum + loss!, 0);
  return value(nats / Math.LN2 / tokens.length);
}

describe('lenses', () => {
  const vscode = useVSCode({
    files: { 'times.txt': text, 'short.txt': short, 'crlf.txt': short.replaceAll('\n', '\r\n') },
    open: 'times.txt',
    settings: { ...smallModel, 'rnnLab.model.cell': 'lstm', 'rnnLab.model.hidden': 24 },
  });
  let tokens: InspectedToken[];

  before(async function () {
    this.timeout(180_000);
    const { page } = vscode;
    await trainInFront(page);
    await runCommand(page, 'RNN Lab: Stop training');
    await waitForStatusBar(page, 'training', /^(?!.*tokens\/s)/);
    tokens = await inspectRun(newestRun(vscode.data), short);
    await runCommand(page, 'View: Focus First Editor Group');
    await openFile(page, 'short.txt');
  });

  it('shade by surprise: strongest where no such word was ever seen', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Surprise lens');
    await waitForShades(page, (colours) => colours.some(isSurprise));
    await screenshot(page, 'lens-surprise');
    await waitForOpacities(page, surprise, surpriseOpacities(tokens));
  });

  it('tell probability, rank and what was expected, as the engine has them', async () => {
    const { page } = vscode;
    await goTo(page, '2:3');
    await runCommand(page, 'Show or Focus Hover');
    const hover = page.locator('.monaco-hover', { hasText: 'nats' }).first();
    await hover.waitFor();
    const at = short.indexOf('\n') + 1 + 2;
    const { probability, loss } = tokens[at]!;
    const told = (await hover.textContent()) ?? '';
    const better = tokens[at - 1]!.top.findIndex(({ token }) => token === tokens[at]!.token);
    assert.ok(told.includes(`E = ${lossText(loss!)} nats (p = ${percent(probability!)})`), told);
    if (better >= 0) assert.ok(told.includes(`rank ${count(better + 1)}`), told);
    for (const { probability: share } of tokens[at - 1]!.top) {
      assert.ok(told.includes(percent(share)), `${percent(share)} in ${told}`);
    }
    await page.keyboard.press('Escape');
  });

  it('tell bits per character of the document', async () => {
    const { page } = vscode;
    // The first character has nothing before it, and no part in the figure.
    const bits = bitsPerCharacter(tokens.slice(1));
    await page
      .locator('.statusbar-item', { hasText: `${bits} bits/character` })
      .first()
      .waitFor();
  });

  it('tell bits per character of what is selected', async () => {
    const { page } = vscode;
    await goTo(page, '3:1');
    await page.keyboard.press('Shift+End');
    const from = short.indexOf('fog robot');
    const bits = bitsPerCharacter(tokens.slice(from, from + 'fog robot tomb'.length));
    await page
      .locator('.statusbar-item', { hasText: `selection ${bits}` })
      .first()
      .waitFor();
    await page.keyboard.press('ArrowRight');
    await page
      .locator('.statusbar-item', { hasText: `selection` })
      .first()
      .waitFor({ state: 'hidden' });
  });

  it('look with the model as it was at an earlier step', async () => {
    const { page } = vscode;
    const frame = await panelFrame(page, '.plot canvas');
    await openTab(frame, 'cursor');
    const slider = frame.locator('#travel');
    await slider.focus();
    await page.keyboard.press('Home');
    const output = frame.locator('.travel output');
    await output.getByText(/^step [\d,]+$/).waitFor();
    const step = numberOf(/step ([\d,]+)/.exec((await output.textContent()) ?? '')?.[1]);
    const earlier = surpriseOpacities(await inspectRun(newestRun(vscode.data), short, step));
    assert.notDeepEqual(earlier, surpriseOpacities(tokens));
    await runCommand(page, 'View: Focus First Editor Group');
    await waitForOpacities(page, surprise, earlier);
    await slider.focus();
    await page.keyboard.press('End');
    await runCommand(page, 'View: Focus First Editor Group');
    await waitForOpacities(page, surprise, surpriseOpacities(tokens));
  });

  it('shade a text with CRLF as the same text without', async () => {
    const { page } = vscode;
    await openFile(page, 'crlf.txt');
    // So that the extension knows which text is in front: its lens is off.
    const legend = page.locator('.statusbar-item', { hasText: 'bits/character' }).first();
    await legend.waitFor({ state: 'hidden' });
    await runCommand(page, 'RNN Lab: Surprise lens');
    await waitForOpacities(page, surprise, surpriseOpacities(tokens));
    await runCommand(page, 'RNN Lab: Surprise lens');
    await waitForShades(page, (colours) => !colours.some(isSurprise));
    await openFile(page, 'short.txt');
    await legend.waitFor();
  });

  it('are all that shades a text, and give it back to the view of the text at the cursor', async () => {
    const { page } = vscode;
    await goTo(page, '2:10');
    await waitForOpacities(page, surprise, surpriseOpacities(tokens));
    assert.ok(!(await shades(page)).some(isAbove));
    await runCommand(page, 'RNN Lab: Surprise lens');
    await waitForShades(page, (colours) => colours.some(isAbove) && !colours.some(isSurprise));
    await runCommand(page, 'RNN Lab: Surprise lens');
    await waitForShades(page, (colours) => !colours.some(isAbove) && colours.some(isSurprise));
    await openTab(await panelFrame(page, '.plot canvas'), 'loss');
    await runCommand(page, 'View: Focus First Editor Group');
  });

  it('go away by the same command', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Surprise lens');
    await waitForShades(page, (colours) => !colours.some(isSurprise));
  });

  it('colour by one unit, chosen by its number', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Neuron lens…');
    await answerInput(page, 'h');
    await page.getByText('Which unit of h, from 1 to 24?').first().waitFor();
    await answerInput(page, '7');
    await page.locator('.statusbar-item', { hasText: 'h, unit 7' }).first().waitFor();
    const values = tokens.map(({ variables }) => variables['layer1.h']![6]!);
    await waitForOpacities(page, above, byLine(values.map(opacity)));
    await waitForOpacities(page, below, byLine(values.map((each) => opacity(-each))));
    await screenshot(page, 'lens-neuron');
  });

  /** How well a unit tells the inside from the outside, by Mann and Whitney: of all pairs, ties counted half. */
  function aucOf(label: string, isInside: (at: number) => boolean): number {
    const [, variable, unit] = /^(\w+), unit (\d+)/.exec(label.trim()) ?? [];
    const of = ({ variables }: InspectedToken) =>
      variables[`layer1.${variable!}`]![Number(unit) - 1]!;
    const inside = tokens.filter((_, at) => isInside(at)).map(of);
    const outside = tokens.filter((_, at) => !isInside(at)).map(of);
    const pairs = inside.flatMap((a) => outside.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
    const share = pairs.reduce<number>((sum, each) => sum + each, 0) / pairs.length;
    return Math.max(share, 1 - share);
  }

  /** What the list of units says of the first, once it is there. */
  async function bestUnit(page: Page): Promise<{ readonly label: string; readonly auc: number }> {
    const best = page.locator('.quick-input-list .monaco-list-row').first();
    await best.getByText('AUC').waitFor();
    const label = await best.innerText();
    return { label, auc: Number(/AUC (\d\.\d+)/.exec(label)?.[1]) };
  }

  it('find the units that track a selection', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Neuron lens…');
    await waitForShades(page, (colours) => !colours.some(isAbove) && !colours.some(isBelow));
    await goTo(page, '3:1');
    await page.keyboard.press('Shift+End');
    await runCommand(page, 'RNN Lab: Find units that track the selection…');
    const { label, auc } = await bestUnit(page);
    const from = short.indexOf('fog robot');
    const share = aucOf(label, (at) => at >= from && at < from + 'fog robot tomb'.length);
    assert.ok(Math.abs(share - auc) < 2e-3, `${share} and ${auc}`);
    await page.keyboard.press('Enter');
    const unit = /unit \d+/.exec(label)![0];
    await page.locator('.statusbar-item', { hasText: unit }).first().waitFor();
    await screenshot(page, 'lens-units');
  });

  it('find the units that track what an expression matches', async () => {
    const { page } = vscode;
    await goTo(page, '1:1');
    await runCommand(page, 'RNN Lab: Find units that track the selection…');
    await page
      .locator('.quick-input-widget:visible .quick-input-title', {
        hasText: 'Find units that track…',
      })
      .waitFor();
    await answerInput(page, 'the|times');
    const { label, auc } = await bestUnit(page);
    const matched = new Set(
      [...short.matchAll(/the|times/g)].flatMap(({ 0: match, index }) =>
        Array.from(match, (_, i) => index + i),
      ),
    );
    const share = aucOf(label, (at) => matched.has(at));
    assert.ok(Math.abs(share - auc) < 2e-3, `${share} and ${auc}`);
    await page.keyboard.press('Escape');
  });
});
