import assert from 'node:assert/strict';
import { fuzz } from './fuzz';
import { createReaders } from './readers';

/** Of each reader; `npm run verify` has 200,000. */
const damaged = 600;

describe('readers of files that anybody may have written', () => {
  it('read what is whole', async () => {
    for (const { name, seeds, read } of await createReaders()) {
      for (const seed of seeds) await assert.doesNotReject(async () => read(seed), name);
    }
  });

  it('refuse what is damaged in words, whatever is damaged', async () => {
    for (const reader of await createReaders()) {
      const { accepted, refused, offences } = await fuzz(reader, damaged, 1);
      const [offence] = offences;
      assert.equal(offence && report(offence.error, offence.input), undefined, reader.name);
      assert.equal(accepted + refused, damaged);
      assert.ok(refused > 0 || accepted === damaged, reader.name);
    }
  });
});

function report(error: unknown, input: Uint8Array): string {
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${said}\n${Buffer.from(input).toString('latin1').slice(0, 2000)}`;
}
