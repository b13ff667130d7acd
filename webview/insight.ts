import { fill, type PanelStrings } from '../src/protocol/strings';
import type { Format } from '../src/protocol/format';
import { bestEvaluation, latest, type Run } from './state';

/**
 * One sentence that says what a loss means: between which of the three floors it lies. Takes the best
 * validation loss, and the training loss where there is none.
 */
export function insight(run: Run, strings: PanelStrings, format: Format): string {
  const loss = bestEvaluation(run)?.loss ?? latest(run, 'lossMean');
  if (run.metrics.length === 0) return strings.noRows;
  if (!Number.isFinite(loss)) return '';
  const { uniform, unigram, bigram } = run.facts.baselines;
  if (loss >= uniform) return fill(strings.insightUniform, format.count(run.facts.vocabulary));
  if (loss >= unigram) return strings.insightUnigram;
  if (loss >= bigram) return strings.insightBigram;
  // Of a model that was imported, the text is not known.
  if (Number.isNaN(bigram)) return '';
  return strings.insightBeyond;
}
