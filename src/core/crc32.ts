/**
 * A checksum of 32 bits (CRC), the lowest bit first.
 *
 * @param polynomial reversed: 0xEDB88320 of CRC-32 (ZIP), 0x82F63B78 of CRC-32C (Castagnoli, RFC 3720)
 */
export function crcOf(polynomial: number): (bytes: Uint8Array) => number {
  const table = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? polynomial ^ (crc >>> 1) : crc >>> 1;
    return crc;
  });
  return (bytes) => {
    let crc = -1;
    for (const byte of bytes) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
    return ~crc >>> 0;
  };
}
