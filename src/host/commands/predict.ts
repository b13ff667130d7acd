import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { env, l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { Prediction, PredictRequest, PredictResult, TaskFacts } from '../../protocol/engine';
import { csvCell } from '../../protocol/csv';
import { formatFor } from '../../protocol/format';
import { textEditorInFront } from '../documents';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { readDocument, sourceOf } from '../runs/folder';
import { canPredict, knownRun } from '../runs/run';
import { targetRuns } from '../runs/target';
import { translated } from '../translate';
import { askText, back } from './ask';
import { runItems } from './pick-run';
import { questionIn, type Question } from './question';

/** A prediction that takes longer than this shows that it goes on, and how to cancel it; milliseconds. */
const patience = 1000;

/**
 * Predict…: lets a model answer the file or the image that a menu is called on, else what is selected, the row or line of the
 * cursor, or what is typed. One answer is told in a list, the likeliest first; several in a new document: the rows as they
 * are, with what is predicted beside. Of a series it tells the next values.
 *
 * @throws UserError where there is no model that answers examples
 */
export async function predict(lab: Lab, target: unknown): Promise<void> {
  const run = await runToPredict(lab, target);
  if (run === undefined) return;
  const { facts } = knownRun(lab.runs, run) ?? (await lab.runs.read(run));
  const { task } = facts;
  if (!task) {
    throw new UserError(
      l10n.t('This model goes on with a text, and does not answer examples. Let it write instead.'),
      [{ title: l10n.t('Sample'), run: () => lab.run('sample') }],
    );
  }
  if (task.horizon !== undefined) {
    await predictNext(lab, run, task);
    return;
  }
  const question =
    target instanceof Uri ? await aboutFile(target, run) : await questionFor(task, facts.name);
  if (question === undefined) return;
  const { predictions, result } = await answered(lab, run, question);
  for (const warning of result.warnings) lab.notifier.warn(translated(warning));
  const last = 'rows' in question ? question.rows : undefined;
  const wanted = last === undefined ? predictions : predictions.slice(-last);
  if (wanted.length === 1) await tell(wanted[0]!, lab);
  else await write(wanted, result.columns, task, lab);
}

/** A file or an image of the Explorer; of the data that the run has learnt, all rows or those held out, as the user picks. */
async function aboutFile(uri: Uri, run: string): Promise<Asked | undefined> {
  if (uri.scheme !== 'file') {
    throw new UserError(
      l10n.t(
        '{0} is not on this computer. Save it here, then try again.',
        path.posix.basename(uri.path),
      ),
    );
  }
  const file = { kind: 'file', path: uri.fsPath } as const;
  const document = await readDocument(run);
  if (document?.uri !== uri.toString()) return file;
  const heldOut = {
    label: l10n.t('The test part'),
    description: l10n.t('which the model has not learnt from, beside the truth'),
    asked: { kind: 'test', source: sourceOf(document) } as const,
  };
  const all = { label: l10n.t('All rows'), description: '', asked: file };
  const options = { title: l10n.t('Predict'), placeHolder: l10n.t('This is what the run learns.') };
  return (await window.showQuickPick([heldOut, all], options))?.asked;
}

/** Steps that are asked for at most. */
const mostSteps = 10_000;

/** Of a series, the values behind its end, as many as the user says. */
async function predictNext(lab: Lab, run: string, task: TaskFacts): Promise<void> {
  const steps = await askText({
    title: l10n.t('Predict'),
    prompt: l10n.t('How many steps ahead?'),
    value: '12',
    check(text) {
      const number = Number(text);
      return Number.isInteger(number) && number >= 1 && number <= mostSteps
        ? undefined
        : l10n.t('Type a whole number from 1 to {0}.', mostSteps);
    },
    canGoBack: false,
  });
  if (steps === undefined || steps === back) return;
  const document = await readDocument(run);
  const { predictions } = await ask(lab, run, {
    ...{ kind: 'next', steps: Number(steps) },
    ...(document && { source: sourceOf(document) }),
  });
  const header = [l10n.t('steps ahead'), ...task.outputs];
  const rows = predictions.map(({ input, numbers }) => [
    input.slice(1),
    ...numbers[0]!.map(String),
  ]);
  await openTable([header, ...rows], lab);
}

/** The run that a menu is called on, else the one on show, else the one that the user picks. */
async function runToPredict(lab: Lab, target: unknown): Promise<string | undefined> {
  const [folder] = targetRuns(target);
  if (folder !== undefined) return folder;
  const { current } = lab.runs;
  if (current && canPredict(current)) return current.folder;
  const items = await runItems(lab, {
    fits: (line) => line.canPredict,
    none: l10n.t(
      'There is no model yet that answers examples. Open a table, such as a CSV file, and train on it.',
    ),
  });
  if (items.length === 1) return items[0]!.folder;
  const options = {
    title: l10n.t('Predict'),
    placeHolder: l10n.t('Which model should answer?'),
    matchOnDetail: true,
  };
  return (await window.showQuickPick(items, options))?.folder;
}

/** What is asked: of the text in front, or typed; undefined: nothing. */
async function questionFor(task: TaskFacts, data: string): Promise<Question | undefined> {
  const editor = textEditorInFront();
  const found = editor && questionIn(editor, task, data);
  return found ?? (await typed(task));
}

async function typed({ inputs }: TaskFacts): Promise<Question | undefined> {
  const cells: string[] = [];
  for (const name of inputs) {
    const value = await askText({
      title: l10n.t('Predict'),
      prompt: l10n.t('{0}, as the data has it', name),
      value: '',
      check: () => undefined,
      canGoBack: false,
    });
    if (value === undefined || value === back) return undefined;
    cells.push(value);
  }
  return { kind: 'cells', examples: [cells], rows: 1 };
}

interface Answered {
  readonly predictions: readonly Prediction[];
  readonly result: PredictResult;
}

async function answered(lab: Lab, run: string, question: Question | Asked): Promise<Answered> {
  if (question.kind !== 'table') return ask(lab, run, question);
  const folder = await mkdtemp(path.join(tmpdir(), 'rnn-lab-'));
  try {
    const file = path.join(folder, question.name);
    await writeFile(file, question.text);
    return await ask(lab, run, { kind: 'file', path: file });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the engine is asked, but for cells that are given. */
type Asked = Exclude<PredictRequest['inputs'], { readonly kind: 'cells' }>;

async function ask(
  { engine, runs }: Lab,
  run: string,
  asked: Asked | { readonly kind: 'cells'; readonly examples: readonly (readonly string[])[] },
): Promise<Answered> {
  const inputs: PredictRequest['inputs'] =
    asked.kind === 'cells'
      ? { kind: 'cells', examples: asked.examples.map((cells) => [...cells]) }
      : asked;
  const predictions: Prediction[] = [];
  const checkpoint = knownRun(runs, run)?.traveled;
  const model = { kind: 'run', run, ...(checkpoint !== undefined && { checkpoint }) } as const;
  const request = { kind: 'predict', model, inputs, rows: true } as const;
  const job = engine.start(request, ({ prediction }) => predictions.push(prediction));
  const slow = setTimeout(() => {
    const location = ProgressLocation.Notification;
    const title = l10n.t('RNN Lab: predicting');
    void window.withProgress({ location, title, cancellable: true }, async (_, token) => {
      token.onCancellationRequested(() => job.control({ action: 'stop' }));
      await job.result.catch(() => undefined);
    });
  }, patience);
  try {
    return { result: await job.result, predictions };
  } finally {
    clearTimeout(slow);
  }
}

/** One answer, and what else might have been: the one that is picked is copied. */
async function tell({ input, answer, probability, others }: Prediction, lab: Lab): Promise<void> {
  const format = formatFor(env.language);
  const share = (p: number) => (Number.isNaN(p) ? '' : format.percent(p));
  const rest = others.filter((other) => other.answer !== answer);
  const items = [{ answer, probability }, ...rest].map((each) => ({
    label: each.answer === '' ? l10n.t('(nothing)') : each.answer,
    description: share(each.probability),
    answer: each.answer,
  }));
  const picked = await window.showQuickPick(items, {
    title: oneLine(input),
    placeHolder: l10n.t('Enter copies an answer.'),
  });
  if (!picked) return;
  await env.clipboard.writeText(picked.answer);
  lab.notifier.info(l10n.t('Copied: {0}', picked.answer));
}

/** Of a title, UTF-16 units. */
const longestTitle = 100;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > longestTitle ? `${line.slice(0, longestTitle - 1)}…` : line;
}

/**
 * All answers as a table, in a document that the user may save.
 *
 * @param columns of the rows that are answered; undefined: they are no rows of a table
 */
async function write(
  predictions: readonly Prediction[],
  columns: readonly string[] | undefined,
  { inputs, outputs }: TaskFacts,
  lab: Lab,
): Promise<void> {
  const asked = outputs.join(' · ');
  const isThere = columns?.some((name) => outputs.includes(name)) === true;
  const header = [
    ...(columns ?? [inputs.join(' · ')]),
    isThere ? l10n.t('{0} (predicted)', asked) : asked,
    l10n.t('probability'),
  ];
  const rows = predictions.map(({ input, row, answer, probability }) => [
    ...(row ?? [input]),
    answer,
    Number.isNaN(probability) ? '' : String(Number(probability.toPrecision(4))),
  ]);
  await openTable([header, ...rows], lab);
}

async function openTable(rows: readonly (readonly string[])[], { panel }: Lab): Promise<void> {
  const content = rows.map((row) => `${row.map(csvCell).join(',')}\n`).join('');
  const document = await workspace.openTextDocument({ content, language: 'csv' });
  await window.showTextDocument(document, panel.otherColumn());
}
