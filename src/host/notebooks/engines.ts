import type { LogOutputChannel } from 'vscode';
import { connect, type Client } from '../../protocol/client';
import { createEngineProcess } from '../engine-process';

/**
 * Engines for the runs of experiments, in a process of their own beside that of the panel's training: what becomes of
 * one takes nothing else down.
 *
 * @param file the bundled process, absolute
 * @returns what starts one; the process ends with the last of them
 */
export function createLaneEngines(file: string, log: LogOutputChannel): () => Client {
  const lines = createEngineProcess(file, log);
  let count = 0;
  return () => connect(lines.open(`lane${++count}`));
}
