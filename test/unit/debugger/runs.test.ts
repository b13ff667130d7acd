import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { builtinCells } from '../../../src/core/cells';
import { createNetwork } from '../../../src/core/engine/network';
import { createReferenceBackend } from '../../../src/core/engine/reference';
import { inspectText } from '../../../src/core/inspection/inspect-text';
import { decodeCheckpoint, restoreParameters } from '../../../src/core/training/checkpoint';
import { decodeFailedStep } from '../../../src/core/training/failed-step';
import { EngineError } from '../../../src/protocol/engine';
import { text as words } from '../worker/follow-tools';
import { useDebugger } from './client';
import { farthest } from './tools';

const float32 = { precision: 'float32', loss: 'mean' } as const;

/** What an inspection shows where it calculates in float64. */
function exactly(file: string, text: string) {
  const checkpoint = decodeCheckpoint(fs.readFileSync(file), file);
  const { model, tokenizer } = checkpoint;
  const backend = createReferenceBackend(model.layout);
  restoreParameters(checkpoint, backend.floats());
  return inspectText(createNetwork(model, backend), tokenizer, text, {});
}

const visible = (character: string): string => ({ ' ': '␣', '\n': '↵' })[character] ?? character;

describe('debugging a run', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-debug-'));
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });
  const debug = useDebugger({
    kind: 'debug',
    model: { kind: 'failed', run: '' },
    text: '',
    ...float32,
  });

  for (const name of builtinCells.keys()) {
    it(`has the values that an inspection shows: ${name}, 2 layers`, async () => {
      const run = path.join(folder, name);
      await debug.engine.start({
        kind: 'train',
        source: { kind: 'text', name: 'words', text: words },
        cell: name,
        settings: {
          'model.hidden': 6,
          'model.layers': 2,
          'training.batch': 4,
          'training.sequence': 12,
          'training.steps': 8,
          'inspection.observeEvery': 0,
          'training.threads': 1,
        },
        run,
      }).result;
      const read = '3 little words';
      const model = { kind: 'run', run, checkpoint: 'last' } as const;
      const seen = exactly(path.join(run, 'checkpoint-last.safetensors'), read);
      const inspected = await debug.engine.start({ kind: 'inspect', model, text: read }).result;
      debug.launched = { kind: 'debug', model, text: read, precision: 'float64', loss: 'last' };
      await debug.launch();
      await debug.go('continue');
      let compared = 0;
      // A frame for each layer of each time step, the last layer above.
      const names = (await debug.frames()).map((each) => each.replace(/\.\w+\[/, '.h['));
      assert.deepEqual(names, ["layer2.h[13] 'd'", "layer1.h[13] 'd'", "layer2.h[12] 'r'"]);
      for (let step = 0; step < read.length - 1; step++) {
        const ids = [1, 2].map((layer) => 2 * step + layer);
        const shown = new Map([
          ...(await debug.rows('This step', ids[0]!)),
          ...(await debug.rows('This step', ids[1]!)),
        ]);
        for (const { name: variable, width, values } of seen.variables) {
          const row = shown.get(`${variable}[t]`);
          if (!row) continue;
          const own = await debug.units(row);
          const expected = values.subarray(step * width, (step + 1) * width);
          const error = farthest(own, expected);
          assert.ok(error < 1e-7, `${variable}[${String(step)}]: ${String(error)}`);
          compared++;
        }
        const p = Number(await debug.evaluate('p(target)', ids[1]));
        assert.ok(Math.abs(p - seen.probability[step + 1]!) < 1e-7);
        // The job inspects with the kernels that train, in float32.
        assert.ok(Math.abs(p - inspected.probability[step + 1]!) < 2e-6);
      }
      assert.ok(compared >= 2 * (read.length - 1));
    });
  }

  it('refuses a run that does not fit the file', async () => {
    const model = { kind: 'run', run: path.join(folder, 'vanilla') } as const;
    const cell = { name: 'other', source: 's[t] = tanh(U x[t] + W s[t-1])\n' };
    const common = { kind: 'debug', text: 'little', precision: 'float64', loss: 'last' } as const;
    debug.launched = { ...common, model: { ...model, cell } };
    await debug.client.initializeRequest();
    await assert.rejects(
      debug.client.launchRequest({ stopOnEntry: true } as DebugProtocol.LaunchRequestArguments),
      /The run was trained with other equations than other has now/,
    );
  });

  it('goes to the step at which a training went wrong, and stops at the first number that is none', async () => {
    const run = path.join(folder, 'failed', 'run');
    const exploding = '# grows\ns[t] = U x[t] + W s[t-1] + b\n';
    const train = debug.engine.start({
      kind: 'train',
      source: { kind: 'text', name: 'words', text: words },
      cell: { name: 'grows', source: exploding },
      settings: {
        'model.hidden': 6,
        'training.batch': 4,
        'training.sequence': 12,
        'training.optimizer': 'sgd',
        'training.learningRate': 300,
        'training.clip': 0,
        'training.steps': 400,
      },
      run,
    });
    let step = 0;
    await assert.rejects(train.result, (error) => {
      assert(error instanceof EngineError);
      step = error.failure.step!;
      return step > 1;
    });
    const [listed] = (await debug.engine.start({ kind: 'list', folder: path.dirname(run) }).result)
      .runs;
    assert.equal(listed?.hasFailedStep, true);
    debug.launched = { kind: 'debug', model: { kind: 'failed', run }, text: '', ...float32 };
    const told = debug.client.waitForEvent('output') as Promise<DebugProtocol.OutputEvent>;
    const { stopped } = await debug.launch([{ line: 2 }], { stopOnEntry: false });
    assert.match(
      (await told).body.output,
      new RegExp(`of the 4 of the batch of step ${String(step)}`),
    );
    assert.equal(stopped.reason, 'exception');
    assert.match(stopped.text!, /is not a? ?finite/);
    const kept = decodeFailedStep(fs.readFileSync(path.join(run, 'failed-step.safetensors')), 'x');
    assert.equal(kept.step, step);
    // What is read is a stretch of the text, and the frames are its tokens.
    const [shown] = debug.read as [string];
    assert.ok(words.includes(shown), shown);
    assert.equal(shown.length, 13);
    const threadId = stopped.threadId!;
    const frame = await debug.top(threadId);
    const t = ((frame.id - 1) % kept.sequence) + 1;
    assert.equal(frame.line, 2);
    assert.equal(frame.name, `s[${String(t)}] '${visible(shown[t - 1]!)}'`);
    // One step back is all well.
    const last = (await debug.rows('This step', frame.id)).get('s[t]')!;
    const now = await debug.units(last);
    const isForward = now.some((value) => !Number.isFinite(value));
    if (isForward && t > 1) {
      const before = (await debug.rows('This step', frame.id - 1)).get('s[t]')!;
      assert.ok((await debug.units(before)).every(Number.isFinite));
    }
    // The states before the step are those of the training, not zero.
    const start = await debug.client.evaluateRequest({
      expression: 'norm(s[t-1])',
      frameId: frame.id - t + 1,
    });
    assert.ok(Number(start.body.result) > 0);
    // The other rows of the batch are threads, which stand at their first step until they are gone through.
    const { threads } = (await debug.client.threadsRequest()).body;
    assert.equal(threads.length, 4);
    const other = (threadId % 4) + 1;
    assert.equal(threads[other - 1]!.name, `row ${String(other)} of 4`);
    assert.equal((await debug.top(other)).total, 1);
    const hit = await debug.go('continue', other);
    assert.deepEqual([hit.reason, hit.threadId], ['breakpoint', other]);
    const second = await debug.top(other);
    const token = (await debug.client.send('tokenOf', { frameId: second.id })).body as object;
    assert.deepEqual(token, { row: other - 1, start: 1, end: 2 });
    assert.equal(debug.read.length, 2);
    assert.equal(second.name, `s[2] '${visible(debug.read[1]![1]!)}'`);
    assert.equal(await debug.evaluate('t', second.id), '2');
    assert.equal((await debug.top(threadId)).id, frame.id);
    // Their weights are the same ones.
    const parameters = await debug.rows('Parameters', second.id);
    const { variablesReference } = parameters.get('b')!;
    await debug.client.setVariableRequest({ variablesReference, name: '[0]', value: '2' });
    assert.equal(await debug.evaluate('unit(b, 0)', frame.id), '2');
    // A run that goes on forgets it.
    await debug.engine.start({
      kind: 'train',
      source: { kind: 'text', name: 'words', text: words },
      run,
      resume: true,
      settings: { 'training.learningRate': 1e-9, 'training.steps': step },
    }).result;
    assert.ok(!fs.existsSync(path.join(run, 'failed-step.safetensors')));
    await assert.rejects(
      debug.engine.start({ ...debug.launched }).result,
      /keeps no step that failed/,
    );
  });
});
