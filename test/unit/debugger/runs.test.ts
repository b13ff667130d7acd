import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { decodeFailedStep } from '../../../src/core/training/failed-step';
import { EngineError, type DebugRequest } from '../../../src/protocol/engine';
import { text as words } from '../worker/follow-tools';
import { useDebugger } from './client';

const float32 = { precision: 'float32', loss: 'mean' } as const;

describe('debugging a run', () => {
  const debug = useDebugger({
    kind: 'debug',
    model: { kind: 'failed', run: '' },
    text: '',
    ...float32,
  });

  it('goes to the step at which a training went wrong, and stops at the first number that is none', async () => {
    const run = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'rnn-lab-debug-')), 'run');
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
    const frame = await debug.top();
    assert.equal(frame.line, 2);
    assert.equal(frame.name, `s[${String(frame.id)}] '${shown[frame.id - 1]!.replace(' ', '␣')}'`);
    // One step back is all well.
    const last = (await debug.rows('This step', frame.id)).get('s[t]')!;
    const now = await debug.units(last);
    const isForward = now.some((value) => !Number.isFinite(value));
    if (isForward && frame.id > 1) {
      const before = (await debug.rows('This step', frame.id - 1)).get('s[t]')!;
      assert.ok((await debug.units(before)).every(Number.isFinite));
    }
    // The states before the step are those of the training, not zero.
    const start = await debug.client.evaluateRequest({ expression: 'norm(s[t-1])', frameId: 1 });
    assert.ok(Number(start.body.result) > 0);
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
    fs.rmSync(path.dirname(run), { recursive: true });
  });
});
