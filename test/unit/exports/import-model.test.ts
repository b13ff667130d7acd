import assert from 'node:assert/strict';
import fc from 'fast-check';
import { InputError } from '../../../src/core/input-error';
import { importModel, type ImportedModel } from '../../../src/core/exports/import-model';
import { modelWriters } from '../../../src/core/exports/writers';
import {
  readSafetensors,
  valuesOf,
  writeSafetensors,
  type NumberArray,
} from '../../../src/core/formats/safetensors';
import { toEnglish } from '../../../src/core/sentence';
import {
  decodeCheckpoint,
  isOfExamples,
  type Checkpoint,
} from '../../../src/core/training/checkpoint';
import { resumeSettings } from '../../../src/core/settings/resume';
import { everyStep, eventsOf, makeTrainer, runSteps } from '../training/tools';
import { readByTheBook } from './reader';
import { backends, trained, trainedFile } from '../formats/tools';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (checkpoint: Checkpoint): string => modelWriters.json(checkpoint) as string;
const tensors = (checkpoint: Checkpoint): Uint8Array =>
  modelWriters.safetensors(checkpoint) as Uint8Array;

const kinds: readonly (readonly [cell: string, settings: Record<string, unknown>])[] = [
  ['vanilla', {}],
  ['lstm', { 'model.layers': 2, 'model.dropout': 0.25 }],
  ['gru', { 'model.embedding': 5, 'data.tokenizer': 'word' }],
  ['h[t] = tanh(U x[t] + W y[t-2] + b)\ny[t] = softmax(V h[t])', { 'data.tokenizer': 'byte' }],
];

function languageModel({ checkpoint }: ImportedModel): Checkpoint {
  assert(!isOfExamples(checkpoint));
  return checkpoint;
}

