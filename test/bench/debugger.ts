/**
 * What a long text and a wide cell cost the debugger: `node esbuild.mjs --only=bench && node --expose-gc out/test/bench/debugger.js`.
 * A step is an equation forwards or back, with the rows that VS Code then asks for; after each a look at memory. Times are
 * of the processor, whatever else the machine does.
 */
import { rowsOf } from '../../src/core/debugger/show';
import { createSession } from '../../src/core/debugger/session';
import { readText } from '../../src/core/debugger/reading';
import { characterTokenizer } from '../../src/core/data/characters';
import { buildModel } from '../../src/core/engine/model';
import { loadCell } from '../../src/core/equations/load-cell';
import { createRandom } from '../../src/core/random/random';

const [tokens, hidden] = [10_000, 512];
const letters = Array.from('abcdefghijklmnopqrstuvwxyz ');
const random = createRandom(1);
const text = Array.from({ length: tokens + 1 }, () => letters[random.integer(27)]!).join('');

const quantile = (all: readonly number[], share: number): string =>
  all.toSorted((a, b) => a - b)[Math.floor(share * (all.length - 1))]!.toFixed(1);

const cells = process.argv.slice(2);
for (const cell of cells.length > 0 ? cells : ['vanilla', 'lstm']) {
  const spec = {
    cell: loadCell(cell),
    hidden,
    layers: 1,
    embedding: 0,
    vocabulary: 27,
    dropout: 0,
  };
  const parameters = new Map(
    buildModel(spec).parameters.map(({ name, rows, columns }) => {
      const scale = 1 / Math.sqrt(hidden);
      const values = Float64Array.from({ length: rows * columns }, () => scale * random.normal());
      return [name, { rows, columns, values }];
    }),
  );
  const tokenizer = characterTokenizer(letters.toSorted());
  const session = createSession({
    ...{ spec, parameters, tokenizer, reading: readText(tokenizer, text) },
    ...{ precision: 'float64', lossOf: 'last', log: () => undefined },
  });
  globalThis.gc?.();
  const before = memory();
  let most = 0;
  const times = { forward: [] as number[], backward: [] as number[], back: [] as number[] };
  const step = (move: 'over' | 'back', kept: number[]): void => {
    const start = process.cpuUsage();
    for (const moving = session.move(move); moving.next().done !== true;);
    const { t } = session.machine.place;
    session.frames(0, 20);
    rowsOf({ of: 'step' }, session.standpoint(t));
    if (session.machine.place.pass === 'backward') {
      for (const preparing = session.prepare(); preparing.next().done !== true;);
      rowsOf({ of: 'gradients' }, session.standpoint(t));
    }
    const { user, system } = process.cpuUsage(start);
    kept.push((user + system) / 1000);
    most = Math.max(most, memory());
  };
  const goOn = (): void => {
    const moving = session.move('continue');
    for (let i = 0; moving.next().done !== true; i++)
      if (i % 500 === 0) most = Math.max(most, memory());
  };
  for (let i = 0; i < 200; i++) step('over', times.forward);
  goOn();
  for (let i = 0; i < 100; i++) step('back', times.back);
  goOn();
  for (let i = 0; i < 200; i++) step('over', times.backward);
  for (const [name, all] of Object.entries(times)) {
    console.log(
      cell,
      name,
      `median ${quantile(all, 0.5)} ms, 95 % below ${quantile(all, 0.95)} ms`,
    );
  }
  console.log(cell, `memory: ${(most - before).toFixed(0)} MB beside the weights`);
}

function memory(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 2 ** 20;
}
