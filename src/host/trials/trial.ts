import type { Job } from '../../protocol/client';
import type { CellSource, SettingValues, TextSource } from '../../protocol/engine';
import type { Engine } from '../engine';

/** How long the cell is trained; the version before then makes as many steps. Seconds. */
const length = 4;

/**
 * Small enough for thousands of steps in that time, and with one seed and one rate, so that the equations alone make the
 * difference. Nothing is observed, sampled or kept.
 */
const sizes: SettingValues = {
  ...{ 'model.hidden': 64, 'model.layers': 1, 'model.dropout': 0 },
  ...{ 'training.batch': 16, 'training.sequence': 32, 'training.seed': 1 },
  'training.schedule': 'constant',
  ...{ 'inspection.observeEvery': 0, 'inspection.sampleEvery': 0 },
};

/** The training loss of a version, nats per token; columns of one length. */
export interface Curve {
  readonly steps: readonly number[];
  readonly losses: readonly number[];
  /** On the text that was held out, or of the last row where none is. */
  readonly final: number;
}

export interface TrialResult {
  readonly now: Curve;
  /** Undefined: there is no version before. */
  readonly before: Curve | undefined;
  /** That each of them made. */
  readonly steps: number;
}

export interface TrialOrder {
  readonly source: TextSource;
  /** Of the text. */
  readonly name: string;
  readonly settings: SettingValues;
  readonly now: CellSource;
  readonly before: CellSource | undefined;
}

export interface Trial {
  /** Undefined: it was ended before it had a result. Rejects with what the engine says. */
  readonly result: Promise<TrialResult | undefined>;
  end(): void;
}

/**
 * Trains a cell for some seconds, and the version before for as many steps.
 *
 * @param onLoss hears of each row of the cell's training, nats per token
 */
export function startTrial(
  engine: Engine,
  order: TrialOrder,
  onLoss: (loss: number) => void,
): Trial {
  const ended = new AbortController();
  const isEnded = () => ended.signal.aborted;
  let job: Job<'train'> | undefined;

  async function train(cell: CellSource, limit: SettingValues, tell: (loss: number) => void) {
    const steps: number[] = [];
    const losses: number[] = [];
    const settings = { ...order.settings, ...sizes, ...limit };
    const request = { kind: 'train', source: order.source, settings, cell } as const;
    job = engine.start(request, (event) => {
      if (event.event !== 'metrics') return;
      steps.push(event.row.step);
      losses.push(event.row.loss.mean);
      tell(event.row.loss.mean);
    });
    if (isEnded()) job.control({ action: 'stop' });
    const { step, validationLoss, loss = NaN } = await job.result;
    return { step, curve: { steps, losses, final: validationLoss ?? loss } };
  }

  async function work(): Promise<TrialResult | undefined> {
    const { step, curve: now } = await train(order.now, { 'training.seconds': length }, onLoss);
    if (isEnded() || step === 0) return undefined;
    const { before } = order;
    const other = before ? await train(before, { 'training.steps': step }, () => undefined) : null;
    return isEnded() ? undefined : { now, before: other?.curve, steps: step };
  }

  return {
    result: work(),
    end() {
      ended.abort();
      job?.control({ action: 'stop' });
    },
  };
}
