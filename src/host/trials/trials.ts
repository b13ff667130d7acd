/**
 * A cell is tried: it is trained for some seconds at a small size, and its loss is set beside that of the version before.
 * Saving a cell with other equations offers that above its first equation. There the result stands, too; a hover has
 * the curves.
 */
import {
  CodeLens,
  ColorThemeKind,
  commands,
  Disposable,
  env,
  EventEmitter,
  Hover,
  l10n,
  languages,
  MarkdownString,
  Range,
  Selection,
  window,
  workspace,
  type Command,
  type TextDocument,
} from 'vscode';
import { formatFor } from '../../protocol/format';
import type { Engine } from '../engine';
import { cellLanguage } from '../language/language';
import type { Runs } from '../runs/runs';
import { throttle } from '../throttle';
import { equationsOf } from './equations';
import type { Trial, TrialOrder, TrialResult } from './trial';

/** What the line above a cell does when it is clicked, but for beginning a trial. */
export type TrialAction = 'end' | 'curves';

/** What there is to say of a cell. */
type State =
  | { readonly kind: 'offered' }
  | { readonly kind: 'trying'; readonly loss: number }
  | { readonly kind: 'tried'; readonly text: string; readonly result: TrialResult };

/** A cell that is open. */
interface Known {
  /** As it was saved last. */
  saved: string;
  /** As it was saved before that, with other equations. */
  before: string | undefined;
  state: State | undefined;
}

export interface Trials {
  /**
   * Tries the cell of a document beside the version before.
   *
   * @throws UserError where it has an error, where there is no text, and while something is trained
   */
  try(document: TextDocument): Promise<void>;
  readonly isTrying: boolean;
  /** Ends the trial under way. */
  end(): void;
  /** Shows the curves of the last trial of a document, where it stands. */
  showCurves(document: TextDocument): Promise<void>;
  dispose(): void;
}

export interface TrialsOptions {
  readonly engine: Engine;
  readonly runs: Pick<Runs, 'busy' | 'onDidChange'>;
  /**
   * What is to be trained, and on which text.
   *
   * @param isAsked whether a person waits for it, and can be asked for the text
   * @returns undefined: there is no text to choose by itself, or none was chosen
   */
  readonly orderFor: (
    document: TextDocument,
    before: string | undefined,
    isAsked: boolean,
  ) => Promise<TrialOrder | undefined>;
}

/** The trial under way. */
interface Running {
  readonly cell: Known;
  readonly trial: Trial;
}

/** Between two losses that are told of a trial under way, milliseconds. */
const interval = 300;

