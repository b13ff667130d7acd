import * as path from 'node:path';
import {
  l10n,
  Range,
  Selection,
  window,
  workspace,
  type Event,
  type TextDocument,
  type TextEditor,
} from 'vscode';
import type { LookResult } from '../../protocol/engine';
import type { CursorMessage, CursorModel } from '../../protocol/panel';
import { topOutput } from '../../protocol/core';
import { isText, textEditorInFront } from '../documents';
import type { Reader } from '../follow/reader';
import type { Lenses } from '../lenses/lenses';
import { colours, createShades } from '../lenses/shades';
import { unreadShare, type Shade } from '../lenses/shading';
import { oneAtATime } from '../one-at-a-time';
import { canSample } from '../runs/run';
import type { Runs } from '../runs/runs';
import { messageOf } from '../translate';
import { columnAfter, isSamePlace, placeAfter, placeOf, type Place } from './place';

type Looked = Extract<LookResult, { readonly kind: 'looked' }>;

/** Which run's model looks, and what is to be known of its units. */
interface Question {
  readonly id: string;
  /** Qualified: `layer1.h`. */
  readonly variable: string;
}

/** Tells the panel what the run on show makes of the text before the cursor, as it moves and as one types. */
export interface CursorWatch {
  /** What the panel wants to be told from now on; undefined: nothing. */
  watch(question: Question | undefined): void;
  /** Stays at this place of the text, or follows the cursor again. */
  pin(pinned: boolean): void;
  /** Selects a token in the document that was looked at last. */
  select(start: number, end: number): void;
  dispose(): void;
}

export interface CursorOptions {
  readonly reader: Reader;
  readonly runs: Runs;
  /** What they shade is left to them: two kinds of red cannot be told apart. */
  readonly lenses: Pick<Lenses, 'isOn' | 'onDidChange'>;
  /** Whose model looks at a document; undefined: there is none. */
  readonly modelFor: (document: TextDocument) => Promise<CursorModel | undefined>;
  /** Another run's model may look. */
  readonly onDidChoose: Event<void>;
  /** Sends to the panel. */
  readonly post: (message: CursorMessage) => void;
}

