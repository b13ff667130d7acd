import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { sentence, type Sentence } from '../../../src/core/sentence';
import { connect, workerPort, type Client, type Port } from '../../../src/protocol/client';
import { EngineError, type SampleEvent, type ToEngine } from '../../../src/protocol/engine';

const sample = { kind: 'sample', model: { kind: 'live', job: 1 } } as const;
const sampleResult = { text: 'ab', tokens: 2, seed: 7, seconds: 0.1, unknown: [] };

/** An engine that does as the test says. */
function fakeEngine(): {
  client: Client;
  sent: ToEngine[];
  answer: (message: unknown) => void;
  die: (reason: Sentence) => void;
} {
  const sent: ToEngine[] = [];
  let onMessage: (message: unknown) => void = () => undefined;
  let onClose: (reason: Sentence) => void = () => undefined;
  const port: Port = {
    post: (message) => void sent.push(message),
    onMessage: (listener) => void (onMessage = listener),
    onClose: (listener) => void (onClose = listener),
    close: () => {
      onClose(sentence`closed`);
      return Promise.resolve();
    },
  };
  const client = connect(port);
  return {
    client,
    sent,
    answer: (message) => {
      onMessage(message);
    },
    die: (reason) => {
      onClose(reason);
    },
  };
}

describe('engine client', () => {
  it('hands events and results to the job they belong to', async () => {
    const { client, sent, answer } = fakeEngine();
    const seen: [string, string][] = [];
    const on = (name: string) => (event: SampleEvent) => void seen.push([name, event.text]);
    const first = client.start(sample, on('first'));
    const second = client.start(sample, on('second'));
    assert.deepEqual(
      sent.map(({ type, job }) => [type, job]),
      [
        ['start', first.id],
        ['start', second.id],
      ],
    );
    answer({ type: 'event', job: second.id, event: { event: 'chunk', text: 'x' } });
    answer({ type: 'event', job: first.id, event: { event: 'chunk', text: 'y' } });
    answer({ type: 'result', job: second.id, result: sampleResult });
    answer({
      type: 'failed',
      job: first.id,
      failure: { code: 'input', message: sentence`No.`, hint: sentence`Yes.` },
    });
    assert.deepEqual(await second.result, sampleResult);
    await assert.rejects(first.result, { name: 'EngineError', message: 'No. Yes.' });
    assert.deepEqual(seen, [
      ['second', 'x'],
      ['first', 'y'],
    ]);
  });

  it('controls a job while it runs, and not after', async () => {
    const { client, sent, answer } = fakeEngine();
    const job = client.start(sample);
    job.control({ action: 'stop' });
    assert.deepEqual(sent.at(-1), { type: 'control', job: job.id, control: { action: 'stop' } });
    answer({ type: 'result', job: job.id, result: sampleResult });
    await job.result;
    job.control({ action: 'stop' });
    assert.equal(sent.length, 2);
  });

  it('fails and stops a job whose answer cannot be decoded', async () => {
    const { client, sent, answer } = fakeEngine();
    const job = client.start(sample);
    answer({ type: 'event', job: job.id, event: { event: 'chunk', text: 5 } });
    await assert.rejects(job.result, /Malformed message at 'text'/);
    assert.deepEqual(sent.at(-1), { type: 'control', job: job.id, control: { action: 'stop' } });
  });

  it('rejects all jobs, and those to come, when the engine dies', async () => {
    const { client, die } = fakeEngine();
    const jobs = [client.start(sample), client.start(sample)];
    const deaths: string[] = [];
    client.onDeath((error) => void deaths.push(error.message));
    die(sentence`it ran out of memory`);
    for (const job of [...jobs, client.start(sample)]) {
      await assert.rejects(job.result, (error: unknown) => {
        assert(error instanceof EngineError);
        assert.equal(error.failure.code, 'failure');
        assert.match(error.message, /ended unexpectedly: it ran out of memory/);
        return true;
      });
    }
    assert.equal(deaths.length, 1);
    client.onDeath((error) => void deaths.push(error.message));
    assert.equal(deaths.length, 2);
  });

  it('does not call it a death when it was asked to close', async () => {
    const { client } = fakeEngine();
    const job = client.start(sample);
    client.onDeath(() => {
      assert.fail('no death');
    });
    await client.dispose();
    await assert.rejects(job.result, /The engine was closed/);
  });
});

describe('worker port', () => {
  function clientOf(code: string, options: { maxOldGenerationSizeMb?: number } = {}): Client {
    return connect(
      workerPort(new Worker(code, { eval: true, resourceLimits: options, stderr: true })),
    );
  }

  it('says so when a worker throws', async () => {
    const client = clientOf(
      `require('node:worker_threads').parentPort.on('message', () => { throw new Error('Bang.'); });`,
    );
    await assert.rejects(client.start(sample).result, /ended unexpectedly: Bang\./);
  });

  it('says so when a worker exits', async () => {
    const client = clientOf(
      `require('node:worker_threads').parentPort.on('message', () => process.exit(3));`,
    );
    await assert.rejects(client.start(sample).result, /ended unexpectedly: exit code 3\./);
  });

  it('says so when a worker runs out of memory', async () => {
    const client = clientOf(
      `require('node:worker_threads').parentPort.on('message', () => { const a = []; for (;;) a.push(new Array(1000).fill({})); });`,
      { maxOldGenerationSizeMb: 16 },
    );
    await assert.rejects(client.start(sample).result, /it ran out of memory/);
  });

  it('closes a worker that is busy', async () => {
    const client = clientOf(
      `require('node:worker_threads').parentPort.on('message', () => { for (;;); });`,
    );
    const job = client.start(sample);
    const rejected = assert.rejects(job.result, /The engine was closed/);
    await client.dispose();
    await rejected;
  });
});
