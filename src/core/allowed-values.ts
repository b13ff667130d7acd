import { sentence, type Sentence } from './sentence';

/** What values a setting takes. */
export type AllowedValues =
  | { readonly type: 'text' }
  | { readonly type: 'enum'; readonly values: readonly string[] }
  | {
      readonly type: 'integer' | 'number';
      readonly minimum: number;
      readonly maximum: number;
      /** `maximum` itself is not allowed. */
      readonly exclusiveMaximum?: boolean;
      /** `auto` is a value too. */
      readonly automatic?: boolean;
    };

/** What values a setting takes, a part of a sentence: `a whole number from 1 to 8192`. */
export function describeAllowed(allowed: AllowedValues): Sentence {
  switch (allowed.type) {
    case 'text':
      return sentence`a text`;
    case 'enum':
      return sentence`one of ${allowed.values.join(', ')}`;
    case 'integer':
    case 'number': {
      const { type, minimum, maximum, exclusiveMaximum = false, automatic = false } = allowed;
      const range = exclusiveMaximum
        ? sentence`a number from ${minimum} to below ${maximum}`
        : type === 'integer'
          ? sentence`a whole number from ${minimum} to ${maximum}`
          : sentence`a number from ${minimum} to ${maximum}`;
      return automatic ? sentence`${range}, or auto` : range;
    }
  }
}
