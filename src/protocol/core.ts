/** What the page takes of the core as values: it imports nothing else of it. */
export {
  isBetterScore,
  isShare,
  leadingScore,
  leadingScores,
  scoreLabels,
  scoreNames,
  scoresOf,
  type ScoreName,
  type Scores,
} from '../core/metrics/columns';
export { tokenizers } from '../core/data/kinds';
export { firstWhere, median } from '../core/numerics';
export { inLayer, readQualified, topOutput } from '../core/qualified';
export { sheetLimits } from '../core/worksheet/limits';
export { shapePath } from '../core/shape-picture';
