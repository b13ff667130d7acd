/** Something that reads files which anybody may have written. */
export interface Reader {
  readonly name: string;
  /** Files that are whole. */
  readonly seeds: readonly Uint8Array[];
  /** Its share of all inputs. */
  readonly share: number;
  /** @throws WordedError for what cannot be used, and nothing else */
  readonly read: (bytes: Uint8Array) => void | Promise<void>;
}
