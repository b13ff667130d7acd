import assert from 'node:assert/strict';
import fs from 'node:fs';
import {
  checkOverrides,
  decodeOverrides,
  encodeOverrides,
  mergedOverrides,
  overrideNames,
  type Overrides,
} from '../../../src/core/task/overrides';

const file = 'a.csv.rnn.json';

describe('FILE.rnn.json', () => {
  it('is read as it was written, one column alone as a list of one', () => {
    const overrides: Overrides = {
      ...{ format: 'tsv', input: ['a', 'b'], output: ['c'], group: 'g', shape: 'many to one' },
      ...{ types: { a: 'text' }, tokenizers: { a: 'word' }, vocabulary: 10, longest: 3 },
      ...{ split: 'random', validation: 0, test: 0.5, image: { width: 2, rows: 'time' } },
      series: { horizon: 0, difference: false, window: 7 },
    };
    assert.deepEqual(decodeOverrides(encodeOverrides(overrides), file), overrides);
    assert.deepEqual(decodeOverrides('{"input": "text"}', file), { input: ['text'] });
  });

  it('gives way to what is said later, record by record', () => {
    const first: Overrides = { input: ['a'], types: { a: 'text', b: 'number' }, test: 0.1 };
    const second: Overrides = { input: ['b'], types: { b: 'category' }, validation: 0.2 };
    assert.deepEqual(mergedOverrides(first, second), {
      ...{ input: ['b'], types: { a: 'text', b: 'category' }, test: 0.1, validation: 0.2 },
    });
  });

  const wrong: readonly (readonly [what: string, json: string, said: RegExp])[] = [
    ['no JSON', '{"input": ', /^a\.csv\.rnn\.json is no valid JSON\. Correct it, or remove it/],
    ['no object', '[1]', /^a\.csv\.rnn\.json must be a JSON object\. Write for example \{"input"/],
    ['a name that is none', '{"inptu": "a"}', /there is no inptu\. Did you mean input\?$/],
    [
      'a name that is none within',
      '{"series": {"horizn": 1}}',
      /there is no series\.horizn\. Did you mean horizon\?$/,
    ],
    ['a value that is none', '{"test": 1}', /test cannot be 1\. It must be <1\.$/],
    [
      'a type that is none',
      '{"types": {"a": "txt"}}',
      /types\.a cannot be "txt"\. It must be \("text" \| /,
    ],
  ];
  for (const [what, json, said] of wrong) {
    it(`says what to do about ${what}`, () => {
      assert.throws(
        () => decodeOverrides(json, file),
        (error: Error) => {
          assert.equal(error.name, 'InputError');
          assert.match(error.message, said);
          return true;
        },
      );
    });
  }

  it('has a schema for the editor, with a line for each name that is read and no other', () => {
    const schema = JSON.parse(fs.readFileSync('syntaxes/table.schema.json', 'utf8')) as {
      readonly properties: Readonly<
        Record<string, { readonly description?: string; readonly enum?: readonly string[] }>
      >;
      readonly additionalProperties: boolean;
    };
    assert.deepEqual(Object.keys(schema.properties), overrideNames);
    assert.equal(schema.additionalProperties, false);
    for (const [name, { description }] of Object.entries(schema.properties)) {
      assert.equal(description !== undefined, name !== '$schema', name);
    }
    // Each value that the schema offers is taken.
    for (const [name, { enum: values = [] }] of Object.entries(schema.properties)) {
      for (const value of values)
        assert.deepEqual(checkOverrides({ [name]: value }, file), { [name]: value });
    }
  });
});
