import { sentence, type Sentence } from '../sentence';
import { InputError } from '../input-error';

/** Tokens `[from, to)` to be predicted, each from the one before it: the input of token i is token i - 1. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface SplitRequest {
  /** Number of tokens in the text. */
  readonly tokens: number;
  readonly batch: number;
  readonly sequence: number;
  /** Share to hold out, 0 to below 1. */
  readonly validation: number;
  /** `tail`: the end of the text; `streams`: the end of each of B equal streams (char-rnn). */
  readonly kind: 'tail' | 'streams';
  /** Of a text of documents: where each begins, ascending. Only whole ones are held out. */
  readonly starts?: readonly number[] | undefined;
}

/** What is trained on and what is held out, and the batch that fits. */
export interface Split {
  readonly batch: number;
  readonly sequence: number;
  /** One stretch, or for `streams` one a stream. */
  readonly training: readonly Stretch[];
  /** Empty if nothing is held out. */
  readonly validation: readonly Stretch[];
  /** Where it differs from what was asked. */
  readonly warnings: readonly {
    readonly code: 'short-text' | 'no-validation';
    readonly message: Sentence;
  }[];
}

/**
 * What a setting says of how a text is split.
 * @throws InputError for what only rows of a table can be split by
 */
export function textSplit(split: string): SplitRequest['kind'] {
  if (split === 'tail' || split === 'streams') return split;
  throw new InputError(
    sentence`A text is split by its tail or by streams, not ${split}.`,
    sentence`Leave out --split.`,
  );
}

/** Fewer held-out tokens than this measure nothing. */
const fewestHeldOut = 8;

/**
 * Splits a text and fits the batch to it. A short text gets a smaller batch, then a shorter sequence, so
 * that a first chunk `[T, B]` is full.
 *
 * @throws InputError if there are fewer than two tokens to train on
 */
export function splitText(request: SplitRequest): Split {
  const { tokens } = request;
  if (tokens < 2) {
    throw new InputError(
      tokens === 1
        ? sentence`The text has one token; training needs at least two.`
        : sentence`The text has no token; training needs at least two.`,
      sentence`Give a longer text.`,
    );
  }
  if (request.starts !== undefined && request.kind === 'streams') {
    throw new InputError(
      sentence`Of several documents whole ones are held out, and streams would cut them.`,
      sentence`Leave out --split.`,
    );
  }
  const streams = streamSplit(request);
  if (streams !== undefined) return streams;
  const tail = tailSplit(request);
  return request.kind === 'streams' && request.validation > 0
    ? { ...tail, warnings: [streamWarning, ...tail.warnings] }
    : tail;
}

const streamWarning = {
  code: 'short-text',
  message: sentence`The text is too short to hold out the end of each stream; the end of the text is held out instead.`,
} as const;

type Warnings = Split['warnings'][number][];

/** char-rnn's split: B streams cut into chunks of T, of each the last share; undefined if the text is too short. */
function streamSplit({
  tokens,
  batch,
  sequence,
  validation,
  kind,
}: SplitRequest): Split | undefined {
  if (kind !== 'streams') return undefined;
  const chunks = Math.floor((tokens - 1) / (batch * sequence));
  const kept = Math.floor(chunks * (1 - validation));
  if (kept < 1 || chunks < 2) return undefined;
  const starts = Array.from({ length: batch }, (_, row) => 1 + row * chunks * sequence);
  const stretches = (from: number, to: number): Stretch[] =>
    starts.map((start) => ({ from: start + from * sequence, to: start + to * sequence }));
  return {
    batch,
    sequence,
    training: stretches(0, kept),
    validation: kept < chunks ? stretches(kept, chunks) : [],
    warnings: [],
  };
}

function tailSplit({ tokens, batch, sequence, validation, starts }: SplitRequest): Split {
  const warnings: Warnings = [];
  let held = tokens - borderNear(Math.floor(tokens * (1 - validation)), tokens, starts);
  if (validation > 0 && held < fewestHeldOut) {
    warnings.push({
      code: 'no-validation',
      message: sentence`The text is too short to hold out ${100 * validation} % of it; training uses all ${tokens} tokens.`,
    });
    held = 0;
  }
  const border = tokens - held;
  const fitted = fit(border - 1, batch, sequence);
  if (fitted.batch !== batch || fitted.sequence !== sequence) {
    warnings.push({
      code: 'short-text',
      message: sentence`The text has ${border} tokens to train on, too few for batch ${batch} and sequence ${sequence}: batch ${fitted.batch} and sequence ${fitted.sequence} are used.`,
    });
  }
  return {
    ...fitted,
    training: [{ from: 1, to: border }],
    validation: held > 0 ? [{ from: border, to: tokens }] : [],
    warnings,
  };
}

/** Where the document begins that is nearest to a place, other than the first; the place itself where there is none. */
function borderNear(place: number, tokens: number, starts: readonly number[] = []): number {
  if (place === tokens) return place;
  const distance = (start: number): number => Math.abs(start - place);
  const [first = place, ...others] = starts.slice(1);
  return others.reduce((best, start) => (distance(start) < distance(best) ? start : best), first);
}

/** The sequence is kept as long as it can be, because it is what the model can learn to remember. */
function fit(
  targets: number,
  batch: number,
  sequence: number,
): { batch: number; sequence: number } {
  const fittedSequence = Math.min(sequence, targets);
  return { sequence: fittedSequence, batch: Math.min(batch, Math.floor(targets / fittedSequence)) };
}
