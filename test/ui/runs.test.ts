import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import {
  answerInput,
  chooseFromMenu,
  notification,
  notifications,
  openFile,
  panelFrame,
  runCommand,
  screenshot,
  statusBarItem,
  waitForStatusBar,
} from './support/actions';
import { lockOf, runFolders } from './support/files';
import { extensionLoaded, smallModel, statusNumbers } from './support/panel';
import { setSetting } from './support/settings';
import { until } from './support/wait';
import { useVSCode } from './support/vscode';

const text = 'It was the best of times, it was the worst of times.\n'.repeat(200);
/** So that a run ends after some steps; of two limits only one may be set. */
const short = { ...smallModel, 'rnnLab.training.seconds': undefined, 'rnnLab.training.steps': 60 };

/** The lines of the Runs view. */
function rowsOf(page: Page): Locator {
  return page.locator('.sidebar .pane-body .monaco-list-row');
}

/** The line of a run by what it is called. */
function rowOf(page: Page, name: string): Locator {
  return rowsOf(page).filter({ has: page.getByText(name, { exact: true }) });
}

/** What the lines are called, from the top. */
function names(page: Page): Promise<string[]> {
  return rowsOf(page).locator('.label-name').allTextContents();
}

/** The list of the Runs view while it has the focus: keys go to what had it before until then. */
function focusedList(page: Page): Locator {
  return page.locator('.sidebar .monaco-list:focus-within, .sidebar .monaco-list:focus');
}

/** Brings the view to the front with the focus in it, as by its key binding. */
async function focusRuns(page: Page): Promise<void> {
  await runCommand(page, 'RNN Lab: Focus on Runs View');
  await focusedList(page).waitFor();
}

