import type { CancellationToken, TextDocument, TextDocumentChangeEvent } from 'vscode';
import type { Jobs, ModelSource, RefreshRequest, Request } from '../../protocol/engine';
import type { Engine } from '../engine';

/** What a followed model can be asked about a document. */
export type Question = 'complete' | 'look' | 'read' | 'findUnits';

/** A question without what it is asked of: model, document and version. */
export type Asked<K extends Question> = Omit<
  Extract<Request, { readonly kind: K }>,
  'kind' | 'follow' | 'document' | 'version'
>;

export type Answer<K extends Question> = Exclude<Jobs[K]['result'], { readonly kind: 'outdated' }>;

/** A model that follows documents: each is sent once, and then only what changes in it. */
export interface Session {
  /** It was closed, could not be opened, or the engine has ended. */
  readonly isOver: boolean;
  /** Sends a document as it is now, so that the first question about it need not. */
  prepare(document: TextDocument): void;
  /**
   * Asks about a document as it is now.
   *
   * @returns undefined where the question was overtaken: by a change, a newer question, a cancellation
   * @throws EngineError
   */
  ask<K extends Question>(
    kind: K,
    document: TextDocument,
    asked: Asked<K>,
    token?: CancellationToken,
  ): Promise<Answer<K> | undefined>;
  /** Puts other weights in force, once what is on show has been read with them. */
  refresh(weights: RefreshRequest['weights']): Promise<void>;
  edited(event: TextDocumentChangeEvent): void;
  closed(document: TextDocument): void;
  /** Ends it; what is being asked ends undefined. */
  close(): void;
}

/** @param source what is to be followed */
export function createSession(engine: Engine, source: ModelSource): Session {
  /** The version of each document that the engine has. */
  const known = new Map<string, number>();
  let isClosed = false;
  let hasEnded = false;
  /** Asked again after every wait. */
  const isOver = () => isClosed;
  const ended = () => {
    hasEnded = true;
  };
  const opening = engine.start({ kind: 'follow', model: source });
  const follow = opening.id;
  // Why it could not be opened is told to whoever asks it something.
  opening.result.then(ended, ended);

  function send(document: TextDocument) {
    const name = document.uri.toString();
    const { version } = document;
    if (known.get(name) === version) return;
    known.set(name, version);
    const text = document.getText();
    tell({ kind: 'open', follow, document: name, version, text }, name);
  }

  /** A document of which the engine has lost track is sent again with the next question. */
  function tell(request: Extract<Request, { readonly kind: 'open' | 'edit' }>, name: string) {
    engine.start(request).result.catch(() => known.delete(name));
  }

  return {
    get isOver() {
      return isClosed || hasEnded;
    },
    prepare(document) {
      if (!isOver() && !document.isClosed) send(document);
    },
    async ask(kind, document, asked, token) {
      if (isOver() || document.isClosed || token?.isCancellationRequested === true)
        return undefined;
      send(document);
      const about = { follow, document: document.uri.toString(), version: document.version };
      const request = { kind, ...about, ...asked } as unknown as Extract<
        Request,
        { readonly kind: typeof kind }
      >;
      const job = engine.start<typeof kind>(request);
      const cancelling = token?.onCancellationRequested(() => job.control({ action: 'stop' }));
      try {
        const answer = await job.result;
        return answer.kind === 'outdated' ? undefined : (answer as Answer<typeof kind>);
      } catch (error) {
        if (isOver()) return undefined;
        throw error;
      } finally {
        cancelling?.dispose();
      }
    },
    async refresh(weights) {
      if (!isOver()) await engine.start({ kind: 'refresh', follow, weights }).result;
    },
    edited({ document, contentChanges }) {
      const name = document.uri.toString();
      if (!known.has(name) || known.get(name) === document.version) return;
      const { version } = document;
      known.set(name, version);
      const changes = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
        ...{ offset: rangeOffset, removed: rangeLength, inserted: text },
      }));
      tell({ kind: 'edit', follow, document: name, version, changes }, name);
    },
    closed({ uri }) {
      const document = uri.toString();
      if (!known.delete(document)) return;
      engine.start({ kind: 'forget', follow, document }).result.catch(() => undefined);
    },
    close() {
      isClosed = true;
      opening.control({ action: 'stop' });
    },
  };
}
