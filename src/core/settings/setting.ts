/** What a setting is: a number within limits, one of some values, or a text. */

interface Common {
  /** One sentence, shown in the editor's settings and in the command line's help. */
  readonly description: string;
  /** What a value counts, if it counts anything: `steps`, `s`, `tokens`. */
  readonly unit?: string;
  /** Other flag than the setting's own name in kebab-case. */
  readonly flag?: string;
}

/** A number with its limits; both limits are allowed values unless `exclusive` says otherwise. */
export interface NumberSetting extends Common {
  readonly type: 'integer' | 'number';
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  /** `maximum` itself is not allowed. */
  readonly exclusiveMaximum?: boolean;
  /** What earlier versions allowed below `minimum`; a saved run that has it is read as having `minimum`. */
  readonly formerMinimum?: number;
  /** 0 stands for "the program chooses"; the word `auto` is accepted for it. */
  readonly automatic?: boolean;
}

export interface EnumSetting<Value extends string = string> extends Common {
  readonly type: 'enum';
  readonly default: Value;
  readonly values: readonly Value[];
}

export interface TextSetting extends Common {
  readonly type: 'text';
  readonly default: string;
}

export type Setting = NumberSetting | EnumSetting | TextSetting;

/** The largest limit of what has none of its own. */
export const largest = 1_000_000_000;

export function integer(
  value: number,
  minimum: number,
  maximum: number,
  description: string,
  more: { unit?: string; automatic?: boolean } = {},
): NumberSetting {
  return { type: 'integer', default: value, minimum, maximum, description, ...more };
}

export function number(
  value: number,
  minimum: number,
  maximum: number,
  description: string,
  more: Pick<NumberSetting, 'unit' | 'automatic' | 'exclusiveMaximum' | 'formerMinimum'> = {},
): NumberSetting {
  return { type: 'number', default: value, minimum, maximum, description, ...more };
}

export function choice<const Value extends string>(
  value: NoInfer<Value>,
  values: readonly Value[],
  description: string,
): EnumSetting<Value> {
  return { type: 'enum', default: value, values, description };
}

export function text(value: string, description: string): TextSetting {
  return { type: 'text', default: value, description };
}
