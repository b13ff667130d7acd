/** Trainings on the cores of this machine: small models side by side, each on a thread; large ones with more. */
import type { Client } from '../protocol/client';

/** What is done on a lane. */
export interface Task<Result> {
  /** Whether its model is so large that side by side they would only take the memory's speed from each other. */
  readonly isLarge: boolean;
  run(client: Client, threads: number, signal: AbortSignal): Promise<Result>;
}

export interface Lanes {
  /** Runs tasks in their order, as many at once as there are cores for; none is begun once stopped, or after one threw. */
  all<Result>(tasks: readonly Task<Result>[], signal: AbortSignal): Promise<Result[]>;
  /** Runs one while nothing else does, with all cores. */
  alone<Result>(run: (client: Client) => Promise<Result>): Promise<Result>;
  dispose(): Promise<void>;
}

/**
 * @param startEngine makes an engine of its own
 * @param cores how many threads may compute
 * @param most tasks side by side
 */
export function openLanes(startEngine: () => Client, cores: number, most: number): Lanes {
  const idle: Client[] = [];
  const started: Client[] = [];

  function take(): Client {
    const client = idle.pop();
    if (client !== undefined) return client;
    const engine = startEngine();
    started.push(engine);
    engine.onDeath(() => {
      started.splice(started.indexOf(engine), 1);
      const place = idle.indexOf(engine);
      if (place >= 0) idle.splice(place, 1);
    });
    return engine;
  }

  function give(client: Client): void {
    // One that has died is not used again.
    if (started.includes(client)) idle.push(client);
  }

  async function all<Result>(
    tasks: readonly Task<Result>[],
    signal: AbortSignal,
  ): Promise<Result[]> {
    const results: Result[] = [];
    const running = new Set<Promise<void>>();
    let free = cores;
    let failure: { readonly error: unknown } | undefined;
    // What is wrong with one is told soon: the others stop.
    const stopping = new AbortController();
    const stop = (): void => {
      stopping.abort();
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const begin = (index: number, threads: number): void => {
      const client = take();
      free -= threads;
      const end = tasks[index]!.run(client, threads, stopping.signal)
        .then(
          (result) => {
            results[index] = result;
          },
          (error: unknown) => {
            failure ??= { error };
            stop();
          },
        )
        .finally(() => {
          free += threads;
          give(client);
          running.delete(end);
        });
      running.add(end);
    };
    for (let next = 0; next < tasks.length;) {
      if (stopping.signal.aborted) break;
      const threads = threadsFor(tasks, next, running.size);
      if (threads > 0) begin(next++, threads);
      else await Promise.race(running);
    }
    await Promise.all(running);
    signal.removeEventListener('abort', stop);
    if (failure !== undefined) throw failure.error;
    return results;

    /** 0: not now. */
    function threadsFor(queue: readonly Task<Result>[], next: number, busy: number): number {
      if (queue[next]!.isLarge) return busy === 0 ? cores : 0;
      const lanes = Math.min(most - busy, queue.length - next, free);
      return lanes <= 0 ? 0 : Math.max(1, Math.floor(free / lanes));
    }
  }

  return {
    all,
    async alone(run) {
      const client = take();
      try {
        return await run(client);
      } finally {
        give(client);
      }
    },
    async dispose() {
      await Promise.all(started.splice(0).map((client) => client.dispose()));
    },
  };
}
