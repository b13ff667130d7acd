import { evaluationTable, metricsTable } from '../../protocol/history';
import type { ToPanel } from '../../protocol/panel';
import type { RunsChange } from '../runs/changes';

/** What a training adds to the run on show. */
export type News = Extract<RunsChange, { readonly kind: 'rows' | 'observation' | 'sampled' }>;

/** Of a page that draws nothing for so long, it is cheaper to send the whole state again. */
const mostPending = 500;

/** A page that draws fast gets news no more often, ms. */
const shortestPause = 50;

/** Sends a page what is new, no faster than the page can draw it. */
export interface Feed {
  /** Adds to what is sent when the page has drawn what it has. */
  add(id: string, news: News): void;
  /** Sends a message at once, after all that was added before. */
  send(message: ToPanel): void;
  /** The page has drawn what it was sent last. */
  drawn(): void;
  /** Forgets what was to be sent: nobody looks, or the whole state follows. */
  clear(): void;
}

export interface FeedOptions {
  readonly post: (message: ToPanel) => void;
  /** Sends the whole state, by `send`: the page has fallen too far behind. */
  readonly restart: () => void;
  /** Milliseconds that pass steadily. */
  readonly now: () => number;
  /** @returns what takes it back */
  readonly later: (action: () => void, milliseconds: number) => () => void;
}

/**
 * A page that draws slowly must not be sent what it has no time for: the messages would wait in line, and with them
 * the answer to what its user has just done. So there is one of them on its way at most, and between two the page has
 * as much time for other things as the last one took.
 */
export function createFeed({ post, restart, now, later }: FeedOptions): Feed {
  let pending = nothing();
  /** When what is being drawn was sent. */
  let sentAt: number | undefined;
  let stopWaiting: (() => void) | undefined;

  function clear(): void {
    pending = nothing();
    sentAt = undefined;
    stopWaiting?.();
    stopWaiting = undefined;
  }

  function flush(): void {
    const { id, count, metrics, evaluations, observations, samples } = pending;
    if (id === undefined || count === 0) return;
    pending = nothing();
    sentAt ??= now();
    post({
      ...{ type: 'append', id, metrics: metrics.columns(), evaluations: evaluations.columns() },
      ...{ observations, samples },
    });
  }

  return {
    add(id, news) {
      if (pending.id !== id) pending = { ...nothing(), id };
      // Counted, not kept: from here on only a restart can help.
      if (++pending.count > mostPending) return;
      if (news.kind === 'observation') pending.observations.push(news.observation);
      else if (news.kind === 'sampled') pending.samples.push(news.sample);
      else {
        pending.metrics.append(news.metrics);
        pending.evaluations.append(news.evaluations);
      }
      if (sentAt === undefined && stopWaiting === undefined) flush();
    },
    send(message) {
      if (message.type === 'hydrate') {
        clear();
        sentAt = now();
      } else if (pending.count <= mostPending) flush();
      post(message);
    },
    drawn() {
      if (sentAt === undefined) return;
      const took = now() - sentAt;
      sentAt = undefined;
      stopWaiting?.();
      stopWaiting = later(
        () => {
          stopWaiting = undefined;
          if (pending.count > mostPending) restart();
          else flush();
        },
        Math.max(shortestPause, took),
      );
    },
    clear,
  };
}

function nothing() {
  return {
    id: undefined as string | undefined,
    count: 0,
    metrics: metricsTable(),
    evaluations: evaluationTable(),
    observations: [] as Extract<News, { readonly kind: 'observation' }>['observation'][],
    samples: [] as Extract<News, { readonly kind: 'sampled' }>['sample'][],
  };
}
