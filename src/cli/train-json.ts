import { EngineError, type TrainEvent, type TrainResult } from '../protocol/engine';
import { jsonLine, type Terminal } from './terminal';

/** How a training is shown. */
export interface TrainOutput {
  event(event: TrainEvent): void;
  done(result: TrainResult): void;
  failed(error: unknown): void;
  /** Said at the first Ctrl-C. */
  readonly stopping: string;
}

/** The JSON Lines of `rnn-lab train --json`; their fields are described in docs/command-line.md. */
export function trainJson(terminal: Terminal): TrainOutput {
  const write = (value: object): void => {
    terminal.out(jsonLine(value));
  };
  return {
    stopping: 'Stopping and saving a checkpoint; Ctrl-C again ends at once.',
    event(event) {
      write(lineOf(event));
    },
    done(result) {
      write({ event: 'done', ...result });
    },
    failed(error) {
      if (error instanceof EngineError) write({ event: 'failed', ...error.failure });
    },
  };
}

function lineOf(event: TrainEvent): object {
  switch (event.event) {
    case 'started': {
      const { facts, step, resumed } = event;
      const { cell, ...rest } = facts;
      return { event: 'start', ...rest, cell: cell.name, equations: cell.source, step, resumed };
    }
    case 'metrics': {
      const { loss, gradientNorm, ...rest } = event.row;
      return {
        event: 'step',
        ...rest,
        loss: loss.mean,
        lossMin: loss.min,
        lossMax: loss.max,
        gradientNorm: gradientNorm.mean,
        gradientNormMin: gradientNorm.min,
        gradientNormMax: gradientNorm.max,
      };
    }
    case 'evaluation':
      return { event: 'evaluation', ...event.row };
    default:
      return event;
  }
}
