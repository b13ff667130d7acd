/** Lenses over data files: what a model of examples makes of their rows. */
import { env, l10n, ProgressLocation, window, type TextDocument, type TextEditor } from 'vscode';
import type {
  FindRowUnitsRequest,
  NetworkFacts,
  RowShading,
  TaskFacts,
} from '../../protocol/engine';
import { formatFor } from '../../protocol/format';
import { namesOf } from '../../protocol/names';
import type { Lab } from '../lab';
import { rowsIn } from '../lenses/row-reader';
import { shadingName, type RowLook } from '../lenses/rows';
import type { Unit } from '../lenses/neuron';
import { UserError } from '../notify';
import { placesOf } from '../rows/places';
import { canPredict, knownRun } from '../runs/run';
import { askText, back, choose, type Choice } from './ask';
import type { Span } from './matches';

/** Lines that are searched for units, around the cursor. */
const linesSearched = 400;
/** Units that are offered. */
const offered = 50;

/** Whose model reads the rows of a document. */
export interface RowModel {
  readonly run: string;
  readonly network: NetworkFacts;
  readonly task: TaskFacts;
}

/** The newest that has learnt it, else the one on show, where no model of texts is the document's own. */
export async function rowModelOf(lab: Lab, document: TextDocument): Promise<RowModel | undefined> {
  const { choice, runs } = lab;
  const own = await choice.answererOf(document);
  const { current } = runs;
  const isShown = current?.facts.task !== undefined && canPredict(current);
  const run =
    own ?? (isShown && (await choice.modelOf(document)) === undefined ? current.folder : undefined);
  if (run === undefined) return undefined;
  const { facts } = knownRun(runs, run) ?? (await runs.read(run));
  return facts.task && { run, network: facts.network, task: facts.task };
}

/**
 * Turns a lens of rows off, whatever model is on show by now.
 * @returns whether it was on
 */
export function turnOffRows(
  { lenses: { rows } }: Lab,
  document: TextDocument,
  kind: RowShading['kind'],
): boolean {
  const isOn = rows.look(document)?.by.kind === kind;
  if (isOn) rows.set(document, undefined);
  return isOn;
}

/** Shades rows in place of what else shades their text. */
function set({ lenses: { rows, surprise, neuron } }: Lab, document: TextDocument, look: RowLook) {
  surprise.set(document, false);
  neuron.set(document, false);
  rows.set(document, look);
}

/** Shades the rows of the text in front by the score after each token, or by their loss. */
export function shadeRows(
  lab: Lab,
  document: TextDocument,
  { run, task }: RowModel,
  kind: 'score' | 'loss',
): void {
  set(lab, document, { run, task, by: { kind } });
}

/** Variables with a value after each token that is read, and how each is called. */
function variablesOf({ network }: RowModel) {
  const isOfSource = (symbol: string) =>
    network.equations.some(({ name, text }) => name === symbol && text.startsWith(`${name}[t]`));
  const label = namesOf(network, (symbol, layer) => l10n.t('{0}, layer {1}', symbol, layer));
  return { label, variables: network.variables.filter(({ symbol }) => isOfSource(symbol)) };
}

/** Neuron lens…: turns it off, or asks for a unit. */
export async function rowNeuron(
  lab: Lab,
  document: TextDocument,
  model: RowModel,
  wanted: Unit | undefined,
): Promise<void> {
  const { run, task } = model;
  const { label, variables } = variablesOf(model);
  const shade = (variable: string, unit: number) =>
    set(lab, document, {
      ...{ run, task, label: label(variable) },
      by: { kind: 'unit', variable, unit },
    });
  if (wanted) {
    shade(wanted.variable, wanted.unit);
    return;
  }
  if (variables.length === 0) {
    throw new UserError(
      l10n.t('This model reads no sequence: no unit has a value after each token.'),
    );
  }
  const variable = await choose<string>({
    title: l10n.t('Neuron lens'),
    placeholder: l10n.t('Which variable of the equations?'),
    choices: variables.map(({ name, isState, width }) => ({
      label: label(name),
      description: l10n.t('{0} units', width),
      detail: isState ? l10n.t('a state') : '',
      value: name,
    })),
    isActive: (name) => name === variables.find(({ isState }) => isState)?.name,
    canGoBack: false,
  });
  if (variable === undefined || variable === back) return;
  const { width } = variables.find(({ name }) => name === variable)!;
  const typed = await askText({
    title: l10n.t('Neuron lens'),
    prompt: l10n.t('Which unit of {0}, from 1 to {1}?', label(variable), width),
    value: '1',
    check: (text) => {
      const number = Number(text);
      return Number.isInteger(number) && number >= 1 && number <= width
        ? undefined
        : l10n.t('Type a whole number from 1 to {0}.', width);
    },
    canGoBack: false,
  });
  if (typed === undefined || typed === back) return;
  shade(variable, Number(typed) - 1);
}