export function createTrials({ engine, runs, orderFor }: TrialsOptions): Trials {
  const format = formatFor(env.language);
  const known = new Map<string, Known>();
  const changes = new EventEmitter<void>();
  const tell = throttle(() => changes.fire(), interval);
  let running: Running | undefined;

  function know(document: TextDocument): Known | undefined {
    if (document.languageId !== cellLanguage) return undefined;
    const address = document.uri.toString();
    let cell = known.get(address);
    if (!cell) {
      cell = { saved: document.getText(), before: undefined, state: undefined };
      known.set(address, cell);
    }
    return cell;
  }

  async function saved(document: TextDocument): Promise<void> {
    const cell = know(document);
    if (!cell) return;
    const source = document.getText();
    // The grammar is loaded when a cell is saved, and not with the extension.
    const { diagnoseCell } = await import('../../core/equations/parse');
    // What is saved while one types often cannot be read.
    if (!diagnoseCell(source, '').cell) return;
    const isSame = equationsOf(source) === equationsOf(cell.saved);
    if (!isSame) cell.before = cell.saved;
    cell.saved = source;
    if (isSame) return;
    const wanted = workspace.getConfiguration('rnnLab.cells', document).get('tryOnSave');
    cell.state = wanted === 'off' ? undefined : { kind: 'offered' };
    changes.fire();
    // Nobody has asked for it: what keeps it from being tried is told to those who do.
    if (wanted === 'always' && !runs.busy && !running) {
      attempt(document, false).catch(() => undefined);
    }
  }

  async function attempt(document: TextDocument, isAsked: boolean): Promise<void> {
    const cell = know(document);
    if (!cell) return;
    // What is typed and not saved is tried beside what is saved.
    const isSaved = equationsOf(document.getText()) === equationsOf(cell.saved);
    const order = await orderFor(document, isSaved ? cell.before : cell.saved, isAsked);
    if (!order) return;
    const { startTrial } = await import('./trial');
    running?.trial.end();
    const trial = startTrial(engine, order, (loss) => {
      if (running === mine) cell.state = { kind: 'trying', loss };
      tell();
    });
    const mine = { cell, trial };
    running = mine;
    cell.state = { kind: 'trying', loss: NaN };
    changes.fire();
    let state: State = { kind: 'offered' };
    try {
      const result = await trial.result;
      if (result) state = { kind: 'tried', text: order.name, result };
    } finally {
      end(mine, state);
    }
  }

  /** Where a newer one of the same cell is under way, it is that which tells. */
  function end(of: Running, state: State) {
    if (running === of || running?.cell !== of.cell) of.cell.state = state;
    if (running === of) running = undefined;
    changes.fire();
  }

  async function firstEquation(document: TextDocument): Promise<Range | undefined> {
    const { firstEquationOf } = await import('../language/structure');
    return firstEquationOf(document);
  }

  function commandFor(document: TextDocument, state: State): Command {
    const { uri } = document;
    switch (state.kind) {
      case 'offered':
        return {
          title: `$(beaker) ${l10n.t('Try it')}`,
          tooltip: l10n.t(
            'Trains this cell and the version before for some seconds at a small size, and compares them',
          ),
          command: 'rnnLab.tryCell',
          arguments: [uri],
        };
      case 'trying': {
        const loss = Number.isNaN(state.loss) ? '' : ` ${format.loss(state.loss)}`;
        return {
          title: `$(loading~spin) ${l10n.t('Trying it…')}${loss}`,
          tooltip: l10n.t('Click to end the trial'),
          command: 'rnnLab.tryCell',
          arguments: [uri, 'end' satisfies TrialAction],
        };
      }
      case 'tried':
        return {
          title: `$(graph-line) ${headline(state.result)}`,
          tooltip: l10n.t('Shows the curves'),
          command: 'rnnLab.tryCell',
          arguments: [uri, 'curves' satisfies TrialAction],
        };
    }
  }

  function headline({ now, before }: TrialResult): string {
    return before
      ? l10n.t('{0} nats, {1} before', format.loss(now.final), format.loss(before.final))
      : l10n.t('{0} nats', format.loss(now.final));
  }

  async function hoverOf({ text, result }: Extract<State, { kind: 'tried' }>) {
    const { darkColors, lightColors, trialPicture } = await import('./picture');
    const { kind } = window.activeColorTheme;
    const isDark = kind === ColorThemeKind.Dark || kind === ColorThemeKind.HighContrast;
    const names = { now: l10n.t('this version'), before: l10n.t('the version before') };
    const svg = trialPicture(result, names, isDark ? darkColors : lightColors, format);
    const picture = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
    const told = l10n.t(
      'Trial: {0} steps with 64 units on {1}. Loss on held-out text: {2}.',
      format.count(result.steps),
      text,
      headline(result),
    );
    return new Hover([
      new MarkdownString(told),
      new MarkdownString(`![${l10n.t('Training loss over steps')}](${picture})`),
      new MarkdownString(l10n.t('At this size and after so few steps, take it as a hint.')),
    ]);
  }

  /** The hover with the curves, where the cell stands. */
  async function showCurves(document: TextDocument) {
    const first = await firstEquation(document);
    if (!first) return;
    const editor = await window.showTextDocument(document);
    // On its equals sign, of which there is nothing else to tell: the curves are not below the fold.
    const offset = document.offsetAt(first.start) + document.getText(first).indexOf('=');
    const place = document.positionAt(offset);
    editor.selection = new Selection(place, place);
    await commands.executeCommand('editor.action.showHover');
  }

  const selector = { language: cellLanguage };
  const subscriptions = Disposable.from(
    changes,
    tell,
    workspace.onDidOpenTextDocument(know),
    workspace.onDidSaveTextDocument(saved),
    workspace.onDidCloseTextDocument(({ uri }) => {
      const address = uri.toString();
      if (running && running.cell === known.get(address)) running.trial.end();
      known.delete(address);
    }),
    // One training at a time: that which a person has begun goes before.
    runs.onDidChange(() => {
      if (runs.busy) running?.trial.end();
    }),
    languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: changes.event,
      async provideCodeLenses(document) {
        const state = know(document)?.state;
        const first = state && (await firstEquation(document));
        if (!first) return [];
        return [new CodeLens(new Range(first.start, first.start), commandFor(document, state))];
      },
    }),
    languages.registerHoverProvider(selector, {
      async provideHover(document, position) {
        const state = know(document)?.state;
        if (state?.kind !== 'tried') return undefined;
        const first = await firstEquation(document);
        return first?.contains(position) === true ? hoverOf(state) : undefined;
      },
    }),
  );
  workspace.textDocuments.forEach(know);

  return {
    try: (document) => attempt(document, true),
    get isTrying() {
      return running !== undefined;
    },
    end: () => running?.trial.end(),
    showCurves,
    dispose() {
      running?.trial.end();
      subscriptions.dispose();
    },
  };
}
