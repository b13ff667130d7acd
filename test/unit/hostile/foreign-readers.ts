/** Readers of what other programs have written. */
import * as v from 'valibot';
import { readTokenizer } from '../../../src/core/data/tokenizers';
import { isHdf5, openHdf5 } from '../../../src/core/exports/foreign/hdf5';
import { readPytorchArchive } from '../../../src/core/exports/foreign/pytorch';
import { recogniseTensors } from '../../../src/core/exports/foreign/recognise';
import { readVocabulary } from '../../../src/core/exports/foreign/vocabulary';
import { openZip } from '../../../src/core/exports/foreign/zip';
import { importModel } from '../../../src/core/exports/import-model';
import { asVocabulary, bytesOf, foreignCases } from '../exports/foreign/tools';
import type { Reader } from './reader';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const { characters, cases } = foreignCases('pytorch.json');
const vocabulary = asVocabulary(JSON.stringify(Array.from(characters)));

const archives = cases.map(({ file }) => bytesOf(file)).filter(([first]) => first === 0x50);
const pickles = archives.map((bytes) => {
  const { names, read } = openZip(bytes);
  return read(names.find((name) => name.endsWith('/data.pkl'))!)!;
});

const onnx = ['lstm-pytorch.onnx', 'gru-reset-first.onnx', 'lstm-peepholes.onnx'];

export const foreignReaders: readonly Reader[] = [
  {
    name: 'models of other programs',
    share: 0.2,
    seeds: [...cases.map(({ file }) => file), ...onnx].map(bytesOf),
    read(bytes) {
      importModel(bytes, 'file', { vocabulary, nonlinearity: 'relu' });
    },
  },
  {
    // Within an archive a checksum keeps most changes away from what reads it.
    name: 'pickles of tensors',
    share: 0.2,
    seeds: pickles,
    read(bytes) {
      const names = ['archive/data.pkl'];
      const read = (name: string): Uint8Array | undefined => {
        if (name.endsWith('data.pkl')) return bytes;
        return name.includes('/data/') ? new Uint8Array(4000) : undefined;
      };
      const { layers, head } = recogniseTensors(readPytorchArchive({ names, read }), 'tanh');
      for (const { input, state } of layers) {
        input.tensor.values();
        state.tensor.values();
      }
      head.tensor.values();
    },
  },
  {
    name: 'HDF5 of Keras',
    share: 0.05,
    seeds: foreignCases('keras.json')
      .cases.map(({ file }) => bytesOf(file))
      .map((bytes) => (isHdf5(bytes) ? bytes : openZip(bytes).read('model.weights.h5')!)),
    read(bytes) {
      const { attribute, tensorsIn } = openHdf5(bytes);
      attribute('model_config');
      for (const group of ['layers', 'model_weights']) {
        for (const { values } of tensorsIn(group)) values();
      }
    },
  },
  {
    name: 'vocabularies',
    share: 0.1,
    seeds: [
      '["a","b","c","<unk>"]',
      '{"the":1,"<unk>":0,"of":2,"a":3}',
      '{"itos":{"0":"a","1":"b","2":"\\n","3":"<pad>"}}',
      'a\nb\nc\n\\n\n',
      'abcd',
    ].map(utf8),
    read(bytes) {
      const { tokenizer } = readVocabulary(bytes, 4);
      try {
        readTokenizer(tokenizer);
      } catch (error) {
        // As `modelOf` has it, which puts this into words.
        if (!v.isValiError(error)) throw error;
      }
    },
  },
];
