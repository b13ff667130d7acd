import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { builtinCells } from '../../src/core/cells';
import { mistakes } from '../unit/equations/mistakes';
import {
  activeLab,
  closeAll,
  until,
  useButtons,
  useNotifications,
  useSettings,
} from './support/lab';

/** The published derivatives of docs/equations.md. */
const lstm = builtinCells.get('lstm')!;

let cells = 0;

/** Each has a name of its own: one that is still being closed cannot be taken for it. */
async function openCell(content: string): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.parse(`untitled:cell-${++cells}.rnn`);
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), content));
  return document;
}

async function diagnosticsOf(document: vscode.TextDocument): Promise<vscode.Diagnostic[]> {
  let found: vscode.Diagnostic[] = [];
  await until('diagnostics', () => {
    found = vscode.languages.getDiagnostics(document.uri);
    return found.length > 0;
  });
  return found;
}

/** @param place text of the document, whose first character is pointed at */
async function hoverAt(document: vscode.TextDocument, place: string): Promise<string> {
  const position = document.positionAt(document.getText().indexOf(place));
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (content as vscode.MarkdownString).value)
    .join('\n')
    .replace(/\\/g, '')
    .replace(/&nbsp;/g, ' ');
}

async function completionsAfter(before: string, after = ''): Promise<string[]> {
  const document = await openCell(before + after);
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    document.positionAt(before.length),
  );
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

