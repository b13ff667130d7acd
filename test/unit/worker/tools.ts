import { nodeFiles } from '../../../src/worker/node-files';
import type { Files, Platform } from '../../../src/worker/platform';
import { sha256 } from '../../../src/worker/sha256';

/** The engine's surroundings without threads, in this one. */
export function testPlatform(files: Files = nodeFiles): Platform {
  return {
    files,
    beforeComputing: () => Promise.resolve(),
    software: { rnnLab: '0.0.0', node: '0.0.0' },
    spawn: () => {
      throw new Error('These tests need no threads.');
    },
    cores: 1,
    availableMemory: () => undefined,
    createHash: sha256,
    now: () => performance.now() / 1000,
    date: () => Date.now(),
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
  };
}
