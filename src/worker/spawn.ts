import { Worker } from 'node:worker_threads';
import type { SpawnThread } from '../core/kernels/threads';
import { sentence } from '../core/sentence';
import { WordedError } from '../core/worded-error';

const trainAgain = sentence`Train again, with fewer threads if it happens again.`;

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
      if (ended) return;
      const reason = error.message.replace(/\.$/, '');
      const problem = sentence`A compute thread has died: ${reason}.`;
      failed(new WordedError(problem, trainAgain, { cause: error }));
    });
    worker.on('exit', (code) => {
      if (ended) return;
      const problem = sentence`A compute thread has ended by itself (exit code ${code}).`;
      failed(new WordedError(problem, trainAgain));
    });
    return {
      end() {
        ended = true;
        void worker.terminate();
      },
    };
  };
}
