import assert from 'node:assert/strict';
import { jsonLines, rnnLab } from './tools';

interface Line {
  readonly event: string;
  readonly phase?: string;
  readonly name?: string;
  readonly milliseconds?: number;
  readonly gflops?: number | null;
  readonly millisecondsPerStep?: number;
  readonly steps?: number;
  readonly cell?: string;
  readonly threads?: number;
}

const small = ['--hidden', '24', '--batch', '4', '--sequence', '6', '--seconds', '0.05'];

describe('rnn-lab bench --profile', () => {
  it('tells the time of each part of the plan, which together are no more than the step', async () => {
    const { code, stdout, stderr } = await rnnLab([
      ...['bench', '--profile', '--json', '--cell', 'gru', '--threads', '1'],
      ...small,
    ]);
    assert.equal(code, 0, stderr);
    const lines = jsonLines(stdout) as Line[];
    const whole = lines.at(-1)!;
    assert.equal(whole.event, 'done');
    assert.equal(whole.cell, 'gru');
    const parts = lines.slice(0, -1);
    assert.ok(parts.every(({ event, milliseconds }) => event === 'part' && milliseconds! >= 0));
    const sum = parts.reduce((total, { milliseconds }) => total + milliseconds!, 0);
    assert.ok(
      sum > 0 && sum <= whole.millisecondsPerStep!,
      `${sum} of ${whole.millisecondsPerStep}`,
    );
    const names = parts.map(({ name }) => name);
    assert.ok(names.includes('product with layer1.Rz, layer1.Rr, layer1.Rn'), names.join('\n'));
    const rates = parts.filter(({ gflops }) => typeof gflops === 'number');
    assert.deepEqual(
      rates.filter(({ name }) => !/^(product with|gradient of) /.test(name!)),
      [],
    );
    assert.equal(rates.length, 6);
  });

  it('counts the threads that work, not those that there could be', async () => {
    const threads = async (sizes: readonly string[]) => {
      const args = [
        'bench',
        '--profile',
        '--json',
        '--threads',
        '2',
        '--seconds',
        '0.05',
        ...sizes,
      ];
      const { code, stdout, stderr } = await rnnLab(args);
      assert.equal(code, 0, stderr);
      return (jsonLines(stdout) as Line[]).at(-1)!.threads;
    };
    assert.equal(await threads(['--hidden', '24', '--batch', '1', '--sequence', '6']), 1);
    assert.equal(await threads(['--hidden', '128', '--batch', '32', '--sequence', '32']), 2);
  });

  it('is a table, with what its columns are', async () => {
    const { code, stdout, stderr } = await rnnLab(['bench', '--profile', ...small]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^vanilla 24×4×6, V 65: [\d.]+ ms a step, [\d,]+ tokens\/s/);
    assert.match(stdout, /^phase +part +ms +share +GFLOP\/s +of peak$/m);
    assert.match(stdout, /^forward loop +product with layer1\.W( +[\d.]+%?){4}$/m);
    assert.match(stdout, /^step +optimiser's update( +[\d.]+%?){2}$/m);
  });

  it('says what is wrong with its options', async () => {
    const { code, stderr } = await rnnLab(['bench', '--profile', '--hidden', '0']);
    assert.equal(code, 2);
    assert.match(stderr, /^rnn-lab: --hidden must be a whole number from 1 to 8192; 0 was given\./);
  });
});
