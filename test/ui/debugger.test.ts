import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { goTo, openFile, runCommand } from './support/actions';
import { extensionLoaded } from './support/panel';
import { useVSCode } from './support/vscode';
import { until } from './support/wait';

const elman = '# Elman 1990\ns[t] = tanh(U x[t] + W s[t-1] + b)\n';

/** The debugger as a person uses it: by the keyboard. */
describe('debugger of .rnn files', () => {
  const vscode = useVSCode({
    files: {
      'elman.rnn': elman,
      'theme.txt': 'the theme of it',
    },
    open: 'theme.txt',
  });

  const frames = (page: Page): Locator =>
    page.locator('.debug-call-stack .monaco-list-row .stack-frame .label');

  /** Waits until the newest frame is this one, at a line. */
  async function standsAt(page: Page, name: string, line: number | string): Promise<void> {
    let seen = '';
    await until(`the debugger stands at ${name}, line ${String(line)}`, async () => {
      const rows = page.locator('.debug-call-stack .monaco-list-row', {
        has: page.locator('.stack-frame'),
      });
      seen =
        (await rows
          .first()
          .textContent()
          .catch(() => '')) ?? '';
      const place = typeof line === 'string' ? line : `${String(line)}:1`;
      return seen.includes(name) && seen.endsWith(place);
    });
  }

  it('stops at a breakpoint with a condition, and marks one on a comment', async () => {
    const { page } = vscode;
    await extensionLoaded(page);
    await openFile(page, 'elman.rnn');
    await page.keyboard.press('Control+Shift+D');
    await goTo(page, '2:1');
    await runCommand(page, 'Debug: Add Conditional Breakpoint...');
    await page.locator('.breakpoint-widget .monaco-editor.focused').waitFor();
    await page.keyboard.type("t == 3 && token == 'e'");
    await page.keyboard.press('Enter');
    await page.locator('.codicon-debug-breakpoint-conditional').first().waitFor();
    // A comment is no equation: what is set there is marked.
    await goTo(page, '1:1');
    await page.keyboard.press('F9');
    await runCommand(page, 'View: Focus First Editor Group');
    await page.keyboard.press('F5');
    await standsAt(page, "s[1] 't'", 2);
    await page.locator('.codicon-debug-breakpoint-unverified').first().waitFor();
    await page.keyboard.press('F5');
    await standsAt(page, "s[3] 'e'", 2);
    // VS Code asks for the newest frame first, and for those below it later.
    await until('the frames below are there', async () => {
      const names = await frames(page).allTextContents();
      return names.slice(0, 3).join() === "s[3] 'e',s[2] 'h',s[1] 't'";
    });
  });

  it('shows what is known at the end of the line', async () => {
    const { page } = vscode;
    await runCommand(page, 'View: Focus First Editor Group');
    const line = page.locator('.view-line', { hasText: 'tanh' }).first();
    let shown = '';
    await until('the values are there', async () => {
      shown = ((await line.textContent()) ?? '').replaceAll('\u00a0', ' ');
      return shown.includes('s[t-1] = ');
    });
    // s[t] is what this line is about to work out.
    assert.match(shown, /\+ b\).*x\[t\] = .*s\[t-1\] = .*norm \d/);
    assert.doesNotMatch(shown, /s\[t\] = (?!tanh)/);
  });

  it('steps into an equation, and over the rest of it', async () => {
    const { page } = vscode;
    await page.keyboard.press('F11');
    // U x[t] has been worked out, W s[t-1] is next.
    await standsAt(page, "s[3] 'e'", '2:22');
    await page.keyboard.press('F10');
    // The output layer, which stands in no file.
    await standsAt(page, "s[3] 'e'", 3);
  });
});
