/*
 * Numbers that the encoder (TypeScript) and the machine (AssemblyScript) must agree on. Both
 * compilers read this very file, so it may only hold enums.
 */

/** Opcodes of encoded instructions; word 0 of an instruction, word 1 is its length in words. */
export enum Op {
  gather = 0,
  onehot = 1,
  product = 2,
  elementwise = 3,
  softmax = 4,
  softmaxGradient = 5,
  layernorm = 6,
  layernormGradient = 7,
  dropoutMask = 8,
  crossEntropy = 9,
  outer = 10,
  scatter = 11,
  sum = 12,
  bernoulli = 13,
  squaredError = 14,
  stepSum = 15,
  spread = 16,
  perStep = 17,
  argmax = 18,
  pick = 19,
  unpick = 20,
  dot = 21,
  additive = 22,
  stepSoftmax = 23,
  mix = 24,
  unmix = 25,
  additiveGradient = 26,
  copyValues = 27,
  border = 28,
}

/** Opcodes of the steps of an elementwise chain; the names are those of `ElementOperation`. */
export enum Step {
  copy = 0,
  add = 1,
  subtract = 2,
  multiply = 3,
  divide = 4,
  negate = 5,
  tanh = 6,
  sigmoid = 7,
  relu = 8,
  exp = 9,
  log = 10,
  softplus = 11,
  sqrt = 12,
  abs = 13,
  tanhGradient = 14,
  sigmoidGradient = 15,
  reluGradient = 16,
  absGradient = 17,
}

/** Where an operand of an elementwise step lies. */
export enum Slot {
  /** A view: its address moves with the row and along the row. */
  view = 0,
  /** A strip of the thread's own scratch; the address is relative to the scratch. */
  scratch = 1,
  /** A strip of equal values. */
  constant = 2,
}

/** Kinds of phases. */
export enum Kind {
  sweep = 0,
  forward = 1,
  backward = 2,
  reduction = 3,
}

/** What a phase has rows for; the names are those of `Domain`. */
export enum Domain {
  example = 0,
  t = 1,
  u = 2,
  count = 3,
}

/** By what an additive attention's gradient is; the names are those of the instruction. */
export enum By {
  query = 0,
  keys = 1,
  vector = 2,
}

/** Words of what is known of the rows of a domain. */
export enum Axis {
  /** Capacity; 0: no instruction runs over it. */
  steps = 0,
  /** Address of token ids `[T, B]`. */
  tokens = 1,
  /** Tokens must be in [0, tokenLimit). */
  tokenLimit = 2,
  /** Address of the number of steps of each row `[B]`. */
  lengths = 3,
  /** Address of the runs of rows, and of the number of each step's first one `[T + 1]`; see axes.ts. */
  runs = 4,
  firstRuns = 5,
  words = 6,
}

/** Words at the start of an encoded program. */
export enum Header {
  batch = 0,
  sequence = 1,
  /** 1: rows are streams that have all steps. */
  streams = 2,
  /** Address of target ids `[T, B]`. */
  targets = 3,
  /** Address of losses `[T, B]`. */
  losses = 4,
  /** What the loss has rows for. */
  lossDomain = 5,
  /** Targets must be below targetLimit. */
  targetLimit = 6,
  /** Address of the phases; each is kind, address after its last instruction, domain, instructions. */
  phases = 7,
  phasesEnd = 8,
  /** Address of the carried states: per state address, time stride, row stride, padded width in bytes, lag. */
  carried = 9,
  carriedEnd = 10,
  /** Address of the packing list: per matrix source, inputs, columns, packed or 0, packed transposed or 0. */
  packing = 11,
  packingEnd = 12,
  parameters = 13,
  gradients = 14,
  parameterFloats = 15,
  /** Address of the first phase of the backward pass. */
  backward = 16,
  /** Address of dropout keys `[B]`. */
  keys = 17,
  /** Address of the matrices whose rows tokens pick; see `Picked`. */
  picked = 18,
  pickedEnd = 19,
  /** The domains' words. */
  axes = 20,
  words = 38,
}

/** Words of a matrix whose gradient is zero but for the rows that tokens pick, in the order of their places. */
export enum Picked {
  /** First float in the parameter block, rows and floats of a row. */
  offset = 0,
  rows = 1,
  columns = 2,
  /** Address of the rows that the batch picks, a bit each, and of those whose gradient the run before may have left. */
  touched = 3,
  stale = 4,
  /** The domains whose tokens pick, a bit each. */
  domains = 5,
  words = 6,
}

