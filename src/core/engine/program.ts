/**
 * The program: what the plan compiler makes of a model and what both backends run.
 *
 * All tensors live in one arena of floats (float32 in WebAssembly memory, float64 in the
 * reference backend); a program speaks of them by offsets counted in floats.
 * How a row lies in it: `pad`.
 */
import type { ElementOperation } from '../graph/elements';
import type { Domain, Span } from '../graph/operation';

/**
 * Where the values of one quantity are: row (t, b) starts at `offset + t·timeStride + b·rowStride`.
 * `rowStride` 0 is one row for the whole batch (a bias), `timeStride` 0 a scratch row reused at each step, or what
 * stands once for an example. An example's steps lie at t = 0 … length - 1; rows past them belong to nobody, and
 * hold what a step reads from beyond the end.
 */
export interface View {
  readonly offset: number;
  readonly timeStride: number;
  readonly rowStride: number;
  /** Number of values in a row (without padding). */
  readonly width: number;
}

/**
 * A matrix as stored: `[inputs, columns]` row-major, the transpose of the equation's matrix, so that
 * row k holds what input k adds to every output. Matrices that share an operand stand side by side
 * in one storage; `columns` counts padding.
 */
export interface MatrixStorage {
  /** Offset in the parameter block; the gradient has the same offset in the gradient block. */
  readonly offset: number;
  /** K, the width of the operand. */
  readonly inputs: number;
  /** N, the padded width of all the outputs together; also the row stride. */
  readonly columns: number;
}

/** An operand of an elementwise step: one of the instruction's inputs, an earlier step's result, or a number. */
export type ElementOperand =
  | { readonly kind: 'input'; readonly index: number }
  | { readonly kind: 'step'; readonly index: number }
  | { readonly kind: 'constant'; readonly value: number };

/** Step i of an elementwise chain defines value i (static single assignment). */
export interface ElementStep {
  readonly operation: ElementOperation;
  readonly a: ElementOperand;
  /** Present exactly for operations of two operands. */
  readonly b?: ElementOperand;
}

/** Where the rows of a sequence are, and of which. */
export interface Sequence {
  readonly view: View;
  readonly axis: Domain;
}

/**
 * One instruction. Those of sweeps and loops work on any set of batch rows independently (threads
 * divide the rows); those of the reduction divide the output columns or rows instead.
 * In a sweep an instruction covers all T steps, in a loop one step.
 */
export type Instruction =
  /** out = storage[token[t, b] row, columns]: a one-hot input's product is a gather of rows. */
  | {
      readonly op: 'gather';
      readonly storage: number;
      readonly column: number;
      readonly out: View;
    }
  /** out = one-hot row of token[t, b]. */
  | { readonly op: 'onehot'; readonly out: View }
  /**
   * out (+)= input · M with M = storage's columns [column, column + pad(width)); input is K wide, out N wide.
   * Transposed: out (+)= input · Mᵀ; input is N wide (padding included), out K wide.
   */
  | {
      readonly op: 'product';
      readonly storage: number;
      readonly column: number;
      readonly transposed: boolean;
      readonly accumulate: boolean;
      readonly input: View;
      readonly out: View;
    }
  /** A chain over strips: results of `stores` go out to memory, the rest stays in the strip. */
  | {
      readonly op: 'elementwise';
      readonly width: number;
      readonly inputs: readonly View[];
      readonly steps: readonly ElementStep[];
      readonly stores: readonly { readonly step: number; readonly out: View }[];
    }
  /** out = softmax(input) over the row. */
  | { readonly op: 'softmax'; readonly input: View; readonly out: View }
  /** out = p ∘ (g - Σ p g), p the softmax's output. */
  | {
      readonly op: 'softmaxGradient';
      readonly output: View;
      readonly gradient: View;
      readonly out: View;
    }
  /** out = (input - mean) / sqrt(variance + 1e-5), over the row (Ba et al. 2016); biased variance. */
  | { readonly op: 'layernorm'; readonly input: View; readonly out: View }
  /** From the input x, its normalised output y and the incoming g: (g - mean(g) - y mean(g y)) / sqrt(variance(x) + 1e-5). */
  | {
      readonly op: 'layernormGradient';
      readonly input: View;
      readonly output: View;
      readonly gradient: View;
      readonly out: View;
    }
  /** Inverted dropout's mask: 0 with probability `rate`, else 1 / (1 - rate); see `dropoutHash`. */
  | {
      readonly op: 'dropoutMask';
      readonly rate: number;
      readonly stream: number;
      readonly out: View;
    }
  | StepInstruction
  /**
   * losses[t, b] = w (logsumexp(logits) - logits[target]), in nats; 0 where target < 0. w is the target's of `weights`, 1
   * if there are none. With `gradient`: (softmax(logits) - onehot(target)) · w · lossScale, 0 where target < 0. It may be
   * the logits' own view.
   */
  | {
      readonly op: 'crossEntropy';
      readonly logits: View;
      readonly gradient: View | undefined;
      /** One row, the same for all steps and rows of the batch. */
      readonly weights?: View | undefined;
    }
  /**
   * losses[t, b] = Σ softplus(z) - y z, the cross-entropy of independent Bernoulli variables with logits z, in nats; or
   * Σ ½ (z - y)². 0 where target < 0. With `gradient`: (sigmoid(z) - y) · lossScale, or (z - y) · lossScale.
   */
  | {
      readonly op: 'bernoulli' | 'squaredError';
      readonly logits: View;
      readonly target: View;
      readonly gradient: View | undefined;
    }
  /** Reduction. gradient of storage's columns [column, column + right.width) (+)= Σ_{t,b} leftᵀ right. left is K wide. */
  | {
      readonly op: 'outer';
      readonly storage: number;
      readonly column: number;
      readonly accumulate: boolean;
      readonly left: View;
      readonly right: View;
    }
  /** Reduction. gradient row token[t, b] of storage += right, after clearing it unless `accumulate`. */
  | {
      readonly op: 'scatter';
      readonly storage: number;
      readonly column: number;
      readonly accumulate: boolean;
      readonly right: View;
    }
  /** Reduction. gradient at `parameter` (offset in the block) (+)= Σ_{t,b} input. */
  | {
      readonly op: 'sum';
      readonly parameter: number;
      readonly accumulate: boolean;
      readonly input: View;
    };

