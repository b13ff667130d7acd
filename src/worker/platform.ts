import type { FileBytes } from '../core/data/source';
import type { RightOfWay } from '../core/right-of-way';
import type { SpawnThread } from '../core/kernels/threads';
import type { Client } from '../protocol/client';
import type { Hash } from '../core/training/hash';
import type { RunInfo } from '../core/training/run';

/** What is at a path. */
export interface Entry {
  readonly kind: 'file' | 'folder' | 'other';
  readonly bytes: number;
  /** When it was last changed, milliseconds since 1970. */
  readonly changed: number;
}

/** What was learnt, and where it came from. */
export interface Learnt {
  /** Of the file. */
  readonly path: string;
  /** Where that is not the file as it is on the disk: as an editor had it, or a part of it. */
  readonly text?: string | undefined;
}

/** Of a Git repository, as a training began. */
export type GitState = NonNullable<RunInfo['git']>;

/** What a run is locked for: it is trained, or, for a moment, what the user says of it is written. */
export type LockPurpose = 'training' | 'note';

/** What a folder says of what is in it. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/**
 * Files, as the engine worker needs them. Paths are absolute. Every method but `entry`, `names`
 * and `entries` throws an {@link import('./failures').JobError} with a sentence that says what to do.
 */
export interface Files {
  /** @param limit most bytes that are read; a larger file is refused before it is read */
  read(path: string, limit: number): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * A file's bytes piece by piece, so that it may be large; it is looked at now and read when the pieces are
   * asked for.
   * @param limit most bytes that are read; a larger file is refused
   */
  pieces(path: string, limit: number): Promise<FileBytes>;
  /** undefined if there is nothing, or nothing that may be looked at. */
  entry(path: string): Promise<Entry | undefined>;
  /** Writes under a temporary name, then renames: a reader finds the old file or the new, never half of one. */
  write(path: string, contents: Uint8Array | string): Promise<void>;
  /** Adds to the end of a file; makes the file if it is missing. */
  append(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Moves a file or a folder to a path on the same disk where there is nothing yet. */
  move(from: string, to: string): Promise<void>;
  /** With all that is in it; it may be missing. */
  removeFolder(path: string): Promise<void>;
  /** Makes a folder and those above it; it may exist already. */
  makeFolder(path: string): Promise<void>;
  /** Removes from a folder what a crash has left of `write`; only who has its lock may do so. */
  clean(folder: string): Promise<void>;
  /** Names in a folder, unsorted; none if it is missing or may not be looked at. */
  names(folder: string): Promise<string[]>;
  /** What is in a folder, links as links, unsorted; undefined if it is missing or may not be looked at. */
  entries(folder: string): Promise<readonly FolderEntry[] | undefined>;
  join(...parts: string[]): string;
  /** The last part of a path. */
  baseName(path: string): string;
  /**
   * Takes a run's folder for this job alone, until the returned function is called. A lock whose
   * process is gone is taken over.
   * @param purpose what the lock says; default: it is trained
   * @throws JobError if another job or process has it
   */
  lock(folder: string, purpose?: LockPurpose): Promise<() => Promise<void>>;
  /** What a job or a process that lives holds the folder for; undefined: none does. */
  lockedFor(folder: string): Promise<LockPurpose | undefined>;
}

/** Everything that differs between the places the engine worker runs in. */
export interface Platform {
  readonly files: Files;
  /** Starts a compute thread. */
  readonly spawn: SpawnThread;
  /**
   * To be awaited before a backend is made or the kernels are measured: chooses the kernels, and an engine that works in
   * the background lets others go first from then on. What comes before it, a text that is read, someone waits for.
   */
  beforeComputing(): Promise<void>;
  /** Who goes first before an engine that works in the background. */
  readonly rightOfWay?: RightOfWay;
  /** The engine of the same process that trains, for one that does not. */
  readonly trainer?: Client | undefined;
  /** What works here, for who wants to repeat it: versions. */
  readonly software: { readonly rnnLab: string; readonly node: string };
  /** How many threads this machine runs at a time. */
  readonly cores: number;
  /** Bytes of memory that are free; undefined where the system does not tell honestly. */
  availableMemory(): number | undefined;
  /** What Git knows of what is learnt; undefined: nothing. Never throws. */
  git?(learnt: Learnt): Promise<GitState | undefined>;
  /** SHA-256. */
  createHash(): Hash;
  /** Seconds of a clock that never goes back. */
  now(): number;
  /** Milliseconds since 1970. */
  date(): number;
  /** Lets messages in: resolves after everything that waits has been handled. */
  breathe(): Promise<void>;
}
