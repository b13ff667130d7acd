import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { formatFor } from '../../src/protocol/format';
import {
  answerInput,
  goTo,
  openFile,
  runCommand,
  screenshot,
  trainInFront,
  waitForStatusBar,
} from './support/actions';
import { inspectRun, newestRun, type InspectedToken } from './support/inspection';
import { smallModel } from './support/panel';
import { fewWords, randomLines } from './support/texts';
import { useVSCode } from './support/vscode';

const { percent, value, count } = formatFor('en');

const lines = randomLines(fewWords, 403, 8);
const text = `${lines.slice(0, 400).join('\n')}\n`;
/** So short that the model reads it whole, whatever is asked about. */
const short = `${lines[400]!}\n${lines[401]!}\nfog robot tomb\n${lines[402]!}\n`;

/** The parts of the text in front that are shaded, as their colours. */
async function shades(page: Page): Promise<string[]> {
  return await page
    .locator('.editor-group-container .view-overlays .cdr')
    .evaluateAll((parts) =>
      parts
        .map((part) => getComputedStyle(part).backgroundColor)
        .filter((colour) => colour.startsWith('rgba(') && !colour.endsWith(', 0)')),
    );
}

async function waitForShades(page: Page, wanted: (colours: string[]) => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (wanted(await shades(page))) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`The shades are ${(await shades(page)).join(' ')}.`);
}

const isSurprise = (colour: string) => colour.startsWith('rgba(255, 140, 0');
const isAbove = (colour: string) => colour.startsWith('rgba(229, 20, 0');
const isBelow = (colour: string) => colour.startsWith('rgba(26, 133, 255');

describe('lenses', () => {
  const vscode = useVSCode({
    files: { 'times.txt': text, 'short.txt': short },
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
  });

  it('tell probability, rank and what was expected, as the engine has them', async () => {
    const { page } = vscode;
    await goTo(page, '2:3');
    await runCommand(page, 'Show or Focus Hover');
    const hover = page.locator('.monaco-hover', { hasText: 'bits' }).first();
    await hover.waitFor();
    const at = short.indexOf('\n') + 1 + 2;
    const { probability, loss } = tokens[at]!;
    const told = (await hover.textContent()) ?? '';
    const better = tokens[at - 1]!.top.findIndex(({ token }) => token === tokens[at]!.token);
    assert.ok(told.includes(`p = ${percent(probability!)}, ${value(loss! / Math.LN2)} bits`), told);
    if (better >= 0) assert.ok(told.includes(`choice number ${count(better + 1)}`), told);
    for (const { probability: share } of tokens[at - 1]!.top) {
      assert.ok(told.includes(percent(share)), `${percent(share)} in ${told}`);
    }
    await page.keyboard.press('Escape');
  });

  it('tell bits per character of the document', async () => {
    const { page } = vscode;
    const nats = tokens.slice(1).reduce((sum, { loss }) => sum + loss!, 0);
    // The first character has nothing before it, and no part in the figure.
    const bits = value(nats / Math.LN2 / (short.length - 1));
    await page
      .locator('.statusbar-item', { hasText: `${bits} bits/character` })
      .first()
      .waitFor();
  });

  it('go away by the same command', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Surprise lens');
    await waitForShades(page, (colours) => !colours.some(isSurprise));
  });

  it('colour by one unit, chosen by its number', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Neuron lens…');
    await answerInput(page, 'layer1.h');
    await page.getByText('Which unit of layer1.h, from 1 to 24?').first().waitFor();
    await answerInput(page, '7');
    await page.locator('.statusbar-item', { hasText: 'h, unit 7' }).first().waitFor();
    // The values that the engine says: of the nine equal parts from 0 to 1, the first is not shaded.
    const values = tokens.map(({ variables }) => variables['layer1.h']![6]!);
    const strong = (sign: number) => values.some((each) => sign * each >= 1 / 9);
    await waitForShades(
      page,
      (colours) => colours.some(isAbove) === strong(1) && colours.some(isBelow) === strong(-1),
    );
    await screenshot(page, 'lens-neuron');
  });

  it('find the units that track a selection', async () => {
    const { page } = vscode;
    await runCommand(page, 'RNN Lab: Neuron lens…');
    await waitForShades(page, (colours) => !colours.some(isAbove) && !colours.some(isBelow));
    await goTo(page, '3:1');
    await page.keyboard.press('Shift+End');
    await runCommand(page, 'RNN Lab: Find units that track the selection…');
    const best = page.locator('.quick-input-list .monaco-list-row').first();
    await best.getByText('AUC').waitFor();
    const [, unit] = /unit (\d+)/.exec((await best.textContent()) ?? '') ?? [];
    const [, auc] = /AUC (\d\.\d+)/.exec((await best.textContent()) ?? '') ?? [];
    const [, variable] = /^(?:layer1\.)?(\w+), unit/.exec((await best.innerText()).trim()) ?? [];
    const from = short.indexOf('fog robot');
    const isInside = (at: number) => at >= from && at < from + 'fog robot tomb'.length;
    const of = ({ variables }: InspectedToken) =>
      variables[`layer1.${variable!}`]![Number(unit) - 1]!;
    const inside = tokens.filter((_, at) => isInside(at)).map(of);
    const outside = tokens.filter((_, at) => !isInside(at)).map(of);
    // Mann and Whitney: pairs in which the one inside is greater, ties counted half.
    const greater = inside.flatMap((a) =>
      outside.map((b) => (a > b ? 1 : a === b ? 0.5 : 0) as number),
    );
    const share = greater.reduce((sum, each) => sum + each, 0) / greater.length;
    assert.ok(Math.abs(Math.max(share, 1 - share) - Number(auc)) < 2e-3, `${share} and ${auc!}`);
    await page.keyboard.press('Enter');
    await page
      .locator('.statusbar-item', { hasText: `unit ${unit!}` })
      .first()
      .waitFor();
    await screenshot(page, 'lens-units');
  });
});
