import assert from 'node:assert/strict';
import { bitsPerCharacter } from '../../../src/host/lenses/bits';
import type { Part } from '../../../src/host/lenses/lens';
import type { Reading } from '../../../src/host/lenses/shading';
import { random } from '../engine/tools';

/** Tokens of one to forty units, some of them two characters' worth, of which nothing predicts the first. */
function makeText(length: number) {
  const next = random(3);
  const tokens: {
    start: number;
    end: number;
    loss: number;
    characters: number;
    spelling: number;
  }[] = [];
  for (let start = 0; start < length;) {
    const end = Math.min(length, start + 1 + Math.floor(40 * next()));
    const loss = start === 0 ? NaN : next() * 5;
    const spelling = next() < 0.1 ? 20 * next() : 0;
    tokens.push({ start, end, loss, characters: Math.ceil((end - start) / 2), spelling });
    start = end;
  }
  return tokens;
}

describe('bits per character', () => {
  const tokens = makeText(30_000);
  const stepAt = (from: number) => (from < 8192 ? 3 : 4);

  /** As the engine answers: all tokens that overlap the part. */
  function read({ from, to }: Part, step = 3): Promise<Reading> {
    const found = tokens.filter(({ start, end }) => start < to && end > from);
    const column = (of: (token: (typeof tokens)[number]) => number) => Float64Array.from(found, of);
    return Promise.resolve({
      step,
      starts: column(({ start }) => start),
      loss: column(({ loss }) => loss),
      characters: column(({ characters }) => characters),
      spelling: column(({ spelling }) => spelling),
    } as Reading);
  }

  /** Of tokens that overlap a part, the definition. */
  function wanted(from: number, to: number): number {
    const counted = tokens.filter(({ start, end }) => start < to && end > from && start > 0);
    const nats = counted.reduce((sum, { loss, spelling }) => sum + loss + spelling, 0);
    const characters = counted.reduce((sum, token) => sum + token.characters, 0);
    return nats / Math.LN2 / characters;
  }

  for (const [from, to] of [
    [0, 30_000],
    [0, 8192],
    [100, 20_001],
    [12_345, 12_346],
  ] as const) {
    it(`counts each token once, however the text is read: ${from} to ${to}`, async () => {
      const bits = await bitsPerCharacter({ from, to }, read, () => -Infinity);
      assert.ok(Math.abs(bits!.value - wanted(from, to)) < 1e-12);
      assert.equal(bits!.isMixed, false);
    });
  }

  it('tells where the weights have changed meanwhile', async () => {
    const part = { from: 0, to: 10_000 };
    const bits = await bitsPerCharacter(
      part,
      (asked) => read(asked, stepAt(asked.from)),
      () => 0,
    );
    assert.equal(bits!.isMixed, true);
  });

  it('has none where it was overtaken, or nothing is predicted', async () => {
    const overtaken = () => Promise.resolve(undefined);
    assert.equal(await bitsPerCharacter({ from: 0, to: 9 }, overtaken, () => 0), undefined);
    assert.equal(await bitsPerCharacter({ from: 0, to: 1 }, read, () => 0), undefined);
  });
});
