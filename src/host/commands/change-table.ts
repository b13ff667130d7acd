/** Change how a table is read…: which columns go in and come out, what they are, which shape that makes. */
import { randomBytes } from 'node:crypto';
import { l10n, Uri, window, workspace, type QuickPickItem } from 'vscode';
import { modelShapes, type ModelShape } from '../../core/model-shapes';
import { shapePath } from '../../core/shape-picture';
import { shapeText } from '../../core/task/describe';
import { encodeOverrides, type Overrides } from '../../core/task/overrides';
import type { ColumnType } from '../../core/task/understanding';
import type { UnderstoodTable } from '../../protocol/engine';
import { chosenSettings } from '../configuration';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { readDocument, sourceOf, type KeptDocument } from '../runs/folder';
import { targetRuns } from '../runs/target';
import { translated } from '../translate';
import { overridesFile } from './data-file';
import { addressFor, readText } from './text';

/** What a column may be, in words. */
const typeTexts: Readonly<Record<ColumnType, () => string>> = {
  text: () => l10n.t('a text, read symbol by symbol'),
  sequence: () => l10n.t('symbols separated by spaces, or a list'),
  category: () => l10n.t('one of a few names'),
  labels: () => l10n.t('any number of names, separated by commas'),
  number: () => l10n.t('a number'),
  numbers: () => l10n.t('a list of numbers, one a step'),
  date: () => l10n.t('a date or a time: the order of the rows'),
  image: () => l10n.t('a picture'),
  unused: () => l10n.t('not read'),
};

interface Action extends QuickPickItem {
  /** Asks for other overrides, and gives none where the user wants none; undefined: that is all, train. */
  readonly change: (() => Promise<Overrides | undefined>) | undefined;
}

/**
 * Says in one line what is understood of a table, and lets the user have it otherwise until it is right. What was changed
 * is kept beside the file, and the table is trained on.
 *
 * @throws UserError for a text that is no table, and for one that is no file
 */
export async function changeTable(lab: Lab, target: unknown): Promise<void> {
  const uri = await addressOf(target);
  const document = await readText(uri, lab.notifier);
  const before: Overrides = document.overrides ?? {};
  let overrides = before;
  let table = await understood(lab, document, overrides);
  for (;;) {
    const options = {
      title: translated(table.line),
      placeHolder: l10n.t('Choose what should be read otherwise'),
    };
    const action = await window.showQuickPick(
      actionsFor(table, overrides, overrides !== before, uri),
      options,
    );
    if (action === undefined) return;
    if (action.change === undefined) break;
    const changed = await action.change();
    if (changed === undefined) continue;
    try {
      const next = { ...overrides, ...changed };
      table = await understood(lab, document, next);
      overrides = next;
    } catch (error) {
      lab.notifier.error(error);
    }
  }
  if (overrides !== before) await keep(uri, overrides);
  await lab.run('train', uri);
}

/** The file of a run, or what any command is about. */
async function addressOf(target: unknown): Promise<Uri> {
  const [run] = targetRuns(target);
  if (run === undefined) return savedFile(addressFor(target));
  const document = await readDocument(run);
  if (document) return savedFile(Uri.parse(document.uri));
  throw new UserError(
    l10n.t('This run does not say where its text is: it was trained outside VS Code.'),
  );
}

/** @throws UserError for what is in no file: nothing could be kept beside it */
function savedFile(uri: Uri): Uri {
  if (workspace.fs.isWritableFileSystem(uri.scheme) === true) return uri;
  throw new UserError(
    l10n.t(
      'How a table is read is kept in a file beside it. Save the table first, then try again.',
    ),
  );
}

async function understood(
  { engine, settings }: Lab,
  document: KeptDocument,
  overrides: Overrides,
): Promise<UnderstoodTable> {
  const { table } = await engine.start({
    kind: 'understand',
    source: sourceOf(document),
    settings: chosenSettings(settings, ['data'], Uri.parse(document.uri)),
    overrides,
  }).result;
  if (table) return table;
  throw new UserError(
    l10n.t('{0} is read as plain text: it has no columns to choose.', document.name),
  );
}

