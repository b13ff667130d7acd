/**
 * What the extension host and the engine's own process say to each other: the messages of `engine.ts`, each with
 * the line that it belongs to. Behind each line is an engine, a thread of that process.
 */
import * as v from 'valibot';
import { sentenceSchema, type Sentence } from '../core/sentence';
import type { Port } from './client';
import type { ToEngine } from './engine';
import { record } from './jobs/schema';

/**
 * The engine that trains and looks after runs, the one that reads along as one types, and those on which the runs of
 * experiments are trained side by side.
 */
export type LineName = 'trainer' | 'reader' | `lane${number}`;
const lineName = v.custom<LineName>(
  (name) => typeof name === 'string' && /^(?:trainer|reader|lane\d+)$/.test(name),
);

/** Host → process. `message` is decoded by the engine that it is for. */
const toProcess = v.variant('type', [
  record({ type: v.literal('message'), line: lineName, message: v.unknown() }),
  /** Ends the line's engine; the answer is `ended`. */
  record({ type: v.literal('end'), line: lineName }),
]);
export type ToProcess =
  | { readonly type: 'message'; readonly line: LineName; readonly message: ToEngine }
  | { readonly type: 'end'; readonly line: LineName };

/** Process → host. */
const fromProcess = v.variant('type', [
  record({ type: v.literal('message'), line: lineName, message: v.unknown() }),
  /** The line's engine has ended, asked or not; the next message starts another. */
  record({ type: v.literal('ended'), line: lineName, reason: sentenceSchema }),
]);
export type FromProcess = v.InferOutput<typeof fromProcess>;

export function decodeToProcess(message: unknown): v.InferOutput<typeof toProcess> {
  return v.parse(toProcess, message);
}

/** Lines that share a process. */
export interface Lines {
  /** Opens a line, which must not be open; its engine starts with the first message. */
  open(name: LineName): Port;
}

interface Open {
  readonly name: LineName;
  isClosing: boolean;
  onMessage(message: unknown): void;
  onClose(reason: Sentence): void;
}

/**
 * @param start starts the process: with the first line, and again after it has ended. It is ended with the last line.
 */
export function createLines(start: () => Port<ToProcess>): Lines {
  let current: { readonly port: Port<ToProcess>; readonly open: Set<Open> } | undefined;

  function begin(): NonNullable<typeof current> {
    const port = start();
    const open = new Set<Open>();
    const made = { port, open };
    const lineOf = (name: LineName) => [...open].find((line) => line.name === name);
    port.onMessage((raw) => {
      const message = v.parse(fromProcess, raw);
      const line = lineOf(message.line);
      if (line === undefined) return;
      if (message.type === 'message') line.onMessage(message.message);
      else {
        open.delete(line);
        line.onClose(message.reason);
      }
    });
    port.onClose((reason) => {
      if (current === made) current = undefined;
      for (const line of open) line.onClose(reason);
      open.clear();
    });
    return made;
  }

  return {
    open(name) {
      const { port, open } = (current ??= begin());
      let ended: () => void = () => undefined;
      const end = new Promise<void>((resolve) => (ended = resolve));
      let listener: (reason: Sentence) => void = () => undefined;
      const line: Open = {
        name,
        isClosing: false,
        onMessage: () => undefined,
        onClose(reason) {
          listener(reason);
          ended();
        },
      };
      open.add(line);
      return {
        post(message) {
          if (open.has(line)) port.post({ type: 'message', line: name, message });
        },
        onMessage(next) {
          line.onMessage = next;
        },
        onClose(next) {
          listener = next;
        },
        async close() {
          if (open.has(line) && !line.isClosing) {
            line.isClosing = true;
            if ([...open].some((other) => !other.isClosing)) {
              port.post({ type: 'end', line: name });
            } else {
              // A line that is opened meanwhile is one of the next process.
              current = undefined;
              await port.close();
            }
          }
          await end;
        },
      };
    },
  };
}
