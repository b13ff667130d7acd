import assert from 'node:assert/strict';
import {
  goTo,
  notification,
  openFile,
  runCommand,
  screenshot,
  trainInFront,
} from './support/actions';
import { end, evaluate, focusRow, frames, inConsole, press, standsAt } from './support/debugging';
import { elman, norm, reckoned } from './support/elman';
import { extensionLoaded, smallModel } from './support/panel';
import { useVSCode } from './support/vscode';
import { until } from './support/wait';

const text = 'the theme of it';
const own = reckoned(text);
const states = own.states();

/** `1.234`: as the debugger shows a norm. */
const short = (value: number): string => String(Number(value.toPrecision(4)));

function isNear(seen: string, expected: number, most = 1e-12): void {
  assert.ok(Math.abs(Number(seen) - expected) < most, `${seen} is not ${String(expected)}`);
}

/** The debugger as a person uses it: by the keyboard. */
describe('debugger of .rnn files', () => {
  const vscode = useVSCode({
    files: {
      'elman.rnn': elman,
      'theme.txt': text,
      'bad.rnn': 's[t] = tanh(U x[t] + W s[t])\n',
      'log.rnn': '# no number at once\ns[t] = log(tanh(U x[t] + W s[t-1]) - 2)\n',
      'times.txt': 'It was the best of times, it was the worst of times.\n'.repeat(100),
      'odd.txt': 'It wΩs the best',
    },
    open: 'theme.txt',
    settings: smallModel,
  });
  const variables = '.debug-variables';

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
      // Those of the place where it stopped before are there until then.
      return shown.includes(`norm ${short(norm(states[2]!))}`);
    });
    // s[t] is what this line is about to work out.
    assert.match(shown, /\+ b\).*x\[t\] = .*s\[t-1\] = .*norm \d/);
    assert.doesNotMatch(shown, /s\[t\] = (?!tanh)/);
  });

  it('steps into an equation, over the rest of it, back, and out', async () => {
    const { page } = vscode;
    await page.keyboard.press('F11');
    // U x[t] has been worked out, W s[t-1] is next.
    await standsAt(page, "s[3] 'e'", '2:22');
    await page.keyboard.press('F10');
    // The output layer, which stands in no file.
    await standsAt(page, "s[3] 'e'", 3);
    isNear(await evaluate(page, 'norm(s[t])'), norm(states[3]!));
    await press(page, 'Step Back');
    await standsAt(page, "s[3] 'e'", 2);
    // What has been gone back from is not known any more.
    assert.match(await evaluate(page, 'norm(s[t])'), /s has not been worked out here yet/);
    await press(page, 'Step Out');
    await standsAt(page, "s[4] '␣'", 2);
    isNear(await evaluate(page, 'norm(s[t-1])'), norm(states[3]!));
  });

  it('goes into the backward pass, and reverses into the forward pass again', async () => {
    const { page } = vscode;
    await page.keyboard.press('F5');
    await standsAt(page, "s[14] 'i'", 3);
    await page.keyboard.press('F10');
    await standsAt(page, "s[14] 'i'", 2);
    isNear(await evaluate(page, 'unit(grad(s[t]), 5)'), own.gradient(14, 5), 1e-9);
    await page.keyboard.press('F10');
    await standsAt(page, "s[13] '␣'", 3);
    await page.keyboard.press('F10');
    await standsAt(page, "s[13] '␣'", 2);
    isNear(await evaluate(page, 'unit(grad(s[t]), 0)'), own.gradient(13, 0), 1e-9);
    await runCommand(page, 'Run and Debug: Focus on Variables View');
    await focusRow(page, variables, 'Gradients');
    await page.keyboard.press('ArrowRight');
    const row = page.locator(`${variables} .monaco-list-row`, { hasText: '∂E/∂s[t]' }).first();
    await row.waitFor();
    const gradient = states[13]!.map((_, unit) => own.gradient(13, unit));
    assert.ok((await row.textContent())!.includes(`norm ${short(norm(gradient))}`));
    await screenshot(page, 'debugger-backward');
    await press(page, 'Reverse');
    await standsAt(page, "s[14] 'i'", 3);
    await press(page, 'Reverse');
    await standsAt(page, "s[3] 'e'", 2);
    assert.equal(await evaluate(page, 'pass'), "'forward'");
  });

  it('sets a unit: the pass goes on from there', async () => {
    const { page } = vscode;
    await page.keyboard.press('F10');
    await standsAt(page, "s[3] 'e'", 3);
    await runCommand(page, 'Run and Debug: Focus on Variables View');
    await focusRow(page, variables, /^s\[t\]/);
    await page.keyboard.press('ArrowRight');
    const unit = page.locator(`${variables} .monaco-list-row`, { hasText: /^\[0\]/ }).first();
    await unit.waitFor();
    isNear((await unit.textContent())!.replace(/^.*[:=] */, ''), states[3]![0]!);
    await focusRow(page, variables, /^\[0\]/);
    await page.keyboard.press('F2');
    const box = page.locator(`${variables} .inputBoxContainer input`);
    await box.waitFor();
    await box.fill('0.5');
    await page.keyboard.press('Enter');
    await unit.filter({ hasText: /0\.5$/ }).waitFor();
    await page.keyboard.press('Shift+F11');
    await standsAt(page, "s[4] '␣'", 2);
    await page.keyboard.press('F10');
    await standsAt(page, "s[4] '␣'", 3);
    const held = own.states({ t: 3, unit: 0, value: 0.5 });
    isNear(await evaluate(page, 'norm(s[t])'), norm(held[4]!));
    assert.ok(Math.abs(norm(held[4]!) - norm(states[4]!)) > 1e-6);
  });

  it('completes in the console', async () => {
    const { page } = vscode;
    await inConsole(page, 'sat');
    await page.keyboard.press('Control+Space');
    await page
      .locator('.suggest-widget .monaco-list-row', { hasText: 'saturated' })
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
  });

  it('watches an expression', async () => {
    const { page } = vscode;
    await press(page, 'Reverse');
    await standsAt(page, "s[3] 'e'", 2);
    // It has neither a key nor a place in the palette, and is there while the pointer is.
    await page.locator('.debug-watch').hover();
    await page.locator('.pane-header [aria-label^="Add Expression"]').first().click();
    const box = page.locator('.debug-watch .inputBoxContainer input');
    await box.waitFor();
    await box.fill('norm(W s[t-1])');
    await page.keyboard.press('Enter');
    const row = page.locator('.debug-watch .monaco-list-row', { hasText: 'norm(W s[t-1])' });
    let value = '';
    await until('the watch has a value', async () => {
      value = ((await row.first().textContent()) ?? '').replace(/^.*\)\s*[:=]?\s*/, '');
      return /^\d/.test(value);
    });
    isNear(value, norm(own.recurrent(3)));
    await screenshot(page, 'debugger-watch');
    await end(page);
  });

  it('stops at the first number that is none', async () => {
    const { page } = vscode;
    await openFile(page, 'log.rnn');
    await page.keyboard.press('F5');
    await standsAt(page, "s[1] 't'", 2);
    await page.keyboard.press('F5');
    const told = page.locator('.exception-widget');
    await told.waitFor();
    const message = (await told.textContent()) ?? '';
    assert.match(message, /Not finite.*Unit 0 of s\[1\] is not a finite number: NaN/s);
    await screenshot(page, 'debugger-exception');
    await end(page);
  });

  it('says what is wrong with a file, and what of a text the model does not know', async () => {
    const { page } = vscode;
    await openFile(page, 'bad.rnn');
    await page.keyboard.press('F5');
    await notification(page, /bad\.rnn:1:24: s\[t\] needs itself/);
    await runCommand(page, 'Notifications: Clear All Notifications');
    await openFile(page, 'times.txt');
    await trainInFront(page);
    await runCommand(page, 'RNN Lab: Stop training');
    await openFile(page, 'odd.txt');
    await runCommand(page, 'RNN Lab: Debug this text with the model');
    await standsAt(page, "s[1] 'I'", 2);
    await runCommand(page, 'Debug Console: Focus on Debug Console View');
    await page.locator('.repl', { hasText: "The model does not know 'Ω'" }).waitFor();
    await end(page);
  });
});

