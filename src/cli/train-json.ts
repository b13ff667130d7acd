import { toEnglish } from '../core/sentence';
import type { Observation, TrainEvent, TrainResult } from '../protocol/engine';
import { jsonLine, type Terminal } from './terminal';

/** How a training is shown. */
export interface TrainOutput {
  event(event: TrainEvent): void;
  done(result: TrainResult): void;
  /** Said at the first Ctrl-C. */
  readonly stopping: string;
}

/** The JSON Lines of `rnn-lab train --json`; their fields are described in docs/command-line.md. */
export function trainJson(terminal: Terminal): TrainOutput {
  let parameters: readonly string[] = [];
  const write = (value: object): void => {
    terminal.out(jsonLine(value));
  };
  return {
    stopping: 'Stopping and saving a checkpoint; Ctrl-C again ends at once.',
    event(event) {
      if (event.event === 'started') {
        parameters = event.facts.network.parameters.map(({ name }) => name);
      }
      write(event.event === 'observation' ? observationLine(event.row, parameters) : lineOf(event));
    },
    done(result) {
      write({ event: 'done', ...result });
    },
  };
}

/** By name; the histograms are in the run's folder. */
function observationLine(
  { step, seconds, gradientNorm, weightNorm, updateRatio, lags, saturation }: Observation,
  parameters: readonly string[],
): object {
  const named = parameters.map((name, i) => [
    name,
    { gradientNorm: gradientNorm[i], weightNorm: weightNorm[i], updateRatio: updateRatio[i] },
  ]);
  return {
    event: 'observation',
    step,
    seconds,
    parameters: Object.fromEntries(named) as object,
    gradientByLag: Object.fromEntries(lags.map(({ variable, norms }) => [variable, [...norms]])),
    saturation: Object.fromEntries(saturation.map(({ variable, share }) => [variable, share])),
  };
}

function lineOf(event: Exclude<TrainEvent, { readonly event: 'observation' }>): object {
  switch (event.event) {
    case 'started': {
      const { facts, step, resumed } = event;
      const { cell, ...rest } = facts;
      return { event: 'start', ...rest, cell: cell.name, equations: cell.source, step, resumed };
    }
    case 'metrics': {
      const numbers = Object.entries(event.row).flatMap(([name, value]) =>
        typeof value === 'number'
          ? [[name, value] as const]
          : ([
              [name, value.mean],
              [`${name}Min`, value.min],
              [`${name}Max`, value.max],
            ] as const),
      );
      return { event: 'step', ...Object.fromEntries(numbers) };
    }
    case 'warning':
      return { ...event, message: toEnglish(event.message) };
    case 'rows': {
      const rows = event.rows.map(({ line, message }) => ({ line, message: toEnglish(message) }));
      return { event: 'rows', rows };
    }
    case 'evaluation':
    case 'sampled':
      return { event: event.event, ...event.row };
    default:
      return event;
  }
}
