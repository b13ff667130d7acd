/** Tasks whose difficulty is known, made from a seed. */
import { dates } from './dates';
import { addition, numberWords } from './digits';
import { anbn, embeddedReber, reber } from './grammars';
import { adding, copy, parity, reverse, temporalOrder } from './memory';
import { scenes } from './scenes';
import { sine, twoLag } from './series';
import type { GeneratedTask } from './task';

/** By the names of the command line. */
const generatedTasks = {
  adding,
  copy,
  reverse,
  'temporal-order': temporalOrder,
  parity,
  'two-lag': twoLag,
  sine,
  anbn,
  reber,
  'embedded-reber': embeddedReber,
  addition,
  dates,
  'number-words': numberWords,
  scenes,
} as const satisfies Readonly<Record<string, GeneratedTask>>;

export type GeneratedTaskName = keyof typeof generatedTasks;
export const generatedTaskNames = Object.keys(generatedTasks) as readonly GeneratedTaskName[];

export function isGeneratedTask(name: string): name is GeneratedTaskName {
  return Object.hasOwn(generatedTasks, name);
}

/** A task's declaration, with what only some have. */
export function generatedTask(name: GeneratedTaskName): GeneratedTask {
  return generatedTasks[name];
}