describe('a .rnn document', () => {
  useSettings({ 'model.hidden': 128 });

  before(() => activeLab());
  afterEach(() => closeAll());

  it('has the language of cells', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-cell-'));
    const file = path.join(folder, 'my.rnn');
    fs.writeFileSync(file, lstm);
    const document = await vscode.workspace.openTextDocument(file);
    assert.equal(document.languageId, 'rnn-cell');
    fs.rmSync(folder, { recursive: true });
  });

  for (const [kind, cases] of Object.entries(mistakes)) {
    // One of each kind through VS Code; the unit tests of the core have all of them.
    const [source, error] = cases.find(([text]) => text.length < 200 && text !== '')!;
    it(`shows what is wrong at its place: ${kind}`, async () => {
      const [first] = await diagnosticsOf(await openCell(source));
      const { line, character } = first!.range.start;
      const told = `${line + 1}:${character + 1}: ${first!.message.replace('\n', ' ')}`;
      // VS Code has no place behind the end of a text: the last character is marked then.
      const [, place = '', message = ''] = /^(\d+:\d+): (.*)$/s.exec(error)!;
      assert.ok(told.endsWith(message), told);
      const [wantedLine = 0, column = 0] = place.split(':').map(Number);
      assert.equal(line + 1, wantedLine);
      assert.ok(character + 1 === column || character + 2 === column, told);
      assert.equal(first!.severity, vscode.DiagnosticSeverity.Error);
      assert.ok(!first!.range.isEmpty);
    });
  }

  it('tells shapes that disagree, with the line that says so', async () => {
    const [first] = await diagnosticsOf(
      await openCell('z[t] = sigmoid(Wz x[t] + bz)\nh[t] = z[t] * h[t-1] + U x[t]\nsize z = 64'),
    );
    assert.match(
      first!.message,
      /^z\[t\] has shape \[64\], but h\[t-1\] has shape \[128\]\.\n64 because/,
    );
    assert.equal(first!.range.start.line, 1);
    const [related] = first!.relatedInformation!;
    assert.equal(related!.location.range.start.line, 2);
    assert.equal(related!.message, 'size z = 64');
  });

  it('warns where only some vocabularies would fit, and where the layers above do not', async () => {
    const [open] = await diagnosticsOf(await openCell('h[t] = x[t] + W h[t-1]'));
    assert.equal(open!.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(open!.message, /\[128\], but .*\[C\]/s);
    assert.match(open!.message, /C is the number of tokens/);
  });

  it('fades what nothing reads', async () => {
    const [first] = await diagnosticsOf(await openCell('z[t] = U x[t]\nh[t] = V x[t]'));
    assert.deepEqual(first!.tags, [vscode.DiagnosticTag.Unnecessary]);
    assert.equal(first!.range.start.line, 0);
  });

  it('has nothing to say against the built-in cells, and takes back what was mended', async () => {
    for (const source of builtinCells.values()) {
      const document = await openCell(`h[t] = U x[t\n${source}`);
      await diagnosticsOf(document);
      const edit = new vscode.WorkspaceEdit();
      edit.delete(document.uri, document.lineAt(0).rangeIncludingLineBreak);
      await vscode.workspace.applyEdit(edit);
      await until('no diagnostics', () => {
        return vscode.languages.getDiagnostics(document.uri).length === 0;
      });
    }
  });

  it('offers the name that was meant', async () => {
    const document = await openCell('state[t] = tanh(U x[t] + W stat[t-1] + b)');
    const [{ range }] = (await diagnosticsOf(document)) as [vscode.Diagnostic];
    const [action] = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
    );
    assert.equal(action!.title, 'Change to state');
    await vscode.workspace.applyEdit(action!.edit!);
    assert.equal(document.getText(), 'state[t] = tanh(U x[t] + W state[t-1] + b)');
  });

  it('tells shapes and derivatives where one points', async () => {
    const document = await openCell(lstm);
    const cell = await hoverAt(document, 'c[t-1]');
    assert.match(cell, /A state\./);
    assert.match(cell, /Shape \[128\]\./);
    assert.match(cell, /∂c\[t\]\/∂c\[t-1\] = diag\(f\[t\]\)/);
    assert.match(await hoverAt(document, 'tanh(c[t])'), /∂s\[t\]\/∂a = diag\(1 - s\[t\]²\)/);
    const matrix = await hoverAt(document, 'Wi');
    assert.match(matrix, /A learnt matrix\.[^]*Shape \[128, C\]\. C is the number of tokens/);
    assert.match(await hoverAt(document, 'Ri'), /Shape \[128, 128\]\./);
    assert.match(await hoverAt(document, 'init'), /The initial value of a matrix or a bias/);
    assert.equal(await hoverAt(document, 'Hochreiter'), '');
  });

  it('tells the shapes of an embedding and of layers above', async () => {
    const configuration = vscode.workspace.getConfiguration('rnnLab');
    await configuration.update('model.embedding', 32, true);
    await configuration.update('model.layers', 2, true);
    const hover = await hoverAt(await openCell(lstm), 'Wi');
    await configuration.update('model.embedding', undefined, true);
    await configuration.update('model.layers', undefined, true);
    assert.match(hover, /Shape \[128, 32\], in the layers above \[128, 128\]\./);
  });

  it('completes what may stand there', async () => {
    const cell = 'z[t] = sigmoid(Wz x[t] + bz)\nh[t] = z[t] * h[t-1]\n';
    const value = await completionsAfter(`${cell}g[t] = `);
    for (const label of ['x[t]', 'z[t]', 'h[t-1]', 'Wz', 'bz', 'tanh', 'layernorm']) {
      assert.ok(value.includes(label), label);
    }
    assert.ok(!value.includes('init'));
    const line = await completionsAfter(cell);
    for (const label of ['init', 'size', 'output']) assert.ok(line.includes(label), label);
    const started = await completionsAfter(`${cell}init `);
    assert.deepEqual(started.toSorted(), ['Wz', 'bz', 'h']);
    assert.deepEqual((await completionsAfter(`${cell}output `)).toSorted(), ['h', 'z']);
    assert.deepEqual((await completionsAfter(`${cell}init Wz = `)).toSorted(), [
      'identity',
      'normal',
      'orthogonal',
      'uniform',
    ]);
    assert.deepEqual((await completionsAfter(`${cell}g[t] = h[`, ']')).toSorted(), [
      '1',
      'T',
      't',
      't+1',
      't-1',
      'u',
      'u-1',
    ]);
    const editor = vscode.workspace.getConfiguration('editor');
    await editor.update('wordBasedSuggestions', 'off', true);
    const inComment = await completionsAfter(`${cell}# a comment about `);
    await editor.update('wordBasedSuggestions', undefined, true);
    assert.deepEqual(inComment, []);
  });

  it('has an outline, definitions and highlights', async () => {
    const document = await openCell(lstm);
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['i[t]', 'f[t]', 'o[t]', 'g[t]', 'c[t]', 'h[t]'],
    );
    const at = document.positionAt(lstm.indexOf('c[t-1]'));
    const [place] = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      at,
    );
    assert.equal(document.offsetAt(place!.range.start), lstm.indexOf('c[t] ='));
    const same = await vscode.commands.executeCommand<vscode.DocumentHighlight[]>(
      'vscode.executeDocumentHighlights',
      document.uri,
      at,
    );
    assert.equal(same.length, [...lstm.matchAll(/\bc\[/g)].length);
  });
});

