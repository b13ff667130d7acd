// What a person does in VS Code's debugger: by the keyboard.
import type { Locator, Page } from 'playwright-core';
import { runCommand } from './actions';
import { until } from './wait';

export const frames = (page: Page): Locator =>
  page.locator('.debug-call-stack .monaco-list-row .stack-frame .label');

/**
 * Waits until the newest frame is this one.
 *
 * @param place a line, `2:22` a column of it too
 */
export async function standsAt(page: Page, name: string, place: number | string): Promise<void> {
  const first = page
    .locator('.debug-call-stack .monaco-list-row', { has: page.locator('.stack-frame') })
    .first();
  const end = typeof place === 'string' ? place : `${String(place)}:1`;
  await until(`the debugger stands at ${name}, ${end}`, async () => {
    const seen = (await first.textContent().catch(() => '')) ?? '';
    return seen.includes(name) && seen.endsWith(end);
  });
}

/** Goes down in a view's tree, which has the focus, to a row, which has it then. */
export async function focusRow(page: Page, view: string, text: string | RegExp): Promise<Locator> {
  const focused = page.locator(`${view} .monaco-list-row.focused`);
  const place = () =>
    focused
      .first()
      .getAttribute('id', { timeout: 1000 })
      .catch(() => null);
  const wanted = focused.filter({ hasText: text });
  await page.keyboard.press('Home');
  await until('a row has the focus', async () => (await place()) !== null);
  while ((await wanted.count()) === 0) {
    const before = await place();
    await page.keyboard.press('ArrowDown');
    await until(`there is a row with ${String(text)}`, async () => (await place()) !== before);
  }
  return wanted;
}

/** A button of the debugger's toolbar, with Enter: what it does has neither a key nor a place in the palette. */
export async function press(page: Page, name: string): Promise<void> {
  await page.locator(`.debug-toolbar [aria-label^="${name}"]`).first().focus();
  await page.keyboard.press('Enter');
}

/** Types into the debug console. */
export async function inConsole(page: Page, text: string): Promise<void> {
  await runCommand(page, 'Debug Console: Focus on Debug Console View');
  await page.locator('.repl-input-wrapper .monaco-editor.focused').waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(text);
}

/** What the console answers to an expression. */
export async function evaluate(page: Page, expression: string): Promise<string> {
  await inConsole(page, expression);
  // What has been told before is in the way.
  await page.locator('.panel [aria-label^="Clear Console"]').first().focus();
  await page.keyboard.press('Enter');
  const results = page.locator('.repl .evaluation-result');
  await results.first().waitFor({ state: 'detached' });
  await runCommand(page, 'Debug Console: Focus on Debug Console View');
  await page.locator('.repl-input-wrapper .monaco-editor.focused').waitFor();
  // What is offered meanwhile is not taken.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await results.first().waitFor();
  return (await results.first().textContent()) ?? '';
}

/** Ends the session. */
export async function end(page: Page): Promise<void> {
  await page.keyboard.press('Shift+F5');
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
}
