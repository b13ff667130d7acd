/**
 * TFRecords, of which event files are made (tensorflow.org/tutorials/load_data/tfrecord): the length of each record as
 * 64 bits, its masked CRC-32C, the record, and its masked CRC-32C; all little-endian.
 */

import { crcOf } from '../../crc32';

/** Records one behind the other. */
export function writeRecords(records: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const file = new Uint8Array(records.reduce((size, { length }) => size + 16 + length, 0));
  const view = new DataView(file.buffer);
  let at = 0;
  for (const record of records) {
    view.setBigUint64(at, BigInt(record.length), true);
    view.setUint32(at + 8, maskedCrc(file.subarray(at, at + 8)), true);
    file.set(record, at + 12);
    view.setUint32(at + 12 + record.length, maskedCrc(record), true);
    at += 16 + record.length;
  }
  return file;
}

/** A checksum that is no checksum of itself: rotated by 15 bits, and a constant added. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

export const crc32c = crcOf(0x82f63b78);
