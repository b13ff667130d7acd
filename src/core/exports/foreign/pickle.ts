/**
 * The part of Python's pickle format (PEP 307, PEP 3154) that dictionaries of tensors need. A pickle is a program
 * that can call anything; here it can make numbers, texts, lists, dictionaries and tensors, and nothing else.
 */
import { Damage } from '../../formats/damage';
import { sentence } from '../../sentence';

/** What a pickle names by its module; only those that the caller knows are looked at. */
export class Global {
  constructor(readonly name: string) {}
}

/** What is kept outside the pickle. */
export class Outside {
  constructor(readonly id: PickleValue) {}
}

export type PickleValue =
  | null
  | boolean
  | number
  | string
  | Global
  | Outside
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | Made;

/** What a call has made, by the caller's table. */
export class Made {
  constructor(readonly thing: object) {}
}

export interface Pickled {
  readonly value: PickleValue;
  /** Behind its last byte. */
  readonly end: number;
}

/** What a pickle may call, by module and name: makes a value of the arguments; and what it may only mention. */
export interface Callables {
  readonly calls: Readonly<Record<string, (args: readonly PickleValue[]) => PickleValue>>;
  readonly mentions: (name: string) => boolean;
}

const mark = Symbol('mark');
type Slot = PickleValue | typeof mark;

const most32 = 2 ** 32;

/** Opcodes by their byte: what is understood. */
const op = {
  mark: 0x28,
  emptyTuple: 0x29,
  stop: 0x2e,
  float: 0x47,
  int: 0x4a,
  byteInt: 0x4b,
  shortInt: 0x4d,
  none: 0x4e,
  persistent: 0x51,
  reduce: 0x52,
  string: 0x54,
  shortString: 0x55,
  unicode: 0x58,
  append: 0x61,
  build: 0x62,
  global: 0x63,
  emptyList: 0x5d,
  appends: 0x65,
  get: 0x68,
  longGet: 0x6a,
  put: 0x71,
  longPut: 0x72,
  setItem: 0x73,
  tuple: 0x74,
  setItems: 0x75,
  emptyDictionary: 0x7d,
  protocol: 0x80,
  tuple1: 0x85,
  tuple2: 0x86,
  tuple3: 0x87,
  true: 0x88,
  false: 0x89,
  long: 0x8a,
  shortUnicode: 0x8c,
  stackGlobal: 0x93,
  memoize: 0x94,
  frame: 0x95,
} as const;

/** Names of what is refused, for the message. */
const refused: Readonly<Record<number, string>> = {
  0x69: 'INST',
  0x6f: 'OBJ',
  0x81: 'NEWOBJ',
  0x92: 'NEWOBJ_EX',
  0x82: 'EXT1',
  0x83: 'EXT2',
  0x84: 'EXT4',
  0x50: 'PERSID',
  0x8f: 'EMPTY_SET',
  0x91: 'FROZENSET',
  0x42: 'BINBYTES',
  0x43: 'SHORT_BINBYTES',
  0x8e: 'BINBYTES8',
  0x96: 'BYTEARRAY8',
};

/**
 * Reads one pickle.
 *
 * @param at where it begins
 * @throws Damage where it is cut off or malformed, or wants to do what is not allowed
 */
