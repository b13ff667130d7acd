/** Continuations of a document: the most probable next tokens, one after the other. */
import { createContinuationRoot, type Beginning } from './completion-root';
import { createWriting, type Continuation } from './continuation';
import type { PredictedToken } from './expectations';
import type { TokenChange } from './pieces';
import { createPredictionTree, type PredictionNode } from './prediction-tree';
import type { Reading } from './reading';
import type { TextEnd } from './text-ends';

/** What is wanted, and where it ends. */
export interface CompletionRequest {
  readonly offset: number;
  readonly context: number;
  /** Most tokens to read where less than the context is known; undefined: the whole context. */
  readonly most?: number | undefined;
  /** It ends before the token with which its probability falls below this. */
  readonly confidence: number;
  readonly maxTokens: number;
  readonly until: TextEnd;
  /** How many different ones. */
  readonly alternatives: number;
  /** What they begin with, as if it stood at the offset. */
  readonly prefix: string;
  /** How many next tokens to give. */
  readonly next: number;
}

export interface CompletionAnswer {
  readonly completions: readonly Continuation[];
  readonly next: readonly PredictedToken[];
  readonly readFrom: number;
  /** It was read from fewer tokens than the context has. */
  readonly isShort: boolean;
  /** Steps that the model was run. */
  readonly steps: number;
}

export interface Completer {
  /**
   * The greedy continuation first, then those that begin with the next likeliest tokens.
   * @yields after each step of the model; if anything else happens to the document meanwhile, give up (`return`)
   */
  complete(request: CompletionRequest): Generator<undefined, CompletionAnswer, undefined>;
  edited(change: TokenChange): void;
  clear(): void;
}

const mostTokens = 512;

export function createCompleter(reading: Reading): Completer {
  const { text, model } = reading;
  const tree = createPredictionTree(model);
  const root = createContinuationRoot(reading, tree);
  const { expectations } = model;

  function probabilityOf(node: PredictionNode, id: number, required: string): number {
    if (required === '') return Math.exp(tree.logProbability(node, id));
    const logits = tree.logits(node);
    return Math.exp(logits.floats[logits.start + id]! - expectations.logSum(logits, required));
  }

  /** Greedily on from a token. A given one may be as improbable as it likes, and what follows is judged alone. */
  function* write(
    from: Beginning,
    first: number,
    request: CompletionRequest,
    isGiven: boolean,
  ): Generator<undefined, Continuation | undefined, undefined> {
    const limits = { ...request, maxTokens: Math.min(request.maxTokens, mostTokens) };
    const writing = createWriting(text.tokenizer.decoder(), limits, from.required);
    const isPart = expectations.text(first).length < from.required.length;
    const given = isGiven && !isPart ? probabilityOf(from.node, first, from.required) : 1;
    let { node } = from;
    for (let id = first; id >= 0;) {
      const required = writing.required();
      const own = expectations.text(id);
      const share = probabilityOf(node, id, required);
      const isGranted = own.length < required.length || (isGiven && node === from.node);
      if (!isGranted && (writing.probability() / given) * share < request.confidence) break;
      if (writing.add(id, own, share)) break;
      const next = tree.child(node, id);
      if (tree.grow(node, next)) yield undefined;
      node = next;
      id = expectations.best(tree.logits(node), writing.required());
    }
    return writing.end();
  }

  return {
    *complete(request) {
      const before = model.steps();
      const { offset, prefix, most = Infinity } = request;
      const context = reading.contextWithin(text.place(offset), request.context, most);
      const from = yield* root.begin(offset, prefix, context);
      const wanted = Math.max(request.next, request.alternatives + 1);
      const next = expectations.list(tree.logits(from.node), from.required, wanted);
      const completions: Continuation[] = [];
      for (const { id } of next) {
        if (completions.length >= request.alternatives) break;
        if (id === text.tokenizer.unknown) continue;
        let made = completions.length === 0 ? yield* write(from, id, request, false) : undefined;
        if (made === undefined && request.alternatives === 1) break;
        made ??= yield* write(from, id, request, true);
        if (made === undefined || completions.some(({ text: other }) => other === made.text))
          continue;
        completions.push(made);
      }
      return {
        completions,
        next: next.slice(0, request.next),
        readFrom: root.readFrom(),
        isShort: root.readFrom() > 0 && context < reading.enough(request.context),
        steps: model.steps() - before,
      };
    },
    edited: root.edited,
    clear: tree.clear,
  };
}
