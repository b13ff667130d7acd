import { UsageError } from './errors';

/**
 * A flag's value as a number within limits.
 * @throws UsageError
 */
export function numberFlag(
  options: Readonly<Record<string, unknown>>,
  name: string,
  minimum: number,
  maximum: number,
  integer: boolean,
): number {
  const given = String(options[name]);
  const value = given.trim() === '' ? NaN : Number(given);
  if (value >= minimum && value <= maximum && (!integer || Number.isInteger(value))) return value;
  throw new UsageError(
    `--${name} must be a ${integer ? 'whole ' : ''}number from ${String(minimum)} to ${String(maximum)}; ${given.trim() === '' ? 'nothing' : given} was given.`,
  );
}
