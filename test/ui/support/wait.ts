// Waiting for what is not in the page: a file, or what only reading it again can tell.

/** A slow machine under load must not fail a test: this only ends what hangs. In milliseconds. */
const patience = 120_000;
const interval = 50;

/**
 * Waits until something is so.
 *
 * @param what says what was waited for
 * @throws {Error} that says so, where it never was
 */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + patience; !(await isSo());) {
    if (Date.now() > end) throw new Error(`It never came about that ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}
