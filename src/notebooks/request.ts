/** A trial as the engine is asked for it. */
import { isFile, type Trial } from '../core/notebooks/plan';
import type { SettingValues, TrainRequest } from '../protocol/engine';
import type { Material } from './material';

export interface Ending {
  /** Instead of what the trial says, where that is a time. */
  readonly steps?: number;
  readonly seconds?: number;
  readonly threads: number;
  readonly evaluateEvery?: number;
}

const limits = ['training.steps', 'training.epochs', 'training.seconds'];

export function trainingOf(
  { settings, values }: Trial,
  material: Material,
  { steps, seconds, threads, evaluateEvery }: Ending,
): TrainRequest {
  const isReplaced = steps !== undefined || seconds !== undefined;
  const kept = Object.entries(settings).flatMap(([key, value]) => {
    if (key === 'model.cell' || (isReplaced && limits.includes(key))) return [];
    return [[key, isFile(key, value) ? material.file(value) : value] as const];
  });
  const asked: SettingValues = {
    ...Object.fromEntries(kept),
    ...(steps !== undefined && { 'training.steps': steps }),
    ...(seconds !== undefined && { 'training.seconds': seconds }),
    ...(evaluateEvery !== undefined && { 'training.evaluateEvery': evaluateEvery }),
    'training.threads': threads,
  };
  const cell = settings['model.cell'];
  const data = String(values['data']);
  const origin = material.origin(data);
  return {
    kind: 'train',
    source: material.source(data),
    ...(origin !== undefined && { origin }),
    settings: asked,
    ...(cell !== undefined && { cell: material.cell(String(cell)) }),
  };
}
