import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

/**
 * A Python with PyTorch, such as Debian's python3-torch brings; never more than a second opinion.
 *
 * @returns {{ python: string } | { missing: string }} its path, or why there is none
 */
export function findTorch() {
  const system = '/usr/bin/python3';
  const python = process.env['RNN_LAB_PYTHON'] ?? (fs.existsSync(system) ? system : 'python3');
  const { status, error } = spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' });
  if (error !== undefined) {
    return { missing: `there is no ${python}` };
  }
  return status === 0
    ? { python }
    : {
        missing: `${python} has no torch (Debian: apt-get install python3-torch libopenblas0-pthread)`,
      };
}
