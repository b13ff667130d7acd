import { firstBeyondFloat32 } from '../float32';
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import { WordedError } from '../worded-error';

/** What is wrong within a file, as the end of a sentence: `its tokenizer is malformed`. */
export class Damage extends WordedError {
  override readonly name = 'Damage';
}

/** A file of ours, or one that should be, that cannot be read; the problem begins with its name. */
export class DamagedFile extends InputError {
  override readonly name = 'DamagedFile';
}

/**
 * Whatever went wrong within a file, in one sentence with its name.
 *
 * @param file what messages call the file
 * @param error what was thrown while it was read
 * @param hint what to do about it
 */
export function damagedFile(file: string, error: unknown, hint: Sentence): DamagedFile {
  if (error instanceof WordedError && !(error instanceof Damage)) {
    // Its words are sentences of their own, with a full stop.
    return new DamagedFile(sentence`${file} is damaged: ${error.whole}`, hint);
  }
  return new DamagedFile(sentence`${file} is damaged: ${reasonOf(error)}.`, hint);
}

/** @throws Damage naming the tensor and the first of its numbers that float32 cannot hold */
export function refuseBeyondFloat32(name: string, values: Float64Array): void {
  const at = firstBeyondFloat32(values);
  if (at < 0) return;
  throw new Damage(
    sentence`entry ${at + 1} of ${name} is ${values[at]!}, more than float32 can hold`,
  );
}

/** What went wrong, as the end of a sentence. */
export function reasonOf(error: unknown): Sentence | string {
  if (error instanceof Damage) return error.problem;
  if (error instanceof SyntaxError) return sentence`its JSON cannot be read`;
  const reason = error instanceof Error ? error.message : String(error);
  return reason.replace(/\.$/, '');
}
