/** Engines of one process ask each other by the messages with which a client asks them; memory goes over as it is. */
import type { MessagePort } from 'node:worker_threads';
import { sentence } from '../core/sentence';
import { connect, type Client } from '../protocol/client';
import type { Post } from './handler';

/** The engine at the other end of a port, which is gone when its thread is. */
export function neighbour(port: MessagePort): Client {
  return connect({
    post(message) {
      port.postMessage(message);
    },
    onMessage(listener) {
      port.on('message', listener);
    },
    onClose(listener) {
      port.on('close', () => {
        listener(sentence`its thread has ended`);
      });
    },
    close() {
      port.close();
      return Promise.resolve();
    },
  });
}

/**
 * Serves a client at the other end of a port.
 * @param serve as `createHandler` gives it
 */
export function serveAt(
  port: Pick<MessagePort, 'postMessage' | 'on'>,
  serve: (post: Post) => (message: unknown) => void,
): (message: unknown) => void {
  return serve((message, transfer = []) => {
    port.postMessage(message, transfer);
  });
}
