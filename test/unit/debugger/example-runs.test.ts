/** Runs on tables in the debugger, from training to what VS Code is shown, against the reference backend. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { createNetwork } from '../../../src/core/engine/network';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { inspectExample } from '../../../src/core/inspection/inspect-example';
import { readCodec } from '../../../src/core/task/codecs';
import type { ChannelData, Dataset } from '../../../src/core/task/dataset';
import { questions } from '../../../src/core/task/predict-examples';
import { createChannel } from '../../../src/core/task/channel-builder';
import {
  decodeAnyCheckpoint,
  isOfExamples,
  restoreParameters,
} from '../../../src/core/training/checkpoint';
import type { DebugRequest } from '../../../src/protocol/engine';
import { useDebugger } from './client';
import { farthest, finish } from './tools';

/** Of a kept model, calculated in float64. */
function exactly(run: string, cells: readonly (string | string[])[], truth: string) {
  const file = path.join(run, 'checkpoint-last.safetensors');
  const checkpoint = decodeAnyCheckpoint(fs.readFileSync(file), file);
  assert(isOfExamples(checkpoint));
  const { model, task } = checkpoint;
  const backend = createReferenceBackend(model.layout);
  restoreParameters(checkpoint, backend.floats());
  const [input, output] = [readCodec(task.input), readCodec(task.output)];
  const { alignment } = task.understanding;
  const none = createChannel(output.form).finish();
  const asked = questions(input.encode([cells]).channel, { alignment, output: none }, 1);
  const known: ChannelData | undefined =
    truth === '' ? undefined : output.encode([[truth]]).channel;
  const data: Dataset = known ? { ...asked, output: known } : asked;
  const of = known ? 'loss' : 'answer';
  return finish(inspectExample(createNetwork(model, backend), data, 0, { of }));
}

const sentences = ['the/D cat/N sat/V', 'a/D dog/N ran/V far/A', 'the/D bird/N sang/V well/A'];
const tagged = sentences
  .map((sentence) => sentence.replaceAll(' ', '\n').replaceAll('/', '\t'))
  .join('\n\n')
  .concat('\n\n')
  .repeat(12);

const months = ['May', 'June', 'July'];
const dates = Array.from({ length: 60 }, (_, i) => {
  const [day, month] = [1 + (i % 20), i % 3];
  const iso = `2019-0${String(5 + month)}-${String(day).padStart(2, '0')}`;
  return `${String(day)} ${months[month]!},${Array.from(iso).join(' ')}`;
});
const datesFile = {
  kind: 'text',
  name: 'dates.csv',
  text: `source,target\n${dates.join('\n')}\n`,
} as const;

