/** What we use of it. */
declare module 'jsfive' {
  export interface Dataset {
    readonly shape: readonly number[];
    /** `<f4`, and other things for what is no array of numbers. */
    readonly dtype: unknown;
    readonly value: unknown;
  }
  export interface Group {
    readonly keys: readonly string[];
    readonly attrs: Readonly<Record<string, unknown>>;
    /** Null where there is nothing of that name. */
    get(path: string): Group | Dataset | null;
  }
  export const Dataset: abstract new () => Dataset;
  export const Group: abstract new () => Group;
  export const File: new (contents: ArrayBuffer, name: string) => Group;
}
