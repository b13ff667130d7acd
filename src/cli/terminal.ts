/** What a command writes to. Standard output is for results, standard error for everything else. */
export interface Terminal {
  /** Whether standard error is a terminal, where one line can be written over and over. */
  readonly live: boolean;
  /** Width of standard error in columns. */
  columns(): number;
  /** To standard output, as it is. */
  out(text: string): void;
  /** A line to standard error; a progress line gives way to it. */
  note(line: string): void;
  /** Replaces the line at the bottom of standard error; an empty one takes it away. */
  progress(line: string): void;
  /** Called once when nobody reads standard output any longer, as after `| head`, or nothing can be written to it. */
  onUnread(listener: () => void): void;
  /** Whether something could not be written to standard output, but for want of a reader. */
  hasFailed(): boolean;
}

/** The part of a process that a terminal needs. */
export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
}

/** Back to the line's start, and clear it to its end (ECMA-48). */
const clearLine = '\r\u001B[K';

export function createTerminal({ stdout, stderr }: Streams): Terminal {
  const live = stderr.isTTY === true && process.env['TERM'] !== 'dumb';
  let bottom = '';
  let unread: (() => void) | undefined;
  let isUnread = false;
  let isDeaf = false;
  let hasFailed = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isUnread) return;
    isUnread = true;
    hasFailed = error.code !== 'EPIPE';
    if (hasFailed) note(`rnn-lab: Cannot write to standard output: ${error.message}`);
    unread?.();
  });
  // What is said there is for whoever listens: nothing is lost where nobody does.
  stderr.on('error', () => {
    isDeaf = true;
  });
  const say = (text: string): void => {
    if (!isDeaf) stderr.write(text);
  };
  const note = (line: string): void => {
    say(bottom === '' ? `${line}\n` : `${clearLine}${line}\n${bottom}`);
  };
  return {
    live,
    columns() {
      const { columns = 0 } = stderr;
      // A terminal that does not know its size says 0.
      return columns > 0 ? columns : 80;
    },
    out(text) {
      if (!isUnread) stdout.write(text);
    },
    note,
    progress(line) {
      if (!live || line === bottom) return;
      bottom = line;
      say(`${clearLine}${line}`);
    },
    onUnread(listener) {
      unread = listener;
      if (isUnread) listener();
    },
    hasFailed: () => hasFailed,
  };
}

/** A line of JSON; what is not finite becomes null. */
export function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
