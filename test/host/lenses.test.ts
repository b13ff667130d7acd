import assert from 'node:assert/strict';
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

/** What only markup has: icons, tags, emphasis, entities, links. */
const markup = /[<>*`$]|&\w+;|\]\(/u;

describe('the models of lenses', () => {
  useSettings({ ...tiny, 'training.steps': 5 });
  const notifications = useNotifications();
  let lab: Lab;
  let letters: vscode.TextDocument;
  let lettersRun: string;
  let numbersRun: string;

  /** A status bar item that is on show. */
  const item = (id: string) => [...lab.statusItems].find((each) => each.id.endsWith(id))!;
  const spoken = (id: string) => item(id).accessibilityInformation?.label ?? '';

  async function train(text: string): Promise<vscode.TextDocument> {
    const document = await openUntitled(text);
    await vscode.commands.executeCommand('rnnLab.train');
    await until('the end', () => lab.runs.current?.phase === 'finished' && !lab.runs.busy);
    return document;
  }

  before(async () => {
    lab = await activeLab();
    await closeAll();
    letters = await train(alphabet);
    lettersRun = lab.runs.current!.folder;
    await train('0123456789 '.repeat(300));
    numbersRun = lab.runs.current!.folder;
  });
  after(() => closeAll());

  it('are the texts’ own, or what was chosen for them, or else the one on show', async () => {
    const { choice, lenses } = lab;
    assert.deepEqual(await choice.modelOf(letters), { folder: lettersRun, reason: 'own' });
    await vscode.window.showTextDocument(letters);
    await vscode.commands.executeCommand('rnnLab.surpriseLens');
    const looking = () => lenses.surprise.outlook(letters)?.model;
    await until('its own run looks', () => looking()?.folder === lettersRun);
    assert.equal(lab.runs.current!.folder, numbersRun);
    assert.match(spoken('lensModel'), /This run was trained on this text\./);
    await choice.choose(letters.uri, numbersRun);
    await until('the chosen one looks', () => looking()?.folder === numbersRun);
    assert.equal(looking()?.reason, 'chosen');
    // No completion is wanted: a lens that is on has to look with something.
    await choice.choose(letters.uri, null);
    await until('the one on show looks', () => looking()?.reason === 'shown');
    await choice.choose(letters.uri, undefined);
    await until('its own run looks again', () => looking()?.reason === 'own');
    assert.deepEqual(notifications, []);
  });

  it('colour the text by each unit that one moves to among those found, and by none after Esc', async () => {
    const { neuron } = lab.lenses;
    const editor = await vscode.window.showTextDocument(letters);
    editor.selections = [0, 45, 90].map((from) => {
      const [start, end] = [from, from + 3].map((offset) => letters.positionAt(offset));
      return new vscode.Selection(start!, end!);
    });
    const press = (key: string) => vscode.commands.executeCommand(`workbench.action.${key}`);
    const found = () => vscode.commands.executeCommand('rnnLab.findUnits');
    const other = { variable: 'layer1.s', label: 's', unit: 15, run: lettersRun };
    neuron.choose(letters, other);
    neuron.set(letters, false);
    let asking = found();
    await until('the first', () => neuron.isOn(letters) && neuron.unit !== other);
    const first = neuron.unit;
    await press('quickOpenSelectNext');
    await until('the second', () => neuron.unit !== first);
    const second = neuron.unit;
    await press('quickOpenSelectPrevious');
    await until('the first again', () => neuron.unit === first);
    await press('closeQuickOpen');
    await asking;
    assert.deepEqual([neuron.isOn(letters), neuron.unit], [false, other]);
    asking = found();
    await until('the first', () => neuron.isOn(letters) && neuron.unit !== other);
    await press('quickOpenSelectNext');
    await until('the second', () => neuron.unit?.unit === second?.unit);
    await press('acceptSelectedQuickOpenItem');
    await asking;
    assert.deepEqual([neuron.isOn(letters), neuron.unit], [true, second]);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    neuron.set(letters, false);
    assert.deepEqual(notifications, []);
  });

  it('say so where they know next to nothing of a text', async () => {
    const strange = await openUntitled('letters, and not one number: 1\n'.repeat(4));
    await vscode.commands.executeCommand('rnnLab.surpriseLens');
    await until('it has looked', () => lab.lenses.surprise.outlook(strange) !== undefined);
    const { unread, model } = lab.lenses.surprise.outlook(strange)!;
    assert.equal(model.folder, numbersRun);
    // Of 31 characters of a line a digit and six spaces are known, and what stands for a line end is a space.
    const known = Array.from(strange.getText()).filter((each) => /[\d ]/.test(each)).length;
    assert.ok(Math.abs(unread - (1 - known / strange.getText().length)) < 0.05, String(unread));
    assert.match(spoken('lensModel'), /Most characters here are unknown to this model/);
    assert.ok(item('lensModel').backgroundColor);
  });

  it('and all else in the status bar have names that can be spoken', async () => {
    lab.lenses.neuron.choose(letters, {
      ...{ variable: 'layer1.s', label: 's', unit: 0, run: lettersRun },
    });
    lab.lenses.surprise.set(letters, true);
    await vscode.window.showTextDocument(letters);
    await until('bits', () => /\d bits\/character/.test(spoken('surprise')));
    await until('the neuron lens', () => spoken('neuron').includes('Model: '));
    // That of rows has never been shown here.
    const shown = [...lab.statusItems].filter(({ text }) => text !== '');
    const names = shown.map(({ accessibilityInformation }) => {
      return accessibilityInformation?.label ?? '';
    });
    assert.equal(names.length, 4);
    for (const name of names) {
      assert.notEqual(name, '');
      assert.doesNotMatch(name, markup);
    }
    assert.match(
      spoken('surprise'),
      /^Surprise lens, [\d.]+ bits\/character, Model: .+, at step 5$/,
    );
    assert.match(spoken('neuron'), /^Neuron lens, s, unit 1, -1 to 1, Model: .+, at step 5$/);
  });
});
