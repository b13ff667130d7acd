import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { builtinCells } from '../../../src/core/cells';
import { parseCell } from '../../../src/core/equations/parse';
import { stackProducts } from '../../../src/core/graph/stack';
import { buildStepGraph } from '../../../src/core/graph/step-graph';

/** A cell's text to the hash of its graphs; `RNN_LAB_RECORD=1 npm run unit -- guards/step-graphs` adds built-in cells. */
const file = path.resolve('test/fixtures/step-graphs.json');

/** The first 16 hexadecimal digits of the SHA-256 of a cell's step graphs in models of several kinds. */
function hashOf(source: string): string {
  const cell = parseCell(source, 'cell');
  const hash = createHash('sha256');
  for (const layers of [1, 2])
    for (const embedding of [0, 4])
      for (const dropout of [0, 0.3]) {
        const spec = { cell, hidden: 128, layers, vocabulary: 65, embedding, dropout };
        const { graph, parameters, variables, input, logits } = buildStepGraph(spec, dropout > 0);
        const nodes = [graph, stackProducts(graph)].map((made) =>
          made.nodes.map(({ id, operation, inputs, width }) => [id, operation, inputs, width]),
        );
        hash.update(JSON.stringify([nodes, [...parameters], [...variables], input, logits]));
      }
  return hash.digest('hex').slice(0, 16);
}

describe('step graphs of cells that have long been in use', () => {
  const recorded = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, string>;
  const runs = path.resolve('test/fixtures/runs');
  const models = fs
    .readdirSync(runs, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.rnn'))
    .map((name) => fs.readFileSync(path.join(runs, name), 'utf8'));
  const builtin = [...builtinCells.values()];

  if (process.env['RNN_LAB_RECORD'] === '1') {
    for (const source of [...builtin, ...models]) recorded[source] ??= hashOf(source);
    fs.writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
  }

  it('are recorded for every built-in cell and every recorded run', () => {
    for (const source of [...builtin, ...models])
      assert.ok(Object.hasOwn(recorded, source), source);
  });

  for (const [source, hash] of Object.entries(recorded)) {
    it(`are the same as ever: ${source.trim().split('\n').slice(-1).join().slice(0, 60)}`, () => {
      assert.equal(hashOf(source), hash, source);
    });
  }
});
