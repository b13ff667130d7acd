import assert from 'node:assert/strict';
import { describeAllowed } from '../../../src/core/allowed-values';
import { toEnglish } from '../../../src/core/sentence';
import {
  SettingsError,
  limitOf,
  parseSettings,
  readFlag,
  settingEntries,
} from '../../../src/core/settings/settings';

function messageOf(input: unknown): string {
  try {
    parseSettings(input);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.message;
  }
  return assert.fail('settings were accepted');
}

describe('settings', () => {
  it('has defaults that are themselves allowed, and end after 60 s', () => {
    const settings = parseSettings({});
    assert.equal(settings.model.cell, 'vanilla');
    assert.equal(settings.training.optimizer, 'adam');
    assert.equal(settings.training.clip, 5);
    assert.deepEqual(limitOf(settings.training), { kind: 'seconds', value: 60 });
    assert.deepEqual(parseSettings(settings), settings);
  });

  it('reads nested and dotted keys alike', () => {
    const nested = parseSettings({ model: { hidden: 12 }, training: { steps: 5 } });
    assert.deepEqual(parseSettings({ 'model.hidden': 12, 'training.steps': 5 }), nested);
    assert.equal(nested.model.hidden, 12);
    assert.deepEqual(limitOf(nested.training), { kind: 'steps', value: 5 });
  });

  it('takes auto where it means something', () => {
    assert.equal(parseSettings({ 'training.learningRate': 'auto' }).training.learningRate, 0);
    assert.match(messageOf({ 'model.hidden': 'auto' }), /"auto" was given/);
  });

  it('says which setting is wrong, what was given and what is allowed', () => {
    assert.equal(
      messageOf({ 'model.hidden': 0 }),
      'model.hidden (--hidden) must be a whole number from 1 to 8192; 0 was given.',
    );
    assert.equal(
      messageOf({ 'training.learningRate': Number.NaN }),
      'training.learningRate (--learning-rate) must be a number from 0 to 1000, or auto; NaN was given.',
    );
    assert.equal(
      messageOf({ 'training.optimizer': 'adamm' }),
      'training.optimizer (--optimizer) must be one of sgd, momentum, adagrad, rmsprop, adam, lazyAdam; "adamm" was given.',
    );
    assert.match(messageOf({ 'model.dropout': 1 }), /from 0 to below 1; 1 was given/);
    assert.match(messageOf({ 'model.hidden': 1.5 }), /a whole number .*; 1\.5 was given/);
    assert.equal(
      messageOf({ 'model.hiden': 3 }),
      'There is no setting model.hiden. Did you mean model.hidden?',
    );
    assert.equal(messageOf(3), 'Settings must be an object; 3 was given.');
  });

  it('names every wrong setting', () => {
    try {
      parseSettings({ 'model.hidden': -1, 'training.batch': 'many' });
      assert.fail('settings were accepted');
    } catch (error) {
      assert.ok(error instanceof SettingsError);
      assert.deepEqual(
        error.issues.map((issue) => issue.key),
        ['model.hidden', 'training.batch'],
      );
    }
  });

  it('wants exactly one limit', () => {
    assert.match(
      messageOf({ 'training.steps': 10, 'training.epochs': 2 }),
      /training\.steps = 10 and training\.epochs = 2/,
    );
    assert.match(messageOf({ 'training.seconds': 0 }), /needs an end/);
    assert.deepEqual(limitOf(parseSettings({ 'training.epochs': 0.5 }).training), {
      kind: 'epochs',
      value: 0.5,
    });
  });

  it('has a flag for each setting, unique within the commands', () => {
    const flagsOf = (sampling: boolean): string[] =>
      settingEntries.filter((e) => (e.group === 'sampling') === sampling).map((e) => e.flag);
    for (const flags of [flagsOf(true), flagsOf(false)])
      assert.equal(new Set(flags).size, flags.length);
    assert.ok(flagsOf(false).includes('learning-rate'));
    assert.ok(flagsOf(true).includes('top-k'));
    for (const { setting } of settingEntries) {
      assert.match(setting.description, /\.$/);
      assert.notEqual(toEnglish(describeAllowed(setting)), '');
    }
  });

  it('reads the text of flags', () => {
    const hidden = settingEntries.find((entry) => entry.key === 'model.hidden')!.setting;
    assert.equal(readFlag(hidden, '64'), 64);
    assert.equal(readFlag(hidden, '1e3'), 1000);
    assert.match(messageOf({ 'model.hidden': readFlag(hidden, '12x') }), /"12x" was given/);
    assert.match(messageOf({ 'model.hidden': readFlag(hidden, '') }), /"" was given/);
  });
});
