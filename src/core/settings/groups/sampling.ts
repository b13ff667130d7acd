/** Of texts that are written. */
import { integer, number, text, type Setting } from '../setting';

export const samplingSettings = {
  length: integer(500, 1, 10_000_000, 'Number of tokens to generate.', { unit: 'tokens' }),
  prime: text('', 'Text the model reads before it begins to write.'),
  temperature: number(
    0.8,
    0,
    100,
    'What the logits are divided by: lower is safer, higher is bolder, 0 always takes the likeliest token.',
  ),
  topK: integer(0, 0, 1_000_000, 'Choose among this many likeliest tokens only; 0 among all.', {
    unit: 'tokens',
  }),
  topP: number(
    1,
    0,
    1,
    'Sample from the most likely tokens that together have this probability; 1 means all.',
  ),
  seed: integer(
    0,
    0,
    4_294_967_295,
    'Seed of the choice; 0 (auto) writes another text each time.',
    {
      automatic: true,
    },
  ),
} as const satisfies Record<string, Setting>;