describe('debugging a run of examples', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-debug-'));
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });
  const model = { kind: 'run', run: '', checkpoint: 'last' } as const;
  const common = { kind: 'debug', text: '', precision: 'float64', loss: 'last' } as const;
  const debug = useDebugger({ ...common, model });

  async function train(
    name: string,
    source: { kind: 'file'; path: string } | { kind: 'text'; name: string; text: string },
    settings: Readonly<Record<string, string | number>>,
  ): Promise<string> {
    const run = path.join(folder, name);
    await debug.engine.start({
      ...{ kind: 'train', source, cell: 'gru', run },
      settings: {
        ...{ 'model.hidden': 6, 'training.batch': 8, 'training.steps': 6 },
        ...{ 'inspection.observeEvery': 0, 'training.threads': 1, ...settings },
      },
    }).result;
    return run;
  }

  const sample = (name: string) =>
    ({ kind: 'file', path: path.resolve('media/samples', name) }) as const;

  /** All frames, the oldest first. */
  async function allFrames(): Promise<DebugProtocol.StackFrame[]> {
    const { body } = await debug.client.stackTraceRequest({ threadId: 1, levels: 1000 });
    assert.equal(body.totalFrames, body.stackFrames.length);
    return body.stackFrames.toReversed();
  }

  /** Holds every variable of every frame, and every gradient of a state, against an inspection. */
  async function compare(seen: ReturnType<typeof exactly>, frames: DebugProtocol.StackFrame[]) {
    let compared = 0;
    const last = seen.loss.length - 1;
    const steps = new Map<string, number>();
    for (const frame of frames) {
      if (frame.presentationHint === 'label') continue;
      const step = Number(/\[(\d+)\]/.exec(frame.name)?.[1] ?? 1) - 1;
      const rows = await debug.rows('This step', frame.id);
      const gradients = await debug.rows('Gradients', frame.id);
      for (const { name, domain, width, values } of seen.variables) {
        const shown = `${name}${domain === 'example' ? '' : `[${domain}]`}`;
        const row = rows.get(shown);
        if (!row) continue;
        const own = await debug.units(row, 0, 1000);
        const from = step * width;
        const expected = values.subarray(from, from + own.length);
        const error = farthest(own, expected);
        assert.ok(error < 1e-12, `${shown} of ${frame.name}: ${String(error)}`);
        compared++;
        steps.set(name, (steps.get(name) ?? 0) + 1);
        const state = seen.states.find(({ variable }) => variable === name);
        const gradient = gradients.get(`∂E/∂${shown}`);
        if (!state || !gradient) continue;
        const norm = Math.hypot(...(await debug.units(gradient, 0, 1000)));
        const wanted = state.norms[last * seen.steps[domain] + step]!;
        assert.ok(Math.abs(norm - wanted) < 1e-12, `∂E/∂${shown} of ${frame.name}`);
        compared++;
      }
    }
    return { compared, steps };
  }

  async function runAll(request: DebugRequest) {
    debug.launched = request;
    const told = debug.client.waitForEvent('output') as Promise<DebugProtocol.OutputEvent>;
    await debug.launch();
    await debug.go('continue');
    const frames = await allFrames();
    await debug.go('continue');
    return { frames, told };
  }

  const labelled = (frames: readonly DebugProtocol.StackFrame[]) =>
    frames.map(({ name, presentationHint }) => (presentationHint === 'label' ? `(${name})` : name));

  it('has an encoder and a decoder as parts of the stack, with attention', async () => {
    const run = await train('dates', datesFile, { 'model.attention': 'dot' });
    const example = { kind: 'cells', cells: ['4 May'], truth: ['2 0 1 9 - 0 5'] } as const;
    const { frames } = await runAll({ ...common, model: { ...model, run }, example });
    const names = labelled(frames);
    assert.deepEqual(names.slice(0, 3), ['(encoder)', "s[1] '4'", "s[2] '␣'"]);
    const border = names.indexOf('(decoder)');
    assert.deepEqual(names.slice(border), [
      ...['(decoder)', "d[1] 'START'", "d[2] '2'", "d[3] '0'", "d[4] '1'", "d[5] '9'"],
      ...["d[6] '-'", "d[7] '0'", "d[8] '5'"],
    ]);
    assert.equal(debug.read[0], '4 May\n→ 2 0 1 9 - 0 5');
    const third = frames[border + 3]!;
    const told = (await debug.client.send('tokenOf', { frameId: third.id })).body as object;
    assert.deepEqual(told, { row: 0, start: 10, end: 11 });
    assert.equal(debug.read[0].slice(10, 11), '0');
    const { steps, compared } = await compare(exactly(run, ['4 May'], '2 0 1 9 - 0 5'), frames);
    assert.deepEqual([steps.get('s'), steps.get('d')], [5, 8]);
    assert.ok(compared > 60);
    // What the decoder attends to: the weights of its steps add up to 1.
    const attended = (await debug.rows('This step', third.id)).get('weights a[u]')!;
    const weights = await debug.units(attended);
    assert.equal(weights.length, 5);
    assert.ok(Math.abs(weights.reduce((a, b) => a + b) - 1) < 1e-12);
    // Expressions over both parts.
    assert.equal(await debug.evaluate('t', third.id), '3');
    assert.equal(await debug.evaluate('token', third.id), "'0'");
    assert.equal(await debug.evaluate('target', third.id), "'1'");
    const ends = await debug.evaluate('norm(s[T])', third.id);
    const encoder = frames.find(({ name }) => name.startsWith('s[5]'))!;
    assert.equal(await debug.evaluate('norm(s[t])', encoder.id), ends);
    await assert.rejects(debug.evaluate('s[t]', third.id), /belongs to another sequence/);
  });

  it('has each direction by itself, and answers where nobody says what is right', async () => {
    const run = await train('names', sample('first-names.csv'), { 'model.bidirectional': 'on' });
    const example = { kind: 'cells', cells: ['Ada'] } as const;
    const { frames, told } = await runAll({ ...common, model: { ...model, run }, example });
    assert.match((await told).body.output, /No target is given.*: (female|male)/);
    assert.deepEqual(labelled(frames), [
      ...['(left to right)', "f[1] 'A'", "f[2] 'd'", "f[3] 'a'"],
      ...['(right to left)', "b[3] 'a'", "b[2] 'd'", "b[1] 'A'"],
      ...['(the whole example)', 'y'],
    ]);
    const answer = /: (female|male)/.exec((await told).body.output)![1]!;
    const { steps } = await compare(exactly(run, ['Ada'], answer), frames);
    assert.deepEqual([steps.get('f'), steps.get('b'), steps.get('y')], [3, 3, 1]);
    const back = frames.find(({ name }) => name.startsWith('b[2]'))!;
    assert.ok((await debug.rows('Jacobian', back.id)).has('∂b[t]/∂b[t+1]'));
  });

  it('goes through a row of a data file: tags', async () => {
    const source = { kind: 'text', name: 'tags.conll', text: tagged } as const;
    const run = await train('tags', source, { 'model.bidirectional': 'on' });
    // Within the second sentence.
    const example = { kind: 'row', source, line: 7 } as const;
    const { frames } = await runAll({ ...common, model: { ...model, run }, example });
    assert.equal(debug.read[0], 'a dog ran far\n→ D N V A');
    const seen = exactly(run, [['a', 'dog', 'ran', 'far']], 'D N V A');
    const { steps } = await compare(seen, frames);
    assert.equal(steps.get('y'), 4);
  });

  it('goes through the window of a series that ends at a row', async () => {
    const run = await train('births', sample('us-births.csv'), {});
    const source = sample('us-births.csv');
    const example = { kind: 'row', source, line: 200 } as const;
    const { frames, told } = await runAll({ ...common, model: { ...model, run }, example });
    assert.match((await told).body.output, /the sum of the numbers that are answered/);
    assert.ok(frames.length > 10);
    const rows = debug.read[0]!.split('\n');
    assert.equal(rows.length, frames.filter((each) => each.presentationHint !== 'label').length);
    // The last step is the row itself.
    const line = fs.readFileSync(source.path, 'utf8').split(/\r?\n/)[199]!;
    assert.ok(
      rows
        .at(-1)!
        .split(', ')
        .some((cell) => line.split(',').includes(cell)),
      rows.at(-1),
    );
    const last = await debug.rows('This step', frames.at(-1)!.id);
    assert.ok(last.has('x[t]') && !last.has('loss'));
    assert.match(frames.at(-1)!.name, /^h\[\d+\]$/);
  });

  it('has new weights for a file that is a whole model', async () => {
    const source = {
      ...({ kind: 'text', name: 'names.csv' } as const),
      text: `name,sex\n${'Ada,f\nBob,m\nEve,f\nTom,m\n'.repeat(9)}`,
    } as const;
    const cell = {
      name: 'mine',
      source: 'h[t] = vanilla(x[t], h[t-1])\ny = softmax(V mean(h) + c)\n',
    };
    const fresh = { kind: 'fresh', cell, hidden: 4, layers: 1, seed: 3 } as const;
    const example = { kind: 'row', source, line: 3 } as const;
    const { frames } = await runAll({ ...common, model: fresh, example });
    assert.deepEqual(labelled(frames), [
      ...['(left to right)', "h[1] 'B'", "h[2] 'o'", "h[3] 'b'", '(the whole example)', 'y'],
    ]);
    // Places are those of the file.
    assert.deepEqual([frames[1]!.line, frames.at(-1)!.line], [1, 2]);
    const vectors = await Promise.all(
      frames.slice(1, 4).map(async ({ id }) => {
        return await debug.units((await debug.rows('This step', id)).get('h[t]')!);
      }),
    );
    const mean = vectors[0]!.map((_, i) => vectors.reduce((sum, each) => sum + each[i]! / 3, 0));
    const parameters = await debug.rows('Parameters', frames.at(-1)!.id);
    const { variablesReference } = parameters.get('V')!;
    const { body } = await debug.client.variablesRequest({ variablesReference });
    const logits: number[] = [];
    for (const row of body.variables) {
      const weights = await debug.units(row);
      logits.push(weights.reduce((sum, weight, i) => sum + weight * mean[i]!, 0));
    }
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const shown = await debug.units((await debug.rows('This step', frames.at(-1)!.id)).get('y')!);
    assert.equal(shown.length, 2);
    assert.ok(
      farthest(
        shown,
        logits.map((logit) => Math.exp(logit) / total),
      ) < 1e-12,
    );
  });

  it('says what is missing, and what cannot be', async () => {
    const run = path.join(folder, 'dates');
    const refused = async (request: DebugRequest): Promise<string> => {
      debug.launched = request;
      await debug.client.initializeRequest();
      const launch = debug.client.launchRequest({
        stopOnEntry: true,
      } as DebugProtocol.LaunchRequestArguments);
      return launch.then(
        () => '',
        (error: unknown) => String(error),
      );
    };
    const of = { ...common, model: { ...model, run } };
    assert.match(await refused(of), /answers examples: it does not continue a text/);
    const many = { kind: 'cells', cells: ['4 May', 'x'] } as const;
    assert.match(await refused({ ...of, example: many }), /An input has 1 values/);
    const empty = { kind: 'cells', cells: [''] } as const;
    assert.match(await refused({ ...of, example: empty }), /the input is empty/);
    const cell = { name: 'other', source: 'y = softmax(V x[T])\n' };
    const example = { kind: 'cells', cells: ['4 May'] } as const;
    assert.match(
      await refused({ ...common, model: { ...model, run, cell }, example }),
      /trained with other equations than other has now/,
    );
  });
});
