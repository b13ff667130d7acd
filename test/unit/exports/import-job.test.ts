import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { connect, workerPort, type Client } from '../../../src/protocol/client';
import { EngineError, type SettingValues } from '../../../src/protocol/engine';

const text = Array.from({ length: 150 }, (_, i) => `${i % 7} little words, ${i % 3}.\n`).join('');
const source = { kind: 'text', name: 'words.txt', text } as const;
const settings: SettingValues = {
  'model.hidden': 8,
  'model.cell': 'gru',
  'training.batch': 4,
  'training.sequence': 8,
  'training.threads': 1,
  'training.kernels': 'strict',
  'training.steps': 30,
};

/** The tensors of a safetensors file, without what is said of them, such as the seconds that each took. */
function numbers(file: Uint8Array): Buffer {
  const bytes = Buffer.from(file);
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE()));
}

describe('export and import in the worker', () => {
  let client: Client;
  let folder = '';
  let run = '';
  const at = (name: string): string => path.join(folder, name);
  const sampled = async (of: string): Promise<string> => {
    const model = { kind: 'run', run: of } as const;
    return (await client.start({ kind: 'sample', model, length: 80, seed: 9 }).result).text;
  };
  const exported = async (of: string, format: string): Promise<Uint8Array> => {
    const { contents, bytes } = await client.start({ kind: 'export', run: of, format }).result;
    assert.equal(contents?.length, bytes);
    return contents;
  };
  const imported = (file: string, to: string) =>
    client.start({ kind: 'import', source: { kind: 'file', path: file }, run: to }).result;

  before(async () => {
    client = connect(workerPort(new Worker(path.resolve('dist/worker.js'))));
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-import-'));
    run = at('trained');
    await client.start({ kind: 'train', source, settings, run }).result;
  });
  after(async () => {
    await client.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  for (const format of ['safetensors', 'json']) {
    it(`makes a run of ${format} that does all a run does`, async () => {
      const file = at(`my model.${format}`);
      const best = { kind: 'export', run, checkpoint: 'best', format, path: file } as const;
      const written = await client.start(best).result;
      assert.equal(fs.statSync(file).size, written.bytes);
      const to = at(`from ${format}`);
      const result = await imported(file, to);
      assert.deepEqual([result.run, result.name, result.cell], [to, 'my model', 'gru']);
      const { runs, damaged } = await client.start({ kind: 'list', folder }).result;
      assert.deepEqual(damaged, []);
      const line = runs.find((summary) => summary.run === to);
      assert.deepEqual([line?.title, line?.step, line?.loss], ['my model', 0, null]);
      const least = runs.find((summary) => summary.run === run)!.bestValidationLoss;
      assert.deepEqual(line?.imported, { step: 30, bestValidationLoss: least });
      const described = await client.start({ kind: 'describe', run: to }).result;
      assert.equal(described.facts.parameters, result.parameters);
      assert.deepEqual(described.checkpoints, ['last']);
      assert.equal(described.history.metrics.step.length, 0);
      assert.ok(Number.isNaN(described.facts.baselines.bigram));
      assert.equal(await sampled(to), await sampled(run));
      const model = { kind: 'run', run: to } as const;
      const original = { kind: 'run', run } as const;
      const loss = async (of: typeof model | typeof original): Promise<number> => {
        const evaluated = await client.start({ kind: 'evaluate', model: of, source }).result;
        assert.equal(evaluated.of, 'text');
        return evaluated.loss;
      };
      assert.equal(await loss(model), await loss(original));
      const seen = await client.start({ kind: 'inspect', model, text: 'little' }).result;
      assert.ok(seen.tokens.length > 0);
      for (const name of ['safetensors', 'json', 'js', 'ts']) {
        const again = await exported(to, name);
        assert.deepEqual(Buffer.from(again), Buffer.from(await exported(run, name)), name);
      }
    });
  }

  it('trains an imported model on another text, with other settings, from where its weights are', async () => {
    const to = at('further');
    await client.start({ kind: 'export', run, format: 'json', path: at('m.json') }).result;
    await imported(at('m.json'), to);
    const weights = await exported(to, 'safetensors');
    const other = { kind: 'text', name: 'other', text: text.replaceAll('little', 'tiny') } as const;
    const request = { kind: 'train', source: other, run: to, resume: true } as const;
    const changes = {
      'training.steps': 3,
      'training.batch': 2,
      'training.optimizer': 'sgd',
      'training.learningRate': 1e-30,
    };
    const first: number[] = [];
    const warnings: string[] = [];
    const { result } = client.start({ ...request, settings: changes }, (event) => {
      if (event.event === 'metrics') first.push(event.row.step);
      if (event.event === 'warning') warnings.push(event.code);
    });
    assert.equal((await result).step, 3);
    assert.equal(first[0], 1);
    assert.ok(!warnings.includes('other-text'));
    // A rate of next to nothing leaves the weights as they were.
    assert.deepEqual(numbers(await exported(to, 'safetensors')), numbers(weights));
    const { facts, summary } = await client.start({ kind: 'describe', run: to }).result;
    assert.deepEqual([facts.batch, facts.name, summary.title], [2, 'other', 'm']);
    assert.ok(facts.baselines.bigram > 0);
    // Now it is a run like any other.
    await assert.rejects(
      client.start({ ...request, settings: { 'training.batch': 3 } }).result,
      /training\.batch \(--batch\) is 2 in this run and cannot become 3/,
    );
  });

  it('goes on from an imported checkpoint to the bit', async () => {
    const straight = at('straight');
    const steps = { ...settings, 'training.steps': 50, 'training.schedule': 'constant' };
    await client.start({ kind: 'train', source, settings: steps, run: straight }).result;
    const half = at('half');
    const before = { ...steps, 'training.steps': 20 };
    await client.start({ kind: 'train', source, settings: before, run: half }).result;
    const to = at('other half');
    const result = await imported(path.join(half, 'checkpoint-last.safetensors'), to);
    assert.deepEqual([result.step, result.name], [20, 'half']);
    const more = { 'training.steps': 50 };
    await client.start({ kind: 'train', source, settings: more, run: to, resume: true }).result;
    const tensors = (of: string) => fs.readFileSync(path.join(of, 'checkpoint-last.safetensors'));
    assert.deepEqual(numbers(tensors(to)), numbers(tensors(straight)));
  });

  it('asks for a text where a model has none', async () => {
    const to = at('textless');
    await client.start({ kind: 'export', run, format: 'json', path: at('t.json') }).result;
    await imported(at('t.json'), to);
    await assert.rejects(
      client.start({ kind: 'train', settings: {}, run: to, resume: true }).result,
      /t was imported, without a text to train it on\. Give the text: rnn-lab train FILE --resume/,
    );
    await assert.rejects(
      client.start({ kind: 'export', run: to, format: 'csv' }).result,
      /has measured nothing yet/,
    );
  });

  it('reads contents that only the client has', async () => {
    const contents = new Uint8Array(await exported(run, 'safetensors'));
    const to = at('contents');
    const given = { kind: 'contents', name: 'far.away.safetensors', contents } as const;
    const { name } = await client.start({ kind: 'import', source: given, run: to }).result;
    assert.equal(name, 'far.away');
    assert.equal(await sampled(to), await sampled(run));
  });

  it('makes a run of a model of another program that does all a run does', async () => {
    const file = path.resolve('test/fixtures/foreign/lstm.pt');
    const to = at('from pytorch');
    const request = { kind: 'import', source: { kind: 'file', path: file }, run: to } as const;
    const refused = await client.start(request).result.catch((error: unknown) => error);
    assert.ok(refused instanceof EngineError && refused.failure.needs === 'vocabulary');
    assert.ok(!fs.existsSync(to));
    fs.writeFileSync(at('vocabulary.json'), JSON.stringify(Array.from('\n abcd🙂')));
    const vocabulary = { kind: 'file', path: at('vocabulary.json') } as const;
    const result = await client.start({ ...request, vocabulary }).result;
    assert.deepEqual([result.name, result.cell, result.vocabulary], ['lstm', 'lstm', 7]);
    assert.equal((await sampled(to)).length > 0, true);
    const model = { kind: 'run', run: to } as const;
    const words = { kind: 'text', name: 'abcd', text: 'abcd dcba\n🙂 abba\n'.repeat(60) } as const;
    const evaluated = await client.start({ kind: 'evaluate', model, source: words }).result;
    assert.ok(evaluated.of === 'text' && evaluated.loss > 1 && evaluated.loss < 3);
    const seen = await client.start({ kind: 'inspect', model, text: 'abcd' }).result;
    assert.equal(seen.tokens.length, 4);
    const further = { kind: 'train', source: words, run: to, resume: true } as const;
    const changes = { 'training.steps': 30, 'training.batch': 2, 'training.learningRate': 0.03 };
    assert.equal((await client.start({ ...further, settings: changes }).result).step, 30);
    const after = await client.start({ kind: 'evaluate', model, source: words }).result;
    assert.ok(after.of === 'text' && after.loss < evaluated.loss);
  });

  it('leaves nothing behind when it fails, and nothing that was there is lost', async () => {
    const before = fs.readdirSync(folder).toSorted();
    fs.writeFileSync(at('broken.json'), '{');
    await assert.rejects(
      imported(at('broken.json'), at('never')),
      (error) =>
        error instanceof EngineError &&
        error.failure.code === 'input' &&
        error.failure.hint !== undefined,
    );
    await assert.rejects(imported(at('missing.json'), at('never')), /no such file/);
    await client.start({ kind: 'export', run, format: 'json', path: at('good.json') }).result;
    await assert.rejects(imported(at('good.json'), run), /already holds a run/);
    await assert.rejects(imported(at('good.json'), at('good.json')), /is a file/);
    // A folder where the run's last file should be: everything before it could be written.
    fs.mkdirSync(path.join(at('taken'), 'model.rnn'), { recursive: true });
    await assert.rejects(imported(at('good.json'), at('taken')), /Cannot write/);
    assert.deepEqual(fs.readdirSync(at('taken')), ['model.rnn']);
    fs.rmSync(at('taken'), { recursive: true });
    for (const file of ['broken.json', 'good.json']) fs.rmSync(at(file));
    assert.deepEqual(fs.readdirSync(folder).toSorted(), before);
  });
});
