import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { activeLab, closeAll, until, useNotifications } from './support/lab';

const equations = [
  '# Elman 1990',
  's[t] = tanh(U x[t] + W s[t-1] + b)',
  'g[t] = log(1 + s[t] * s[t])',
  'h[t] = s[t] * sigmoid(G g[t])',
  '',
].join('\n');

describe('Debugger', () => {
  const notifications = useNotifications();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-debug-'));
  const program = path.join(folder, 'mine.rnn');
  const uri = vscode.Uri.file(program);
  const { debug } = vscode;

  before(async () => {
    await activeLab();
    fs.writeFileSync(program, equations);
  });
  afterEach(async () => {
    place = '';
    debug.removeBreakpoints(debug.breakpoints);
    await debug.stopDebugging();
    await until('the session ends', () => debug.activeDebugSession === undefined);
    await closeAll();
  });
  after(() => {
    listening.dispose();
    fs.rmSync(folder, { recursive: true });
  });

  /** `h[4] '␣', line 4`: where the frame is that VS Code has chosen last. */
  let place = '';
  const listening = debug.onDidChangeActiveStackItem(async (item) => {
    if (!(item instanceof vscode.DebugStackFrame)) return;
    const { stackFrames } = (await item.session.customRequest('stackTrace', {
      threadId: item.threadId,
    })) as { readonly stackFrames: readonly { name: string; line: number; id: number }[] };
    const frame = stackFrames.find(({ id }) => id === item.frameId);
    place = `${frame?.name ?? ''}, line ${String(frame?.line)}`;
  });

  async function stoppedAt(wanted: string): Promise<vscode.DebugSession> {
    await until(`a stop at ${wanted}`, () => place === wanted);
    return debug.activeDebugSession!;
  }
  const run = (command: string) =>
    vscode.commands.executeCommand(`workbench.action.debug.${command}`);

  it('stops at a breakpoint with a condition, steps on and back, and goes back to the beginning', async () => {
    debug.addBreakpoints([
      new vscode.SourceBreakpoint(
        new vscode.Location(uri, new vscode.Position(3, 0)),
        true,
        't == 4',
      ),
    ]);
    await debug.startDebugging(undefined, {
      ...{ type: 'rnn', request: 'launch', name: 'mine', program },
      ...{ text: 'the theme', stopOnEntry: false },
    });
    const session = await stoppedAt("h[4] '␣', line 4");
    await run('stepBack');
    await stoppedAt("h[4] '␣', line 3");
    await run('stepOver');
    await stoppedAt("h[4] '␣', line 4");
    const watched = (await session.customRequest('evaluate', {
      expression: 'norm(s[t])',
      frameId: 4,
      context: 'watch',
    })) as { readonly result: string };
    assert.ok(Number(watched.result) > 0);
    await run('reverseContinue');
    await stoppedAt("h[1] 't', line 2");
  });

  it('shows the token of the frame in the text, which is opened beside', async () => {
    const text = path.join(folder, 'theme.txt');
    fs.writeFileSync(text, 'the theme');
    await vscode.window.showTextDocument(uri);
    await debug.startDebugging(undefined, {
      ...{ type: 'rnn', request: 'launch', name: 'mine', program, textFile: text },
    });
    const session = await stoppedAt("h[1] 't', line 2");
    const shown = vscode.window.visibleTextEditors.map(({ document }) => document.uri.fsPath);
    assert.ok(shown.includes(text) && shown.includes(program), shown.join());
    await run('stepOut');
    await stoppedAt("h[2] 'h', line 2");
    const token: unknown = await session.customRequest('tokenOf', { frameId: 2 });
    assert.deepEqual(token, { row: 0, start: 1, end: 2 });
  });

  it('does not begin with a file that has an error, and shows where it is', async () => {
    const bad = path.join(folder, 'bad.rnn');
    fs.writeFileSync(bad, 's[t] = tanh(U x[t] + W s[t])\n');
    await vscode.window.showTextDocument(vscode.Uri.file(bad));
    await vscode.commands.executeCommand('rnnLab.debugCell');
    assert.match(notifications.at(-1) ?? '', /bad\.rnn:1:24: s\[t\] needs itself/);
    assert.equal(debug.activeDebugSession, undefined);
  });
});
