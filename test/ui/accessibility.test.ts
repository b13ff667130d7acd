import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { openFile, panelFrame, runCommand, waitForStatusBar } from './support/actions';
import { accessibilityViolations } from './support/axe';
import { chooseTheme, extensionLoaded, openTab, smallModel, tabs, themes } from './support/panel';
import { useVSCode } from './support/vscode';

/** The message by which the page was told that the engine prepares, kept to be given again. */
interface Kept {
  preparing?: Readonly<Record<string, unknown>>;
}

describe('no rule of accessibility is broken', () => {
  const vscode = useVSCode({
    files: {
      'cities.txt': 'It is a far, far better thing that I do, than I have ever done.\n'.repeat(200),
    },
    open: 'cities.txt',
    settings: smallModel,
  });
  let frame: Frame;

  /** What is broken and stays so: colours may be on their way from one theme to the next. */
  async function lastingViolations(): Promise<string[]> {
    let violations = await accessibilityViolations(frame);
    for (let tries = 0; tries < 5 && violations.length > 0; tries++) {
      await vscode.page.waitForTimeout(1000);
      violations = await accessibilityViolations(frame);
    }
    return violations;
  }

  async function check(): Promise<void> {
    const found: string[] = [];
    for (const theme of themes) {
      await chooseTheme(vscode.data, frame, theme);
      const violations = await lastingViolations();
      found.push(...violations.map((violation) => `${theme.name}: ${violation}`));
    }
    assert.equal(found.join('\n'), '');
  }

  it('on the page that says how to begin', async () => {
    await extensionLoaded(vscode.page);
    await runCommand(vscode.page, 'RNN Lab: Show panel');
    frame = await panelFrame(vscode.page, '.welcome');
    await check();
  });

  it('and one that were broken would be found', async () => {
    await frame.evaluate(() => document.body.append(document.createElement('img')));
    const violations = await accessibilityViolations(frame);
    await frame.evaluate(() => {
      document.querySelector('body > img')!.remove();
    });
    assert.match(violations.join('\n'), /^image-alt: /m);
  });

  it('while a model trains', async () => {
    const { page } = vscode;
    await frame.evaluate(() => {
      window.addEventListener('message', ({ data }: MessageEvent<Kept['preparing']>) => {
        if (typeof data?.['preparing'] === 'string') (window as Kept).preparing = data;
      });
    });
    await openFile(page, 'cities.txt');
    await extensionLoaded(page);
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    await waitForStatusBar(page, 'training', /step (\d{3,}|\d+,\d+) /);
    frame = await panelFrame(page, '.plot canvas');
    assert.equal((await accessibilityViolations(frame)).join('\n'), '');
    await runCommand(page, 'RNN Lab: Stop training');
    await frame.locator('.phase[data-phase="stopped"]').waitFor();
  });

  for (const tab of tabs) {
    it(`behind the tab ${tab}`, async () => {
      await openTab(frame, tab);
      await check();
    });
  }

  it('while the engine prepares', async () => {
    await frame.evaluate(() => {
      window.dispatchEvent(new MessageEvent('message', { data: (window as Kept).preparing! }));
    });
    await frame.locator('[aria-busy="true"]').waitFor();
    await check();
  });
});
