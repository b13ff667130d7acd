/** Rows of data files as lenses read them, against predictions, inspections and every pair. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { JobKind, Jobs, RowShading } from '../../../src/protocol/engine';
import { jobFunctions } from '../../../src/worker/jobs';
import { rnnLab, temporaryFolder } from '../cli/tools';
import { testPlatform } from './tools';

async function run<K extends JobKind>(request: Jobs[K]['request'] & { kind: K }) {
  const job = {
    platform: testPlatform(),
    stopped: () => false,
    breathe: () => Promise.resolve(),
    emit: () => undefined,
  };
  const work = jobFunctions[request.kind] as unknown as (
    request: unknown,
    job: unknown,
  ) => Promise<Jobs[K]['result']>;
  return await work(request, job);
}

const close = (a: number, b: number, far = 1e-5): void =>
  assert.ok(Math.abs(a - b) < far, `${String(a)} ${String(b)}`);

describe('rows under a lens', () => {
  let folder = '';
  const at = (name: string): string => path.join(folder, name);

  async function train(name: string, text: string, ...flags: string[]): Promise<void> {
    fs.writeFileSync(at(name), text);
    const quick = ['--hidden', '8', '--steps', '60', '--learning-rate', '0.02'];
    const { code, stderr } = await rnnLab([
      ...['train', at(name), ...quick, ...flags, '--out', at(`${name}.run`)],
    ]);
    assert.equal(code, 0, stderr);
  }

  const sentences = Array.from({ length: 80 }, (_, i) => {
    const word = ['good', 'fine', 'bad', 'dull'][i % 4]!;
    return [
      `the ${['film', 'book', 'meal'][i % 3]!} was ${word}`,
      i % 4 < 2 ? 'pos' : 'neg',
    ] as const;
  });
  const tagged = Array.from({ length: 60 }, (_, i) =>
    ['the\tD', `${['film', 'book'][i % 2]!}\tN`, `${['was', 'is'][i % 2]!}\tV`].join('\n'),
  );

  before(async function () {
    this.timeout(300_000);
    folder = temporaryFolder();
    const csv = sentences.map((row) => row.join()).join('\n');
    await train('a.csv', `text,label\n${csv}\n`, '--tokenizer', 'word');
    await train('b.conll', `${tagged.join('\n\n')}\n`);
  });

  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  const model = (name: string) => ({ kind: 'run', run: at(`${name}.run`) }) as const;

  async function shaded(
    name: string,
    by: RowShading,
    rows: { cells: string[]; truth?: string[] }[],
  ) {
    return await run({ kind: 'shadeRows', model: model(name), rows, by });
  }

  async function predicted(cells: string[]) {
    const predictions: Jobs['predict']['event']['prediction'][] = [];
    const work = jobFunctions.predict!;
    await work(
      {
        kind: 'predict',
        model: model('a.csv'),
        inputs: { kind: 'cells', examples: [cells] },
        top: 2,
      },
      {
        platform: testPlatform(),
        stopped: () => false,
        breathe: () => Promise.resolve(),
        emit: ({ prediction }: Jobs['predict']['event']) => predictions.push(prediction),
      } as unknown as Parameters<typeof work>[1],
    );
    return predictions[0]!;
  }

  it('have after each token the score of what is finally answered', async () => {
    const [text] = sentences[5]!;
    const { rows } = await shaded('a.csv', { kind: 'score' }, [
      { cells: [text] },
      // Shorter than the other: each is read by itself.
      { cells: ['the film'] },
    ]);
    const words = text.split(' ');
    const { spans, values, answer, probability } = rows[0]!;
    const whole = await predicted([text]);
    assert.equal(answer, whole.answer);
    close(probability, whole.probability);
    assert.deepEqual(
      words.map((_, i) => text.slice(spans![2 * i], spans![2 * i + 1])),
      words,
    );
    for (let i = 0; i < words.length; i++) {
      const { others } = await predicted([words.slice(0, i + 1).join(' ')]);
      close(values[i]!, others.find((each) => each.answer === answer)!.probability);
    }
    close(rows[1]!.values.at(-1)!, rows[1]!.probability);
  });

  it('have the loss of the true answer, where it is known', async () => {
    const [text] = sentences[2]!;
    const { rows, most } = await shaded('a.csv', { kind: 'loss' }, [
      { cells: [text], truth: ['neg'] },
      { cells: [text], truth: ['pos'] },
      { cells: [text] },
      { cells: [text], truth: ['nobody knows'] },
    ]);
    close(most, 1.5 * Math.log(2));
    assert.deepEqual(rows.slice(2), [null, null]);
    const [first, second] = rows.map((row) => row && row.values[0]!);
    assert.equal(rows[0]!.spans, null);
    close(Math.exp(-first!) + Math.exp(-second!), 1);
    const { others } = await predicted([text]);
    close(Math.exp(-first!), others.find(({ answer }) => answer === 'neg')!.probability);
  });

  it('have of tags each token’s own loss and score', async () => {
    const row = { cells: ['the book is'], truth: ['D N V'] };
    const { rows: losses } = await shaded('b.conll', { kind: 'loss' }, [row]);
    const { rows: scores } = await shaded('b.conll', { kind: 'score' }, [row]);
    assert.equal(losses[0]!.answer, 'D N V');
    assert.equal(losses[0]!.values.length, 3);
    losses[0]!.values.forEach((loss, i) => close(Math.exp(-loss), scores[0]!.values[i]!));
  });

  it('have the values of a unit, as they are inspected', async () => {
    const [text] = sentences[7]!;
    const { stdout } = await rnnLab([
      'inspect',
      at('a.csv.run'),
      text,
      '--variables',
      'h',
      '--json',
    ]);
    const { variables } = JSON.parse(stdout) as {
      variables: { name: string; values: number[][] }[];
    };
    const by = { kind: 'unit', variable: variables[0]!.name, unit: 3 } as const;
    const { rows } = await shaded('a.csv', by, [{ cells: ['meal'] }, { cells: [text] }]);
    assert.equal(rows[1]!.values.length, 4);
    rows[1]!.values.forEach((value, i) => close(value, variables[0]!.values[i]![3]!));
  });

  it('that cannot be read are left out; others are as they are alone', async () => {
    const [text] = sentences[1]!;
    const given = [{ cells: [text] }, { cells: ['a', 'b'] }];
    const { rows } = await shaded('a.csv', { kind: 'score' }, given);
    assert.equal(rows[1], null);
    close(rows[0]!.values.at(-1)!, (await predicted([text])).probability);
  });

  it('refuse what they cannot tell, in words', async () => {
    const by = { kind: 'unit', variable: 'nothing', unit: 0 } as const;
    await assert.rejects(shaded('a.csv', by, [{ cells: ['the film'] }]), /no variable nothing/);
  });

  it('rank units as every pair of tokens does', async () => {
    const rows = sentences.slice(0, 24).map(([text]) => {
      const from = text.lastIndexOf(' ') + 1;
      return { cells: [text], spans: [{ from, to: text.length }] };
    });
    const found = await run({ kind: 'findRowUnits', model: model('a.csv'), rows, top: 5 });
    assert.deepEqual([found.inside, found.outside], [24, 72]);
    for (const { variable, unit, auc } of found.units) {
      const by = { kind: 'unit', variable, unit } as const;
      const read = await shaded(
        'a.csv',
        by,
        rows.map(({ cells }) => ({ cells })),
      );
      const inside = read.rows.map((row) => row!.values.at(-1)!);
      const outside = read.rows.flatMap((row) => [...row!.values.slice(0, -1)]);
      let wins = 0;
      for (const a of inside) for (const b of outside) wins += a > b ? 1 : a === b ? 0.5 : 0;
      close(auc, wins / inside.length / outside.length, 0.02);
    }
    const distances = found.units.map(({ auc }) => Math.abs(auc - 0.5));
    assert.deepEqual(
      distances,
      distances.toSorted((a, b) => b - a),
    );
  });
});
