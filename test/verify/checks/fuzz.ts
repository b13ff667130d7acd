/** Every reader of files, on a million files that are damaged at random. */
import { createReaders } from '../../unit/hostile/readers';
import { fuzz } from '../../unit/hostile/fuzz';
import type { Check, Finding } from '../check';

const inputs = 1_000_000;
/** No file of these sizes may take longer, s: it would be a hang. */
const longest = 2;
/** The process may not grow by more while it reads them, MB. */
const mostMegabytes = 512;

export const fuzzing: Check = {
  name: 'fuzz',
  title: 'Damaged files',
  source: 'each read to its end, or refused with an error in words',
  async *run() {
    const before = peakMegabytes();
    for (const reader of await createReaders()) {
      const count = Math.round(inputs * reader.share);
      const { accepted, refused, slowest, offences } = await fuzz(reader, count, 20_260_101);
      const [first] = offences;
      if (first) {
        console.error(first.error, Buffer.from(first.input).toString('base64'));
      }
      yield {
        what: `${reader.name}: inputs that are neither read nor refused in words`,
        expected: '0',
        got: `${String(offences.length)} of ${String(count)} (${String(accepted)} read, ${String(refused)} refused)`,
        passed: offences.length === 0,
      };
      yield below(`${reader.name}: the slowest, s`, slowest, longest);
    }
    yield below('growth of the process, MB', peakMegabytes() - before, mostMegabytes);
  },
};

/** The most memory that the process has had. */
function peakMegabytes(): number {
  return process.resourceUsage().maxRSS / 1024;
}

function below(what: string, got: number, most: number): Finding {
  return { what, expected: `≤ ${String(most)}`, got: got.toPrecision(2), passed: got <= most };
}