function actionsFor(
  table: UnderstoodTable,
  { types = {} }: Overrides,
  isChanged: boolean,
  uri: Uri,
): Action[] {
  const { shape, inputs, outputs, columns } = table;
  const file = overridesFile(uri).path.split('/').at(-1)!;
  return [
    {
      label: `$(play) ${l10n.t('Train')}`,
      description: isChanged ? l10n.t('and keep this in {0}', file) : '',
      change: undefined,
    },
    {
      label: `$(arrow-right) ${l10n.t('What goes in')}`,
      description: inputs.join(', '),
      change: () => askColumns('input', table),
    },
    {
      label: `$(arrow-left) ${l10n.t('What comes out')}`,
      description: outputs.join(', '),
      change: () => askColumns('output', table),
    },
    {
      label: `$(symbol-enum) ${l10n.t('Type of a column')}`,
      description: columns.map(({ name, type }) => `${name}: ${type}`).join(', '),
      change: () => askType(columns, types),
    },
    {
      label: `$(type-hierarchy) ${l10n.t('Shape')}`,
      description: translated(shape),
      change: askShape,
    },
  ];
}

async function askColumns(
  side: 'input' | 'output',
  { columns, inputs, outputs }: UnderstoodTable,
): Promise<Overrides | undefined> {
  const [chosen, others] = side === 'input' ? [inputs, outputs] : [outputs, inputs];
  const items = columns.map(({ name, type }) => ({
    ...{ label: name, description: type, picked: chosen.includes(name) },
  }));
  const picked = await window.showQuickPick(items, {
    canPickMany: true,
    title: side === 'input' ? l10n.t('What goes in') : l10n.t('What comes out'),
    placeHolder: l10n.t('Choose one column or several'),
  });
  if (picked === undefined || picked.length === 0) return undefined;
  const names = picked.map(({ label }) => label);
  const rest = otherSide(names, chosen, others);
  return side === 'input' ? { input: names, output: rest } : { input: rest, output: names };
}

/** What stays on the other side: what was taken from it comes back for it, but in a series, which is told from itself. */
function otherSide(
  names: readonly string[],
  chosen: readonly string[],
  others: readonly string[],
): readonly string[] {
  if (others.some((name) => chosen.includes(name))) return others;
  const without = (columns: readonly string[]) => columns.filter((name) => !names.includes(name));
  const left = without(others);
  return left.length > 0 ? left : without(chosen);
}

async function askType(
  columns: UnderstoodTable['columns'],
  types: NonNullable<Overrides['types']>,
): Promise<Overrides | undefined> {
  const column = await window.showQuickPick(
    columns.map(({ name, type }) => ({ label: name, description: type })),
    { title: l10n.t('Type of a column'), placeHolder: l10n.t('Which column?') },
  );
  if (column === undefined) return undefined;
  const items = Object.entries(typeTexts).map(([label, text]) => ({ label, description: text() }));
  const picked = await window.showQuickPick(items, {
    title: column.label,
    placeHolder: l10n.t('What are its cells?'),
  });
  return picked && { types: { ...types, [column.label]: picked.label as ColumnType } };
}

async function askShape(): Promise<Overrides | undefined> {
  const items = modelShapes.map((shape) => ({
    label: translated(shapeText(shape)),
    iconPath: shapeIcon(shape),
    shape,
  }));
  const picked = await window.showQuickPick(items, { title: l10n.t('Shape') });
  return picked && { shape: picked.shape };
}

/** A small picture of a shape, in the colour of VS Code's own icons. */
function shapeIcon(shape: ModelShape): { light: Uri; dark: Uri } {
  const inColour = (colour: string) => {
    const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="${colour}" d="${shapePath(shape)}"/></svg>`;
    return Uri.parse(`data:image/svg+xml;base64,${Buffer.from(picture).toString('base64')}`);
  };
  return { light: inColour('#424242'), dark: inColour('#C5C5C5') };
}

/** Under another name until it is whole. */
async function keep(data: Uri, overrides: Overrides): Promise<void> {
  const file = overridesFile(data);
  const whole = file.with({ path: `${file.path}.${randomBytes(6).toString('hex')}.tmp` });
  await workspace.fs.writeFile(whole, new TextEncoder().encode(encodeOverrides(overrides)));
  await workspace.fs.rename(whole, file, { overwrite: true });
}
