// What is photographed: scenes of a text, and of a table, each in a window of its own.
import * as examples from './examples.mjs';
import * as tables from './tables.mjs';
import * as texts from './texts.mjs';
import { openWindow } from './window.mjs';

/** @typedef {import('./window.mjs').Window} Window */
/** @typedef {import('./camera.mjs').Take} Take */
/** @typedef {(window: Window, take: Take) => Promise<void>} Show */

/**
 * @typedef {object} Workspace
 * @property {() => Readonly<Record<string, string>>} files of the folder that is open, by name
 * @property {Readonly<Record<string, { cells?: readonly string[], show?: Show }>>} scenes in their order
 * @property {(window: Window, take: Take, names: readonly any[], steps: number) => Promise<void>} prepare
 */

/** @type {readonly Workspace[]} */
const WORKSPACES = [texts, tables, examples];

/** Their names, in their order. */
export const SCENES = WORKSPACES.flatMap(({ scenes }) => Object.keys(scenes));

/**
 * @param {readonly string[]} names
 * @param {Take} take
 * @param {number} steps of each training on a text
 */
export async function takeScenes(names, take, steps) {
  for (const { files, scenes, prepare } of WORKSPACES) {
    const chosen = Object.keys(scenes).filter((name) => names.includes(name));
    if (chosen.length === 0) continue;
    const window = await openWindow(files());
    try {
      await prepare(window, take, chosen, steps);
      for (const name of chosen) await scenes[name]?.show?.(window, take);
    } finally {
      await window.close();
    }
  }
}
