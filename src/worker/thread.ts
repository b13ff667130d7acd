/** Entry of a compute thread (dist/thread.js): serves the engine's main thread until told to stop. */
import { workerData } from 'node:worker_threads';
import { serveThread, type ThreadInit } from '../core/kernels/threads';

serveThread(workerData as ThreadInit);
