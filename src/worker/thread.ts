/** Entry of a compute thread (dist/thread.js): serves the engine's main thread until told to stop. */
import { workerData } from 'node:worker_threads';
import { servePeak } from '../core/kernels/peak';
import { serveThread, type ThreadInit } from '../core/kernels/threads';

const init = workerData as ThreadInit;
if (init.task === 'peak') servePeak(init);
else serveThread(init);
