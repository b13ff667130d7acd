import type { ModelShape } from '../model-shapes';
import { sentence, verbatim, type Sentence } from '../sentence';
import type { SplitPlan, Understanding, UsedColumn } from './understanding';

/** What was understood, in one line: `3,000 rows · text → label (2) · many to one · 80/10/10`. */
export function describe(understanding: Understanding): Sentence {
  const { rows, inputs, outputs, shape, split, series, classes } = understanding;
  const count = rows.toLocaleString('en');
  const told = verbatim(
    namesOf(outputs) + (classes === undefined ? '' : ` (${classes.toLocaleString('en')})`),
  );
  const task =
    series === undefined || series.horizon === 0
      ? sentence`${namesOf(inputs)} → ${told}`
      : series.horizon === 1
        ? sentence`${namesOf(inputs)} → the next ${told}`
        : sentence`${namesOf(inputs)} → ${told} ${series.horizon} steps ahead`;
  return sentence`${count} rows · ${task} · ${shapeText(shape)} · ${splitText(split)}`;
}

const mostNames = 4;

function namesOf(columns: readonly UsedColumn[]): string {
  const names = columns.map(({ name }) => name);
  const shown = names.length <= mostNames ? names : [...names.slice(0, mostNames - 1), '…'];
  return shown.join(' + ');
}

export function shapeText(shape: ModelShape): Sentence {
  switch (shape) {
    case 'one to one':
      return sentence`one to one`;
    case 'one to many':
      return sentence`one to many`;
    case 'many to one':
      return sentence`many to one`;
    case 'many to many, synced':
      return sentence`many to many (synced)`;
    case 'many to many, delayed':
      return sentence`many to many (delayed)`;
  }
}

function splitText({ kind, validation, test, by }: SplitPlan): Sentence {
  if (kind === 'given') return sentence`parts by ${by?.name ?? ''}`;
  const shares = [1 - validation - test, validation, test].map((share) =>
    String(Math.round(100 * share)),
  );
  const told = shares.join('/');
  if (kind !== 'chronological') return verbatim(told);
  return by === undefined ? sentence`${told} in order` : sentence`${told} by ${by.name}`;
}