export function readPickle(bytes: Uint8Array, at: number, callables: Callables): Pickled {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = new TextDecoder();
  const stack: Slot[] = [];
  const memo = new Map<number, PickleValue>();
  let next = at;

  const take = (count: number): number => {
    const from = next;
    if (count > bytes.length - next) throw new Damage(sentence`its pickle is cut off`);
    next += count;
    return from;
  };
  const textOf = (length: number): string => {
    const from = take(length);
    return text.decode(bytes.subarray(from, from + length));
  };
  const line = (): string => {
    const end = bytes.indexOf(0x0a, next);
    if (end < 0) throw new Damage(sentence`its pickle is cut off`);
    const found = text.decode(bytes.subarray(next, end));
    next = end + 1;
    return found;
  };
  const pop = (): PickleValue => {
    const value = stack.pop();
    if (value === undefined || value === mark) throw malformed();
    return value;
  };
  const top = (): PickleValue => {
    const value = stack.at(-1);
    if (value === undefined || value === mark) throw malformed();
    return value;
  };
  const toMark = (): PickleValue[] => {
    const from = stack.lastIndexOf(mark);
    if (from < 0) throw malformed();
    const values = stack.splice(from);
    return values.slice(1) as PickleValue[];
  };
  const name = (module: string, member: string): void => {
    const whole = `${module}.${member}`;
    if (!Object.hasOwn(callables.calls, whole) && !callables.mentions(whole)) {
      throw new Damage(
        sentence`it holds ${whole}, for which code would have to run that the file names`,
      );
    }
    stack.push(new Global(whole));
  };
  const put = (key: number): void => {
    memo.set(key, top());
  };
  const get = (key: number): void => {
    const value = memo.get(key);
    if (value === undefined) throw malformed();
    stack.push(value);
  };
  const set = (pairs: readonly PickleValue[]): void => {
    const into = top();
    if (!(into instanceof Map) || pairs.length % 2 !== 0) throw malformed();
    for (let i = 0; i < pairs.length; i += 2) into.set(pairs[i]!, pairs[i + 1]!);
  };
  const append = (values: readonly PickleValue[]): void => {
    const into = top();
    if (!Array.isArray(into)) throw malformed();
    for (const value of values) into.push(value);
  };
  const tupleOf = (count: number): void => {
    const values = Array.from({ length: count }, pop).reverse();
    stack.push(values);
  };

  for (;;) {
    const code = bytes[take(1)]!;
    switch (code) {
      case op.protocol:
        take(1);
        break;
      case op.frame:
        take(8);
        break;
      case op.mark:
        stack.push(mark);
        break;
      case op.none:
        stack.push(null);
        break;
      case op.true:
      case op.false:
        stack.push(code === op.true);
        break;
      case op.int:
        stack.push(view.getInt32(take(4), true));
        break;
      case op.byteInt:
        stack.push(view.getUint8(take(1)));
        break;
      case op.shortInt:
        stack.push(view.getUint16(take(2), true));
        break;
      case op.long: {
        const length = view.getUint8(take(1));
        stack.push(littleEndian(bytes.subarray(take(length), next)));
        break;
      }
      case op.float:
        stack.push(view.getFloat64(take(8)));
        break;
      case op.string:
      case op.unicode:
        stack.push(textOf(view.getUint32(take(4), true)));
        break;
      case op.shortString:
      case op.shortUnicode:
        stack.push(textOf(view.getUint8(take(1))));
        break;
      case op.emptyTuple:
      case op.emptyList:
        stack.push([]);
        break;
      case op.emptyDictionary:
        stack.push(new Map());
        break;
      case op.tuple:
        stack.push(toMark());
        break;
      case op.tuple1:
      case op.tuple2:
      case op.tuple3:
        tupleOf(code - op.tuple1 + 1);
        break;
      case op.append:
        append([pop()]);
        break;
      case op.appends:
        append(toMark());
        break;
      case op.setItem: {
        const [value, key] = [pop(), pop()];
        set([key, value]);
        break;
      }
      case op.setItems:
        set(toMark());
        break;
      case op.put:
        put(view.getUint8(take(1)));
        break;
      case op.longPut:
        put(view.getUint32(take(4), true));
        break;
      case op.memoize:
        put(memo.size);
        break;
      case op.get:
        get(view.getUint8(take(1)));
        break;
      case op.longGet:
        get(view.getUint32(take(4), true));
        break;
      case op.global: {
        const module = line();
        name(module, line());
        break;
      }
      case op.stackGlobal: {
        const [member, module] = [pop(), pop()];
        if (typeof member !== 'string' || typeof module !== 'string') throw malformed();
        name(module, member);
        break;
      }
      case op.persistent:
        stack.push(new Outside(pop()));
        break;
      case op.reduce: {
        const [args, called] = [pop(), pop()];
        const call = called instanceof Global ? callables.calls[called.name] : undefined;
        if (!call || !Array.isArray(args)) throw malformed();
        stack.push(call(args));
        break;
      }
      case op.build:
        // Attributes of a dictionary, such as the versions of its modules.
        pop();
        if (!(top() instanceof Map)) throw malformed();
        break;
      case op.stop:
        return { value: pop(), end: next };
      default: {
        const opcode = refused[code] ?? `0x${code.toString(16).padStart(2, '0')}`;
        throw new Damage(
          sentence`it holds more than a dictionary of tensors: the pickle opcode ${opcode} is not read`,
        );
      }
    }
  }
}

function malformed(): Damage {
  return new Damage(sentence`its pickle is malformed`);
}

/** A two's complement number of any length, as exactly as a number can be. */
function littleEndian(bytes: Uint8Array): number {
  let value = 0;
  for (let i = bytes.length - 1; i >= 0; i--) value = value * 256 + bytes[i]!;
  const isNegative = (bytes.at(-1) ?? 0) >= 128;
  return isNegative ? value - (bytes.length === 4 ? most32 : 256 ** bytes.length) : value;
}
