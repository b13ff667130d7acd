/** A hash that takes its input in pieces. */
export interface Hash {
  update(bytes: Uint8Array): void;
  /** Of all that was given, in hexadecimal; the last call. */
  hex(): string;
}
