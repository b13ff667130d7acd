/** Which points lie in the same direction from the origin: by the cosine of the angle between them. */
import type { Points } from './principal';

export interface Near {
  /** From 0. */
  readonly point: number;
  /** x·y / ‖x‖‖y‖, −1 to 1. */
  readonly cosine: number;
}

/** What finds the points near one of them; a point of zeros alone is near none. */
export function createNearest({
  count,
  width,
  values,
}: Points): (point: number, most: number) => Near[] {
  const units = new Float64Array(values.length);
  for (let point = 0; point < count; point++) {
    const row = values.subarray(point * width, (point + 1) * width);
    const norm = Math.hypot(...row);
    for (let i = 0; i < width; i++) units[point * width + i] = norm > 0 ? row[i]! / norm : NaN;
  }
  return (point, most) => {
    const found: Near[] = [];
    for (let other = 0; other < count; other++) {
      if (other === point) continue;
      let cosine = 0;
      for (let i = 0; i < width; i++)
        cosine += units[point * width + i]! * units[other * width + i]!;
      const last = found.at(-1);
      if (Number.isNaN(cosine) || (found.length === most && cosine <= (last?.cosine ?? 1)))
        continue;
      // Of equally near ones the earlier stays first.
      let at = found.length;
      while (at > 0 && found[at - 1]!.cosine < cosine) at--;
      found.splice(at, 0, { point: other, cosine });
      if (found.length > most) found.pop();
    }
    return found;
  };
}
