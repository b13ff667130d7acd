/** Event files, read back by a reader that is written from the formats alone. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { crc32c } from '../../../src/core/exports/tensorboard/records';
import { decodeMetrics } from '../../../src/core/training/run';
import { decodeObservations, decodeSamples } from '../../../src/core/training/run-looks';
import { rnnLab, sampleText, temporaryFolder } from '../cli/tools';

/** Fields of a protobuf message by their numbers: varints and floats as numbers, all else as bytes. */
type Fields = Map<number, (number | Buffer)[]>;

function fieldsOf(bytes: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const read: Readonly<Record<number, () => number | Buffer>> = {
      0: varint,
      1: () => bytes.readDoubleLE((at += 8) - 8),
      2: () => {
        const length = varint();
        return bytes.subarray(at, (at += length));
      },
      5: () => bytes.readFloatLE((at += 4) - 4),
    };
    const number = Math.trunc(key / 8);
    fields.set(number, [...(fields.get(number) ?? []), read[key % 8]!()]);
  }
  assert.equal(at, bytes.length);
  return fields;
}

const one = (fields: Fields | undefined, number: number): number | Buffer | undefined =>
  fields?.get(number)?.[0];
const inner = (fields: Fields | undefined, ...numbers: number[]): Fields | undefined => {
  let found = fields;
  for (const number of numbers) {
    const bytes = one(found, number);
    found = Buffer.isBuffer(bytes) ? fieldsOf(bytes) : undefined;
  }
  return found;
};
const text = (value: number | Buffer | undefined): string => value?.toString() ?? '';

