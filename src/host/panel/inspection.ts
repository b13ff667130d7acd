import { l10n } from 'vscode';
import type { FromPanel, Inspection } from '../../protocol/panel';
import type { Engine } from '../engine';
import { oneAtATime } from '../one-at-a-time';
import { canSample, type Run } from '../runs/run';
import type { Runs } from '../runs/runs';
import { messageOf } from '../translate';
import { createRunTexts } from './run-text';
import { readEnough, type ReadWindow } from './text';
import { heldOutStart } from './window';

type Question = Extract<FromPanel, { readonly type: 'inspect' }>;

/** Answers what the panel asks about the model's view of the text. */
export interface Inspector {
  /**
   * Every question is answered by one message, with a reason where there is nothing to see. One is worked
   * on at a time; of those that come meanwhile the last is next, and the others are dropped.
   */
  ask(question: Question): void;
}

/** How many of the likeliest next tokens the panel shows. */
const likeliestShown = 5;

/** @param post sends to the panel */
export function createInspector(
  engine: Engine,
  runs: Runs,
  post: (answer: Inspection) => void,
): Inspector {
  const texts = createRunTexts();
  let asked: Question | undefined;

  async function answer(question: Question): Promise<Inspection> {
    const nothing = (message: string): Inspection => ({
      ...aboutNothing(question),
      message,
    });
    const run = runs.current;
    if (run?.folder !== question.id) return nothing('');
    if (!canSample(run)) {
      return nothing(l10n.t('The model can be inspected after the first step.'));
    }
    let found: Omit<Inspection, 'result' | 'message'> = aboutNothing(question);
    try {
      const text = await texts.of(run);
      if (!text) return nothing(l10n.t('The text of this run was not kept with it.'));
      const heldOut = heldOutStart(text.length, run.facts);
      const read = await readEnough(text, question, heldOut, run.facts);
      const { from, to } = read.window;
      const { length: textLength, isFile: inBytes } = text;
      found = { ...found, start: from, length: to - from };
      found = { ...found, textLength, inBytes, heldOut };
      const inspected = await inspect(run, read, question.variables);
      const { tokens, probability, loss, variables, top } = inspected;
      return { ...found, result: { tokens, probability, loss, variables, top }, message: '' };
    } catch (error) {
      return { ...found, result: null, message: messageOf(error) };
    }
  }

  async function inspect(
    run: Run,
    { textBefore: before, text }: ReadWindow,
    variables: readonly string[],
  ) {
    const model = runs.model();
    if (!model) throw new Error(l10n.t('No run is shown.'));
    const request = {
      kind: 'inspect',
      text,
      before,
      variables: [...variables],
      top: likeliestShown,
    } as const;
    try {
      return await engine.start({ ...request, model }).result;
    } catch (error) {
      // The training may have ended between the question and the answer: then its checkpoint answers.
      if (model.kind !== 'live' || run.job !== undefined) throw error;
      return engine.start({ ...request, model: { kind: 'run', run: run.folder } }).result;
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

function aboutNothing({ id, request }: Question) {
  return {
    ...({ type: 'inspection', id, request, result: null } as const),
    ...{ start: 0, length: 0, textLength: 0, inBytes: false, heldOut: null },
  };
}
