/**
 * The reader: models that follow documents as they are typed, in an engine of their own, so that a keystroke
 * never waits for a training step. Completions, the view of the text at the cursor and the lenses ask it.
 *
 * Whoever wants to know something asks with a run and a document, and need do nothing else:
 *
 * - The run's model is opened with the first question. `runOf` of `choice.ts` says which run is a document's own.
 * - A document is sent whole with the first question about it; from then on each change of it is sent as it is made,
 *   until it is closed. Answers are about the document as it is when it is asked; one that changes before the
 *   answer is there has none.
 * - Weights of a training are fetched while somebody asks, and `onDidChange` tells when others are in force.
 * - Of two questions the urgent one is answered first: `complete`, then `look`, then `read` and `findUnits`.
 */
import {
  EventEmitter,
  workspace,
  type CancellationToken,
  type Event,
  type LogOutputChannel,
  type TextDocument,
} from 'vscode';
import type { ModelSource } from '../../protocol/engine';
import type { Engine } from '../engine';
import { knownRun, type Run } from '../runs/run';
import type { Runs } from '../runs/runs';
import { messageOf } from '../translate';
import { createSession, type Answer, type Asked, type Question, type Session } from './session';

export type { Answer, Asked, Question } from './session';

/** What becomes of a followed run. */
export interface FollowChange {
  /** Its folder. */
  readonly run: string;
}

export interface Reader {
  /** Opens a run's model and sends it a document, about which it will soon be asked. */
  prepare(run: string, document: TextDocument): void;
  /**
   * Asks what a run's model makes of a document as it is now: of a run that is trained, of its weights a
   * moment ago; of another, of its best checkpoint, or those of the step at which it is looked at (`Runs.travel`).
   *
   * @param run its folder
   * @returns undefined where the question was overtaken: by a change of the document, by a newer `complete`
   * or `look`, by the token
   * @throws EngineError that says why, such as a run without a checkpoint
   */
  ask<K extends Question>(
    run: string,
    kind: K,
    document: TextDocument,
    asked: Asked<K>,
    token?: CancellationToken,
  ): Promise<Answer<K> | undefined>;
  /** Other weights are in force: what was asked may be asked again. */
  readonly onDidChange: Event<FollowChange>;
  dispose(): void;
}

/** Models that are kept open; the one that was not asked for the longest time is closed first. */
const mostSessions = 2;
/** Weights of a training are fetched this often at most, milliseconds. */
const refreshInterval = 1000;
/** And so many times the time that it took the last time: what is near the cursor is read again with them. */
const timesCost = 10;
/** A model that nobody has asked for so long, or since the last refresh but one, is not refreshed; milliseconds. */
const patience = 10_000;
/** An engine that dies so often in a row without an answer */
const mostDeaths = 3;
/** is left alone for so long, milliseconds. */
const rest = 60_000;

interface Kept {
  readonly session: Session;
  lastAsked: number;
  /** Between two refreshes, milliseconds. */
  spacing: number;
  nextRefresh: number;
  isRefreshing: boolean;
  /** Of a training under way, of the best checkpoint, or of a kept step. */
  weights: 'live' | 'best' | number;
}