describe('import', () => {
  for (const [cell, settings] of kinds) {
    it(`gives back to the bit what was exported: ${cell}`, async () => {
      const checkpoint = await trained({ cell, settings });
      for (const exported of [tensors(checkpoint), utf8(json(checkpoint))]) {
        const imported = languageModel(importModel(exported, 'model'));
        const { model, tokenizer, settings: set, training } = imported;
        // How its graph is built is a function, which equals itself alone.
        const { build } = model;
        assert.deepEqual(model, { ...checkpoint.model, build });
        assert.deepEqual(tokenizer.toJSON(), checkpoint.tokenizer.toJSON());
        assert.deepEqual(set.model, { ...checkpoint.settings.model, cell: model.spec.cell.name });
        assert.equal(set.data.tokenizer, checkpoint.settings.data.tokenizer);
        assert.equal(training.step, 0);
        assert.deepEqual(tensors(imported), tensors(checkpoint));
        assert.equal(json(imported), json(checkpoint));
      }
    });
  }

  it('keeps how far a model had been trained, and reads files that do not tell it', async () => {
    const checkpoint = await trained();
    const told = { step: 40, best: { step: 30, validationLoss: 1.25 } };
    const { safetensors, json: text } = modelWriters;
    for (const write of [safetensors, text]) {
      const bytes = (training?: typeof told) => {
        const file = write(checkpoint, training);
        return typeof file === 'string' ? utf8(file) : file;
      };
      assert.deepEqual(importModel(bytes(told), 'm').trained, told);
      assert.equal(importModel(bytes(), 'm').trained, undefined);
      assert.throws(
        () => importModel(bytes({ ...told, step: -1 }), 'm'),
        /m is damaged: what it says of its training is malformed at step/,
      );
    }
    const { metadata } = readByTheBook(safetensors(checkpoint, told) as Uint8Array);
    assert.deepEqual(JSON.parse(metadata['training']!), told);
  });

  it('makes a checkpoint that others read: the weights, and nothing of a training', async () => {
    const checkpoint = await trained({ cell: 'gru' });
    const { file } = importModel(tensors(checkpoint), 'model');
    const read = readByTheBook(file);
    assert.equal(read.metadata['format'], 'rnn-lab checkpoint 1');
    const names = checkpoint.model.parameters.map(({ name }) => name);
    assert.deepEqual([...read.tensors.keys()], names);
    for (const name of names) {
      assert.deepEqual(read.tensors.get(name)!.values, [...checkpoint.tensors.get(name)!]);
    }
    assert.deepEqual(
      decodeCheckpoint(file, 'c').tensors,
      importModel(file, 'm').checkpoint.tensors,
    );
  });

  it('takes a checkpoint as it is, its training included', async () => {
    const bytes = await trainedFile({ cell: 'lstm' });
    const { checkpoint, file } = importModel(bytes, 'c');
    assert.deepEqual(file, bytes);
    const { training, settings, tensors: found } = decodeCheckpoint(bytes, 'c');
    assert.deepEqual([checkpoint.training, checkpoint.settings], [training, settings]);
    assert.deepEqual(checkpoint.tensors, found);
    assert.equal(checkpoint.training.step, 40);
  });

  it('begins a training with the weights it brings, and nothing else', async () => {
    const settings = { 'training.steps': 25, 'model.layers': 2, 'training.optimizer': 'sgd' };
    const resume = importModel(tensors(await trained({ settings })), 'm').checkpoint;
    const begun = await makeTrainer({
      now: everyStep(),
      resume: { ...resume, settings: resumeSettings(resume.settings, { 'training.steps': 5 }) },
    });
    const before = decodeCheckpoint(begun.checkpoint(), 'c');
    for (const [name, values] of resume.tensors) {
      assert.deepEqual(before.tensors.get(name), Float64Array.from(values));
    }
    const [first] = eventsOf(runSteps(begun), 'metrics');
    assert.ok(first?.row.step === 1 && first.row.epoch <= 1);
    assert.equal(begun.step(), 5);
  });

  it('reads other precisions, and keeps and exports them all as float32', async () => {
    const checkpoint = await trained();
    const { metadata, tensors: found } = readByTheBook(tensors(checkpoint));
    const wide = [...found].map(([name, { shape, values }]) => ({
      name,
      shape,
      values: Float64Array.from(values),
    }));
    const whole = importModel(writeSafetensors(wide, metadata), 'm');
    const imported = languageModel(whole);
    const { file } = whole;
    for (const { name, values } of wide) {
      assert.deepEqual(imported.tensors.get(name), Float32Array.from(values));
    }
    for (const written of [file, tensors(imported), tensors(decodeCheckpoint(file, 'c'))]) {
      assert.ok(
        [...readSafetensors(written, 'm').tensors.values()].every(({ type }) => type === 'F32'),
      );
    }
  });

  it('makes a checkpoint in float64 one in float32, its training included', async () => {
    const bytes = await trainedFile({ backend: backends['reference']! });
    const before = decodeCheckpoint(bytes, 'c');
    const { checkpoint, file } = importModel(bytes, 'c');
    assert.deepEqual(checkpoint.training, before.training);
    for (const found of [checkpoint, decodeCheckpoint(file, 'c')]) {
      assert.equal(found.tensors.size, before.tensors.size);
      for (const [name, values] of before.tensors) {
        assert.ok(values instanceof Float64Array);
        assert.deepEqual(found.tensors.get(name), Float32Array.from(values));
      }
    }
  });

  it('refuses numbers that float32 cannot hold, with the tensor’s name', async () => {
    const checkpoint = await trained();
    const wide = new Map(
      [...checkpoint.tensors].map(([name, values]) => [name, Float64Array.from(values)]),
    );
    wide.get('layer1.W')![2] = -1e39;
    const large = { ...checkpoint, tensors: wide };
    const files = [tensors(large), utf8(json(large))];
    const { metadata, tensors: all } = readSafetensors(await trainedFile(), 'c');
    const broken = [...all].map(([name, tensor]) => ({
      name,
      shape: tensor.shape,
      values: wide.get(name) ?? valuesOf(tensor)!,
    }));
    files.push(writeSafetensors(broken, Object.fromEntries(metadata)));
    for (const file of files) {
      assert.throws(
        () => importModel(file, 'm'),
        /entry 3 of layer1\.W is -1e\+39, more than float32 can hold/,
      );
    }
  });

  it('lets what is not yet decided be chosen when the training begins, and the model not', async () => {
    const { settings } = importModel(tensors(await trained()), 'm').checkpoint;
    const chosen = { 'training.batch': 7, 'training.optimizer': 'sgd', 'data.validation': 0.3 };
    assert.equal(resumeSettings(settings, chosen, false).training.batch, 7);
    assert.throws(() => resumeSettings(settings, chosen), InputError);
    for (const fixed of [{ 'model.hidden': 9 }, { 'data.tokenizer': 'byte' }]) {
      assert.throws(() => resumeSettings(settings, fixed, false), InputError);
    }
  });
});