export function createCursorWatch({
  reader,
  runs,
  lenses,
  modelFor,
  onDidChoose,
  post,
}: CursorOptions): CursorWatch {
  const shades = createShades(colours.above);
  let question: Question | undefined;
  let pinned = false;
  let place: Place | undefined;
  /** A token that was selected from the panel, which is not where to look. */
  let chosen: Selection | undefined;
  /** Where the page last heard that it is. */
  let heard: Place | undefined;
  /** The run whose model looked last; undefined: none has since the question was put. */
  let looking: string | undefined;
  /** What is shaded where no lens is on. */
  let shaded: { readonly document: TextDocument | undefined; readonly parts: readonly Shade[] } = {
    document: undefined,
    parts: [],
  };

  /** What of the run that is asked about decides whether there is anything to see. */
  const state = () => {
    const { current } = runs;
    if (!current || current.folder !== question?.id) return 'other';
    return canSample(current) ? 'with a model' : 'without a model';
  };
  let known = state();

  /** @returns whether that is another place */
  function goTo(editor: TextEditor | undefined): boolean {
    if (!question || pinned || !editor || !isText(editor.document)) return false;
    if (chosen?.isEqual(editor.selection) === true && place?.document === editor.document) {
      return false;
    }
    chosen = undefined;
    const next = placeOf(editor);
    if (place && isSamePlace(place, next)) return false;
    place = next;
    return true;
  }

  function follow(editor: TextEditor | undefined) {
    if (goTo(editor)) ask();
  }

  const ask = oneAtATime(async () => {
    const at = place;
    const message = await answer(at);
    if (!message || question?.id !== message.id) return;
    heard = at;
    post(message);
    shade(at?.document, message.result);
  });

  /** What is seen from a place; undefined where the question has been overtaken. */
  async function answer(at: Place | undefined): Promise<CursorMessage | undefined> {
    const run = runs.current;
    if (!question || run?.folder !== question.id) return undefined;
    const { id, variable } = question;
    const message = (
      text: string,
      model: CursorModel | null = null,
      result: Looked | null = null,
    ): CursorMessage => messageFrom(at, { id, message: text, model, result });
    if (!at) {
      const text = canSample(run) ? '' : l10n.t('The model can be inspected after the first step.');
      return message(text);
    }
    const { document, ...part } = at;
    try {
      const model = await modelFor(document);
      if (!model) return message(l10n.t('The model can be inspected after the first step.'));
      if (looking !== model.run) {
        // The first look reads all that comes before: where it looks is told at once.
        looking = model.run;
        post(message(reading(), model));
      }
      const { network } = model.facts;
      // The variable is one of the run on show until the page knows who looks.
      const isKnown = network.variables.some(({ name }) => name === variable);
      const asked = { ...part, variables: [isKnown ? variable : topOutput(network)] };
      const result = await reader.ask(model.run, 'look', document, asked);
      return result && message('', model, result);
    } catch (error) {
      return message(messageOf(error));
    }
  }

  function messageFrom(
    at: Place | undefined,
    told: Pick<CursorMessage, 'id' | 'message' | 'model'> & { readonly result: Looked | null },
  ): CursorMessage {
    const unread = told.result && at ? unreadBefore(told.result, at) : 0;
    return { ...told, type: 'cursor', place: at ? seen(at) : null, pinned, unread };
  }

  /** Where it is to look is told before any model is: the first may take seconds to be read. */
  function tellPlace(id: string) {
    if (!place || (heard && isSamePlace(heard, place))) return;
    heard = place;
    post(messageFrom(place, { id, message: reading(), model: null, result: null }));
  }

  /** Shades a text by how strongly the loss at the cursor depends on each token, and no other text. */
  function shade(document: TextDocument | undefined, result: Looked | null) {
    const before = shaded.document;
    shaded = { document, parts: result ? [...saliencyOf(result)] : [] };
    if (before !== document) editorsOf(before).forEach((editor) => shades.clear(editor));
    drawShades();
  }

  function drawShades() {
    const { document, parts } = shaded;
    const isBare = parts.length === 0 || lenses.isOn(document);
    for (const editor of editorsOf(document)) {
      if (isBare) shades.clear(editor);
      else shades.show(editor, parts);
    }
  }

  const subscriptions = [
    window.onDidChangeTextEditorSelection(({ textEditor }) => follow(textEditor)),
    window.onDidChangeActiveTextEditor(follow),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document !== place?.document || contentChanges.length === 0) return;
      place = placeAfter(place, contentChanges, { typed: !pinned });
      ask();
    }),
    workspace.onDidCloseTextDocument((document) => {
      if (document !== place?.document) return;
      place = undefined;
      pinned = false;
      follow(textEditorInFront());
    }),
    reader.onDidChange(({ run }) => {
      if (run === looking) ask();
    }),
    onDidChoose(() => {
      if (question) ask();
    }),
    lenses.onDidChange(drawShades),
    window.onDidChangeVisibleTextEditors(drawShades),
    runs.onDidChange(() => {
      const now = state();
      if (now === known) return;
      known = now;
      // The first step brings a model; another run has its own views, which ask for themselves.
      if (now === 'other') shade(undefined, null);
      else ask();
    }),
    shades,
  ];

  return {
    watch(wanted) {
      const isNew = question?.id !== wanted?.id;
      if (isNew) looking = undefined;
      question = wanted;
      if (!question) {
        shade(undefined, null);
        return;
      }
      goTo(textEditorInFront());
      if (isNew) tellPlace(question.id);
      ask();
    },
    pin(wanted) {
      pinned = wanted && place !== undefined;
      goTo(textEditorInFront());
      ask();
    },
    select(start, end) {
      const editor = window.visibleTextEditors.find(({ document }) => document === place?.document);
      if (!editor) return;
      const [from, to] = [start, end].map((offset) => editor.document.positionAt(offset));
      chosen = new Selection(from!, to!);
      editor.selection = chosen;
      editor.revealRange(new Range(from!, to!));
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function editorsOf(document: TextDocument | undefined): TextEditor[] {
  return window.visibleTextEditors.filter((editor) => editor.document === document);
}

function reading(): string {
  return l10n.t('Reading the text before the cursor…');
}

function seen({ document, offset }: Place): NonNullable<CursorMessage['place']> {
  const { line, character } = document.positionAt(offset);
  const tabSize = Number(editorsOf(document)[0]?.options.tabSize ?? 4);
  const column = columnAfter(document.lineAt(line).text.slice(0, character), tabSize);
  return { name: path.posix.basename(document.uri.path), line: line + 1, column };
}

/** Of the text from the first token on that was looked at, what none of them stands for, as a share. */
function unreadBefore({ starts, ends }: Looked, { offset, from }: Place): number {
  const part = { from: from ?? starts[0] ?? 0, to: offset };
  return unreadShare([part], [{ starts, ends }]);
}

function* saliencyOf({ starts, ends, target, gradients }: Looked): Iterable<Shade> {
  if (!target || !gradients) return;
  const { norms } = gradients.saliency;
  const greatest = Math.max(...norms);
  for (let lag = Math.min(norms.length - 1, target.at); lag >= 0; lag--) {
    const token = target.at - lag;
    yield { start: starts[token]!, end: ends[token]!, strength: norms[lag]! / greatest };
  }
}
