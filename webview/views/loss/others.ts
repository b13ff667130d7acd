import type { ComparedRun } from '../../../src/protocol/panel';
import type { Run } from '../../state';

/** The compared runs that have learnt another text than the one on show, or other tokens of it. */
export function othersText(run: Run, compared: readonly ComparedRun[]): readonly ComparedRun[] {
  const { uniform, unigram, bigram } = run.facts.baselines;
  return compared.filter(
    ({ baselines: other }) =>
      !Object.is(other.uniform, uniform) ||
      !Object.is(other.unigram, unigram) ||
      !Object.is(other.bigram, bigram),
  );
}
