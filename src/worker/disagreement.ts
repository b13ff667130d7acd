import { parseCell } from '../core/equations/parse';
import { printCell } from '../core/equations/print';
import { sentence, type Sentence } from '../core/sentence';
import { refuseOtherSettings } from '../core/settings/resume';
import { hasBegun, type AnyCheckpoint } from '../core/training/checkpoint';
import type { RunInfo } from '../core/training/run';
import { inputError } from './failures';

/**
 * Holds what `run.json` says against what the checkpoint was trained with: equations, but for spaces and comments, and
 * settings.
 *
 * @param which `fixed`: only the settings that no training can change on its way
 * @throws JobError, InputError naming what they disagree on, with both values
 */
export function refuseDisagreement(
  info: RunInfo,
  checkpoint: AnyCheckpoint,
  which: 'all' | 'fixed',
  hint: Sentence,
): void {
  const lines = printCell(parseCell(info.cell.source, info.cell.name)).split('\n');
  const trained = printCell(checkpoint.model.spec.cell).split('\n');
  // Both end with an empty line.
  const at = lines.findIndex((line, i) => line !== trained[i]);
  if (at >= 0) throw inputError(otherLine(lines[at]!, trained[at]!), hint);
  const begun = which === 'all' || hasBegun(checkpoint.training);
  refuseOtherSettings(info.settings, checkpoint.settings, which, begun, hint);
}

function otherLine(line: string, trained: string): Sentence {
  if (line === '') {
    return sentence`run.json and the last checkpoint disagree on the equations: run.json has no ${trained}.`;
  }
  if (trained === '') {
    return sentence`run.json and the last checkpoint disagree on the equations: the checkpoint has no ${line}.`;
  }
  return sentence`run.json and the last checkpoint disagree on the equations: ${line} in run.json, ${trained} in the checkpoint.`;
}
