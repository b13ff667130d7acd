/**
 * The engine's own process (dist/engine.js): an engine for each line, in a thread of its own. This thread only hands
 * messages on, so that it hears at once when the host ends, whatever the engines do. It is a thread itself where the
 * host cannot have a process.
 */
import path from 'node:path';
import { MessageChannel, parentPort, Worker, type MessagePort } from 'node:worker_threads';
import { createRightOfWay } from '../core/right-of-way';
import { sentence, type Sentence } from '../core/sentence';
import { reasonOf } from '../protocol/client';
import { decodeToProcess, type FromProcess, type LineName } from '../protocol/lines';
import type { EngineSetup, Introduction } from './setup';
import { watchUrgent } from './urgent';
import { chooseWideKernels } from './wide';

interface Engine {
  readonly worker: Worker;
  /** Hands a message on to it. */
  tell(message: unknown): void;
}

const rightOfWay = createRightOfWay();
const engines = new Map<LineName, Engine>();
let kernels: Promise<WebAssembly.Module | undefined> | undefined;

/** Answers an engine that asks which kernels to use: the same for all, tried and compiled once. */
function offerKernels(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.once('message', () => {
    kernels ??= chooseWideKernels(path.join(__dirname, 'worker.js'));
    void kernels.then((module) => {
      port1.postMessage(module ?? null);
    });
  });
  return port2;
}

function begin(line: LineName): Engine {
  const offer = offerKernels();
  const workerData: EngineSetup =
    line === 'reader'
      ? { background: false, kernels: offer }
      : { background: true, kernels: offer, rightOfWay };
  // The build puts the threads' entries beside this file.
  const worker = new Worker(path.join(__dirname, 'worker.js'), {
    ...{ name: line, workerData, transferList: [offer] },
  });
  // Nobody waits for the trainer's answers as for the reader's.
  const urgent = line === 'reader' ? watchUrgent(rightOfWay) : undefined;
  let reason: Sentence | undefined;
  worker.on('message', (message) => {
    urgent?.answered(message);
    send({ type: 'message', line, message });
  });
  worker.on('error', (error) => {
    reason ??= reasonOf(error);
  });
  worker.on('exit', (code) => {
    if (engines.get(line) === engine) engines.delete(line);
    urgent?.forgotten();
    send({ type: 'ended', line, reason: reason ?? sentence`exit code ${code}` });
  });
  const engine: Engine = {
    worker,
    tell(message) {
      urgent?.asked(message);
      worker.postMessage(message);
    },
  };
  engines.set(line, engine);
  introduce();
  return engine;
}

/** The reader asks the trainer for its weights, past the host. */
function introduce(): void {
  const trainer = engines.get('trainer');
  const reader = engines.get('reader');
  if (trainer === undefined || reader === undefined) return;
  const { port1, port2 } = new MessageChannel();
  trainer.worker.postMessage({ meet: 'client', port: port1 } satisfies Introduction, [port1]);
  reader.worker.postMessage({ meet: 'trainer', port: port2 } satisfies Introduction, [port2]);
}

function receive(raw: unknown): void {
  const message = decodeToProcess(raw);
  const { line } = message;
  const engine = engines.get(line);
  if (message.type === 'message') {
    (engine ?? begin(line)).tell(message.message);
  } else if (engine === undefined) {
    send({ type: 'ended', line, reason: sentence`it had not begun` });
  } else {
    engines.delete(line);
    void engine.worker.terminate();
  }
}

function send(message: FromProcess): void {
  if (parentPort !== null) parentPort.postMessage(message);
  // A host that is gone needs no answer: `disconnect` follows.
  else process.send?.(message, undefined, undefined, () => undefined);
}

if (parentPort !== null) parentPort.on('message', receive);
else {
  process.on('message', receive);
  // Whatever the engines do; their files are written as if that could happen at any time.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // Those of a terminal are for the host, which saves what is under way before it ends this process.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
}
