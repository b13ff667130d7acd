/** What a debugger goes through: one text, or the rows of a batch, each opened when it is first asked for. */
import type { Session, SetBreakpoint, WantedBreakpoint } from '../core/debugger/session';
import type { Stops } from '../core/debugger/stops';
import type { Sentence } from '../core/sentence';

export interface Debugged {
  readonly rows: number;
  /** The one that is begun with, from 0. */
  readonly row: number;
  /** What is worth knowing of it. */
  readonly told: Sentence | undefined;
  /** Whether what is read was not given as a text. */
  readonly isOwn: boolean;
  of(row?: number): Session;
  opened(): readonly Session[];
  setBreakpoints(wanted: readonly WantedBreakpoint[]): readonly SetBreakpoint[];
  setStops(stops: Partial<Pick<Stops, 'units' | 'troubles'>>): void;
}

export function debuggedRows(
  rows: number,
  open: (row: number) => Session,
  row = 0,
  told?: Sentence,
): Debugged {
  const sessions = new Map<number, Session>();
  let lines: { readonly wanted: readonly WantedBreakpoint[]; readonly firstId: number } = {
    wanted: [],
    firstId: 1,
  };
  let stops: Partial<Pick<Stops, 'units' | 'troubles'>> = {};

  function of(which = row): Session {
    const known = sessions.get(which);
    if (known) return known;
    const session = open(which);
    session.setBreakpoints(lines.wanted, lines.firstId);
    Object.assign(session.stops, stops);
    sessions.set(which, session);
    return session;
  }

  return {
    ...{ rows, row, told, of, isOwn: told !== undefined },
    opened: () => [...sessions.values()],
    setBreakpoints(wanted) {
      lines = { wanted, firstId: lines.firstId + lines.wanted.length };
      const [first] = [...sessions.values()].map((each) =>
        each.setBreakpoints(wanted, lines.firstId),
      );
      return first ?? of().setBreakpoints(wanted, lines.firstId);
    },
    setStops(change) {
      stops = { ...stops, ...change };
      for (const session of sessions.values()) Object.assign(session.stops, change);
    },
  };
}
