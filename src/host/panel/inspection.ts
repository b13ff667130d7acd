import { l10n } from 'vscode';
import type { FromPanel, Inspection } from '../../protocol/panel';
import type { Engine } from '../engine';
import { readDocument, textOf } from '../runs/folder';
import { canSample, type Run } from '../runs/run';
import type { Runs } from '../runs/runs';
import { countTokens, fitWindow, heldOutStart } from './window';

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
  /** The text that was looked at last, so that it is read from the disk once. */
  let kept: { readonly folder: string; readonly text: Promise<string | undefined> } | undefined;
  let busy = false;
  let next: Question | undefined;

  function textIn(folder: string): Promise<string | undefined> {
    if (kept?.folder !== folder) {
      kept = {
        folder,
        text: readDocument(folder).then((document) => document && textOf(document)),
      };
    }
    return kept.text;
  }

  async function answer(question: Question): Promise<Inspection> {
    const { id, request } = question;
    const nowhere = { start: 0, length: 0, textLength: 0, heldOut: null, contextTokens: 0 };
    const nothing = (message: string): Inspection => ({
      ...{ type: 'inspection', id, request, ...nowhere },
      ...{ result: null, message },
    });
    const run = runs.current;
    if (run?.folder !== id) return nothing('');
    if (!canSample(run))
      return nothing(l10n.t('There is a model to look into after the first step.'));
    const text = await textIn(id);
    if (text === undefined) {
      return nothing(
        l10n.t(
          'The text of this run was not kept with it, because it was trained outside VS Code.',
        ),
      );
    }
    const heldOut = heldOutStart(text.length, run.facts);
    const { context, window } = fitWindow(question, text.length, heldOut, (place) =>
      text.charCodeAt(place),
    );
    const place = { start: window.from, length: window.to - window.from, heldOut };
    const read = text.slice(context.from, window.to);
    const tokenizer = run.facts.settings['data.tokenizer'];
    const kind = tokenizer === 'byte' || tokenizer === 'word' ? tokenizer : 'char';
    const contextTokens = countTokens(kind, text.slice(context.from, context.to));
    const about = { type: 'inspection', id, request, textLength: text.length } as const;
    try {
      const result = await inspect(run, read, question.variables);
      return { ...about, ...place, contextTokens, result, message: '' };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { ...about, ...place, contextTokens, result: null, message };
    }
  }

  async function inspect(run: Run, text: string, variables: readonly string[]) {
    const model = runs.model();
    if (!model) throw new Error(l10n.t('No run is on show.'));
    const request = {
      kind: 'inspect',
      text,
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

  async function work(first: Question) {
    busy = true;
    for (let question: Question | undefined = first; question;) {
      next = undefined;
      post(await answer(question));
      question = next;
    }
    busy = false;
  }

  return {
    ask(question) {
      if (busy) next = question;
      else void work(question);
    },
  };
}
