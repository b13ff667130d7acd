/** Of a path of whichever system: a cell from a file is called by its path. */
export function lastPart(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