/** Words at the start of the memory: what a job is, and what came of it. */
export enum Control {
  /** Not 0: a thread failed or did not answer; all others give up. */
  abort = 0,
  /** Not 0: threads return to their caller. */
  stop = 1,
  /** Seconds without progress of any thread after which the silent ones are taken for dead. */
  patience = 2,
  barrierCount = 16,
  barrierGeneration = 32,
  /** Address of the encoded program. */
  program = 48,
  /** 1: optimiser update after the gradients. */
  train = 49,
  dropoutKey = 50,
  /** Number of threads that work on this job, and of those that have batch rows. */
  participants = 51,
  rowThreads = 52,
  /** Address of the first thread's scratch and bytes between two threads' scratches. */
  scratch = 53,
  scratchStride = 54,
  /** Address of the norm's partial sums (f64). */
  partials = 55,
  first = 56,
  second = 57,
  matrixFloats = 58,
  /** 1 / number of targets (f32). */
  lossScale = 59,
  /** Steps [stepFrom, stepTo) of `partDomain` and phases from one address to another that run. */
  stepFrom = 60,
  stepTo = 61,
  phaseFrom = 62,
  phaseTo = 63,
  /** Update (f32 unless said otherwise); `optimizer` is an integer. */
  optimizer = 64,
  learningRate = 65,
  clip = 66,
  clipValue = 67,
  momentum = 68,
  alpha = 69,
  beta1 = 70,
  beta2 = 71,
  epsilon = 72,
  /** What JavaScript works out in double precision: 1 - α, 1 - β₁, 1 - β₂, 1 - η λ, η / (1 - β₁ᵗ), 1 / (1 - β₂ᵗ). */
  alphaRest = 73,
  beta1Rest = 74,
  beta2Rest = 75,
  kept = 76,
  meanRate = 77,
  squareFactor = 78,
  /** Results: number of targets, sum of losses (f64), global norm (f64), offending position. */
  count = 80,
  lossSum = 82,
  norm = 84,
  position = 86,
  /** 1: a part of a run, after which states are not moved and losses not added. */
  partial = 87,
  /** Address of times in milliseconds (f64), one for each word of the encoded program; 0: none are taken. */
  profile = 88,
  /** The domain of whose steps a part runs; phases of others run with the part that begins at step 0. */
  partDomain = 90,
  /** 1: the update passes over rows that no token picks. */
  passOver = 91,
  /** Floats at the start of the parameters that no update changes. */
  frozenFloats = 92,
  /** 1: threads ask again and again whether others go first. */
  polite = 89,
}

/**
 * What the first thread does beside instructions; their times stand at these words, those of
 * instructions at their first words.
 */
export enum Part {
  /** Waiting for other threads. */
  waiting = 0,
  /** Moving the last states before the first. */
  carrying = 1,
  /** Sums of squares for the gradient's global norm. */
  norm = 2,
  /** The optimiser's update. */
  update = 3,
  /** Fresh packed copies of the weights. */
  packing = 4,
  /** The sum of the losses. */
  losses = 5,
}

/** The optimisers, in the order of their numbers. */
export enum Optimizer {
  sgd = 0,
  momentum = 1,
  adagrad = 2,
  rmsprop = 3,
  adam = 4,
  lazyAdam = 5,
}

/** Words of a thread's slot. */
export enum Thread {
  /** Number of jobs handed to this thread; it waits here. */
  mailbox = 0,
  rank = 1,
  /** 1: waits for jobs. */
  ready = 2,
  /** Goes up with each instruction, so that others see it is alive. */
  progress = 3,
  words = 32,
}

/** What `run` returns. */
export enum Status {
  done = 0,
  badToken = 1,
  badTarget = 2,
}

/** Bytes unless said otherwise. */
export enum Size {
  /** Where thread slots start, and how many there are. */
  threads = 4096,
  maxThreads = 64,
  /** The table of coefficients. */
  constants = 2048,
  /** Zeros that sums start from: 192 bytes. */
  zeros = 3072,
  /** Where all the rest starts. */
  free = 12288,
  /** Floats of a strip. */
  strip = 256,
  /** Batch rows whose addresses are noted at once in a product. */
  rowBlock = 96,
  /** Inputs that a product's inner loop runs over before it turns to the next tile. */
  depthBlock = 256,
  /** Rows of a sweep after which threads that are polite ask whether others go first: a millisecond at H = 512. */
  politeRows = 256,
  /** Rows that `outer` and `sum` add up before they touch the gradient. */
  sumBlock = 256,
  /** Columns of the right operand that `outer` packs at once. */
  outerColumns = 256,
  /** Floats in a block of the norm's partial sums. */
  normBlock = 4096,
  /** Places in a thread's scratch: row addresses, packed left and right operand, slot table and strips. */
  rowTable = 0,
  leftPack = 1024,
  rightPack = 9216,
  slots = 271360,
}
