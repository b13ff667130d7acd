/** Where a run of equations is to stop: breakpoints on equations, units that cross zero, numbers that go wrong. */
import { isSaturated } from '../inspection/observation';
import { InputError } from '../input-error';
import { sentence, type Sentence } from '../sentence';
import { ask, holds } from './ask';
import type { Standpoint } from './lookup';
import { gradientOf } from './gradients';
import type { Checks, Machine, Place } from './machine';
import type { Move, TroubleName } from './names';
import { answerText } from './show';

/** On an equation, by the index of its first instruction, in every layer that has it. */
export interface Breakpoint {
  readonly id: number;
  /** Of the instructions that stop there. */
  readonly instructions: readonly number[];
  readonly condition?: string | undefined;
  /** Stops from the n-th time on that it would; `hits` are counted. */
  readonly hitCount?: number | undefined;
  /** Instead of stopping says this, with expressions in braces. */
  readonly log?: string | undefined;
}

/** A unit whose change of sign stops. */
export interface WatchedUnit {
  readonly variable: number;
  readonly unit: number;
}

export type Found =
  | { readonly kind: 'breakpoint'; readonly id: number }
  /** A condition that cannot be worked out. */
  | { readonly kind: 'mistake'; readonly id: number; readonly told: Sentence }
  | { readonly kind: 'unit'; readonly told: Sentence }
  | { readonly kind: 'trouble'; readonly trouble: TroubleName; readonly told: Sentence };

export interface Stops {
  breakpoints: readonly Breakpoint[];
  units: readonly WatchedUnit[];
  troubles: ReadonlySet<TroubleName>;
}

/** The largest float32. */
const largestFloat32 = 3.4028234663852886e38;
/** Of the gradient at lag 0. */
const [vanished, exploded] = [1e-6, 1e3];

export interface StopChecks extends Checks<Found> {
  /** Hits are counted from 0 again. */
  reset(): void;
}

/** @param log takes what log points say */
export function createChecks(
  machine: Machine,
  stops: Stops,
  standpoint: (place: Place) => Standpoint,
  log: (text: string) => void,
): StopChecks {
  const hits = new Map<number, number>();

  function hit(breakpoint: Breakpoint, place: Place): Found | undefined {
    const { id, condition, hitCount = 1, log: message } = breakpoint;
    const at = { ...standpoint(place), ahead: place.instruction?.index };
    try {
      if (condition !== undefined && !holds(condition, at)) return undefined;
      const count = (hits.get(id) ?? 0) + 1;
      hits.set(id, count);
      if (count < hitCount) return undefined;
      if (message === undefined) return { kind: 'breakpoint', id };
      log(message.replaceAll(/\{([^{}]*)\}/g, (_, text: string) => answerText(ask(text, at))));
      return undefined;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return { kind: 'mistake', id, told: error.whole };
    }
  }

  function crossing({ t, instruction }: Place): Found | undefined {
    const [first] = machine.course.bounds(t);
    for (const { variable, unit } of stops.units) {
      if (variable !== instruction?.index || t === first) continue;
      const [before, now] = [t - 1, t].map(
        (step) => machine.forward.work(step, variable).values[variable]![unit]!,
      ) as [number, number];
      if (Math.sign(before) * Math.sign(now) >= 0) continue;
      const told = sentence`Unit ${unit} of ${instruction.symbol} has crossed zero: ${shortNumber(before)} → ${shortNumber(now)}.`;
      return { kind: 'unit', told };
    }
    return undefined;
  }

  function wrongValue({ t, step, instruction }: Place): Found | undefined {
    const { index, symbol, activation } = instruction!;
    const values = machine.forward.work(t, index).values[index]!;
    const isChosen = (name: TroubleName): boolean => stops.troubles.has(name);
    const odd = values.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0 && isChosen('notFinite')) {
      return trouble(
        'notFinite',
        sentence`Unit ${odd} of ${symbol}[${step + 1}] is not a finite number: ${String(values[odd])}.`,
      );
    }
    const large = values.findIndex((value) => Math.abs(value) > largestFloat32);
    if (large >= 0 && isChosen('overflow')) {
      return trouble(
        'overflow',
        sentence`Unit ${large} of ${symbol}[${step + 1}] is more than float32 can hold: ${String(values[large])}.`,
      );
    }
    if (!activation || !isChosen('saturated')) return undefined;
    const count = values.reduce((sum, value) => sum + (isSaturated(activation, value) ? 1 : 0), 0);
    if (2 * count <= values.length) return undefined;
    return trouble(
      'saturated',
      sentence`${count} of the ${values.length} units of ${symbol}[${step + 1}] are saturated.`,
    );
  }

  function wrongGradient({ t, step, instruction }: Place): Found | undefined {
    const { index, symbol } = instruction!;
    const { states } = machine.material.plan;
    const gradient = gradientOf(machine, t, index);
    if (!gradient || !states.some(({ variable }) => variable === index)) return undefined;
    const size = norm(gradient);
    const isChosen = (name: TroubleName): boolean => stops.troubles.has(name);
    if (!Number.isFinite(size) && isChosen('notFinite')) {
      return trouble(
        'notFinite',
        sentence`The gradient with respect to ${symbol}[${step + 1}] is not finite.`,
      );
    }
    const [, last] = machine.course.bounds(t);
    const first = norm(gradientOf(machine, last, index) ?? gradient);
    const lag = last - t;
    if (first === 0 || lag === 0) return undefined;
    const ratio = size / first;
    if (ratio < vanished && isChosen('vanished')) {
      return trouble(
        'vanished',
        sentence`The gradient with respect to ${symbol}[${step + 1}] has vanished: ${shortNumber(ratio)} of that at lag 0, at lag ${lag}.`,
      );
    }
    if (ratio > exploded && isChosen('exploded')) {
      return trouble(
        'exploded',
        sentence`The gradient with respect to ${symbol}[${step + 1}] has exploded: ${shortNumber(ratio)} times that at lag 0, at lag ${lag}.`,
      );
    }
    return undefined;
  }

  /** Each is told once: what is wrong stays wrong at the steps that follow. */
  const told = new Set<string>();
  function once(place: Place, found: Found | undefined): Found | undefined {
    if (found?.kind !== 'trouble') return found;
    const key = `${found.trouble} ${place.pass} ${place.instruction?.name ?? ''}`;
    if (told.has(key)) return undefined;
    told.add(key);
    return found;
  }

  return {
    before(place) {
      const index = place.instruction?.index ?? -1;
      for (const breakpoint of stops.breakpoints) {
        if (!breakpoint.instructions.includes(index)) continue;
        const found = hit(breakpoint, place);
        if (found) return found;
      }
      return undefined;
    },
    after(place, move: Move) {
      if (place.instruction === undefined) return undefined;
      if (place.pass === 'backward') {
        return move === 'reverse' ? undefined : once(place, wrongGradient(place));
      }
      const crossed = crossing(place);
      if (crossed || move === 'reverse') return crossed;
      return stops.troubles.size === 0 ? undefined : once(place, wrongValue(place));
    },
    reset() {
      hits.clear();
      told.clear();
    },
  };
}

const trouble = (name: TroubleName, told: Sentence): Found => ({
  kind: 'trouble',
  trouble: name,
  told,
});

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

const shortNumber = (value: number): string => String(Number(value.toPrecision(3)));
