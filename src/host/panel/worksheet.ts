import { l10n } from 'vscode';
import type { WorksheetRequest } from '../../protocol/engine';
import type { FromPanel, WorksheetMessage } from '../../protocol/panel';
import type { Engine } from '../engine';
import { oneAtATime } from '../one-at-a-time';
import { readDocument } from '../runs/folder';
import { canSample, type Run } from '../runs/run';
import type { Runs } from '../runs/runs';
import { messageOf } from '../translate';
import { readableText } from './text';

type Question = Extract<FromPanel, { readonly type: 'worksheet' }>;

/** Sets out the numbers that the panel asks for. */
export interface Worksheets {
  /** Every question is answered by a message, but for those that another one has overtaken. */
  ask(question: Question): void;
}

/** Of a run's text so much is read, UTF-16 units or bytes: as many tokens as a sheet has room for. */
const readUnits = 400;

/** @param post sends to the panel */
export function createWorksheets(
  engine: Engine,
  runs: Runs,
  post: (answer: WorksheetMessage) => void,
): Worksheets {
  let asked: Question | undefined;

  async function sheetOf(run: Run, { network, text, type: _, id: __, ...question }: Question) {
    const request = {
      ...({ kind: 'worksheet', ...question } as const),
      text: text ?? (await beginningOf(run)),
    };
    const start = (model: WorksheetRequest['model']) => engine.start({ ...request, model }).result;
    if (network.kind === 'fresh') {
      const { name, source } = run.facts.cell;
      const { hidden, seed } = network;
      return start({ kind: 'fresh', cell: { name, source }, hidden, layers: 1, seed });
    }
    const kept = { kind: 'run', run: run.folder } as const;
    const model = runs.model() ?? kept;
    try {
      return await start(model);
    } catch (error) {
      // The training may have ended between the question and the answer: then its checkpoint answers.
      if (model.kind !== 'live' || run.job !== undefined) throw error;
      return start(kept);
    }
  }

  async function answer(question: Question): Promise<WorksheetMessage> {
    const about = { type: 'worksheet', id: question.id } as const;
    const run = runs.current;
    if (run?.folder !== question.id) return { ...about, sheet: null, message: '' };
    if (question.network.kind === 'run' && !canSample(run)) {
      const message = l10n.t('The model can be inspected after the first step.');
      return { ...about, sheet: null, message };
    }
    try {
      return { ...about, sheet: await sheetOf(run, question), message: '' };
    } catch (error) {
      return { ...about, sheet: null, message: messageOf(error) };
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
  };
}

/** The first tokens of what the run has learnt. */
async function beginningOf({ folder }: Run): Promise<string> {
  const document = await readDocument(folder);
  if (!document) throw new Error(l10n.t('The text of this run was not kept with it.'));
  const text = await readableText(document);
  const { text: read } = await text.read({ start: 0, length: readUnits, context: 0 }, null);
  return read;
}