/** Instructions that read whole sequences, or write what lies around them. */
export type StepInstruction =
  /** out = Σ input over the span's steps. */
  | {
      readonly op: 'stepSum';
      readonly input: Sequence;
      readonly span: Span;
      readonly out: View;
    }
  /** out = input at the span's steps of the phase's sequence, else 0. */
  | { readonly op: 'spread'; readonly span: number; readonly input: View; readonly out: View }
  /** out = input / number of the example's steps. */
  | { readonly op: 'perStep'; readonly axis: Domain; readonly input: View; readonly out: View }
  /** out = the first step at which each value is largest. */
  | { readonly op: 'argmax'; readonly input: Sequence; readonly out: View }
  /** out[i] = input at step steps[i], value i. */
  | { readonly op: 'pick'; readonly input: Sequence; readonly steps: View; readonly out: View }
  /** out[i] = gradient[i] where this step is steps[i], else 0. */
  | { readonly op: 'unpick'; readonly steps: View; readonly gradient: View; readonly out: View }
  /** out[t] = query · keys[t], 0 past the last step. */
  | { readonly op: 'dot'; readonly query: View; readonly keys: Sequence; readonly out: View }
  /** out[t] = vector · tanh(query + keys[t]), 0 past the last step. */
  | {
      readonly op: 'additive';
      readonly query: View;
      readonly keys: Sequence;
      readonly vector: View;
      readonly out: View;
    }
  /** out = softmax of the example's steps, 0 past the last one. */
  | { readonly op: 'stepSoftmax'; readonly axis: Domain; readonly input: View; readonly out: View }
  /** out = Σ_t weights[t] values[t]. */
  | { readonly op: 'mix'; readonly weights: View; readonly values: Sequence; readonly out: View }
  /** At step t of the phase's sequence: out = Σ over the weights' rows of weights[t] gradient. */
  | {
      readonly op: 'unmix';
      readonly weights: Sequence;
      readonly gradient: View;
      readonly out: View;
    }
  /**
   * With e[t] = scores[t] vector (1 - tanh²(query + keys[t])): by query out = Σ_t e[t]; by keys, at step t of the phase's
   * sequence, out = Σ over the query's rows of e[t]; by vector out = Σ_t scores[t] tanh(query + keys[t]).
   */
  | {
      readonly op: 'additiveGradient';
      readonly by: 'query' | 'keys' | 'vector';
      readonly query: Sequence;
      readonly keys: Sequence;
      readonly vector: View;
      readonly scores: View;
      readonly out: View;
    }
  /** out[to … to + count) = input[from … from + count). */
  | {
      readonly op: 'copyValues';
      readonly input: View;
      readonly from: number;
      readonly out: View;
      readonly to: number;
      readonly count: number;
    }
  /**
   * The `lag` rows before the first step of a sequence, for a negative lag those after the last one:
   * start where there is one, else `initial`.
   */
  | {
      readonly op: 'border';
      readonly out: Sequence;
      readonly lag: number;
      readonly initial: number;
      readonly start: View | undefined;
    };

/**
 * A stretch of the program. `sweep`: each instruction over all T·B rows, one after the other.
 * `loop`: for each t in the direction's order, all instructions at that t. `reduction`: after all
 * rows are done, sums over T·B rows into gradients.
 */