/** The process that started another. */
function parentOf(child: number): number {
  if (process.platform !== 'linux') {
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(child)], { encoding: 'utf8' }));
  }
  // The name before it is in parentheses and may have spaces (proc(5)).
  const stat = fs.readFileSync(`/proc/${child}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Presses a key until a line has the focus: one that comes while the list is filled anew is lost. */
async function moveTo(page: Page, row: Locator, key: string): Promise<void> {
  await until('the line has the focus', async () => {
    if ((await row.and(page.locator('.focused')).count()) > 0) return true;
    await page.keyboard.press(key);
    return false;
  });
}

async function train(page: Page, file: string): Promise<void> {
  await openFile(page, file);
  await runCommand(page, 'RNN Lab: Train RNN on this file');
  const row = rowsOf(page).first();
  await row.and(page.locator(`[aria-label^="${file} · vanilla, Finished"]`)).waitFor();
}

describe('the Runs view', () => {
  const vscode = useVSCode({
    files: { 'times.txt': text, 'worse.txt': text.replaceAll('best', 'worst of the best') },
    open: 'times.txt',
    settings: short,
  });

  it('opens from the activity bar, and says how to begin where there is no run', async () => {
    const { page } = vscode;
    await extensionLoaded(page);
    await page.locator('.activitybar .action-label[aria-label="RNN Lab"]').click();
    const welcome = page.locator('.sidebar .welcome-view-content');
    await welcome.getByText('Train RNN on this file').waitFor();
    await screenshot(page, 'runs-empty-dark');
    await welcome.getByText('Train RNN on this file').click();
    const row = rowOf(page, 'times.txt · vanilla');
    await row.and(page.locator('[aria-label*=", Finished, step 60, loss "]')).waitFor();
    assert.ok(await welcome.isHidden());
  });

  it('shows the newest run first, with the loss that the panel shows', async () => {
    const { page } = vscode;
    await train(page, 'worse.txt');
    assert.deepEqual(await names(page), ['worse.txt · vanilla', 'times.txt · vanilla']);
    const folder = runFolders(vscode.data).find((name) => name.includes('worse'))!;
    const run = JSON.parse(fs.readFileSync(path.join(folder, 'run.json'), 'utf8')) as {
      best: { validationLoss: number };
    };
    const label = (await rowsOf(page).first().getAttribute('aria-label')) ?? '';
    assert.match(
      label,
      new RegExp(`loss ${run.best.validationLoss.toFixed(3)} nats per token, now`),
    );
  });

  it('opens a run with the keyboard alone, and keeps the focus', async () => {
    const { page } = vscode;
    await focusRuns(page);
    await moveTo(page, rowOf(page, 'times.txt · vanilla'), 'ArrowDown');
    await page.keyboard.press('Enter');
    const tab = page.locator('.tabs-container .tab', { hasText: 'RNN Lab: times.txt' });
    await tab.waitFor();
    await focusedList(page).waitFor();
  });

  it('renames with the keyboard alone', async () => {
    const { page } = vscode;
    await focusedList(page).waitFor();
    await page.keyboard.press('F2');
    await answerInput(page, 'A tale of two cities');
    await rowOf(page, 'A tale of two cities').waitFor();
    await page.locator('.tabs-container .tab', { hasText: 'RNN Lab: A tale' }).waitFor();
  });

  it('deletes at once, and brings back, with the keyboard alone', async () => {
    const { page } = vscode;
    await focusRuns(page);
    // As in the Explorer a key is about the line in focus, whichever is selected.
    await moveTo(page, rowOf(page, 'worse.txt · vanilla'), 'ArrowUp');
    await focusedList(page).waitFor();
    await page.keyboard.press('Delete');
    await rowOf(page, 'worse.txt · vanilla').waitFor({ state: 'detached' });
    assert.deepEqual(await notifications(page), ['Deleted worse.txt · vanilla.']);
    await focusRuns(page);
    await page.keyboard.press('ControlOrMeta+z');
    await rowOf(page, 'worse.txt · vanilla').waitFor();
    await runCommand(page, 'Notifications: Clear All Notifications');
  });

  it('tags, finds and sorts with the keyboard alone', async () => {
    const { page } = vscode;
    const tale = rowOf(page, 'A tale of two cities');
    await focusRuns(page);
    await moveTo(page, tale, 'ArrowDown');
    await chooseFromMenu(page, 'Tags of run…');
    await answerInput(page, '#good');
    await tale.locator('.label-description:has-text("#good")').waitFor();
    await focusRuns(page);
    await page.keyboard.press('ControlOrMeta+Alt+f');
    await answerInput(page, '#good vanilla');
    await page.locator('.sidebar').getByText('1 of 2 runs match “#good vanilla”.').waitFor();
    assert.deepEqual(await names(page), ['A tale of two cities']);
    await screenshot(page, 'runs-found-dark');
    await runCommand(page, 'RNN Lab: Show all runs');
    await rowsOf(page).nth(1).waitFor();
    const newest = await names(page);
    await runCommand(page, 'RNN Lab: Sort runs by…');
    await answerInput(page, 'Tags');
    await until('the tagged one is first', async () => {
      return (await names(page)).join() === newest.toReversed().join();
    });
    await screenshot(page, 'runs-sorted-dark');
    await runCommand(page, 'RNN Lab: Sort runs by…');
    await answerInput(page, 'Age');
    await until('the newest is first', async () => {
      return (await names(page)).join() === newest.join();
    });
  });

  it('compares two runs in one plot, with the keyboard alone', async () => {
    const { page } = vscode;
    await focusRuns(page);
    // Nothing is chosen any more; then both lines are, by one key, so that no other comes after what is waited for.
    await page.keyboard.press('Escape');
    await moveTo(page, rowsOf(page).first(), 'ArrowUp');
    await page.keyboard.press('Control+a');
    await rowsOf(page).and(page.locator('.selected')).nth(1).waitFor();
    await focusedList(page).waitFor();
    await chooseFromMenu(page, 'Compare runs');
    const frame = await panelFrame(page, '.plot canvas');
    // Whichever of them is on show: both are called as the list calls them.
    for (const label of ['A tale of two cities', 'worse.txt · vanilla']) {
      await frame.getByText(`${label}, training`, { exact: true }).waitFor();
    }
    await rowsOf(page).locator('.label-description:has-text("⇄")').nth(1).waitFor();
    await runCommand(page, 'RNN Lab: Clear comparison');
    await rowsOf(page)
      .locator('.label-description:has-text("⇄")')
      .first()
      .waitFor({ state: 'detached' });
  });

  it('tells all about a run where the pointer rests on it', async () => {
    const { page } = vscode;
    await rowOf(page, 'A tale of two cities').hover();
    const hover = page.locator('.monaco-hover:visible');
    await hover.getByText('Best validation loss').waitFor();
    const told = (await hover.textContent()) ?? '';
    assert.match(told, /times\.txt, [\d,]+ tokens/);
    assert.match(told, /training\.batch\s*8/);
    assert.match(told, /60 in 0:\d\d/);
    await screenshot(page, 'runs-tooltip-dark');
    await page.mouse.move(640, 700);
  });

  it('follows a training, which the status bar pauses and stops', async () => {
    const { page } = vscode;
    await setSetting(page, vscode.data, 'rnnLab.training.steps', 10_000_000);
    await openFile(page, 'times.txt');
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    // The status bar may still tell of the training before.
    const row = rowsOf(page).first();
    await row.and(page.locator('[aria-label*=", Training, step "]')).waitFor();
    const first = await row.getAttribute('aria-label');
    await page.waitForFunction(
      (before) =>
        [...document.querySelectorAll('.sidebar .monaco-list-row')].some((element) => {
          const label = element.getAttribute('aria-label') ?? '';
          return label.includes(', Training, ') && label !== before;
        }),
      first,
    );
    await statusBarItem(page, 'training').hover();
    const hover = page.locator('.monaco-hover:visible');
    const pause = hover.getByText('Pause', { exact: true });
    await pause.waitFor();
    await screenshot(page, 'status-tooltip-dark');
    await pause.click();
    await row.and(page.locator('[aria-label*=", Paused, "]')).waitFor();
    await page.mouse.move(640, 300);
    await runCommand(page, 'RNN Lab: Stop training');
    await row.and(page.locator('[aria-label*=", Stopped, "]')).waitFor();
    assert.deepEqual(await notifications(page), []);
  });

  it('offers once to go on with a training whose extension host was killed', async () => {
    const { page } = vscode;
    await openFile(page, 'worse.txt');
    await runCommand(page, 'RNN Lab: Train RNN on this file');
    // Until then the status bar, and the panel's tab, may tell of the training before.
    await until('a run is locked', () => lockOf(vscode.data) !== undefined);
    const lock = lockOf(vscode.data)!;
    await page.locator('.tabs-container .tab', { hasText: 'RNN Lab: worse.txt' }).waitFor();
    await waitForStatusBar(page, 'training', statusNumbers);
    const checkpoint = path.join(path.dirname(lock), 'checkpoint-last.safetensors');
    await until('there is a checkpoint', () => fs.existsSync(checkpoint));
    const { process: engine } = JSON.parse(fs.readFileSync(lock, 'utf8')) as { process: number };
    // A panel on show would be the offer itself.
    await runCommand(page, 'View: Close All Editors');
    process.kill(parentOf(engine), 'SIGKILL');
    await vscode.reopen();
    await extensionLoaded(vscode.page);
    const offer = await notification(
      vscode.page,
      /Training of worse\.txt · vanilla was interrupted at step [\d,]+\./,
    );
    await screenshot(vscode.page, 'interrupted-offer-dark');
    await offer.getByText('Continue training').click();
    await waitForStatusBar(vscode.page, 'training', statusNumbers);
    await runCommand(vscode.page, 'RNN Lab: Stop training');
    const stopped = vscode.page.locator('[aria-label^="worse.txt · vanilla, Stopped"]');
    await rowsOf(vscode.page).and(stopped).waitFor();
    // What another offer would be made for is gone.
    const mark = path.join(path.dirname(lock), 'under-way');
    await until('the mark is gone', () => !fs.existsSync(mark));
  });
});