describe('import of a file that cannot be used', () => {
  let whole: Uint8Array;
  let text: string;
  let checkpointFile: Uint8Array;
  before(async () => {
    checkpointFile = await trainedFile();
    const checkpoint = decodeCheckpoint(checkpointFile, 'c');
    whole = tensors(checkpoint);
    text = json(checkpoint);
  });

  /** The export once more, with its parts changed. */
  function changed(
    change: (parts: {
      metadata: Record<string, string>;
      written: { name: string; shape: number[]; values: NumberArray }[];
    }) => void,
  ): Uint8Array {
    const { metadata, tensors: found } = readByTheBook(whole);
    const written = [...found].map(([name, { shape, values }]) => {
      const array: NumberArray = Float32Array.from(values);
      return { name, shape: [...shape], values: array };
    });
    change({ metadata, written });
    return writeSafetensors(written, metadata);
  }

  /** The JSON once more, with a part changed. */
  function changedJson(change: (model: Record<string, never>) => void): Uint8Array {
    const model = JSON.parse(text) as Record<string, never>;
    change(model);
    return utf8(JSON.stringify(model));
  }

  const sizes = (more: object): string =>
    JSON.stringify({ hidden: 8, layers: 1, vocabulary: 16, embedding: 0, dropout: 0, ...more });

  const cases: readonly (readonly [what: string, make: () => Uint8Array, message: RegExp])[] = [
    ['an empty file', () => new Uint8Array(0), /neither a safetensors file nor JSON/],
    [
      'a picture',
      () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      /neither a safetensors file nor JSON/,
    ],
    ['a text', () => utf8('To be, or not to be'), /neither a safetensors file nor JSON/],
    [
      'an archive cut off',
      () => Buffer.from('PK\x03\x04\x14\x08\x08\x08archive/data.pkl'),
      /cannot be imported: its list of entries is missing/,
    ],
    ['JSON of something else', () => utf8('{"name":"rnn-lab"}'), /comes from another program/],
    ['a JSON list', () => utf8('[1, 2]'), /comes from another program/],
    ['JSON that is cut off', () => utf8(text.slice(0, -200)), /is damaged: .*JSON/],
    [
      'safetensors of another program',
      () =>
        writeSafetensors([{ name: 'w', shape: [1], values: Float32Array.of(1) }], { format: 'pt' }),
      /it has no recurrent layer of PyTorch’s, with tensors such as weight_ih_l0; it has w\./,
    ],
    [
      'a version to come',
      () => changed(({ metadata }) => (metadata['format'] = 'rnn-lab model 3')),
      /another version of RNN Lab \(rnn-lab model 3; .*\)\. Update/,
    ],
    [
      'JSON of a version to come',
      () => utf8(text.replace('rnn-lab model 1', 'rnn-lab model 9')),
      /another version of RNN Lab \(rnn-lab model 9;.*Update/,
    ],
    ['a file cut off', () => whole.slice(0, -100), /ends within output\.V, so that a part/],
    ['a checkpoint cut off', () => checkpointFile.slice(0, -100), /ends within .*, so that a part/],
    ['a header that is a bomb', () => bomb(), /longer than 100 MB/],
    ['a missing tensor', () => changed(({ written }) => written.pop()), /output\.c is missing/],
    [
      'a tensor too many',
      () =>
        changed(({ written }) =>
          written.push({ name: 'layer2.W', shape: [1], values: Float32Array.of(1) }),
        ),
      /do not mention its tensor layer2\.W/,
    ],
    [
      'a wrong shape',
      () => changed(({ written }) => written[0]!.shape.reverse()),
      /layer1\.U has the shape \[16, 8\], not \[8, 16\]/,
    ],
    [
      'whole numbers',
      () => changed(({ written }) => (written[1]!.values = Int32Array.from(written[1]!.values))),
      /layer1\.W holds I32 numbers/,
    ],
    [
      'a number that is none',
      () => changed(({ written }) => (written[1]!.values[5] = NaN)),
      /entry 6 of layer1\.W is NaN/,
    ],
    [
      'equations with an error',
      () => changed(({ metadata }) => (metadata['equations'] = 's[t] = tanh(U x[t] + W s[t] + b)')),
      /damaged: .*:1:24: s\[t\] needs itself/,
    ],
    [
      'other equations',
      () => changed(({ metadata }) => (metadata['equations'] = 's[t] = tanh(A x[t])')),
      /layer1\.A is missing/,
    ],
    ['no equations', () => changed(({ metadata }) => delete metadata['equations']), /is damaged/],
    [
      'a tokenizer of another size',
      () =>
        changed(({ metadata }) => (metadata['tokenizer'] = '{"kind":"char","characters":"ab"}')),
      /tokenizer has 2 tokens, its model 16/,
    ],
    [
      'an unknown tokenizer',
      () => changed(({ metadata }) => (metadata['tokenizer'] = '{"kind":"nosuch"}')),
      /its tokenizer is malformed at kind/,
    ],
    [
      'a model that no memory holds',
      () => changed(({ metadata }) => (metadata['model'] = sizes({ layers: 1e12 }))),
      /model\.layers .*must be a whole number from 1 to 16/,
    ],
    [
      'sizes that are none',
      () => changed(({ metadata }) => (metadata['model'] = sizes({ hidden: 'many' }))),
      /its sizes are malformed at hidden/,
    ],
    [
      'JSON with rows of different lengths',
      () => changedJson((model) => at(model, 'parameters', 0, 'values', 1).pop()),
      /layer1\.U does not have the shape \[8, 16\]/,
    ],
    [
      'JSON of a shape that no memory holds',
      () => changedJson((model) => (at(model, 'parameters', 0, 'shape')[1] = 1e15)),
      /layer1\.U does not have the shape \[8, 1000000000000000\]/,
    ],
    [
      'JSON with a word among the numbers',
      () => changedJson((model) => (at(model, 'parameters', 2, 'values')[0] = 'x')),
      /an entry of layer1\.b is not a number/,
    ],
    [
      'JSON with a number too large',
      () => changedJson((model) => (at(model, 'parameters', 2, 'values')[0] = 1e300)),
      /entry 1 of layer1\.b is 1e\+300, more than float32 can hold/,
    ],
    [
      'JSON without parameters',
      () => changedJson((model) => delete model['parameters']),
      /what stands at parameters is missing/,
    ],
  ];
  for (const [what, make, message] of cases) {
    it(`says what is wrong and what to do: ${what}`, () => {
      assert.throws(
        () => importModel(make(), 'm.safetensors'),
        (error) => {
          assert.ok(error instanceof InputError, String(error));
          assert.match(error.message, message);
          assert.ok(error.hint && toEnglish(error.problem).startsWith('m.safetensors '));
          return true;
        },
      );
    });
  }

  it('never does worse than refuse, whatever byte is wrong', () => {
    for (const original of [whole, checkpointFile, utf8(text)]) {
      fc.assert(
        fc.property(fc.nat(original.length - 1), fc.nat(255), fc.boolean(), (place, byte, cut) => {
          const broken = cut ? original.slice(0, place) : original.slice();
          if (!cut) broken[place] = byte;
          try {
            importModel(broken, 'm');
          } catch (error) {
            assert.ok(error instanceof InputError, String(error));
          }
        }),
        { numRuns: 150 },
      );
    }
  });
});

/** A header that claims to be 2⁴⁰ bytes long. */
function bomb(): Uint8Array {
  const bytes = Buffer.alloc(64);
  bytes.writeBigUInt64LE(2n ** 40n);
  return bytes;
}

/** The list that stands at a path in JSON. */
function at(json: unknown, ...path: readonly (string | number)[]): unknown[] {
  return path.reduce(
    (value, key) => (value as Record<string | number, unknown>)[key],
    json,
  ) as unknown[];
}
