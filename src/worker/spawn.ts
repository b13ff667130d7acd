import { Worker } from 'node:worker_threads';
import type { SpawnThread } from '../core/kernels/threads';

/**
 * Starts compute threads as worker threads of Node. They do not keep the process alive.
 * @param file the bundled `thread.ts`, usually `dist/thread.js` beside the caller
 */
export function nodeThreads(file: string): SpawnThread {
  return (init, failed) => {
    const worker = new Worker(file, {
      workerData: init,
      execArgv: [],
      name: `rnn-lab compute ${String(init.index)}`,
    });
    let ended = false;
    worker.unref();
    worker.on('error', (error) => {
      if (!ended)
        failed(new Error(`A compute thread has died: ${error.message}`, { cause: error }));
    });
    worker.on('exit', (code) => {
      if (!ended)
        failed(new Error(`A compute thread has ended by itself (exit code ${String(code)}).`));
    });
    return {
      end() {
        ended = true;
        void worker.terminate();
      },
    };
  };
}
