import type { TextDocument } from 'vscode';
import type { CursorModel } from '../../protocol/panel';
import type { Engine } from '../engine';
import type { RunChoice } from '../follow/choice';
import { canSample, knownRun, type Run } from '../runs/run';
import type { Runs } from '../runs/runs';
import { labelOf, viewFacts } from './view';

/**
 * Finds whose model looks at a document, with what the page has to know of it. Of runs that are not on show their
 * folders tell, once.
 *
 * @returns undefined: no run has a model for it
 */
export function createCursorModels(
  engine: Engine,
  runs: Runs,
  choice: Pick<RunChoice, 'modelOf'>,
): (document: TextDocument) => Promise<CursorModel | undefined> {
  const described = new Map<string, Promise<Run['facts']>>();

  function factsOf(folder: string): Promise<Run['facts']> {
    let facts = described.get(folder);
    if (!facts) {
      const asked = engine.start({ kind: 'describe', run: folder }).result;
      facts = asked.then((result) => result.facts);
      facts.catch(() => described.delete(folder));
      described.set(folder, facts);
    }
    return facts;
  }

  return async (document) => {
    const found = await choice.modelOf(document);
    if (!found) return undefined;
    const { folder, reason } = found;
    const known = knownRun(runs, folder);
    if (known && !canSample(known)) return undefined;
    const facts = known ? known.facts : await factsOf(folder);
    const label = known ? labelOf(known) : runs.lines.find((line) => line.folder === folder)?.name;
    return { run: folder, label: label ?? facts.name, reason, facts: viewFacts(facts) };
  };
}
