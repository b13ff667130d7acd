// What a person sees in the panel.
import type { Frame, Locator, Page } from 'playwright-core';
import { setSetting } from './settings';
import { inkOf as inkOfCanvas, pixelsOfColor as pixelsOfCanvas } from '../../panel/support/pixels';

/** A model that trains in no time, for as long as it is let. */
export const smallModel = {
  'rnnLab.model.hidden': 32,
  'rnnLab.training.batch': 8,
  'rnnLab.training.sequence': 16,
  'rnnLab.training.threads': 1,
  'rnnLab.training.seconds': 3600,
  'rnnLab.sampling.length': 80,
};

/** What the status bar shows of a run: step and loss. */
export const statusNumbers = /step ([\d,]+) · loss (\d+(?:\.\d+)?(?:E-\d+)?) nats\/token/;

/**
 * Waits until the window knows the extension: a palette that is opened before does not offer its commands.
 */
export async function extensionLoaded(page: Page): Promise<void> {
  await page.locator('.editor-actions [aria-label^="Train RNN on this file"]').first().waitFor();
}

/** VS Code's themes, with what each makes of the attribute `data-vscode-theme-kind`, and its colour of text. */
export const themes = [
  { name: 'Default Dark Modern', kind: 'vscode-dark', foreground: 'rgb(204, 204, 204)' },
  { name: 'Default Light Modern', kind: 'vscode-light', foreground: 'rgb(59, 59, 59)' },
  { name: 'Default High Contrast', kind: 'vscode-high-contrast', foreground: 'rgb(255, 255, 255)' },
  {
    name: 'Default High Contrast Light',
    kind: 'vscode-high-contrast-light',
    foreground: 'rgb(41, 41, 41)',
  },
] as const;

/**
 * Chooses a theme and waits until a webview has it: its kind and its colours, which may come after.
 *
 * @param data the folder of the VS Code's state
 */
export async function chooseTheme(
  data: string,
  frame: Frame,
  { name, kind, foreground }: (typeof themes)[number],
): Promise<void> {
  await setSetting(frame.page(), data, 'workbench.colorTheme', name);
  await frame.waitForFunction(
    (wanted) =>
      document.body.dataset['vscodeThemeKind'] === wanted.kind &&
      getComputedStyle(document.body).color === wanted.foreground,
    { kind, foreground },
  );
}

/** The panel's tabs, in their order. */
export const tabs = [
  'loss',
  'hidden',
  'cursor',
  'gradients',
  'projector',
  'samples',
  'model',
  'worksheet',
] as const;

/** Brings a tab to the front with the mouse and waits until its view has something to show. */
export async function openTab(frame: Frame, tab: (typeof tabs)[number]): Promise<void> {
  await frame.locator(`#tab-${tab}`).click();
  await frame.waitForFunction(
    (id) => document.getElementById(id)!.childElementCount > 0,
    `view-${tab}`,
  );
}

/** The plot of the loss, which has the focus and its values as text. */
export function lossPlot(frame: Frame): Locator {
  return frame.locator('#view-loss .plot').first();
}

function lossCanvas(frame: Frame): Locator {
  return lossPlot(frame).locator('canvas');
}

/** How many pixels of the chart are drawn on at all. */
export function inkOf(frame: Frame): Promise<number> {
  return inkOfCanvas(lossCanvas(frame));
}

/** How many pixels of the chart have exactly the colour that a CSS expression stands for there. */
export function pixelsOfColor(frame: Frame, color: string): Promise<number> {
  return pixelsOfCanvas(lossCanvas(frame), color);
}

/** A figure of the panel by its name: `1.234`. */
export async function figure(frame: Frame, name: string): Promise<string> {
  const place = frame.locator('.figure').filter({ has: frame.getByText(name, { exact: true }) });
  return (await place.locator('.value').textContent()) ?? '';
}

/** A number as it is shown, `12,345`, as a number. */
export function numberOf(shown: string | undefined): number {
  return Number((shown ?? '').replaceAll(',', ''));
}

/** Chooses from a list of the panel. */
export async function chooseOption(frame: Frame, list: string, option: string): Promise<void> {
  await frame.locator(`#${list}`).click();
  await frame.locator(`#${list} [role="option"]`).getByText(option, { exact: true }).click();
}
