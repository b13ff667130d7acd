import assert from 'node:assert/strict';
import { generatedTask, type GeneratedTaskName } from '../../../src/core/generate';
import { rowsOf } from '../../../src/core/generate/rows';

/** Rows of a task, of its own length unless another is given. */
export function make(name: GeneratedTaskName, rows: number, length?: number, seed = 1) {
  const task = generatedTask(name);
  const asked = { rows, length: length ?? task.length?.standard ?? 0, seed };
  return [...rowsOf(task, asked)];
}

export function near(got: number, wanted: number, error: number): void {
  assert.ok(Math.abs(got - wanted) <= error, `${got} is not ${wanted} ± ${error}`);
}
