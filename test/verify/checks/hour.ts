import { start } from '../../unit/cli/tools';
import { lagOf, promised, promisedSteps } from '../../unit/docs/hour';
import { within, type Check } from '../check';

const seeds = [1, 2, 3];

/** README.md sends its readers to look at this. */
export const hour: Check = {
  name: 'hour',
  title: 'The README’s hour: how far gradients reach after 1000 steps on Hamlet, all defaults',
  source: 'README.md, “An hour with it”',
  async *run({ threads }) {
    const flags = ['--steps', String(promisedSteps), '--threads', String(threads)];
    for (const { cell, variable, least, most } of promised) {
      for (const seed of seeds) {
        const lag = await lagOf({ cell, variable }, seed, flags, (args) => start(args).ended);
        yield within(`${cell}, seed ${seed}: lag with less than 1 %`, lag, [least, most], 0);
      }
    }
  },
};
