import { fork, type ChildProcess } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import type { LogOutputChannel } from 'vscode';
import { sentence, verbatim, type Sentence } from '../core/sentence';
import { workerPort, type Port } from '../protocol/client';
import { createLines, type Lines } from '../protocol/lines';

/** What V8 writes before it ends a process that is out of memory. */
const outOfMemory = /heap out of memory|process out of memory|OOM error/;

/**
 * Lines to engines that share a process of their own, so that whatever becomes of them takes nothing else down. It
 * ends with its last line, or with this process.
 *
 * @param file the bundled process, absolute
 * @param execPath a Node, or an Electron that can be one; where it does not start, the engines are threads of this process
 */
export function createEngineProcess(
  file: string,
  log: LogOutputChannel,
  execPath: string = process.execPath,
): Lines {
  return createLines(() => {
    const child = startChild(file, execPath);
    if (typeof child === 'string') {
      log.warn(`The engine runs in a thread of the extension host: ${child}`);
      return startThread(file, log);
    }
    log.debug(`Engine started as process ${String(child.pid)}.`);
    return childPort(child, log);
  });
}

/** @returns why there is none, where there is none */
function startChild(file: string, execPath: string): ChildProcess | string {
  try {
    const child = fork(file, {
      execPath,
      // Neither the host's inspector nor its limits; which kernels V8 compiles how is set in there.
      execArgv: [],
      // In Electron the executable is Node only if it is told to be.
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    // What could not be sent is known by its end.
    child.on('error', () => undefined);
    return child.pid === undefined ? `${execPath} does not start.` : child;
  } catch (error) {
    return String(error);
  }
}

function childPort(child: ChildProcess, log: LogOutputChannel): Port<unknown> {
  let lastWords = '';
  child.stdout?.on('data', (chunk: Buffer) => log.debug(String(chunk).trimEnd()));
  child.stderr?.on('data', (chunk: Buffer) => {
    lastWords = (lastWords + String(chunk)).slice(-4096);
    log.warn(String(chunk).trimEnd());
  });
  // Not `exit`: what it has written is read by then.
  const closed = new Promise<Sentence>((resolve) => {
    child.on('close', (code, signal) => resolve(reasonOf(code, signal, lastWords)));
  });
  return {
    post(message) {
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onClose(listener) {
      void closed.then(listener);
    },
    async close() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

function reasonOf(code: number | null, signal: string | null, lastWords: string): Sentence {
  if (outOfMemory.test(lastWords)) return sentence`it ran out of memory`;
  return signal === null ? sentence`exit code ${code ?? 0}` : sentence`signal ${verbatim(signal)}`;
}

function startThread(file: string, log: LogOutputChannel): Port<unknown> {
  const worker = new Worker(file, { name: 'RNN Lab engine', stdout: true, stderr: true });
  worker.stdout.on('data', (chunk: Buffer) => log.debug(String(chunk).trimEnd()));
  worker.stderr.on('data', (chunk: Buffer) => log.warn(String(chunk).trimEnd()));
  return workerPort(worker);
}
