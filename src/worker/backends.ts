import type { GraphModel } from '../core/engine/model';
import { createWasmBackend, type WasmBackend } from '../core/kernels/wasm';
import type { Platform } from './platform';

/** The kernels' own limit. */
const mostThreads = 64;

/**
 * A float32 backend with its threads started, after `platform.beforeComputing`.
 * @param threads 0: as many as the machine has cores
 * @param kernels `strict`: those that give the same bits on every machine
 */
export function createBackend(
  platform: Platform,
  model: GraphModel,
  threads: number,
  kernels: 'auto' | 'strict' = 'auto',
): WasmBackend {
  return createWasmBackend({
    layout: model.layout,
    threads: threadCount(platform, threads),
    spawn: platform.spawn,
    ...(platform.rightOfWay && { rightOfWay: platform.rightOfWay }),
    ...(kernels === 'strict' ? { build: 'strict' } : {}),
  });
}

/** A number of threads that the kernels take; 0 becomes the number of cores. */
export function threadCount({ cores }: Platform, threads: number): number {
  return Math.min(mostThreads, threads === 0 ? cores : threads);
}