export interface Phase {
  readonly kind: 'sweep' | 'forward loop' | 'backward loop' | 'reduction';
  /** What its instructions have rows for. */
  readonly domain: Domain;
  readonly instructions: readonly Instruction[];
}

/** Rows of a state carried from one chunk to the next: after a run, the last `lag` steps move before the first. */
export interface CarriedState {
  /** Qualified name of the variable, e.g. `layer1.h`. */
  readonly name: string;
  /** The state's steps 0 … T-1; its `lag` steps before 0 stand right before `offset`. */
  readonly view: View;
  readonly lag: number;
  /** Value before the first step. */
  readonly initial: number;
}

/** What of a program runs, and over which steps, `to` excluded. */
export interface Part {
  readonly pass: 'forward' | 'backward';
  /**
   * The sequence whose steps these are; the source if not given. What there are rows of another domain for runs whole
   * with the part that begins at step 0, and not again: an answer is read step by step behind a source that is kept.
   */
  readonly axis?: Domain;
  readonly from: number;
  readonly to: number;
}

/** What later steps of examples read: of each step up to `lag` steps after it. */
export interface DelayedRows {
  readonly view: View;
  readonly axis: Domain;
  readonly lag: number;
}

/** A gradient of which each step reads what `lag` later steps have left. */
export interface AdvancedGradient {
  /** Steps 0 … T-1; the `lag` steps after the last one are zero unless someone writes there. */
  readonly view: View;
  readonly lag: number;
}

/** A product of (stacked) matrices with a vector, as its gradient needs it: Σ_t right leftᵀ. */
export interface ProductTerms {
  /** Qualified names; matrix i's outputs start at `starts[i]` of the right side. */
  readonly matrices: readonly string[];
  readonly starts: readonly number[];
  /** What the matrices are multiplied with. */
  readonly left: View;
  /** The loss's gradient by the product. */
  readonly right: View;
}

/**
 * A complete forward (and, for training, backward) pass over a chunk of T steps and B rows, or over up to B examples
 * of up to T steps.
 */
export interface Program {
  readonly batch: number;
  readonly sequence: number;
  /** Capacities; 1 for examples, 0 for a sequence that no instruction runs over. */
  readonly steps: Readonly<Record<Domain, number>>;
  /** Whether rows are streams whose states are carried on, or examples of lengths that each run is told. */
  readonly rows: 'streams' | 'examples';
  readonly phases: readonly Phase[];
  /** Number of the first phase of the backward pass; undefined where the program runs as a whole only. */
  readonly backward: number | undefined;
  readonly storages: readonly MatrixStorage[];
  /** Offset of the parameter block in the arena, and of the gradients; both `parameterFloats` long. */
  readonly parameters: number;
  readonly gradients: number;
  readonly parameterFloats: number;
  readonly carried: readonly CarriedState[];
  /** Of examples alone. */
  readonly delayed: readonly DelayedRows[];
  readonly advanced: readonly AdvancedGradient[];
  /** Of the matrices that the recurrence goes through; in mode `look` only. */
  readonly terms: readonly ProductTerms[];
  /** Offset of losses `[T, B]` (row stride 1, no padding); each in nats. */
  readonly losses: number;
  /** What the loss has rows for. */
  readonly lossDomain: Domain;
  /** Where given numbers are to be written: `x[t]`, `x[u]`, `x`, and `y` for what the prediction should be. */
  readonly given: ReadonlyMap<string, View>;
  /** Where what each class's loss counts is to be written, once; undefined: 1 for all. */
  readonly classWeights?: View | undefined;
  /** Readable quantities: named variables (`layer1.h`), `logits`, and gradients (`d layer1.h`) where the mode keeps them. */
  readonly probes: ReadonlyMap<string, View>;
  /** Floats of the arena this program uses: `[base, base + floats)`; everything in it starts as zero. */
  readonly base: number;
  readonly floats: number;
}

/** The key of one example's dropout. */
export function exampleKey(key: number, example: number): number {
  return key ^ Math.imul(example + 1, 0x27d4eb2f);
}

/**
 * The dropout decision of one value: a 32-bit mix (Wellons' lowbias32) of the step's key, the mask's
 * stream number and the value's index, so that any thread finds the same mask: `(t·B + b)·width + i`, with the key of
 * an example (`exampleKey`) `t·width + i`. Keep where the result, unsigned, is at least `rate · 2³²`.
 */
export function dropoutHash(key: number, stream: number, index: number): number {
  let x = key ^ Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca77);
  x ^= x >>> 16;
  x = Math.imul(x, 0x21f0aaad);
  x ^= x >>> 15;
  x = Math.imul(x, 0x735a2d97);
  x ^= x >>> 15;
  return x >>> 0;
}
