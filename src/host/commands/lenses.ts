import {
  env,
  l10n,
  ProgressLocation,
  Range,
  window,
  type TextDocument,
  type TextEditor,
} from 'vscode';
import { formatFor } from '../../protocol/format';
import { namesOf } from '../../protocol/names';
import { lengthOf, textEditorInFront } from '../documents';
import type { Lab } from '../lab';
import { unitName, type ChosenUnit, type Unit } from '../lenses/neuron';
import { UserError } from '../notify';
import { canSample, knownRun } from '../runs/run';
import { askText, back, choose, type Choice } from './ask';
import { answersExamples } from './examples';
import { matchesOf, type Span } from './matches';
import { findRowUnits, rowModelOf, rowNeuron, shadeRows, turnOffRows } from './row-lens';

/** Characters that are searched for units, around what is selected. */
const searched = 40_000;
/** Units that are offered. */
const offered = 50;

/** Turns the surprise lens of the text in front on or off. */
export async function surpriseLens(lab: Lab): Promise<void> {
  const { document } = editorInFront();
  const { surprise, neuron } = lab.lenses;
  if (turnOffRows(lab, document, 'loss')) return;
  const rows = surprise.isOn(document) ? undefined : await rowModelOf(lab, document);
  if (rows) {
    shadeRows(lab, document, rows, 'loss');
    return;
  }
  const isWanted = !surprise.isOn(document);
  if (isWanted) await modelFor(lab, document);
  surprise.set(document, isWanted);
  // Two colours on one token are neither.
  if (isWanted) neuron.set(document, false);
}

/** Turns the score lens of the data file in front on or off. */
export async function scoreLens(lab: Lab): Promise<void> {
  const { document } = editorInFront();
  if (turnOffRows(lab, document, 'score')) return;
  const rows = await rowModelOf(lab, document);
  if (rows) {
    shadeRows(lab, document, rows, 'score');
    return;
  }
  throw new UserError(
    l10n.t(
      'There is no model yet that answers examples. Open a table, such as a CSV file, and train on it.',
    ),
    [{ title: l10n.t('Train RNN on this file'), run: () => lab.run('train') }],
  );
}

/** Turns the neuron lens off, or asks for a unit to colour the text in front by. */
export async function neuronLens(lab: Lab, wanted: unknown): Promise<void> {
  const { document } = editorInFront();
  const { neuron } = lab.lenses;
  const asked = isUnit(wanted) ? wanted : undefined;
  if (!asked && turnOffRows(lab, document, 'unit')) return;
  const rows = !asked && neuron.isOn(document) ? undefined : await rowModelOf(lab, document);
  if (rows && (asked?.run === undefined || asked.run === rows.run)) {
    await rowNeuron(lab, document, rows, asked);
    return;
  }
  if (isUnit(wanted)) {
    const run = wanted.run ?? (await modelFor(lab, document));
    const { label } = await labelsOf(lab, run);
    colour(lab, document, { ...wanted, label: label(wanted.variable) });
    return;
  }
  if (neuron.isOn(document)) {
    neuron.set(document, false);
    return;
  }
  const run = await modelFor(lab, document);
  const { variables, label } = await labelsOf(lab, run);
  const [only, ...others] = variables;
  const variable =
    only && others.length === 0
      ? only.name
      : await choose<string>({
          title: l10n.t('Neuron lens'),
          placeholder: l10n.t('Which variable of the equations?'),
          choices: variables.map(({ name, isState, width }) => ({
            label: label(name),
            description: l10n.t('{0} units', width),
            detail: isState ? l10n.t('a state') : '',
            value: name,
          })),
          isActive: (name) => name === (neuron.unit?.variable ?? variables.at(-1)?.name),
          canGoBack: false,
        });
  if (variable === undefined || variable === back) return;
  const { width } = variables.find(({ name }) => name === variable)!;
  const shown = label(variable);
  const typed = await askText({
    title: l10n.t('Neuron lens'),
    prompt: l10n.t('Which unit of {0}, from 1 to {1}?', shown, width),
    value: String((neuron.unit?.unit ?? 0) + 1),
    check: (text) => {
      const number = Number(text);
      return Number.isInteger(number) && number >= 1 && number <= width
        ? undefined
        : l10n.t('Type a whole number from 1 to {0}.', width);
    },
    canGoBack: false,
  });
  if (typed === undefined || typed === back) return;
  colour(lab, document, { variable, label: shown, unit: Number(typed) - 1, run });
}

/** Colours by a unit, and by nothing else. */
function colour({ lenses: { surprise, neuron } }: Lab, document: TextDocument, unit: ChosenUnit) {
  surprise.set(document, false);
  neuron.choose(document, unit);
}

