import { Option, type Command } from 'commander';
import type { WhichCheckpoint } from '../protocol/engine';

/** Adds `--checkpoint best|last`. */
export function addCheckpoint(command: Command): Command {
  return command.addOption(
    new Option(
      '--checkpoint <best|last>',
      'which of the run’s checkpoints (default best: lowest validation loss; the last where there is none)',
    )
      .choices(['best', 'last'])
      .helpGroup('Run:'),
  );
}

/** The flag's value as part of a request. */
export function checkpointOf(options: Readonly<Record<string, unknown>>): {
  checkpoint?: WhichCheckpoint;
} {
  const { checkpoint } = options;
  return checkpoint === 'best' || checkpoint === 'last' ? { checkpoint } : {};
}
