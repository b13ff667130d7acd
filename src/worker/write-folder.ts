import type { Files } from './platform';

/**
 * Writes files into a folder, which is made where it is not there.
 *
 * @param contents by name
 * @returns bytes written
 */
export async function writeFolder(
  files: Files,
  folder: string,
  contents: Readonly<Record<string, string | Uint8Array>>,
): Promise<number> {
  await files.makeFolder(folder);
  let bytes = 0;
  for (const [name, content] of Object.entries(contents)) {
    const encoded = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    bytes += encoded.length;
    await files.write(files.join(folder, name), encoded);
  }
  return bytes;
}