/** Ranks units by how well they tell what is selected, or what an expression matches, from the rest. */
export async function findUnits(lab: Lab): Promise<void> {
  const editor = editorInFront();
  const { document } = editor;
  const rows = await rowModelOf(lab, document);
  const run = rows?.run ?? (await modelFor(lab, document));
  const range = rangeAround(editor);
  const spans = selectedSpans(editor) ?? (await matchedSpans(document, range));
  if (!spans) return;
  if (rows) {
    await findRowUnits(lab, editor, rows, spans);
    return;
  }
  const found = await window.withProgress(
    {
      location: ProgressLocation.Notification,
      title: l10n.t('Finding units that track this…'),
      cancellable: true,
    },
    (_, token) =>
      lab.reader.ask(
        run,
        'findUnits',
        document,
        { ...range, spans: [...spans], top: offered },
        token,
      ),
  );
  if (!found) return;
  const format = formatFor(env.language);
  const { label } = await labelsOf(lab, run);
  const choices = found.units.map(({ variable, unit, auc }): Choice<ChosenUnit> => {
    const direction = auc >= 0.5 ? l10n.t('higher inside') : l10n.t('lower inside');
    return {
      label: unitName({ label: label(variable), unit }),
      description: l10n.t('AUC {0}, {1}', format.loss(Math.max(auc, 1 - auc)), direction),
      value: { variable, label: label(variable), unit, run },
    };
  });
  const { neuron } = lab.lenses;
  const before = { unit: neuron.unit, isOn: neuron.isOn(document) };
  const unit = await choose<ChosenUnit>({
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
    onActive: (value) => neuron.choose(document, value),
    canGoBack: false,
  });
  if (unit !== undefined && unit !== back) {
    colour(lab, document, unit);
    return;
  }
  if (before.unit) neuron.choose(document, before.unit);
  if (!before.isOn) neuron.set(document, false);
}

function editorInFront(): TextEditor {
  const editor = textEditorInFront();
  if (!editor) throw new UserError(l10n.t('No text is open. Open one first.'));
  return editor;
}

/** The folder of the run whose model looks at a document; where there is none, the newest run is shown and does. */
async function modelFor(
  { runs, choice, run: command }: Lab,
  document: TextDocument,
): Promise<string> {
  const found = await choice.modelOf(document);
  if (found) return found.folder;
  if (!runs.current) await runs.openNewest();
  const { current } = runs;
  if (current && canSample(current)) return current.folder;
  if (current?.facts.task) throw answersExamples(current.folder);
  throw new UserError(l10n.t('There is no model yet. Train one first.'), [
    { title: l10n.t('Train RNN on this file'), run: () => command('train') },
  ]);
}

/** The variables of a run's network, and how each is called by its qualified name. */
async function labelsOf({ runs, engine }: Lab, folder: string) {
  const known = knownRun(runs, folder);
  const { facts } = known ?? (await engine.start({ kind: 'describe', run: folder }).result);
  const { network } = facts;
  return {
    variables: network.variables,
    label: namesOf(network, (symbol, layer) => l10n.t('{0}, layer {1}', symbol, layer)),
  };
}

function rangeAround({ document, selection }: TextEditor): { from: number; to: number } {
  const length = lengthOf(document);
  const middle = document.offsetAt(selection.active);
  const from = Math.max(0, Math.min(length - searched, middle - searched / 2));
  return { from, to: Math.min(length, from + searched) };
}

function selectedSpans({ document, selections }: TextEditor): readonly Span[] | undefined {
  const spans = selections
    .filter(({ isEmpty }) => !isEmpty)
    .map(({ start, end }) => ({ from: document.offsetAt(start), to: document.offsetAt(end) }));
  return spans.length === 0 ? undefined : spans;
}

async function matchedSpans(
  document: TextDocument,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Span[] | undefined> {
  const typed = await askText({
    title: l10n.t('Find units that track…'),
    prompt: l10n.t('A regular expression whose matches the unit should tell apart from the rest'),
    value: '',
    placeholder: '"[^"]*"',
    check: (text) => {
      try {
        new RegExp(text, 'gmu');
        return text === '' ? l10n.t('Type an expression, or select some text first.') : undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    canGoBack: false,
  });
  if (typed === undefined || typed === back) return undefined;
  const part = new Range(document.positionAt(from), document.positionAt(to));
  const spans = matchesOf(document.getText(part), typed);
  if (!spans) {
    throw new UserError(
      l10n.t('{0} takes too long on this text. Use an expression that backtracks less.', typed),
    );
  }
  if (spans.length > 0) {
    return spans.map((span) => ({ from: from + span.from, to: from + span.to }));
  }
  throw new UserError(l10n.t('Nothing near the cursor matches {0}.', typed));
}

function isUnit(value: unknown): value is Unit {
  return typeof value === 'object' && value !== null && 'variable' in value && 'unit' in value;
}
