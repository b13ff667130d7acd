/** The beginning of a text that has at most so many bytes in UTF-8, in whole characters: a name for a file. */
export function beginning(text: string, mostBytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(mostBytes));
  return text.slice(0, read);
}
