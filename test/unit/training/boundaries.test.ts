import assert from 'node:assert/strict';
import type { GraphModel } from '../../../src/core/engine/model';
import { createWasmBackend } from '../../../src/core/kernels/wasm';
import {
  parseSavedSettings,
  parseSettings,
  settingEntries,
  type SettingEntry,
} from '../../../src/core/settings/settings';
import type { NumberSetting } from '../../../src/core/settings/setting';
import { eventsOf, makeTrainer, runSteps } from './tools';

type NumberEntry = SettingEntry & { readonly setting: NumberSetting };
const numeric = settingEntries.filter(
  (entry): entry is NumberEntry =>
    entry.setting.type === 'integer' || entry.setting.type === 'number',
);
/** Limits exclude one another, and one is needed. */
const limits = new Set(['training.steps', 'training.epochs', 'training.seconds']);

/** The values at both ends: where an end is not allowed, the nearest float32 below it. */
function boundaries({ key, setting }: NumberEntry): readonly [least: number, greatest: number] {
  const { minimum, maximum, exclusiveMaximum = false } = setting;
  return [limits.has(key) ? 1 : minimum, exclusiveMaximum ? maximum - 2 ** -24 : maximum];
}

/** What no test can train with, and why. */
const untrainable: Readonly<Record<string, string>> = {
  'model.hidden 8192': '67 million weights, with moments and gradients over 1 GB',
  'model.embedding 4096': 'a table of 4096 values a token, and a layer as wide',
  'training.batch 4096': 'is lowered to what the text has room for, which takes a text of its size',
};

const backend = (model: GraphModel) => createWasmBackend({ layout: model.layout });

/** The settings that matter to each optimiser's constants, so that a boundary is in use. */
const uses: Readonly<Record<string, Record<string, unknown>>> = {
  'training.momentum': { 'training.optimizer': 'momentum' },
  'training.alpha': { 'training.optimizer': 'rmsprop' },
  'training.weightDecay': { 'training.optimizer': 'adam' },
  'training.decayFactor': { 'training.schedule': 'step', 'training.decayEvery': 1 },
  'training.decayEvery': { 'training.schedule': 'step' },
};

describe('the boundaries of numeric settings', () => {
  for (const entry of numeric) {
    const { key, setting } = entry;
    const { minimum, maximum, exclusiveMaximum = false, type } = setting;
    const allowed = boundaries(entry);
    it(`of ${key} are allowed, and nothing beyond them`, () => {
      for (const value of allowed) assert.doesNotThrow(() => parseSettings({ [key]: value }));
      const beyond = type === 'integer' ? 1 : Math.max(Number.MIN_VALUE, maximum * 1e-9);
      const refused = [minimum - beyond, maximum + beyond, NaN, Infinity, -Infinity, ''];
      if (exclusiveMaximum) refused.push(maximum);
      if (type === 'integer') refused.push(minimum + 0.5);
      for (const value of refused) {
        assert.throws(() => parseSettings({ [key]: value }), { name: 'SettingsError' });
      }
    });
    for (const value of allowed) {
      // How a text is written is the sampler's own.
      if (key.startsWith('sampling.') || `${key} ${value}` in untrainable) continue;
      it(`train with ${key} = ${value}`, () => trains({ [key]: value }, key));
    }
  }

  async function trains(given: Record<string, unknown>, key: string): Promise<void> {
    const limit = limits.has(key) ? {} : { 'training.steps': 3 };
    const settings = { ...limit, ...uses[key], ...given };
    const trainer = await makeTrainer({ settings, backend });
    try {
      const events = runSteps(trainer, 3);
      assert.deepEqual(eventsOf(events, 'failed'), []);
      assert.ok(trainer.step() === 3 || trainer.hasEnded(), String(trainer.step()));
      for (const { row } of eventsOf(events, 'metrics')) assert.ok(Number.isFinite(row.loss.mean));
      const { parameters: from, parameterFloats } = trainer.network.model.layout;
      const parameters = trainer.network.backend.floats().slice(from, from + parameterFloats);
      assert.ok(parameters.every(Number.isFinite));
    } finally {
      trainer.close();
    }
  }

  it('of epsilon are above 0 in float32 too', () => {
    assert.throws(() => parseSettings({ 'training.epsilon': 0 }), /--epsilon\) must be a number/);
    const { training } = parseSettings({ 'training.epsilon': 1e-30 });
    assert.ok(Math.fround(training.epsilon) > 0);
  });

  it('that earlier versions allowed are read from saved runs as the nearest that are now', () => {
    const { training } = parseSavedSettings({ training: { epsilon: 0, optimizer: 'sgd' } });
    assert.equal(training.epsilon, 1e-30);
    assert.throws(() => parseSavedSettings({ 'training.epsilon': -1 }), { name: 'SettingsError' });
  });
});