/** A row of a data file, as a person goes through it. */
describe('debugger of models of examples', () => {
  const names = ['Ada,f', 'Bob,m', 'Eve,f', 'Tom,m', 'Ida,f', 'Jim,m', 'Zoe,f', 'Max,m'];
  const vscode = useVSCode({
    files: { 'names.csv': `name,sex\n${names.join('\n').concat('\n').repeat(12)}` },
    open: 'names.csv',
    settings: { ...smallModel, 'rnnLab.model.bidirectional': 'on' },
  });

  it('goes through the row of the cursor, each direction by itself', async () => {
    const { page } = vscode;
    await trainInFront(page);
    await runCommand(page, 'RNN Lab: Stop training');
    await goTo(page, '4:1');
    await page.keyboard.press('Control+Shift+D');
    await runCommand(page, 'RNN Lab: Debug this row with the model');
    await standsAt(page, "f[1] 'E'", 1);
    await page.keyboard.press('F5');
    await until('there is a line below the frames of each part', async () => {
      const shown = await page.locator('.debug-call-stack .monaco-list-row').allTextContents();
      const all = shown.join('|');
      return /y.*the whole example.*b\[1\].*b\[3\].*right to left/.test(all);
    });
    // The text that is read, with what is right.
    await page.locator('.tab', { hasText: 'Example.txt' }).waitFor();
    await screenshot(page, 'debugger-example');
    const p = Number(await evaluate(page, 'p(target)'));
    const loss = Number(await evaluate(page, 'loss'));
    assert.ok(Math.abs(loss + Math.log(p)) < 1e-12);
    await end(page);
  });
});
