import assert from 'node:assert/strict';
import { parseSettings, settingEntries } from '../../../src/core/settings/settings';

describe('the boundaries of numeric settings', () => {
  for (const { key, setting } of settingEntries) {
    if (setting.type !== 'integer' && setting.type !== 'number') continue;
    const { minimum, maximum, exclusiveMaximum = false, type } = setting;
    // Limits exclude one another, and one is needed.
    const isLimit = ['training.steps', 'training.epochs', 'training.seconds'].includes(key);
    const least = isLimit ? 1 : minimum;
    it(`of ${key} are allowed, and nothing beyond them`, () => {
      const allowed = [least, ...(exclusiveMaximum ? [] : [maximum])];
      for (const value of allowed) assert.doesNotThrow(() => parseSettings({ [key]: value }));
      const beyond = type === 'integer' ? 1 : Math.max(Number.MIN_VALUE, maximum * 1e-9);
      const refused = [minimum - beyond, maximum + beyond, NaN, Infinity, -Infinity, ''];
      if (exclusiveMaximum) refused.push(maximum);
      if (type === 'integer') refused.push(minimum + 0.5);
      for (const value of refused) {
        assert.throws(() => parseSettings({ [key]: value }), { name: 'SettingsError' });
      }
    });
  }

  it('of epsilon are above 0 in float32 too', () => {
    assert.throws(() => parseSettings({ 'training.epsilon': 0 }), /--epsilon\) must be a number/);
    const { training } = parseSettings({ 'training.epsilon': 1e-30 });
    assert.ok(Math.fround(training.epsilon) > 0);
  });
});
