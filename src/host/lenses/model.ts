/** Which model a lens looks with. */
import type { TextDocument } from 'vscode';
import type { ModelInUse, RunChoice } from '../follow/choice';
import { canSample, knownRun, runName } from '../runs/run';
import type { Runs } from '../runs/runs';

export interface LensModel extends Omit<ModelInUse, 'reason'> {
  /** `unit`: the lens shows a unit of this model and of no other. */
  readonly reason: ModelInUse['reason'] | 'unit';
  /** The run's, as the Runs view has it. */
  readonly name: string;
  /** Number of tokens, C. */
  readonly vocabulary: number;
}

export interface LensModels {
  /** What looks at a document. */
  modelFor(document: TextDocument): Promise<LensModel | undefined>;
  /** A certain run's model; undefined: it has none, or is gone. */
  modelOf(folder: string, reason: LensModel['reason']): LensModel | undefined;
}

export function lensModels(runs: Runs, choice: Pick<RunChoice, 'modelOf'>): LensModels {
  function modelOf(folder: string, reason: LensModel['reason']): LensModel | undefined {
    const run = knownRun(runs, folder);
    if (run) {
      if (!canSample(run)) return undefined;
      return { folder, reason, name: runName(run), vocabulary: run.facts.vocabulary };
    }
    const line = runs.lines.find((each) => each.folder === folder);
    if (line?.canSample !== true) return undefined;
    return { folder, reason, name: line.name, vocabulary: line.summary.vocabulary };
  }

  return {
    async modelFor(document) {
      const found = await choice.modelOf(document);
      return found && modelOf(found.folder, found.reason);
    },
    modelOf,
  };
}
