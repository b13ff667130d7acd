/*
 * Numbers that the word table (TypeScript) and its scanner (AssemblyScript) must agree on. Both compilers
 * read this very file, so it may only hold enums.
 */

/** What a byte is for word boundaries (UAX #29), of ASCII alone. */
export enum ByteClass {
  letter = 0,
  digit = 1,
  /** `_`: joins letters and digits, and itself. */
  connector = 2,
  /** Between two letters it joins them. */
  midLetter = 3,
  /** Between two digits it joins them. */
  midNumber = 4,
  /** Between two letters or two digits it joins them: `.` and `'`. */
  midBoth = 5,
  /** Runs of spaces are one token. */
  space = 6,
  /** A token by itself. */
  other = 7,
  /** A byte of a character beyond ASCII. */
  high = 8,
}

/** Addresses in the scanner's memory, bytes. */
export enum Place {
  /** A `ByteClass` a byte, for all 256. */
  classes = 1024,
  /** Records of the tokens of one ASCII byte; 0: none yet. */
  singles = 2048,
  /** 17 masks of 16 bytes: the first n bytes kept. */
  masks = 4096,
  /** Where the scan is: what `scan` tells besides its result. */
  position = 8192,
  runEnd = 8196,
  status = 8200,
  /** A token that is looked up by itself. */
  token = 16384,
  input = 278592,
  output = 540800,
  /** Where records begin; the table of slots comes first. */
  free = 1589376,
}

/** Sizes in bytes unless said otherwise. */
export enum Size {
  /** The most that is scanned at once, or looked up; some bytes more behind it may be read. */
  input = 262144,
  /** The longest run that is remembered. */
  run = 64,
  /** A record begins with 4 bytes of nothing, its symbol, its key and its count; then the token's bytes. */
  head = 16,
}

/** Bits of a record's key; the others are the number of its bytes. */
export enum Key {
  length = 0xffffff,
  /** A run of characters beyond ASCII: its symbols follow its bytes, after their number. */
  run = 0x1000000,
}

/** What `scan` ended with. */
export enum Status {
  /** All is scanned. */
  done = 0,
  /** A run that is not remembered, from `position` to `runEnd`. */
  strange = 1,
}
