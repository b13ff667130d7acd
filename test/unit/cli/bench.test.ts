import assert from 'node:assert/strict';
import { jsonLines, rnnLab, start } from './tools';

describe('rnn-lab bench', () => {
  interface BenchLine {
    readonly event: string;
    readonly cell: string;
    readonly hidden: number;
    readonly vocabulary: number;
    readonly threads: number;
    readonly tokensPerSecond: { readonly median: number; readonly min: number; max: number };
    readonly gflops: number;
    readonly peakGflops: number;
    readonly commonPeakGflops: number;
    readonly bytes: number;
  }

  async function bench(...flags: string[]): Promise<BenchLine[]> {
    const short = ['--json', '--seconds', '0.01', '--repetitions', '1', '--threads', '1'];
    const { code, stdout, stderr } = await rnnLab(['bench', ...short, ...flags]);
    assert.equal(code, 0, stderr);
    return jsonLines(stdout) as BenchLine[];
  }

  it('measures the rows that were asked for, in JSON Lines', async () => {
    const lines = await bench('--only', '100x1x25 V=65');
    assert.deepEqual(
      lines.map(({ event, cell }) => [event, cell]),
      [
        ['machine', undefined],
        ['training', 'vanilla'],
        ['training', 'gru'],
        ['training', 'lstm'],
        ['done', undefined],
      ],
    );
    const [machine, ...rows] = lines.slice(0, -1);
    assert.equal(machine!.commonPeakGflops, machine!.peakGflops);
    for (const row of rows) {
      const { median, min, max } = row.tokensPerSecond;
      assert.ok(min > 0 && min <= median && median <= max);
      assert.equal(row.threads, 1);
      assert.equal(row.peakGflops, machine!.peakGflops);
      // Parameters, gradients and two moments of 100 units, at least, in float32.
      assert.ok(row.bytes > 4 * 4 * 100 * (100 + 2 * 65));
    }
    // Of a step only the products count: forward, backward, and by the weights.
    const operations = 6 * 100 * (100 + 65);
    const [{ gflops, tokensPerSecond }] = rows as [BenchLine];
    const counted = (gflops * 1e9) / tokensPerSecond.median;
    assert.ok(Math.abs(counted - operations) < 1e-6 * operations, String(counted));
  });

  it('measures kernels and sampling', async () => {
    const products = await bench('--only', 'product 1×128×128');
    assert.equal(products[1]!.event, 'kernel');
    assert.ok(products[1]!.gflops > 0 && products[1]!.peakGflops > 0);
    const sampling = await bench('--only', 'sampling gru 128');
    assert.deepEqual(
      sampling.map(({ event, hidden, vocabulary }) => [event, hidden, vocabulary]),
      [
        ['machine', undefined, undefined],
        ['sampling', 128, 65],
        ['done', undefined, undefined],
      ],
    );
    assert.ok(sampling[1]!.tokensPerSecond.min > 0);
  });

  it('writes a table, and says so when no row is called like that', async () => {
    const flags = ['--seconds', '0.01', '--repetitions', '1', '--only', 'vanilla 100x1x25 V=65'];
    const table = await rnnLab(['bench', ...flags]);
    assert.match(
      table.stdout,
      /^(strict|relaxed) SIMD of (128|256) bits, \d+ threads?; peak of one thread [\d.]+/,
    );
    assert.match(
      table.stdout,
      /^vanilla {2,}100×1×25 +65 +1 +[\d,]+ +[\d.]+ +\d+% +\d+ MB {2}\([\d,]+ … [\d,]+\)$/m,
    );
    const none = await rnnLab(['bench', ...flags, '--only', 'transformer']);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /No row of the benchmark has transformer in its name\./);
  });

  it('can be stopped', async () => {
    const { code } = await start(['bench', '--json', '--seconds', '0.05'], {
      onLine: (line, child) => {
        if (line.includes('"kernel"')) child.kill('SIGINT');
      },
    }).ended;
    assert.equal(code, 130);
  });
});
