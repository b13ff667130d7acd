import { Option, type Command } from 'commander';
import type { WhichCheckpoint } from '../protocol/engine';
import { UsageError } from './errors';

/** Adds `--checkpoint best|last|STEP`. */
export function addCheckpoint(command: Command): Command {
  return command.addOption(
    new Option(
      '--checkpoint <best|last|STEP>',
      'which of the run’s checkpoints: of the lowest validation loss, the last, or an earlier one that it keeps, by its step (default best; the last where there is no validation)',
    ).helpGroup('Run:'),
  );
}

/**
 * The flag's value as part of a request.
 * @throws UsageError
 */
export function checkpointOf(options: Readonly<Record<string, unknown>>): {
  checkpoint?: WhichCheckpoint;
} {
  const { checkpoint } = options;
  if (checkpoint === undefined) return {};
  if (checkpoint === 'best' || checkpoint === 'last') return { checkpoint };
  const given = typeof checkpoint === 'string' ? checkpoint : '';
  const step = /^\d+$/.test(given) ? Number(given) : NaN;
  if (Number.isSafeInteger(step)) return { checkpoint: step };
  throw new UsageError(
    `--checkpoint must be best, last or the step of an earlier one; ${given} was given.`,
  );
}
