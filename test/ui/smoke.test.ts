import assert from 'node:assert/strict';
import { editorText, openCommandPalette, openFile, runCommand } from './support/actions';
import { useVSCode } from './support/vscode';

describe('a real VS Code', () => {
  const vscode = useVSCode({
    files: { 'a.txt': 'first line\nsecond line\n', 'b.txt': 'another file\n' },
    open: 'a.txt',
  });

  it('shows the file that it was asked to open', async () => {
    const { page } = vscode;
    await page.getByText('second line').waitFor();
    assert.match(await editorText(page), /^first line\nsecond line/);
  });

  it('opens another file by keyboard', async () => {
    await openFile(vscode.page, 'b.txt');
    await vscode.page.getByText('another file').waitFor();
    assert.match(await editorText(vscode.page), /^another file/);
  });

  it('runs a command from the palette', async () => {
    const { page } = vscode;
    await runCommand(page, 'View: Toggle Panel Visibility');
    await page.locator('.part.panel').waitFor();
    await runCommand(page, 'View: Toggle Panel Visibility');
    await page.locator('.part.panel').waitFor({ state: 'hidden' });
  });

  it('starts the extension without an uncaught error', async () => {
    const { page } = vscode;
    await openCommandPalette(page);
    await page.keyboard.press('Escape');
    const errors = vscode.consoleLines().filter((line) => /rnn-lab.*(error|failed)/i.test(line));
    assert.deepEqual(errors, []);
  });
});
