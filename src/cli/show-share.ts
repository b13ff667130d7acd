import { bar } from './format';
import type { Terminal } from './terminal';

/** Shows how much of a job is done, as a bar in the terminal's bottom line. */
export function showShare(terminal: Terminal): (event: { readonly done: number }) => void {
  return ({ done }) => {
    terminal.progress(`${bar(done, 30)} ${String(Math.floor(100 * done))}%`);
  };
}
