import * as path from 'node:path';

/** The lab notebook beside which a run is kept, as a path; undefined: it was not asked for by one. */
export function notebookOf(run: string): string | undefined {
  const home = path.dirname(run);
  return home.endsWith('.md.runs') ? home.slice(0, -'.runs'.length) : undefined;
}
