/** A function that may be called often and runs now and then. */
export interface Throttled {
  (): void;
  /** Forgets what was to run. */
  dispose(): void;
}

/** Runs `action` at once, and then at most every `interval` milliseconds, the last time after the last call. */
export function throttle(action: () => void, interval: number): Throttled {
  let timer: NodeJS.Timeout | undefined;
  let again = false;

  function run() {
    again = false;
    action();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) run();
    }, interval);
  }

  return Object.assign(
    () => {
      if (timer === undefined) run();
      else again = true;
    },
    {
      dispose() {
        clearTimeout(timer);
      },
    },
  );
}
