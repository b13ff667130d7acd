import * as fs from 'node:fs';
import { l10n } from 'vscode';
import type { ProjectRequest, Projection } from '../../protocol/engine';
import type { FromPanel, ProjectionMessage } from '../../protocol/panel';
import type { Engine } from '../engine';
import { oneAtATime } from '../one-at-a-time';
import { readDocument, sourceOf, type KeptDocument } from '../runs/folder';
import { canPredict, canSample, type Run } from '../runs/run';
import type { Runs } from '../runs/runs';
import { messageOf } from '../translate';
import { createRunTexts, shownDocument } from './run-text';
import { readEnough } from './text';
import { heldOutStart } from './window';

type Question = Extract<FromPanel, { readonly type: 'project' }>;
type StatesQuestion = Extract<Question['points'], { readonly kind: 'states' }>;
type Asked = ProjectRequest['points'];

/** Tells the panel where points lie, and shows where in the text they are. */
export interface Projector {
  /** Every question is answered by a message, but for those that another one has overtaken. */
  ask(question: Question): void;
  /**
   * Where a place of the text stands whose states were told last; undefined: they were none of that run.
   * @param place UTF-16 units from where they begin
   * @throws Error where its file cannot be read
   */
  find(place: {
    readonly id: string;
    readonly start: number;
    readonly end: number;
  }): Promise<DocumentPlace | undefined>;
}

/** Both from 0. */
interface LinePlace {
  readonly line: number;
  readonly character: number;
}

/** A part of what a run has learnt. */
export interface DocumentPlace {
  readonly document: KeptDocument;
  readonly start: LinePlace;
  readonly end: LinePlace;
}

/** Tokens of a text whose states are shown. */
const tokensShown = 1000;

/** The window of a text whose states were told. */
interface Told {
  readonly run: Run;
  readonly text: string;
  /** Where it begins, UTF-16 units, or bytes of a file. */
  readonly from: number;
}

/** @param post sends to the panel */
export function createProjector(
  engine: Engine,
  runs: Runs,
  post: (answer: ProjectionMessage) => void,
): Projector {
  const texts = createRunTexts();
  let asked: Question | undefined;
  let told: Told | undefined;

  async function windowOf(run: Run): Promise<Told & { readonly before: string }> {
    const text = await texts.of(run);
    if (!text) throw new Error(l10n.t('The text of this run was not kept with it.'));
    const { facts } = run;
    const each = text.length / Math.max(1, facts.tokens + facts.validationTokens);
    const length = Math.max(2, Math.round(tokensShown * each));
    const heldOut = heldOutStart(text.length, facts);
    const read = await readEnough(text, { start: null, length }, heldOut, facts);
    return { run, text: read.text, before: read.textBefore, from: read.window.from };
  }

  /** @param tell is called with the window that is asked about */
  async function statesOf(
    run: Run,
    { variable, part }: StatesQuestion,
    tell: (window: Told) => void,
  ): Promise<Asked> {
    if (run.facts.task) {
      const document = await readDocument(run.folder);
      return { kind: 'examples', variable, part, ...(document && { source: sourceOf(document) }) };
    }
    const { before, ...window } = await windowOf(run);
    tell(window);
    return { kind: 'text', variable, text: window.text, before };
  }

  async function project(run: Run, points: Question['points']): Promise<Projection> {
    let window: Told | undefined;
    const tell = (found: Told) => {
      window = found;
    };
    const request = {
      kind: 'project',
      points: points.kind === 'vectors' ? points : await statesOf(run, points, tell),
    } as const;
    const kept = {
      ...({ kind: 'run', run: run.folder } as const),
      ...(run.facts.task && run.traveled !== undefined && { checkpoint: run.traveled }),
    };
    const model = run.facts.task ? kept : (runs.model() ?? kept);
    try {
      const result = await engine.start({ ...request, model }).result;
      told = window;
      return result;
    } catch (error) {
      // The training may have ended between the question and the answer: then its checkpoint answers.
      if (model.kind !== 'live' || run.job !== undefined) throw error;
      const result = await engine.start({ ...request, model: kept }).result;
      told = window;
      return result;
    }
  }

  async function answer({ id, points }: Question): Promise<ProjectionMessage> {
    const about = { type: 'projection', id, points } as const;
    const run = runs.current;
    if (run?.folder !== id) return { ...about, result: null, message: '' };
    if (!(run.facts.task ? canPredict(run) : canSample(run))) {
      const message = run.facts.task
        ? l10n.t('The model can be measured once its first checkpoint is written.')
        : l10n.t('The model can be inspected after the first step.');
      return { ...about, result: null, message };
    }
    try {
      return { ...about, result: await project(run, points), message: '' };
    } catch (error) {
      return { ...about, result: null, message: messageOf(error) };
    }
  }

  const work = oneAtATime(async () => {
    if (asked) post(await answer(asked));
  });

  return {
    ask(question) {
      asked = question;
      work();
    },
    async find({ id, start, end }) {
      if (told?.run.folder !== id) return undefined;
      const { run, text, from } = told;
      const document = await shownDocument(run);
      if (!document) return undefined;
      const first =
        'path' in document ? await lineAt(document.path, from) : placeIn(document.text, from);
      const place = (offset: number): LinePlace => {
        const { line, character } = placeIn(text, offset);
        return {
          line: first.line + line,
          character: line === 0 ? first.character + character : character,
        };
      };
      return { document, start: place(start), end: place(end) };
    },
  };
}

function placeIn(text: string, offset: number): LinePlace {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length - 1, character: lines.at(-1)!.length };
}

/** Of a byte of a file in UTF-8. */
async function lineAt(path: string, from: number): Promise<LinePlace> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let [line, rest] = [0, ''];
  if (from === 0) return { line: 0, character: 0 };
  for await (const bytes of fs.createReadStream(path, { end: from - 1 })) {
    const text = rest + decoder.decode(bytes as Uint8Array, { stream: true });
    // The other half of a line end may follow.
    const half = text.endsWith('\r') ? '\r' : '';
    const found = placeIn(text.slice(0, text.length - half.length), Infinity);
    line += found.line;
    rest = ' '.repeat(found.character) + half;
  }
  const last = placeIn(rest, Infinity);
  return { line: line + last.line, character: last.character };
}
