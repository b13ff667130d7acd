/** Data that a notebook has made, by a line as on the command line: `generate adding --length 20 --rows 2000`. */
import { generatedTask, generatedTaskNames, isGeneratedTask } from '../generate';
import { joined, sentence, type Sentence } from '../sentence';
import { didYouMean } from '../suggest';

export interface Generated {
  readonly task: string;
  readonly rows: number;
  /** Of a task that has one. */
  readonly length: number | undefined;
  readonly seed: number;
  /** The name of the file, or of pictures the folder, without a folder: the same data have the same. */
  readonly name: string;
}

const flags = {
  rows: { least: 1, most: 10_000_000 },
  length: { least: 1, most: 1_000_000 },
  seed: { least: 0, most: 4_294_967_295 },
} as const;
type Flag = keyof typeof flags;

/** Whether data are to be made. */
export function isGenerated(data: string): boolean {
  return /^generate(?:\s|$)/.test(data);
}

/** What is to be made; a sentence: what is wrong with it. */
export function readGenerated(data: string): Generated | Sentence {
  const [, task = '', ...words] = data.trim().split(/\s+/);
  if (!isGeneratedTask(task)) {
    const known = sentence`Use one of ${generatedTaskNames.join(', ')}.`;
    const near = didYouMean(task, generatedTaskNames);
    return joined(sentence`There is no task ${task}.`, near ?? known);
  }
  const { format, length: limits, rows } = generatedTask(task);
  const given: Partial<Record<Flag, number>> = {};
  for (let i = 0; i < words.length; i += 2) {
    const [flag = '', value = ''] = words.slice(i, i + 2);
    const name = flag.replace(/^--/, '');
    if (!flag.startsWith('--') || !isFlag(name)) {
      return joined(
        sentence`generate has no option ${flag} here.`,
        sentence`Write it as in: generate adding --length 20 --rows 2000 --seed 1.`,
      );
    }
    const { least, most } = name === 'length' && limits !== undefined ? limits : flags[name];
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(number >= least && number <= most)) {
      return sentence`--${name} of ${task} must be a whole number from ${least} to ${most}.`;
    }
    given[name] = number;
  }
  if (limits === undefined && given.length !== undefined) {
    return joined(sentence`${task} has no length to choose.`, sentence`Leave out --length.`);
  }
  const asked = { rows: given.rows ?? rows, length: given.length ?? limits?.standard };
  const { seed = 1 } = given;
  const said = Object.entries({ ...asked, seed }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}-${String(value)}`],
  );
  const extension = { csv: '.csv', jsonl: '.jsonl', text: '.txt', images: '' }[format];
  return { task, ...asked, seed, name: `${[task, ...said].join('-')}${extension}` };
}

export function isSentence(read: Generated | Sentence): read is Sentence {
  return 'text' in read;
}

function isFlag(name: string): name is Flag {
  return Object.hasOwn(flags, name);
}
