/** Models of other programs, and the logits that those programs give. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Nonlinearity } from '../../../../src/core/exports/foreign/needs';
import { importModel, type ImportedModel } from '../../../../src/core/exports/import-model';
import { createReader } from '../../../../src/core/sampling/reader';
import { isOfExamples, type Checkpoint } from '../../../../src/core/training/checkpoint';
import { backends, networkOf } from '../../formats/tools';

export const folder = path.resolve('test/fixtures/foreign');

export interface ForeignCase {
  readonly file: string;
  /** `[T, C]`, row-major. */
  readonly logits: readonly number[];
  readonly nonlinearity?: Nonlinearity;
}

/** What a script wrote beside its models. */
export interface ForeignCases {
  readonly characters: string;
  readonly tokens: readonly number[];
  readonly cases: readonly ForeignCase[];
}

/** @param file in the fixtures, or a path of its own */
export function foreignCases(file: string): ForeignCases {
  return JSON.parse(fs.readFileSync(path.resolve(folder, file), 'utf8')) as ForeignCases;
}

export function bytesOf(file: string): Uint8Array {
  return new Uint8Array(fs.readFileSync(path.join(folder, file)));
}

export function asVocabulary(text: string): { name: string; bytes: Uint8Array } {
  return { name: 'vocabulary', bytes: new TextEncoder().encode(text) };
}

export function textModel({ checkpoint }: ImportedModel): Checkpoint {
  assert.ok(!isOfExamples(checkpoint));
  return checkpoint;
}

/** The largest difference of the imported model's logits from the other program's. */
export function differenceOf(
  bytes: Uint8Array,
  { file, logits, nonlinearity }: ForeignCase,
  { characters, tokens }: ForeignCases,
  engine = 'reference',
): number {
  const vocabulary = asVocabulary(JSON.stringify(Array.from(characters)));
  const checkpoint = textModel(importModel(bytes, file, { vocabulary, nonlinearity }));
  const theirs = Array.from(characters);
  const ours = theirs.map((character) => checkpoint.tokenizer.encode(character).ids[0]!);
  const network = networkOf(checkpoint, backends[engine]!);
  const reader = createReader(network);
  reader.reset();
  let largest = 0;
  tokens.forEach((token, t) => {
    reader.read([ours[token]!]);
    const found = reader.logits();
    theirs.forEach((_, id) => {
      const expected = logits[t * theirs.length + id]!;
      largest = Math.max(largest, Math.abs(found[ours[id]!]! - expected));
    });
  });
  network.backend.close();
  return largest;
}
