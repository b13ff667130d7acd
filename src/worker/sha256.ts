import { createHash } from 'node:crypto';
import type { Hash } from '../core/training/hash';

/** SHA-256 through `node:crypto`. */
export function sha256(): Hash {
  const hash = createHash('sha256');
  return {
    update(bytes) {
      hash.update(bytes);
    },
    hex: () => hash.digest('hex'),
  };
}
