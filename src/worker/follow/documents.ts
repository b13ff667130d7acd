/** The documents that a followed model reads, as they are now. */
import { createCompleter, type Completer } from '../../core/reading/completer';
import { createReading, type Reading } from '../../core/reading/reading';
import { createTokenText, type TextChange, type TokenText } from '../../core/reading/token-text';
import { sentence } from '../../core/sentence';
import { inputError } from '../failures';
import type { Weights } from './weights';

/** What one set of weights has read of a document. */
export interface View {
  readonly reading: Reading;
  readonly completer: Completer;
}

export interface FollowedDocument {
  readonly text: TokenText;
  version: number;
  /** Goes up with each change, and when it is closed: answers that were begun before are of no use. */
  changes: number;
  /** Where it was last asked about. */
  place: number;
  /** Questions that are being answered. */
  asked: number;
  /** Number of the last question of a kind that a newer one overtakes. */
  readonly latest: { complete: number; look: number };
  view(weights: Weights): View;
}

export interface Documents {
  open(name: string, version: number, text: string): void;
  /** @throws JobError, InputError if it is not open or a change is outside it */
  edit(name: string, version: number, changes: readonly TextChange[]): void;
  forget(name: string): void;
  /**
   * The document of a question, which is now the last one asked about.
   * @throws JobError if it is not open
   */
  find(name: string): FollowedDocument;
  /** Those that were asked about, the last one first. */
  recent(): FollowedDocument[];
  /** Drops all that was read with some weights. */
  clear(weights: Weights): void;
  /** Drops what was read of documents nobody has asked about for long, until `isEnough`. */
  trim(isEnough: () => boolean): void;
}

interface Kept extends FollowedDocument {
  readonly views: Map<Weights, View>;
  used: number;
}

/** @param limit most states that are kept of a document for one set of weights */
export function createDocuments(weights: Weights, limit: number): Documents {
  const documents = new Map<string, Kept>();
  let clock = 0;

  function drop(document: Kept): void {
    document.changes++;
    for (const view of document.views.values()) clearView(view);
    document.views.clear();
  }

  function opened(name: string): Kept {
    const document = documents.get(name);
    if (document !== undefined) return document;
    throw inputError(
      sentence`The document ${name} is not open.`,
      sentence`Open it with its whole text first.`,
    );
  }

  function create(version: number, whole: string): Kept {
    const text = createTokenText(weights.reader.tokenizer, whole);
    const views = new Map<Weights, View>();
    return {
      text,
      version,
      views,
      changes: 0,
      place: 0,
      asked: 0,
      used: 0,
      latest: { complete: 0, look: 0 },
      view(of) {
        let view = views.get(of);
        if (view === undefined) {
          const reading = createReading(text, of.reader, limit);
          view = { reading, completer: createCompleter(reading) };
          views.set(of, view);
        }
        return view;
      },
    };
  }

  return {
    open(name, version, text) {
      const old = documents.get(name);
      if (old !== undefined) drop(old);
      documents.set(name, create(version, text));
    },
    edit(name, version, changes) {
      const document = opened(name);
      document.changes++;
      document.version = version;
      for (const change of changes) {
        const changed = document.text.replace(change);
        for (const [of, { reading, completer }] of document.views) {
          reading.edited(changed);
          completer.edited(changed);
          of.looker.edited(reading, changed);
        }
      }
    },
    forget(name) {
      const document = documents.get(name);
      if (document !== undefined) drop(document);
      documents.delete(name);
    },
    find(name) {
      const document = opened(name);
      document.used = ++clock;
      return document;
    },
    recent: () =>
      [...documents.values()].filter(({ used }) => used > 0).sort((a, b) => b.used - a.used),
    clear(of) {
      for (const { views } of documents.values()) {
        const view = views.get(of);
        if (view !== undefined) clearView(view);
        views.delete(of);
      }
    },
    trim(isEnough) {
      const oldest = [...documents.values()].sort((a, b) => a.used - b.used);
      for (const document of oldest) {
        if (isEnough()) return;
        // The last one asked about is bounded by itself; a question holds on to what it has read.
        if (document.asked > 0 || document.used === clock) continue;
        for (const view of document.views.values()) clearView(view);
      }
    },
  };
}

function clearView({ reading, completer }: View): void {
  completer.clear();
  reading.clear();
}
