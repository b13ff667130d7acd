/**
 * The engine worker on Node (dist/worker.js): a worker thread that serves one client. Started as a process it tries
 * the wide kernels, for which it has all that is needed.
 */
import os from 'node:os';
import path from 'node:path';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { version } from '../../package.json';
import { takeScratch } from '../core/data/scratch';
import type { Client } from '../protocol/client';
import { workInBackground } from './background';
import { gitStateOf } from './git';
import { createHandler } from './handler';
import { jobFunctions } from './jobs';
import { neighbour, serveAt } from './neighbour';
import { nodeFiles } from './node-files';
import { openNodeScratch } from './node-scratch';
import type { Platform } from './platform';
import { sha256 } from './sha256';
import { isIntroduction, type EngineSetup, type Introduction } from './setup';
import { nodeThreads } from './spawn';
import { useOfferedKernels, useWideKernels } from './wide';
import { probeWideKernels } from './wide-probe';

const setup = workerData as EngineSetup | null;
let kernelsChosen: Promise<boolean> | undefined;
let trainer: Client | undefined;

function chooseKernels(): Promise<boolean> {
  return setup?.kernels ? useOfferedKernels(setup.kernels) : useWideKernels(__filename);
}

const platform: Platform = {
  files: nodeFiles,
  // The build puts the compute threads' entry beside this file.
  spawn: nodeThreads(path.join(__dirname, 'thread.js')),
  async beforeComputing() {
    await (kernelsChosen ??= chooseKernels());
    if (setup?.background === true) workInBackground();
  },
  ...(setup?.rightOfWay && { rightOfWay: setup.rightOfWay }),
  get trainer() {
    return trainer;
  },
  software: { rnnLab: version, node: process.versions.node },
  cores: os.availableParallelism(),
  // macOS counts as free only what has never been used.
  availableMemory: () => (process.platform === 'darwin' ? undefined : process.availableMemory()),
  git: gitStateOf,
  createHash: sha256,
  now: () => performance.now() / 1000,
  date: () => Date.now(),
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
};

function serveClient(client: MessagePort): void {
  const serve = createHandler(platform, jobFunctions);
  const receive = serveAt(client, serve);
  const meet = ({ meet: whom, port }: Introduction): void => {
    if (whom === 'client') port.on('message', serveAt(port, serve));
    else trainer = neighbour(port);
  };
  client.on('message', (message) => {
    if (isIntroduction(message)) meet(message);
    else receive(message);
  });
}

takeScratch(openNodeScratch);
if (parentPort === null) probeWideKernels();
else serveClient(parentPort);