describe('editing a .rnn document', () => {
  useSettings({ 'model.hidden': 128, 'model.embedding': 0, 'data.tokenizer': 'byte' });

  before(() => activeLab());
  afterEach(() => closeAll());

  const ask = <T>(command: string, ...rest: unknown[]): Thenable<T> =>
    vscode.commands.executeCommand<T>(`vscode.${command}`, ...rest);

  it('renames all uses of a name, directives too, and finds them', async () => {
    const document = await openCell(lstm);
    const at = document.positionAt(lstm.indexOf('bf'));
    const places = await ask<vscode.Location[]>('executeReferenceProvider', document.uri, at);
    assert.deepEqual(
      places.map(({ range }) => document.offsetAt(range.start)),
      [lstm.indexOf('bf'), lstm.lastIndexOf('bf')],
    );
    const edit = await ask<vscode.WorkspaceEdit>(
      'executeDocumentRenameProvider',
      document.uri,
      at,
      'forget',
    );
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), lstm.replaceAll('bf', 'forget'));
    const refused = ask('executeDocumentRenameProvider', document.uri, at, 'tanh');
    await assert.rejects(Promise.resolve(refused), /tanh is a function/);
  });

  it('formats, and folds what has several lines', async () => {
    const document = await openCell('# one\n# two\nh[t]=tanh(W h[ t-1 ]+\nU x[t])\n');
    const options = { insertSpaces: true, tabSize: 2 };
    const edits = await ask<vscode.TextEdit[]>(
      'executeFormatDocumentProvider',
      document.uri,
      options,
    );
    const folds = await ask<vscode.FoldingRange[]>('executeFoldingRangeProvider', document.uri);
    assert.deepEqual(folds.map(({ start, end }) => [start, end]).toSorted(), [
      [0, 1],
      [2, 3],
    ]);
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), '# one\n# two\nh[t] = tanh(W h[t-1] +\n  U x[t])\n');
  });

  it('keeps its outline while a line is wrong', async () => {
    const document = await openCell('z[t] = sigmoid(\nh[t] = tanh(U x[t] + W h[t-1])\n');
    const symbols = await ask<vscode.DocumentSymbol[]>(
      'executeDocumentSymbolProvider',
      document.uri,
    );
    assert.deepEqual(
      symbols.map(({ name, detail }) => [name, detail]),
      [['h[t]', 'tanh(U x[t] + W h[t-1])']],
    );
  });

  it('colours states, matrices, biases and the input by what they are', async () => {
    const document = await openCell(
      'z[t] = U x[t] + b\nh[t] = tanh(z[t] + W h[t-1])\ninit b = 1\n',
    );
    const uri = document.uri;
    const legend = await ask<vscode.SemanticTokensLegend>(
      'provideDocumentSemanticTokensLegend',
      uri,
    );
    const { data } = await ask<vscode.SemanticTokens>('provideDocumentSemanticTokens', uri);
    let [line, character] = [0, 0];
    const told: string[] = [];
    for (let i = 0; i < data.length; i += 5) {
      const [lines, characters, length, type, modifiers] = data.subarray(i, i + 5);
      character = lines! > 0 ? characters! : character + characters!;
      line += lines!;
      const text = document.getText(new vscode.Range(line, character, line, character + length!));
      told.push(`${text} ${legend.tokenTypes[type!]}${modifiers! > 0 ? ' declared' : ''}`);
    }
    assert.deepEqual(told, [
      ...['z variable declared', 'U matrix', 'x input', 'b bias'],
      ...['h state declared', 'tanh function', 'z variable', 'W matrix', 'h state'],
      ...['init keyword', 'b bias'],
    ]);
  });

  it('helps with what stands in brackets, and tells shapes and commands', async () => {
    const source = 'h[t] = tanh(U x[t] + W h[t-1])\ninit W = orthogonal()\n';
    const document = await openCell(source);
    const helpAfter = async (text: string) => {
      const at = document.positionAt(source.indexOf(text) + text.length);
      const help = await ask<vscode.SignatureHelp | undefined>(
        'executeSignatureHelpProvider',
        document.uri,
        at,
      );
      return help?.signatures[0]?.label;
    };
    assert.equal(await helpAfter('tanh(U'), 'tanh(a)');
    assert.equal(await helpAfter('orthogonal('), 'orthogonal(a)');
    assert.equal(await helpAfter('h[t]'), undefined);
    const hints = await ask<vscode.InlayHint[]>(
      'executeInlayHintProvider',
      document.uri,
      new vscode.Range(0, 0, 2, 0),
    );
    assert.deepEqual(
      hints.map(({ label, position }) => [label, position.line, position.character]),
      [['[128]', 0, 4]],
    );
    const lenses = await ask<vscode.CodeLens[]>('executeCodeLensProvider', document.uri);
    assert.deepEqual(
      lenses.map(({ command }) => command?.command),
      ['rnnLab.trainCell', 'rnnLab.useCell', 'rnnLab.checkGradients'],
    );
  });
});

describe('the command “Use this cell”', () => {
  const notifications = useNotifications();
  const press = useButtons();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-use-'));
  const configuration = () => vscode.workspace.getConfiguration('rnnLab');

  before(() => activeLab());
  afterEach(() => closeAll());
  after(async () => {
    await configuration().update('model.cell', undefined, true);
    fs.rmSync(folder, { recursive: true });
  });

  it('sets the cell to the file', async () => {
    const file = path.join(folder, 'mine.rnn');
    fs.writeFileSync(file, lstm);
    await vscode.commands.executeCommand('rnnLab.useCell', vscode.Uri.file(file));
    assert.deepEqual(notifications, []);
    assert.equal(configuration().get('model.cell'), file);
  });

  it('refuses one with an error, and leads to it', async () => {
    const file = path.join(folder, 'wrong.rnn');
    fs.writeFileSync(file, '# a line\ns[t] = tanh(U x[t] + W s[t])\n');
    press('Go to error');
    await vscode.commands.executeCommand('rnnLab.useCell', vscode.Uri.file(file));
    assert.match(notifications[0]!, /wrong\.rnn:2:24: s\[t\] needs itself/);
    await until('the editor', () => vscode.window.activeTextEditor?.document.fileName === file);
    const { selection } = vscode.window.activeTextEditor!;
    assert.deepEqual([selection.start.line, selection.start.character], [1, 23]);
    assert.notEqual(configuration().get('model.cell'), file);
  });
});
