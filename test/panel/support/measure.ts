// How long a page is busy: told where RNN_LAB_MEASURE is 1, never asserted.
import type { Page } from 'playwright-core';

interface Measured {
  tasks: number[];
}

const frames = (page: Page) =>
  page.evaluate(async () => {
    for (let i = 0; i < 4; i++) await new Promise((done) => requestAnimationFrame(done));
  });

/** Watches for tasks of more than 50 ms from now on. */
export async function watchTasks(page: Page): Promise<void> {
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ type: 'longtask' });
  });
}

/** Says which tasks of more than 50 ms something makes. */
export async function tellTasks(
  page: Page,
  name: string,
  act: () => Promise<unknown>,
): Promise<void> {
  await frames(page);
  await page.evaluate(() => {
    (window as unknown as Measured).tasks.length = 0;
  });
  await act();
  await frames(page);
  const tasks = await page.evaluate(() => (window as unknown as Measured).tasks);
  const told = tasks.map((task) => Math.round(task)).join(', ');
  console.log(`${name}: ${told === '' ? 'no task above 50 ms' : `tasks of ${told} ms`}`);
}

/** Says how long it is from frame to frame while something is scrolled. */
export async function tellScrolling(page: Page, selector: string): Promise<void> {
  const times = await page.evaluate(async (which) => {
    const scrolled = document.querySelector(which)!;
    const all: number[] = [];
    for (let i = 0; i < 120; i++) {
      scrolled.scrollTop += 200;
      all.push(await new Promise<number>((done) => requestAnimationFrame(done)));
    }
    return all;
  }, selector);
  const sorted = times.slice(1).map((time, i) => time - times[i]!);
  sorted.sort((a, b) => a - b);
  const [median, late] = [sorted[60]!, sorted[117]!];
  console.log(`scrolling: from frame to frame ${median.toFixed(1)} ms, 99 % ${late.toFixed(1)} ms`);
}
