import assert from 'node:assert/strict';
import { sentence, toEnglish } from '../../../src/core/sentence';
import type { FromEngine } from '../../../src/protocol/engine';
import { inputError } from '../../../src/worker/failures';
import { createHandler, type Job, type JobFunctions } from '../../../src/worker/handler';
import { jobFunctions } from '../../../src/worker/jobs';
import { testPlatform } from './tools';

const platform = testPlatform();
const list = { kind: 'list', folder: '/nowhere' } as const;
const sample = { kind: 'sample', model: { kind: 'run', run: '/nowhere' } } as const;
const result = { text: '', tokens: 0, seed: 1, seconds: 0, unknown: [] };

/** A handler with some functions replaced; `ended` resolves when a job has ended. */
function handlerWith(functions: Partial<JobFunctions>): {
  receive: (raw: unknown) => void;
  sent: FromEngine[];
  ended: (job: number) => Promise<FromEngine>;
} {
  const sent: FromEngine[] = [];
  const waiting = new Map<number, (message: FromEngine) => void>();
  const receive = createHandler(platform, { ...jobFunctions, ...functions })((message) => {
    sent.push(message);
    if (message.type !== 'event') waiting.get(message.job)?.(message);
  });
  const ended = (job: number): Promise<FromEngine> =>
    new Promise((resolve) => waiting.set(job, resolve));
  return { receive, sent, ended };
}

describe('handler of the engine worker', () => {
  it('answers a request with its result', async () => {
    const { receive, ended } = handlerWith({});
    const end = ended(4);
    receive({ type: 'start', job: 4, request: list });
    assert.deepEqual(await end, { type: 'result', job: 4, result: { runs: [], damaged: [] } });
  });

  it('puts what a job throws into words', async () => {
    const { receive, ended } = handlerWith({
      list: () => Promise.reject(inputError(sentence`It is wrong.`, sentence`Mend it.`)),
      sample: () => Promise.reject(new Error('Oops')),
      evaluate: () =>
        Promise.reject(new RangeError('WebAssembly.Memory(): could not allocate memory')),
    });
    const ends = [1, 2, 3].map(ended);
    receive({ type: 'start', job: 1, request: list });
    receive({ type: 'start', job: 2, request: sample });
    const text = { kind: 'text', name: 'a', text: 'b' };
    receive({ type: 'start', job: 3, request: { ...sample, kind: 'evaluate', source: text } });
    const failures = (await Promise.all(ends)).map((end) =>
      end.type === 'failed' ? end.failure : undefined,
    );
    assert.deepEqual(failures[0], {
      code: 'input',
      message: sentence`It is wrong.`,
      hint: sentence`Mend it.`,
    });
    assert.equal(failures[1]?.code, 'failure');
    assert.match(toEnglish(failures[1].message), /Oops/);
    assert.match(toEnglish(failures[2]?.message), /not enough memory/);
  });

  it('runs jobs side by side, and lets each be stopped alone', async () => {
    const untilStopped = async (_: unknown, job: Job<'sample'>): Promise<typeof result> => {
      while (!job.stopped()) await job.breathe();
      return { ...result, tokens: job.id };
    };
    const { receive, sent, ended } = handlerWith({ sample: untilStopped });
    const [first, second] = [ended(1), ended(2)];
    receive({ type: 'start', job: 1, request: sample });
    receive({ type: 'start', job: 2, request: sample });
    receive({ type: 'control', job: 2, control: { action: 'stop' } });
    assert.deepEqual(await second, { type: 'result', job: 2, result: { ...result, tokens: 2 } });
    assert.equal(sent.length, 1);
    receive({ type: 'control', job: 1, control: { action: 'stop' } });
    await first;
    receive({ type: 'control', job: 1, control: { action: 'pause' } });
    assert.equal(sent.length, 2);
  });

  it('does not lose a stop that comes before the job listens', async () => {
    const seen: string[] = [];
    const { receive, ended } = handlerWith({
      sample: async (_, job) => {
        await job.breathe();
        job.onControl(({ action }) => void seen.push(action));
        return result;
      },
    });
    const end = ended(1);
    receive({ type: 'start', job: 1, request: sample });
    receive({ type: 'control', job: 1, control: { action: 'stop' } });
    await end;
    assert.deepEqual(seen, ['stop']);
  });

  it('fails the job of a malformed message, and nothing else', async () => {
    const { receive, ended } = handlerWith({});
    const end = ended(9);
    receive({ type: 'start', job: 9, request: { kind: 'list', folder: 5 } });
    const failed = await end;
    assert(failed.type === 'failed');
    assert.match(toEnglish(failed.failure.message), /Malformed message at 'request\.folder'/);
    assert.throws(() => {
      receive('nonsense');
    }, TypeError);
  });
});