/** The rows around the cursor, each with what of it is inside some spans of the document. */
export function rowsWith(
  { document, selection }: TextEditor,
  task: TaskFacts,
  spans: readonly Span[],
): FindRowUnitsRequest['rows'] {
  const { line } = selection.active;
  const lines = { first: line - linesSearched / 2, last: line + linesSearched / 2 };
  return rowsIn(document, lines, task).flatMap(({ line: first, cells }) => {
    const [cell] = cells;
    if (cells.length !== 1 || cell === undefined) return [];
    // Where each UTF-16 unit of the cell stands, which need not be together.
    const units = Array.from({ length: cell.length }, (_, i) => [i, i + 1]).flat();
    const places = placesOf(document, first, cell, wordsOrUnits(document, cell, units));
    const inside = places.flatMap(({ start, end }, i) =>
      spans.some(({ from, to }) => from < end && to > start) ? [unitSpan(document, cell, i)] : [],
    );
    return [{ cells: [...cells], spans: inside }];
  });
}

const isTagged = ({ uri }: TextDocument) => /\.conllu?$/i.test(uri.path);

/** Of a sentence with a token a line the tokens, of any other text its UTF-16 units. */
function wordsOrUnits(document: TextDocument, cell: string, units: number[]): number[] {
  if (!isTagged(document)) return units;
  return [...cell.matchAll(/\S+/g)].flatMap(({ 0: word, index }) => [index, index + word.length]);
}

function unitSpan(document: TextDocument, cell: string, i: number): { from: number; to: number } {
  if (!isTagged(document)) return { from: i, to: i + 1 };
  const word = [...cell.matchAll(/\S+/g)][i]!;
  return { from: word.index, to: word.index + word[0].length };
}

/** Ranks units by how well they tell what is inside the spans from the rest of the rows. */
export async function findRowUnits(
  lab: Lab,
  editor: TextEditor,
  model: RowModel,
  spans: readonly Span[],
): Promise<void> {
  const { run, task } = model;
  const { document } = editor;
  const checkpoint = knownRun(lab.runs, run)?.traveled;
  const request = {
    kind: 'findRowUnits',
    model: { kind: 'run', run, ...(checkpoint !== undefined && { checkpoint }) },
    rows: rowsWith(editor, task, spans),
    top: offered,
  } as const;
  const found = await window.withProgress(
    {
      location: ProgressLocation.Notification,
      title: l10n.t('Finding units that track this…'),
      cancellable: true,
    },
    (_, token) => {
      const job = lab.engine.start(request);
      token.onCancellationRequested(() => job.control({ action: 'stop' }));
      return job.result.catch((error: unknown) => {
        if (token.isCancellationRequested) return undefined;
        throw error;
      });
    },
  );
  if (!found) return;
  const format = formatFor(env.language);
  const { label } = variablesOf(model);
  const choices = found.units.map(({ variable, unit, auc }): Choice<RowLook> => {
    const look = {
      run,
      task,
      by: { kind: 'unit', variable, unit },
      label: label(variable),
    } as const;
    const direction = auc >= 0.5 ? l10n.t('higher inside') : l10n.t('lower inside');
    return {
      label: shadingName(look),
      description: l10n.t('AUC {0}, {1}', format.loss(Math.max(auc, 1 - auc)), direction),
      value: look,
    };
  });
  const { rows } = lab.lenses;
  const before = rows.look(document);
  const picked = await choose<RowLook>({
    title: l10n.t(
      'Units that track the selection: {0} tokens inside, {1} outside',
      format.count(found.inside),
      format.count(found.outside),
    ),
    placeholder: l10n.t(
      'The text is coloured by the unit that you move to; Enter keeps it, Esc does not.',
    ),
    choices,
    isActive: (value) => value === choices[0]?.value,
    onActive: (value) => rows.set(document, value),
    canGoBack: false,
  });
  rows.set(document, picked === undefined || picked === back ? before : picked);
}
