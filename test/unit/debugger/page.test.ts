import assert from 'node:assert/strict';
import fs from 'node:fs';
import { toEnglish } from '../../../src/core/sentence';
import type { DebugAnswer, DebugPath, DebugQuestion } from '../../../src/protocol/engine';
import { newEngine } from '../worker/follow-tools';

/** What docs/debugger.md shows of one word, gone through forwards and backwards. */
describe('docs/debugger.md', () => {
  const engine = newEngine();
  after(() => engine.dispose());

  it('shows the numbers that a reader sees', async () => {
    const cell = { name: 'elman', source: '# Elman 1990\ns[t] = tanh(U x[t] + W s[t-1] + b)\n' };
    let ready: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      ready = resolve;
    });
    const debug = engine.start(
      {
        kind: 'debug',
        model: { kind: 'fresh', cell, hidden: 2, layers: 1, seed: 1 },
        text: 'hello',
        precision: 'float64',
        loss: 'last',
      },
      ({ event }) => {
        if (event === 'ready') ready();
      },
    );
    await opened;
    const asked = async (question: DebugQuestion): Promise<DebugAnswer> =>
      engine.start({ kind: 'debugAsk', debug: debug.id, question }).result;
    const move = async (way: 'continue') =>
      engine.start({ kind: 'debugMove', debug: debug.id, move: way }).result;
    const rows = async (step: number, path: DebugPath) => {
      const found = await asked({ about: 'rows', step, path });
      assert.equal(found.about, 'rows');
      return found.rows.map(({ name, value }) => [name, toEnglish(value)] as const);
    };
    const line = (words: readonly string[]): string => words.join('  ').trimEnd();
    const lines: string[] = [];

    await move('continue');
    for (let step = 0; step < 4; step++) {
      const [first] = await rows(step, { of: 'step' });
      const units = await rows(step, { of: 'value', name: 0 });
      const values = units.map(([, value]) => Number(value).toFixed(4));
      lines.push(line([`s[${String(step + 1)}]`, first?.[1] ?? '', ...values]));
    }
    const loss = await asked({ about: 'expression', step: 3, text: 'loss' });
    assert.equal(loss.about, 'expression');
    lines.push(line(['E', Number(toEnglish(loss.value)).toFixed(4)]));
    await move('continue');
    for (let step = 3; step >= 0; step--) {
      const units = await rows(step, { of: 'gradient', name: 0 });
      const values = units.map(([, value]) => Number(value).toFixed(4));
      lines.push(line([`∂E/∂s[${String(step + 1)}]`, ...values]));
    }
    const total = await asked({ about: 'expression', step: 0, text: 'grad(W)' });
    assert.equal(total.about, 'expression');
    lines.push(
      line(['∂E/∂W', ...total.rows.map(({ value }) => Number(toEnglish(value)).toFixed(4))]),
    );
    debug.control({ action: 'stop' });
    await debug.result;

    for (const file of ['docs/debugger.md', 'docs/debugger.zh-CN.md']) {
      const shown = /```text\n(s\[1\][^`]*)```/u.exec(fs.readFileSync(file, 'utf8'))?.[1];
      assert.equal(shown?.trim(), lines.join('\n'), file);
    }
  });
});
