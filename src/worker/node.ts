/** The engine worker on Node (dist/worker.js): a worker thread that serves one client. */
import os from 'node:os';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { version } from '../../package.json';
import type { EngineSetup } from '../protocol/client';
import { workInBackground } from './background';
import { createHandler } from './handler';
import { jobFunctions } from './jobs';
import { nodeFiles } from './node-files';
import type { Platform } from './platform';
import { sha256 } from './sha256';
import { nodeThreads } from './spawn';
import { useWideKernels } from './wide';

const setup = workerData as EngineSetup | null;
let kernelsChosen: Promise<boolean> | undefined;

const platform: Platform = {
  files: nodeFiles,
  // The build puts the compute threads' entry beside this file.
  spawn: nodeThreads(path.join(__dirname, 'thread.js')),
  async beforeComputing() {
    await (kernelsChosen ??= useWideKernels(path.join(__dirname, 'wide-probe.js')));
    if (setup?.background === true) workInBackground();
  },
  ...(setup?.rightOfWay && { rightOfWay: setup.rightOfWay }),
  software: { rnnLab: version, node: process.versions.node },
  cores: os.availableParallelism(),
  // macOS counts as free only what has never been used.
  availableMemory: () => (process.platform === 'darwin' ? undefined : process.availableMemory()),
  createHash: sha256,
  now: () => performance.now() / 1000,
  date: () => Date.now(),
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
};

if (parentPort === null)
  throw new Error('The engine runs in a worker thread: start it with new Worker(…).');
const port = parentPort;
const receive = createHandler(platform, jobFunctions, (message, transfer = []) => {
  port.postMessage(message, transfer);
});
port.on('message', receive);
