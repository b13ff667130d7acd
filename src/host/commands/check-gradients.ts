import { l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import { builtinCells } from '../../core/cells';
import type { CellSource, GradcheckResult } from '../../protocol/engine';
import { effectiveSettings } from '../configuration';
import { cellLanguage } from '../language/language';
import type { Lab } from '../lab';
import { UserError } from '../notify';
import { targetRuns } from '../runs/target';
import { cellFromFile } from './cell-file';

/** What is checked: a cell, how many of it are stacked, and whether its input is embedded. */
interface Subject {
  readonly name: string;
  readonly cell: CellSource;
  readonly layers: number;
  /** Width; 0: one-hot. */
  readonly embedding: number;
}

/** Small: each entry of a parameter takes some thirty runs. At a lag of 12 and more truncation would show. */
const sizes = { hidden: 8, sequence: 14, batch: 3 };

/**
 * Check gradients: those of a run's cell, of the `.rnn` file that it is called on or that is in front, else of
 * the cell that the settings name; by backpropagation through time against central differences.
 *
 * @throws UserError where they disagree
 */
export async function checkGradients(lab: Lab, target: unknown): Promise<void> {
  const checked = await gradientsOf(lab, target);
  if (checked === undefined) return;
  const { name, result } = checked;
  const { rows, maxRelativeError, tolerance, passed } = result;
  const error = maxRelativeError.toExponential(1);
  const show = {
    title: l10n.t('Show table'),
    run: () => showTable(name, result),
  };
  if (passed) {
    const text = l10n.t(
      'The gradients of {0} are right: the largest relative error of {1} parameters is {2}, below {3}.',
      name,
      rows.length,
      error,
      tolerance,
    );
    lab.notifier.info(text, show);
    return;
  }
  const worst = rows.find((row) => Object.is(row.maxRelativeError, maxRelativeError))?.name ?? '';
  throw new UserError(
    l10n.t(
      'The gradients of {0} disagree with central differences: {1} by {2}, and {3} is allowed. A kink (relu, abs) within reach of a difference can be the reason.',
      name,
      worst,
      error,
      tolerance,
    ),
    [show],
  );
}

/** What was found of which cell; undefined: the user has cancelled it. */
export async function gradientsOf(
  lab: Lab,
  target: unknown,
): Promise<{ readonly name: string; readonly result: GradcheckResult } | undefined> {
  const subject = await subjectOf(lab, target);
  const result = await check(lab, subject);
  return result && { name: subject.name, result };
}

async function subjectOf(lab: Lab, target: unknown): Promise<Subject> {
  const [folder] = targetRuns(target);
  if (folder !== undefined) {
    const { facts } = await lab.engine.start({ kind: 'describe', run: folder }).result;
    return {
      name: facts.cell.name,
      cell: facts.cell,
      layers: Number(facts.settings['model.layers']),
      embedding: Number(facts.settings['model.embedding']),
    };
  }
  const active = window.activeTextEditor?.document;
  const isActive = !(target instanceof Uri) && active?.languageId === cellLanguage;
  const uri = target instanceof Uri ? target : isActive ? active.uri : undefined;
  const scope = uri ?? active?.uri;
  const model = effectiveSettings('model', scope);
  const layers = Number(model['layers']);
  const embedding = Number(model['embedding']);
  if (uri !== undefined) {
    const document = await workspace.openTextDocument(uri);
    const name = workspace.asRelativePath(uri);
    return { name, cell: { name, source: document.getText() }, layers, embedding };
  }
  const name = String(model['cell']);
  const file = builtinCells.has(name)
    ? undefined
    : await cellFromFile(name, scope ?? workspace.workspaceFolders?.[0]?.uri ?? Uri.file('/'));
  return { name, cell: file ?? name, layers, embedding };
}

async function check(
  { engine }: Lab,
  { name, cell, layers, embedding }: Subject,
): Promise<GradcheckResult | undefined> {
  const title = l10n.t('Checking the gradients of {0}', name);
  const location = ProgressLocation.Notification;
  return window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const request = {
      ...{ kind: 'gradcheck' as const, cell, layers, ...sizes },
      embedding: Math.min(embedding, sizes.hidden),
    };
    const job = engine.start(request, ({ row }) => {
      progress.report({ message: row.name });
    });
    token.onCancellationRequested(() => {
      job.control({ action: 'stop' });
    });
    try {
      return await job.result;
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    }
  });
}

async function showTable(name: string, result: GradcheckResult): Promise<void> {
  const content = tableOf(name, result);
  const document = await workspace.openTextDocument({ content, language: 'markdown' });
  await window.showTextDocument(document);
}

/** A Markdown document of all that was found. */
export function tableOf(name: string, { rows, steps, tolerance }: GradcheckResult): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const number = (value: number): string => (value === 0 ? '0' : value.toExponential(1));
  const table = (head: readonly string[], body: readonly (readonly string[])[]): string =>
    [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...body.map(line)].join(
      '\n',
    );
  return [
    `# ${l10n.t('Gradients of {0}', name)}`,
    l10n.t(
      'Each gradient by backpropagation through time, a, is compared with a central difference of the loss, b, both in float64. The error is |a − b| / (|a| + |b|), over live entries: those whose two gradients are not both zero. Right gradients stay below {0}.',
      tolerance,
    ),
    table(
      [
        l10n.t('Parameter'),
        l10n.t('Entries'),
        l10n.t('Checked'),
        l10n.t('Live'),
        l10n.t('Largest relative error'),
      ],
      rows.map((row) => [
        `\`${row.name}\``,
        ...[row.entries, row.checked, row.live].map(String),
        row.live === 0 ? '–' : number(row.maxRelativeError),
      ]),
    ),
    `## ${l10n.t('By step size ε')}`,
    l10n.t(
      'Plain differences (f(x + ε) − f(x − ε)) / 2ε over a few live entries. Where the gradient is right the error is a valley: large steps lose to curvature, small ones to rounding. Where it is wrong the error is the same at every step.',
    ),
    table(
      [l10n.t('Parameter'), ...steps.map((step) => `ε = ${step.toExponential(0)}`)],
      rows
        .filter(({ sweep }) => sweep.length > 0)
        .map(({ name: parameter, sweep }) => [`\`${parameter}\``, ...sweep.map(number)]),
    ),
    '',
  ].join('\n\n');
}