/** @param engine that reads, beside the one that trains */
export function createReader(engine: Engine, runs: Runs, log: LogOutputChannel): Reader {
  const kept = new Map<string, Kept>();
  const deaths = { inVain: 0, last: undefined as unknown, restUntil: 0 };
  const changes = new EventEmitter<FollowChange>();

  /** The training of a run in this window, once it has weights to give. */
  function trainingOf(folder: string): Run['job'] {
    const { trained } = runs;
    return trained?.folder === folder && trained.metrics.length > 0 ? trained.job : undefined;
  }

  /** The kept step at which a run is looked at; undefined: as it is now. */
  function traveledTo(folder: string): number | undefined {
    return knownRun(runs, folder)?.traveled;
  }

  function sourceOf(folder: string): ModelSource {
    const step = traveledTo(folder);
    if (step !== undefined) return { kind: 'run', run: folder, checkpoint: step };
    const training = trainingOf(folder);
    return training ? { kind: 'live', job: training.id } : { kind: 'run', run: folder };
  }

  function open(folder: string): Kept {
    const found = kept.get(folder);
    kept.delete(folder);
    const entry: Kept = found ?? {
      session: createSession(engine, sourceOf(folder)),
      lastAsked: 0,
      spacing: refreshInterval,
      nextRefresh: performance.now() + refreshInterval,
      isRefreshing: false,
      weights: traveledTo(folder) ?? (trainingOf(folder) ? 'live' : 'best'),
    };
    // The last one in the map is the one that was asked last.
    kept.set(folder, entry);
    for (const [oldest, { session }] of kept) {
      if (kept.size <= mostSessions) break;
      session.close();
      kept.delete(oldest);
    }
    return entry;
  }

  function drop(folder: string, entry: Kept) {
    entry.session.close();
    if (kept.get(folder) === entry) kept.delete(folder);
  }

  async function refresh(folder: string, entry: Kept, work: () => Promise<void>) {
    entry.isRefreshing = true;
    const start = performance.now();
    try {
      await work();
      const end = performance.now();
      entry.spacing = Math.max(refreshInterval, timesCost * (end - start));
      entry.nextRefresh = end + entry.spacing;
    } catch (error) {
      // The next question opens it again, with the weights that are wanted then.
      log.debug(`Reader: ${messageOf(error)}`);
      drop(folder, entry);
    }
    entry.isRefreshing = false;
    changes.fire({ run: folder });
    // Others may be wanted by now.
    catchUp();
  }

  /** Puts the weights in force that are wanted, where they are not. */
  function catchUp() {
    for (const [folder, entry] of kept) {
      if (entry.isRefreshing) continue;
      const step = traveledTo(folder);
      const training = step === undefined ? trainingOf(folder) : undefined;
      if (training) keepUp(folder, entry, training);
      else if (entry.weights !== (step ?? 'best')) fetchKept(folder, entry, step);
    }
  }

  /** Fetches the weights of a training as they are now, where somebody looks at them. */
  function keepUp(folder: string, entry: Kept, training: NonNullable<Run['job']>) {
    const now = performance.now();
    const isIdle = now - entry.lastAsked > Math.max(patience, 2 * entry.spacing);
    if (entry.weights === 'live' && (isIdle || now < entry.nextRefresh)) return;
    void refresh(folder, entry, async () => {
      await entry.session.refresh({ kind: 'live', job: training.id });
      entry.weights = 'live';
    });
  }

  /** A training that has ended leaves a checkpoint, whose weights are its best; earlier ones are travelled to. */
  function fetchKept(folder: string, entry: Kept, step: number | undefined) {
    entry.weights = step ?? 'best';
    const checkpoint = step === undefined ? {} : { checkpoint: step };
    const weights = { kind: 'run', run: folder, ...checkpoint } as const;
    void refresh(folder, entry, () => entry.session.refresh(weights));
  }

  const subscriptions = [
    runs.onDidChange(({ kind }) => {
      if (['rows', 'background', 'status', 'list'].includes(kind)) catchUp();
    }),
    workspace.onDidChangeTextDocument((event) => {
      for (const { session } of kept.values()) session.edited(event);
    }),
    workspace.onDidCloseTextDocument((document) => {
      for (const { session } of kept.values()) session.closed(document);
    }),
    changes,
  ];

  return {
    prepare(run, document) {
      if (deaths.inVain < mostDeaths) open(run).session.prepare(document);
    },
    async ask(run, kind, document, asked, token) {
      for (let isFirst = true; ; isFirst = false) {
        if (deaths.inVain >= mostDeaths && performance.now() < deaths.restUntil) throw deaths.last;
        const entry = open(run);
        entry.lastAsked = performance.now();
        const { version } = document;
        try {
          const answer = await entry.session.ask(kind, document, asked, token);
          if (answer !== undefined) deaths.inVain = 0;
          return answer;
        } catch (error) {
          const isDead = engine.isDeath(error);
          if (isDead && deaths.last !== error) {
            deaths.last = error;
            deaths.inVain++;
            deaths.restUntil = performance.now() + rest;
          }
          // Else only the question was wrong, such as one of a unit that the model has not.
          if (entry.session.isOver || isDead) drop(run, entry);
          // The engine was started again, or the training has ended and left its checkpoint.
          const isWorthAsking =
            isFirst && (isDead || (entry.session.isOver && entry.weights === 'live'));
          if (!isWorthAsking) throw error;
          if (document.version !== version) return undefined;
        }
      }
    },
    onDidChange: changes.event,
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      for (const { session } of kept.values()) session.close();
      void engine.close();
    },
  };
}
