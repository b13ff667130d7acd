/** A followed model with its documents: answers questions in slices, the urgent ones first. */
import type { Structure } from '../../core/engine/structure';
import type { RefreshRequest, RefreshResult } from '../../protocol/engine';
import type { Work } from '../work';
import type { OpenModel } from '../models';
import { createDocuments, type FollowedDocument, type View } from './documents';
import { createLanes, type Urgency } from './lanes';
import { createSpare, createWeights, fetchWeights, putWeights, type Weights } from './weights';

/** A question about a document. */
export interface Question<T> {
  readonly document: string;
  readonly version: number;
  /** Where it asks: what is read again first when the weights change. */
  readonly offset: number;
  readonly urgency: Exclude<Urgency, 'warm'>;
  /** The work, bit by bit; begun again if the weights change meanwhile. */
  readonly work: (view: View, weights: Weights) => Generator<unknown, T, undefined>;
  /** Called with what the work yields, once a slice. */
  readonly progress?: (value: unknown) => void;
}

/** An answer, and the updates that made the weights that gave it. */
export interface Answer<T> {
  readonly value: T;
  readonly step: number;
}

export interface Session {
  readonly documents: ReturnType<typeof createDocuments>;
  readonly context: number;
  readonly weights: () => Weights;
  /**
   * @returns undefined if it was overtaken: by another version, a newer question, or a stop
   * @throws JobError if the document is not open
   */
  ask<T>(job: Work, question: Question<T>): Promise<Answer<T> | undefined>;
  /** Reads on where a document was asked about last, while nothing else is to be done, until its whole context is read. */
  readOn(job: Work, document: string, context: number): void;
  refresh(job: Work, request: RefreshRequest): Promise<RefreshResult>;
  close(): void;
}

export interface SessionOptions {
  readonly context: number;
  /** Bytes of cached states, all together. */
  readonly memory: number;
}

/** Longest time without letting messages in, s. */
const sliceSeconds = 0.002;
/** Most states that are kept of a document. */
const mostStates = 1024;
/** Documents that are read with new weights before these come into force. */
const mostWarmed = 2;

export function createSession(
  open: OpenModel,
  structure: Structure,
  { context, memory }: SessionOptions,
): Session {
  const lanes = createLanes();
  let current = createWeights(open.network, open.tokenizer, structure, open.step);
  let spare: Weights | undefined;
  const { bytes } = current.reader.states;
  const limit = Math.max(16, Math.min(mostStates, Math.floor(memory / bytes / 4)));
  const documents = createDocuments(current, limit);
  let isClosed = false;
  let looking = Promise.resolve();
  let refreshing: Promise<unknown> | undefined;
  let lastRefresh = 0;

  function isWithinMemory(): boolean {
    const used = current.reader.states.used() + (spare?.reader.states.used() ?? 0);
    return used * bytes <= memory;
  }

  /**
   * Runs a generator to its end, in slices between which messages are handled and more urgent work is done.
   * @returns undefined if it became useless on the way
   */
  async function inSlices<T>(
    job: Work,
    urgency: Urgency,
    work: Generator<unknown, T, undefined>,
    isUseless: () => boolean,
    progress: (value: unknown) => void = () => undefined,
  ): Promise<{ readonly value: T } | undefined> {
    try {
      for (;;) {
        const end = job.platform.now() + sliceSeconds;
        let result = work.next();
        while (result.done !== true && job.platform.now() < end) result = work.next();
        if (result.done === true) return { value: result.value };
        progress(result.value);
        do await job.breathe();
        while (lanes.mustWait(urgency) && !isUseless());
        if (isUseless()) return undefined;
      }
    } finally {
      work.return(undefined as never);
    }
  }

  /** One look after the other: they share what they have run forward. */
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = looking;
    let done: () => void = () => undefined;
    looking = new Promise((resolve) => (done = resolve));
    await before;
    try {
      return await work();
    } finally {
      done();
    }
  }

  async function ask<T>(job: Work, question: Question<T>): Promise<Answer<T> | undefined> {
    const { urgency, work, progress } = question;
    const document = documents.find(question.document);
    if (document.version !== question.version) return undefined;
    const { changes } = document;
    const number = urgency === 'read' ? 0 : ++document.latest[urgency];
    const isOvertaken = (): boolean =>
      isClosed ||
      job.stopped() ||
      document.changes !== changes ||
      (urgency !== 'read' && document.latest[urgency] !== number);
    document.place = question.offset;
    const leave = lanes.enter(urgency);
    document.asked++;
    try {
      const attempt = async (): Promise<Answer<T> | undefined> => {
        while (!isOvertaken()) {
          const weights = current;
          const { step } = weights;
          const isUseless = (): boolean => isOvertaken() || current !== weights;
          const generator = work(document.view(weights), weights);
          const done = await inSlices(job, urgency, generator, isUseless, progress);
          if (done !== undefined) return { value: done.value, step };
        }
        return undefined;
      };
      return await (urgency === 'look' ? inTurn(attempt) : attempt());
    } finally {
      leave();
      document.asked--;
      documents.trim(isWithinMemory);
    }
  }

  /** Documents that are read on. */
  const readOn = new Set<string>();

  async function deepen(job: Work, name: string, tokens: number): Promise<void> {
    const weights = current;
    const document = documents.find(name);
    const leave = lanes.enter('warm');
    readOn.add(name);
    document.asked++;
    try {
      await warmDocument(job, weights, document, tokens, () => current !== weights);
    } finally {
      leave();
      readOn.delete(name);
      document.asked--;
      documents.trim(isWithinMemory);
    }
  }

  /** Reads what was asked about last, with weights that are not yet in force. */
  async function warm(job: Work, weights: Weights): Promise<void> {
    const leave = lanes.enter('warm');
    try {
      for (const document of documents.recent().slice(0, mostWarmed)) {
        await warmDocument(job, weights, document);
      }
    } finally {
      leave();
    }
  }

  async function warmDocument(
    job: Work,
    weights: Weights,
    document: FollowedDocument,
    tokens = context,
    isOld = (): boolean => false,
  ): Promise<void> {
    for (;;) {
      const { changes, text } = document;
      if (isClosed || isOld() || document.place > text.length()) return;
      const { reading } = document.view(weights);
      const work = reading.at(text.place(document.place), tokens);
      const isUseless = (): boolean => isClosed || isOld() || document.changes !== changes;
      if ((await inSlices(job, 'warm', work, isUseless)) !== undefined) return;
    }
  }

  async function replace(job: Work, request: RefreshRequest): Promise<number> {
    const { model } = current.reader.network;
    const given = await fetchWeights(job.platform, model, request.weights);
    if (isClosed) return given.step;
    spare ??= createSpare(job.platform, current, structure);
    documents.clear(spare);
    putWeights(spare, given);
    if (request.warm !== false) await warm(job, spare);
    const old = current;
    current = spare;
    spare = old;
    documents.clear(old);
    return given.step;
  }

  return {
    documents,
    context,
    ask,
    weights: () => current,
    readOn(job, document, tokens) {
      // Who asks next reads what is missing by himself.
      if (!readOn.has(document)) deepen(job, document, tokens).catch(() => undefined);
    },
    async refresh(job, request) {
      const number = ++lastRefresh;
      while (refreshing !== undefined) await refreshing;
      if (number !== lastRefresh || isClosed) return { step: null };
      const work = replace(job, request);
      refreshing = work.catch(() => undefined).then(() => (refreshing = undefined));
      return { step: await work };
    },
    close() {
      isClosed = true;
      open.close();
      for (const weights of [current, spare]) weights?.reader.network.backend.close();
    },
  };
}
