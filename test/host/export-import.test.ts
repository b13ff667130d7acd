import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Lab } from '../../src/host/lab';
import {
  activeLab,
  alphabet,
  closeAll,
  openUntitled,
  tiny,
  until,
  useNotifications,
  useSettings,
} from './support/lab';

const { window } = vscode;

/** Files in memory, as a virtual workspace has them; a folder `readonly` takes none. */
function memoryFiles(): vscode.FileSystemProvider & { files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  const changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const missing = (uri: vscode.Uri) => vscode.FileSystemError.FileNotFound(uri);
  return {
    files,
    onDidChangeFile: changes.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat(uri) {
      const contents = files.get(uri.path);
      if (contents === undefined && path.posix.extname(uri.path) !== '') throw missing(uri);
      const type = contents ? vscode.FileType.File : vscode.FileType.Directory;
      return { type, ctime: 0, mtime: 0, size: contents?.length ?? 0 };
    },
    readDirectory: () => [],
    createDirectory: () => undefined,
    readFile(uri) {
      const contents = files.get(uri.path);
      if (contents === undefined) throw missing(uri);
      return contents;
    },
    writeFile(uri, contents) {
      if (uri.path.startsWith('/readonly/'))
        throw vscode.FileSystemError.NoPermissions('It is read-only');
      files.set(uri.path, contents);
    },
    delete: (uri) => void files.delete(uri.path),
    rename: () => undefined,
  };
}

