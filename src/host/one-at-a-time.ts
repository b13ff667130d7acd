/**
 * A function that asks for work which takes its time: it is done once at a time, and once more for all that is
 * asked for meanwhile.
 *
 * @param work tells its errors itself
 */
export function oneAtATime(work: () => Promise<void>): () => void {
  let isBusy = false;
  let isDue = false;

  async function run() {
    isBusy = true;
    while (isDue) {
      isDue = false;
      await work();
    }
    isBusy = false;
  }

  return () => {
    isDue = true;
    if (!isBusy) void run();
  };
}
