import assert from 'node:assert/strict';
import Papa from 'papaparse';
import {
  generatedTask,
  generatedTaskNames,
  type GeneratedTaskName,
} from '../../../src/core/generate';
import { inWords } from '../../../src/core/generate/digits';
import { colors, shapeNames } from '../../../src/core/generate/glyphs';
import { headOf, lineOf } from '../../../src/core/generate/rows';
import { make, near } from './tools';

/** Cells of a table that has texts alone. */
function texts(name: GeneratedTaskName, rows: number, length?: number): string[][] {
  return make(name, rows, length).map(({ cells }) => cells.map(String));
}

function split(cell: string): string[] {
  return cell.split(' ');
}

function floorsOf(name: GeneratedTaskName, metric: string): number[] {
  const task = generatedTask(name);
  const all = task.floors(task.length?.standard ?? 0);
  return all.flatMap((floor) => (floor.metric === metric ? [floor.value] : []));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean nats a symbol of targets by how often each came after what `context` says, among these very rows. */
function entropy(
  rows: readonly string[][],
  context: (input: string[], t: number) => string,
): number {
  const counts = new Map<string, Map<string, number>>();
  let total = 0;
  for (const [source = '', target = ''] of rows) {
    const input = split(source);
    split(target).forEach((symbol, t) => {
      const seen = counts.get(context(input, t)) ?? new Map<string, number>();
      counts.set(context(input, t), seen.set(symbol, (seen.get(symbol) ?? 0) + 1));
      total++;
    });
  }
  let nats = 0;
  for (const seen of counts.values()) {
    const all = [...seen.values()].reduce((a, b) => a + b);
    for (const n of seen.values()) nats -= n * Math.log(n / all);
  }
  return nats / total;
}

describe('generated tasks', () => {
  it('adding: one number of each half is marked, the target is their sum, its variance 1/6', () => {
    const rows = make('adding', 20_000, 7);
    const targets = rows.map(({ cells: [values, markers, target] }) => {
      const marked = (markers as number[]).flatMap((marker, t) => (marker === 1 ? [t] : []));
      assert.equal((markers as number[]).length, 7);
      assert.ok(marked.length === 2 && marked[0]! < 3 && marked[1]! >= 3);
      near(
        marked.reduce((sum, t) => sum + (values as number[])[t]!, 0),
        target as number,
        1e-12,
      );
      return target as number;
    });
    near(mean(targets), 1, 0.01);
    // The square's own deviation is √(7/180)/√20000 = 0.0014.
    near(mean(targets.map((target) => (target - 1) ** 2)), 1 / 6, 0.006);
    assert.deepEqual(floorsOf('adding', 'mse'), [1 / 6]);
  });

  it('copy: what was shown comes again after the pause, and without memory the loss is 10 ln 8 / (T + 20)', () => {
    const rows = texts('copy', 3000, 30);
    for (const [source = '', target = ''] of rows) {
      const [input, output] = [split(source), split(target)];
      assert.equal(input.length, 50);
      assert.equal(input.indexOf('>'), 39);
      assert.deepEqual(output, [...new Array<string>(40).fill('_'), ...input.slice(0, 10)]);
    }
    const [floor] = generatedTask('copy').floors(30);
    near(floor!.value, (10 * Math.log(8)) / 50, 1e-12);
    near(
      entropy(rows, (_, t) => String(t)),
      floor!.value,
      0.003,
    );
  });

  it('reverse: each word once, backwards', () => {
    const rows = texts('reverse', 3000);
    for (const [source = '', target = ''] of rows) {
      assert.equal(Array.from(source).reverse().join(''), target);
    }
    assert.equal(new Set(rows.map(([source]) => source)).size, 3000);
    const letters = rows.map(([, target]) => ['', Array.from(target!).join(' ')]);
    near(
      entropy(letters, () => ''),
      floorsOf('reverse', 'loss')[0]!,
      0.01,
    );
  });

  it('temporal order: two X or Y where the paper has them, and the label is their order', () => {
    const labels = texts('temporal-order', 4000).map(([source = '', label]) => {
      const input = split(source);
      assert.ok(input.length >= 100 && input.length <= 110);
      assert.ok(input[0] === 'E' && input.at(-1) === 'B');
      const places = input.flatMap((symbol, t) => (/[XY]/.test(symbol) ? [t] : []));
      const [first = 0, second = 0] = places;
      assert.ok(places.length === 2 && first >= 10 && first <= 20 && second >= 50 && second <= 60);
      assert.equal(`${input[first]!}${input[second]!}`, label);
      assert.match(input.join(''), /^E[abcdXY]+B$/);
      return label;
    });
    for (const label of ['XX', 'XY', 'YX', 'YY']) {
      const share = labels.filter((other) => other === label).length / labels.length;
      near(share, floorsOf('temporal-order', 'accuracy')[0]!, 0.025);
    }
  });

  it('two-lag: letters whose second bit depends on the first three and eight steps before, and its floors', () => {
    const [[text = ''] = []] = texts('two-lag', 1);
    const codes = Array.from(text, (letter) => 'abcd'.indexOf(letter));
    assert.equal(codes.length, 200_000);
    const bit = (t: number): number => codes[t]! >> 1;
    const loss = (known: (t: number) => string): number => {
      const counts = new Map<string, [number, number]>();
      for (let t = 8; t < codes.length; t++) {
        const pair = counts.get(known(t)) ?? [0, 0];
        pair[codes[t]! & 1]!++;
        counts.set(known(t), pair);
      }
      let sum = 0;
      for (const [zeros, ones] of counts.values()) {
        for (const n of [zeros, ones]) if (n > 0) sum -= n * Math.log(n / (zeros + ones));
      }
      return Math.LN2 + sum / (codes.length - 8);
    };
    const [neither, near3, both] = floorsOf('two-lag', 'loss');
    near(
      loss(() => ''),
      neither!,
      0.003,
    );
    near(
      loss((t) => String(bit(t - 3))),
      near3!,
      0.003,
    );
    near(
      loss((t) => `${String(bit(t - 3))}${String(bit(t - 8))}`),
      both!,
      0.003,
    );
    // r2rt's figures, of the second bit alone.
    near(neither! - Math.LN2, 0.6616, 5e-5);
    near(near3! - Math.LN2, 0.5192, 5e-5);
    near(both! - Math.LN2, 0.4545, 5e-5);
  });

  it('sine: two values tell the next, and the last alone leaves sin²(2π/20) / 2', () => {
    const wave = make('sine', 400).map(({ cells }) => Number(cells[0]));
    const double = 2 * Math.cos(Math.PI / 10);
    let squares = 0;
    for (let t = 1; t < 399; t++) {
      near(wave[t + 1]!, double * wave[t]! - wave[t - 1]!, 0.04);
      squares += (wave[t + 1]! - (double / 2) * wave[t]!) ** 2;
    }
    near(squares / 398, floorsOf('sine', 'mse')[0]!, 0.001);
  });

  it('parity: even and odd are alike often, and right', () => {
    const rows = texts('parity', 4000);
    for (const [input = '', label] of rows) {
      assert.equal(split(input).length, 16);
      assert.equal(input.replace(/[^1]/g, '').length % 2 === 0 ? 'even' : 'odd', label);
    }
    near(rows.filter(([, label]) => label === 'odd').length / 4000, 1 / 2, 0.025);
  });

  it('anbn: strings of the language, and the entropies of knowing one symbol, or n', () => {
    const rows = texts('anbn', 20_000);
    for (const [input = '', target = ''] of rows) {
      assert.deepEqual(split(target), [...split(input).slice(1), 'T']);
      const [, a = '', b = ''] = /^S(a+)(b+)$/.exec(split(input).join('')) ?? [];
      assert.ok(a.length === b.length && a.length >= 1 && a.length <= 10);
    }
    const [last, best] = floorsOf('anbn', 'loss');
    near(
      entropy(rows, (input, t) => input[t]!),
      last!,
      0.005,
    );
    // The whole string up to here is all that can be known.
    near(
      entropy(rows, (input, t) => input.slice(0, t + 1).join('')),
      best!,
      0.005,
    );
  });

  it('reber and embedded reber: the automaton accepts each string, and the entropies are the published ones', () => {
    const arrows: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      start: { B: 'one' },
      one: { T: 'two', P: 'three' },
      two: { S: 'two', X: 'four' },
      three: { T: 'three', V: 'five' },
      four: { X: 'three', S: 'six' },
      five: { P: 'four', V: 'six' },
      six: { E: 'end' },
    };
    const after = (letters: Iterable<string>): string | undefined => {
      let state: string | undefined = 'start';
      for (const letter of letters) state = state === undefined ? state : arrows[state]?.[letter];
      return state;
    };
    const whole = ([input = '', target = '']: string[]): string => {
      assert.deepEqual(split(input).slice(1), split(target).slice(0, -1));
      return `${split(input)[0]!}${split(target).join('')}`;
    };
    const plain = texts('reber', 20_000);
    for (const row of plain) assert.equal(after(whole(row)), 'end');
    const framed = texts('embedded-reber', 20_000);
    for (const row of framed) {
      const [, first, within = '', last] = /^B([TP])(.*)([TP])E$/.exec(whole(row)) ?? [];
      assert.ok(after(within) === 'end' && first === last);
    }
    near(
      entropy(plain, (input, t) => after(input.slice(0, t + 1)) ?? ''),
      0.5941,
      0.004,
    );
    // Where the frame's beginning counts is after the E of what is within.
    const place = (input: string[], t: number): string =>
      t < 2 ? String(t) : (after(input.slice(2, t + 1)) ?? '');
    near(entropy(framed, place), 0.5041, 0.004);
    near(
      entropy(framed, (input, t) => `${place(input, t)} ${t > 0 ? input[1]! : ''}`),
      0.4411,
      0.004,
    );
    near(floorsOf('reber', 'loss')[0]!, 0.5941, 5e-5);
    near(floorsOf('embedded-reber', 'loss')[0]!, 0.5041, 5e-5);
    near(floorsOf('embedded-reber', 'loss')[1]!, 0.4411, 5e-5);
  });

  it('addition: the sums are right, and no question comes twice, even the other way round', () => {
    const rows = texts('addition', 20_000);
    const questions = new Set<string>();
    const answers = new Map<string, number>();
    for (const [source = '', target = '', group = ''] of rows) {
      const [, a = '', b = ''] = /^(\d{1,3})\+(\d{1,3})$/.exec(source.replaceAll(' ', '')) ?? [];
      assert.equal(Number(a) + Number(b), Number(target.replaceAll(' ', '')));
      const question = [a, b].sort((one, other) => Number(one) - Number(other)).join('+');
      assert.equal(group, question);
      questions.add(question);
      answers.set(target, (answers.get(target) ?? 0) + 1);
    }
    assert.equal(questions.size, 20_000);
    assert.ok(Math.max(...answers.values()) / 20_000 <= floorsOf('addition', 'exactMatch')[0]!);
  });

  it('number-words: a parser of English finds each number again', () => {
    const units = 'zero one two three four five six seven eight nine ten eleven twelve thirteen';
    const teens = 'fourteen fifteen sixteen seventeen eighteen nineteen';
    const known = new Map(`${units} ${teens}`.split(' ').map((word, value) => [word, value]));
    'twenty thirty forty fifty sixty seventy eighty ninety'
      .split(' ')
      .forEach((word, i) => known.set(word, 20 + 10 * i));
    const parse = (words: string): number => {
      let [total, part] = [0, 0];
      for (const word of words.split(/[ -]/)) {
        if (word === 'hundred') part *= 100;
        else if (word === 'thousand' || word === 'million') {
          total += part * (word === 'thousand' ? 1e3 : 1e6);
          part = 0;
        } else part += known.get(word) ?? NaN;
      }
      return total + part;
    };
    for (const [source = '', target = ''] of texts('number-words', 10_000, 9)) {
      assert.equal(parse(target), Number(source.replaceAll(' ', '')));
    }
    assert.equal(inWords(0), 'zero');
    assert.equal(inWords(700_015), 'seven hundred thousand fifteen');
    assert.equal(inWords(342), 'three hundred forty-two');
  });

  it('dates: each form is what Intl writes, or what Date reads', () => {
    const day = (target: string): Date => new Date(`${target.replaceAll(' ', '')}T00:00:00Z`);
    const intl = (locale: string, options: Intl.DateTimeFormatOptions) => {
      const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' });
      return (date: Date) => format.format(date);
    };
    const weekdayOf = intl('en', { weekday: 'long' });
    const two = { month: '2-digit', day: '2-digit' } as const;
    const one = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
    const written: readonly ((date: Date) => string)[] = [
      intl('zh-CN', { dateStyle: 'long' }),
      intl('ko-KR', one),
      intl('de-DE', one),
      intl('de-DE', { dateStyle: 'short' }),
      intl('nl-NL', { ...two, year: 'numeric' }),
    ];
    const rows = texts('dates', 4000);
    const forms = new Set<string>();
    for (const [source = '', target = '', group] of rows) {
      const date = day(target);
      assert.equal(date.getTime() / 86_400_000, Number(group));
      const compact = /^(\d{2})([A-Z]{3})(\d{4})$|^(\d{4})(\d{2})(\d{2})$/;
      const readable = source
        .replace(compact, (_, d, m, y, y2, m2, d2) => (m ? `${d} ${m} ${y}` : `${y2}-${m2}-${d2}`))
        .replace(/^(\d{4})\.(\d+)\.(\d+)$/, '$1/$2/$3');
      const isDotted = /^\d+\.\d+\.|^\d\d-\d\d-/.test(source);
      const read = isDotted ? NaN : Date.parse(`${readable} UTC`);
      const isRead = read === date.getTime() || Date.parse(readable) === date.getTime();
      const isWritten = written.some((form) => form(date).replace(/\. /g, '.') === source);
      assert.ok(isRead || isWritten, `${source} ${target}`);
      const weekday = /^[A-Z][a-z]+day/.exec(source)?.[0];
      if (weekday !== undefined) assert.equal(weekdayOf(date), weekday);
      forms.add(
        source
          .replace(/[A-Z]{3}/, 'MMM')
          .replace(/[A-Z][a-z]+/g, 'M')
          .replace(/\d/g, '0'),
      );
    }
    assert.ok(forms.size >= 20);
  });

  it('scenes: the picture has the colours of the sentence where the sentence has them', () => {
    for (const { cells, picture } of make('scenes', 500)) {
      const [caption] = cells as string[];
      const [, color = '', relation, other = ''] =
        /^(\w+) \w+ (left of|above) (\w+) \w+$/.exec(caption!) ?? [];
      const { width, height, pixels } = picture!;
      const solid = (from: readonly [number, number], to: readonly [number, number]): string[] => {
        const found = new Set<string>();
        for (let y = from[1]; y < to[1]; y++) {
          for (let x = from[0]; x < to[0]; x++) {
            const at = 3 * (y * width + x);
            const name = Object.entries(colors).find(([, paint]) =>
              paint.every((value, i) => pixels[at + i] === value),
            )?.[0];
            if (name !== undefined) found.add(name);
          }
        }
        return [...found];
      };
      const half =
        relation === 'above' ? ([width, height / 2] as const) : ([width / 2, height] as const);
      const rest = relation === 'above' ? ([0, height / 2] as const) : ([width / 2, 0] as const);
      assert.deepEqual(solid([0, 0], half), [color], caption);
      assert.deepEqual(solid(rest, [width, height]), [other], caption);
    }
    assert.equal(floorsOf('scenes', 'exactMatch')[0], 1 / (2 * 48 * 47));
    assert.equal(shapeNames.length * Object.keys(colors).length, 48);
  });

  it('are the same bytes for the same seed, others for another, and rows of a table', () => {
    for (const name of generatedTaskNames) {
      const task = generatedTask(name);
      const text = (seed: number): string =>
        headOf(task) +
        make(name, 50, undefined, seed)
          .map((row) => lineOf(task, row))
          .join('');
      assert.equal(text(3), text(3), name);
      assert.notEqual(text(3), text(4), name);
      if (task.format === 'csv') {
        const { data, errors } = Papa.parse<string[]>(text(3).trimEnd(), {
          delimiter: ',',
        });
        assert.deepEqual(errors, []);
        assert.deepEqual(data[0], task.columns);
        assert.ok(data.length === 51 && data.every((row) => row.length === task.columns.length));
      }
    }
  });
});