describe('Export… and Import model…', () => {
  const notifications = useNotifications();
  const told: string[] = [];
  const memory = memoryFiles();
  const { showSaveDialog, showOpenDialog, showInformationMessage } = window;
  let lab: Lab;
  let folder = '';
  let trained = '';
  let provider: vscode.Disposable;
  useSettings({ ...tiny, 'training.steps': 30, 'training.evaluateEvery': 10 });

  before(async () => {
    lab = await activeLab();
    provider = vscode.workspace.registerFileSystemProvider('rnn-memory', memory);
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-export-'));
    const inform = (message: string) => Promise.resolve(void told.push(message));
    Object.assign(window, { showInformationMessage: inform });
    await openUntitled(alphabet);
    await lab.run('train');
    await until('the end', () => !lab.runs.busy);
    trained = lab.runs.current!.folder;
  });
  beforeEach(() => {
    told.length = 0;
  });
  after(async () => {
    Object.assign(window, { showSaveDialog, showOpenDialog, showInformationMessage });
    provider.dispose();
    fs.rmSync(folder, { recursive: true });
    await closeAll();
  });

  /** Runs Export… with a format, every other question answered with what is offered first. */
  async function exportAs(
    format: string,
    target: vscode.Uri | undefined,
    run?: string,
  ): Promise<vscode.SaveDialogOptions | undefined> {
    let asked: vscode.SaveDialogOptions | undefined;
    const answer = (options: vscode.SaveDialogOptions) => {
      asked = options;
      return Promise.resolve(target);
    };
    Object.assign(window, { showSaveDialog: answer });
    // The format that was used last is the one that Enter takes.
    await lab.memento.update('exportFormat', format);
    const ended = new AbortController();
    const running = vscode.commands
      .executeCommand('rnnLab.export', run === undefined ? undefined : { run })
      .then(() => ended.abort());
    for (let tries = 0; !ended.signal.aborted; tries++) {
      assert.ok(tries < 600, 'The list of formats took no answer.');
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await running;
    return asked;
  }

  async function sampleOf(run: string): Promise<string> {
    const model = { kind: 'run', run } as const;
    return (await lab.engine.start({ kind: 'sample', model, length: 60, seed: 5 }).result).text;
  }

  it('write each format to the file that is chosen, with a sensible name', async () => {
    const begins = {
      safetensors: /^[^]{8}\{"__metadata__"/,
      json: /^\{\n {2}"format"/,
      js: /^\/\/ A rec/,
      ts: /^\/\/ A rec/,
      csv: /^kind,step,/,
    };
    for (const [format, start] of Object.entries(begins)) {
      const file = vscode.Uri.file(path.join(folder, `model.${format}`));
      const asked = await exportAs(format, file);
      assert.match(
        asked?.defaultUri?.path ?? '',
        new RegExp(`/Untitled-\\d+-vanilla\\.${format}$`),
      );
      assert.deepEqual(Object.values(asked?.filters ?? {}), [[format]]);
      assert.match(fs.readFileSync(file.fsPath, 'latin1'), start);
      assert.match(
        told.at(-1) ?? '',
        new RegExp(`^Exported model\\.${format} \\([\\d.]+ [kM]B\\)\\.$`),
      );
    }
    assert.deepEqual(notifications, []);
  });

  it('write a folder that trains the run elsewhere, with its text', async () => {
    for (const [command, name] of [
      ['export', 'exported'],
      ['trainElsewhere', 'elsewhere'],
    ] as const) {
      const target = vscode.Uri.file(path.join(folder, name));
      const asked: vscode.SaveDialogOptions[] = [];
      if (command === 'export') {
        const options = await exportAs('pytorch', target, trained);
        if (options) asked.push(options);
      } else {
        const showSaveDialog = (options: vscode.SaveDialogOptions) => {
          asked.push(options);
          return Promise.resolve(target);
        };
        Object.assign(window, { showSaveDialog });
        await vscode.commands.executeCommand('rnnLab.trainElsewhere', { run: trained });
      }
      const [options] = asked;
      assert.deepEqual([options?.title, options?.filters], ['Export to a new folder', undefined]);
      assert.match(options?.defaultUri?.path ?? '', /-vanilla-pytorch$/);
      const at = (file: string): string => fs.readFileSync(path.join(target.fsPath, file), 'utf8');
      assert.match(at('model.py'), /# s\[t\] = tanh\(U x\[t\] \+ W s\[t-1\] \+ b\)/);
      assert.match(at('README.md'), /torchrun/);
      assert.equal(at('text.txt'), alphabet);
      assert.match(at('run/run.json'), /"step": 30/);
      const sizes = fs.readdirSync(path.join(target.fsPath, 'run')).toSorted();
      assert.ok(sizes.includes('checkpoint-last.safetensors'), sizes.join());
      assert.match(told.at(-1) ?? '', new RegExp(`^Exported ${name} \\([\\d.]+ kB\\)\\.$`));
      // Its run is one of RNN Lab's.
      await lab.run(
        'import',
        vscode.Uri.file(path.join(target.fsPath, 'run/checkpoint-last.safetensors')),
      );
      assert.equal(await sampleOf(lab.runs.current!.folder), await sampleOf(trained));
    }
    assert.equal(notifications.length, 0);
    // What is there is not written over.
    await exportAs('pytorch', vscode.Uri.file(path.join(folder, 'exported')), trained);
    assert.match(notifications.at(-1) ?? '', /exported.*(?:already|exists)/);
  });

  it('do nothing where no file is chosen', async () => {
    await exportAs('json', undefined);
    assert.deepEqual([told, notifications], [[], []]);
  });

  it('write to and read from a file system that only VS Code has', async () => {
    const file = vscode.Uri.parse('rnn-memory:/models/far.safetensors');
    await exportAs('safetensors', file, trained);
    assert.ok(memory.files.get(file.path)!.length > 1000);
    await lab.run('import', file);
    assert.match(told.at(-1) ?? '', /^Imported far: vanilla, [\d,]+ parameters\.$/);
    const { current } = lab.runs;
    assert.ok(current && current.folder !== trained);
    assert.equal(current.title, 'far');
    assert.match(current.message, /after 30 steps .* best validation loss was \d\.\d{3}\.$/);
    assert.equal(await sampleOf(current.folder), await sampleOf(trained));
  });

  it('say why a file cannot be written', async () => {
    await exportAs('csv', vscode.Uri.parse('rnn-memory:/readonly/x.csv'), trained);
    assert.match(notifications.at(-1) ?? '', /^x\.csv cannot be written: .*read-only/);
    await exportAs('csv', vscode.Uri.file(path.join(folder, 'no', 'x.csv')), trained);
    assert.match(notifications.at(-1) ?? '', /Cannot write .*no such file or folder/);
    assert.deepEqual(told, []);
  });

  it('make a run that trains further on the text in the editor, with the settings there', async () => {
    const file = vscode.Uri.file(path.join(folder, 'model.json'));
    Object.assign(window, { showOpenDialog: () => Promise.resolve([file]) });
    await lab.run('import');
    const run = lab.runs.current!;
    assert.equal(run.title, 'model');
    assert.equal(run.metrics.length, 0);
    const document = await openUntitled(alphabet.toUpperCase());
    await lab.run('continue');
    await until('the end', () => !lab.runs.busy);
    assert.deepEqual(notifications, []);
    const now = lab.runs.current!;
    assert.equal(now.folder, run.folder);
    assert.equal(now.title, 'model');
    assert.equal(now.facts.name, document.uri.path);
    assert.equal(now.metrics.at('step', now.metrics.length - 1), 30);
    assert.equal(now.facts.batch, tiny['training.batch']);
    // It began with the weights of the imported model, not again: ln 28 is what that would cost.
    assert.ok(now.metrics.at('lossMean', 0) < Math.log(28));
  });

  it('make a run of a model of PyTorch, asking for its vocabulary', async () => {
    const root = path.resolve(__dirname, '../../..');
    const model = vscode.Uri.file(path.join(root, 'test/fixtures/foreign/lstm.pt'));
    const vocabulary = vscode.Uri.file(path.join(folder, 'vocabulary.txt'));
    fs.writeFileSync(vocabulary.fsPath, '\n abcd🙂');
    const asked: (vscode.OpenDialogOptions | undefined)[] = [];
    Object.assign(window, {
      showOpenDialog(options: vscode.OpenDialogOptions) {
        asked.push(options);
        return Promise.resolve([asked.length === 1 ? model : vocabulary]);
      },
    });
    await lab.run('import');
    assert.deepEqual(notifications, []);
    assert.deepEqual(
      asked.map((options) => options?.title),
      [
        'Import model',
        'Vocabulary of lstm.pt: JSON, a token a line, or the text that it was trained on',
      ],
    );
    assert.match(told.at(-1) ?? '', /^Imported lstm: lstm, 490 parameters\.$/);
    assert.match(await sampleOf(lab.runs.current!.folder), /^[\n abcd🙂]+$/u);
    const before = lab.runs.current!.folder;
    Object.assign(window, { showOpenDialog: () => Promise.resolve(undefined) });
    await lab.run('import', model);
    assert.deepEqual([lab.runs.current!.folder, notifications], [before, []]);
  });

  it('say what is wrong with a file, and make no run of it', async () => {
    const file = path.join(folder, 'broken.safetensors');
    const whole = fs.readFileSync(path.join(folder, 'model.safetensors'));
    fs.writeFileSync(file, whole.subarray(0, -10));
    await lab.runs.list.load();
    const before = lab.runs.list.runs.length;
    await lab.run('import', vscode.Uri.file(file));
    assert.match(notifications.at(-1) ?? '', /broken\.safetensors is damaged.*Get the file again/);
    await lab.run('import', vscode.Uri.parse('rnn-memory:/missing.json'));
    assert.match(notifications.at(-1) ?? '', /^missing\.json cannot be read: /);
    await lab.runs.list.load();
    assert.equal(lab.runs.list.runs.length, before);
    const runs = path.dirname(trained);
    assert.ok(
      fs.readdirSync(runs).every((name) => !name.includes('broken') && !name.includes('missing')),
    );
  });
});