/** The CRC-32C of the definition: a division of polynomials, bit by bit. */
function slowCrc(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

/** As TFRecords' documentation has it. */
function masked(bytes: Buffer): number {
  const crc = BigInt(slowCrc(bytes));
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

function recordsIn(file: Buffer): Fields[] {
  const records: Fields[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    assert.equal(file.readUInt32LE(at + 8), masked(file.subarray(at, at + 8)));
    assert.equal(file.readUInt32LE(at + 12 + length), masked(data));
    records.push(fieldsOf(data));
    at += 16 + length;
  }
  return records;
}

describe('an export for TensorBoard', () => {
  const folder = temporaryFolder();
  const run = path.join(folder, 'run');
  const board = path.join(folder, 'board');
  let records: Fields[] = [];
  const values = (tag: string): { step: number; value: Fields }[] =>
    records.flatMap((record) => {
      const value = inner(record, 5, 1);
      const step = Number(one(record, 2) ?? 0);
      return value && text(one(value, 1)) === tag ? [{ step, value }] : [];
    });

  before(async () => {
    const file = path.join(folder, 'english.txt');
    fs.writeFileSync(file, sampleText);
    const asked = ['--hidden', '8', '--embedding', '3', '--steps', '30', '--evaluate-every', '10'];
    const looks = ['--observe-every', '10', '--sample-every', '10', '--threads', '1'];
    const trained = await rnnLab(['train', file, ...asked, ...looks, '--out', run]);
    assert.equal(trained.code, 0, trained.stderr);
    const { code, stderr } = await rnnLab([
      ...['export', run, '--format', 'tensorboard', '--out', board],
    ]);
    assert.equal(code, 0, stderr);
    const [name] = fs.readdirSync(board).filter((each) => each.startsWith('events.out.tfevents.'));
    records = recordsIn(fs.readFileSync(path.join(board, name!)));
  });
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const read = (name: string): string => fs.readFileSync(path.join(run, name), 'utf8');

  it('has the checksums of RFC 3720', () => {
    assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
    assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  });

  it('begins with its version, and its steps never go back', () => {
    assert.equal(text(one(records[0], 3)), 'brain.Event:2');
    const steps = records.map((record) => Number(one(record, 2) ?? 0));
    assert.deepEqual(
      steps,
      [...steps].sort((a, b) => a - b),
    );
    const begin = (JSON.parse(read('run.json')) as { created: number }).created / 1000;
    for (const record of records) {
      const time = Number(one(record, 1));
      assert.ok(time >= begin && time < begin + 600);
    }
  });

  it('has the scalars that were measured', () => {
    const events = decodeMetrics(read('metrics.jsonl'));
    const losses = events.flatMap((event) =>
      event.event === 'metrics' ? [[event.row.step, Math.fround(event.row.loss.mean)]] : [],
    );
    const found = values('training/loss [nats/token]');
    assert.deepEqual(
      found.map(({ step, value }) => [step, one(value, 2)]),
      losses,
    );
    const validation = events.flatMap((event) =>
      event.event === 'evaluation' ? [Math.fround(event.row.validationLoss)] : [],
    );
    assert.ok(validation.length >= 3);
    assert.deepEqual(
      values('validation/validation loss [nats/token]').map(({ value }) => one(value, 2)),
      validation,
    );
  });

  it('has histograms of weights and gradients, with the counts that were observed', () => {
    const rows = decodeObservations(read('observations.jsonl'));
    for (const [tag, of] of [
      ['weights/embedding.E', (row: (typeof rows)[number]) => row.weights[0]!],
      ['gradients/embedding.E', (row: (typeof rows)[number]) => row.gradients[0]!],
    ] as const) {
      const found = values(tag);
      assert.equal(found.length, rows.length);
      found.forEach(({ value }, i) => {
        const histo = inner(value, 5)!;
        const { least, greatest, counts } = of(rows[i]!);
        const doubles = (field: number): number[] => {
          const packed = one(histo, field) as Buffer;
          return Array.from({ length: packed.length / 8 }, (_, k) => packed.readDoubleLE(8 * k));
        };
        assert.deepEqual([one(histo, 1), one(histo, 2)], [least, greatest]);
        assert.deepEqual(doubles(7), Array.from(counts));
        assert.ok(Math.abs(doubles(6).at(-1)! - greatest) <= 1e-9 * Math.abs(greatest));
        assert.equal(
          one(histo, 3),
          counts.reduce((sum, count) => sum + count),
        );
      });
    }
  });

  it('has the texts that it wrote, and its settings beside its results', () => {
    const samples = decodeSamples(read('samples.jsonl'));
    const found = values('sample');
    assert.deepEqual(
      found.map(({ value }) => text(one(inner(value, 8), 8)).replace(/^ {4}/gm, '')),
      samples.map((sample) => sample.text),
    );
    assert.equal(text(one(inner(found[0]?.value, 9, 1), 1)), 'text');
    const start = inner(values('_hparams_/session_start_info')[0]?.value, 9, 1, 2, 3)!;
    const settings = start.get(1)!.map((entry) => fieldsOf(entry as Buffer));
    const hidden = settings.find((entry) => text(one(entry, 1)) === 'model.hidden');
    assert.equal(one(inner(hidden, 2), 2), 8);
    const experiment = inner(values('_hparams_/experiment')[0]?.value, 9, 1, 2, 2)!;
    const metrics = experiment
      .get(5)!
      .map((info) => text(one(inner(fieldsOf(info as Buffer), 1), 2)));
    assert.deepEqual(metrics, [
      'training/loss [nats/token]',
      'validation/validation loss [nats/token]',
    ]);
  });

  it('has the embedding for the projector, a row a token', () => {
    const at = (name: string): string[] =>
      fs.readFileSync(path.join(board, name), 'utf8').trimEnd().split('\n');
    const rows = at('embedding.tsv').map((row) => row.split('\t').map(Number));
    assert.equal(rows.length, at('metadata.tsv').length);
    assert.ok(rows.every((row) => row.length === 3 && row.every(Number.isFinite)));
    assert.match(at('projector_config.pbtxt').join('\n'), /tensor_path: "embedding\.tsv"/);
  });
});
