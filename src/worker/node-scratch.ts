/** Files for bytes that are put aside, through `node:fs`. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Scratch } from '../core/data/scratch';

/** Ends files whose bytes nobody can ask for any more. */
const forgotten = new FinalizationRegistry<() => void>((end) => {
  end();
});

/** @returns undefined where none can be made */
export function openNodeScratch(): Scratch | undefined {
  const file = path.join(os.tmpdir(), `rnn-lab-${crypto.randomUUID()}.tmp`);
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, 'wx+', 0o600);
  } catch {
    return undefined;
  }
  const remove = (): void => {
    fs.rmSync(file, { force: true });
  };
  /** Windows removes no file that is open. */
  let isNamed = false;
  try {
    fs.unlinkSync(file);
  } catch {
    isNamed = true;
    process.once('exit', remove);
  }
  let length = 0;
  const scratch: Scratch = {
    append(bytes) {
      try {
        for (let written = 0; written < bytes.length;) {
          const left = bytes.length - written;
          written += fs.writeSync(descriptor, bytes, written, left, length + written);
        }
      } catch {
        return undefined;
      }
      length += bytes.length;
      return length - bytes.length;
    },
    read(from, into) {
      for (let done = 0; done < into.length;) {
        const read = fs.readSync(descriptor, into, done, into.length - done, from + done);
        if (read === 0) throw new Error(`${file} ends before byte ${String(from + into.length)}.`);
        done += read;
      }
    },
  };
  forgotten.register(scratch, () => {
    fs.closeSync(descriptor);
    if (!isNamed) return;
    process.off('exit', remove);
    remove();
  });
  return scratch;
}
