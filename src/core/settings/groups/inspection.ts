/** Of what is looked at while training. */
import { integer, largest, number, type Setting } from '../setting';

export const inspectionSettings = {
  observeEvery: number(
    0.5,
    0,
    largest,
    'Least time between two looks at gradients, weights and states while training, which together take at most about 2 % of its time; 0 never looks.',
    { unit: 's' },
  ),
  observeWindow: integer(
    64,
    2,
    1024,
    'Number of tokens over which a look follows gradients back through time, at least as many as the lags of the equations reach back; the training’s own sequence does not truncate them.',
    { unit: 'tokens' },
  ),
  sampleEvery: number(
    10,
    0,
    largest,
    'Time between two texts that the model writes while it is trained, less at first and more later; 0 writes none.',
    { unit: 's' },
  ),
  sampleLength: integer(200, 1, 10_000, 'Number of tokens of such a text.', { unit: 'tokens' }),
  sampleTemperature: number(
    0.8,
    0,
    100,
    'Temperature of such a text: what the logits are divided by.',
  ),
} as const satisfies Record<string, Setting>;
