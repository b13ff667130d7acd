import assert from 'node:assert/strict';
import type { CancellationToken, TextDocument, TextDocumentChangeEvent } from 'vscode';
import type { Engine } from '../../../src/host/engine';
import { createSession, type Session } from '../../../src/host/follow/session';
import type { Request } from '../../../src/protocol/engine';
import { text, useReader } from '../worker/follow-tools';

/** A document as VS Code has one, as far as a session looks at it. */
function makeDocument(content: string) {
  const state = { content, version: 1, isClosed: false };
  const document = {
    uri: { toString: () => 'file:///a.txt' },
    getText: () => state.content,
    get version() {
      return state.version;
    },
    get isClosed() {
      return state.isClosed;
    },
  } as unknown as TextDocument;
  return {
    document,
    state,
    /** Changes it, and tells whoever listens as VS Code does. */
    change(
      session: Session | undefined,
      rangeOffset: number,
      rangeLength: number,
      inserted: string,
    ) {
      const { content: before } = state;
      state.content =
        before.slice(0, rangeOffset) + inserted + before.slice(rangeOffset + rangeLength);
      state.version++;
      const contentChanges = [{ rangeOffset, rangeLength, text: inserted }];
      session?.edited({ document, contentChanges } as unknown as TextDocumentChangeEvent);
    },
  };
}

describe('a session that follows documents', () => {
  const at = useReader();
  let sent: Request[] = [];
  let engine: Engine;
  let session: Session;
  const beginning = text.slice(0, 200);
  const asked = { offset: 200, confidence: 0, maxTokens: 12, until: 'text', next: 3 } as const;
  const kinds = (): string[] => sent.map(({ kind }) => kind);

  beforeEach(() => {
    sent = [];
    engine = {
      start: (request, onEvent) => {
        sent.push(request);
        return at.reader.start(request, onEvent);
      },
      isDeath: () => false,
      close: () => Promise.resolve(),
    };
    session = createSession(engine, { kind: 'run', run: at.run, checkpoint: 'last' });
  });

  /** What sampling at temperature 0 writes after a text. */
  async function greedy(prime: string, length: number): Promise<string> {
    const model = { kind: 'run', run: at.run, checkpoint: 'last' } as const;
    const request = { kind: 'sample', model, prime, length, temperature: 0, seed: 1 } as const;
    return (await at.trainer.start<'sample'>(request).result).text;
  }

  it('sends a document before it is asked about it, where it is told to', async () => {
    const { document, change } = makeDocument(beginning);
    session.prepare(document);
    assert.deepEqual(kinds(), ['follow', 'open']);
    change(session, 0, 0, 'A ');
    session.prepare(document);
    const answer = await session.ask('complete', document, { ...asked, offset: 202 });
    assert.equal(answer?.completions[0]?.text, await greedy(document.getText(), 12));
    assert.deepEqual(kinds(), ['follow', 'open', 'edit', 'complete']);
  });

  it('sends a document once, then what changes in it, and knows it as it is', async () => {
    const { document, change } = makeDocument(beginning);
    const first = await session.ask('complete', document, asked);
    assert.equal(first?.completions[0]?.text, await greedy(beginning, 12));
    change(session, 100, 5, 'xyz ');
    change(session, 0, 0, 'A ');
    const second = await session.ask('complete', document, { ...asked, offset: 201 });
    assert.equal(second?.completions[0]?.text, await greedy(document.getText(), 12));
    assert.deepEqual(kinds(), ['follow', 'open', 'complete', 'edit', 'edit', 'complete']);
  });

  it('sends it again where a change was missed, or the engine has lost it', async () => {
    const { document, change } = makeDocument(beginning);
    await session.ask('complete', document, asked);
    change(undefined, 0, 3, '');
    const asksAtEnd = { ...asked, offset: 197 };
    const missed = await session.ask('complete', document, asksAtEnd);
    assert.equal(missed?.completions[0]?.text, await greedy(document.getText(), 12));
    const follow = { follow: 1, document: 'file:///a.txt' };
    await at.reader.start<'forget'>({ kind: 'forget', ...follow }).result;
    change(session, 0, 0, 'abc');
    // The engine says that it does not know the document, which comes before the next question is answered.
    await assert.rejects(session.ask('complete', document, asked));
    const again = await session.ask('complete', document, asked);
    assert.equal(again?.completions[0]?.text, await greedy(document.getText(), 12));
  });

  it('ends a question that nobody wants any more', async () => {
    const { document } = makeDocument(text.repeat(40));
    let cancel: () => void = () => undefined;
    const token = {
      isCancellationRequested: false,
      onCancellationRequested(listener: () => void) {
        cancel = listener;
        return { dispose: () => undefined };
      },
    } as unknown as CancellationToken;
    const far = { from: 200_000, to: 200_100, context: 10_000_000 };
    const answer = session.ask('read', document, far, token);
    await session.ask('complete', document, { offset: 5 });
    cancel();
    assert.equal(await answer, undefined);
  });

  it('drops a document that is closed, and itself', async () => {
    const { document, state } = makeDocument(beginning);
    await session.ask('complete', document, asked);
    session.closed(document);
    session.closed(document);
    assert.equal(kinds().filter((kind) => kind === 'forget').length, 1);
    state.isClosed = true;
    assert.equal(await session.ask('complete', document, asked), undefined);
    state.isClosed = false;
    session.close();
    assert.equal(await session.ask('complete', document, asked), undefined);
    assert.equal(kinds().at(-1), 'forget');
  });

  it('tells whoever asks why a model cannot be opened', async () => {
    const missing = createSession(engine, { kind: 'run', run: `${at.run}-not-there` });
    const { document } = makeDocument(beginning);
    await assert.rejects(missing.ask('complete', document, asked), /There is no run/);
  });
});
