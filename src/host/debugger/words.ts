/** What the debugger calls things, to be translated. */
import type { ScopeName, TroubleName } from '../../core/debugger/names';
import { sentence, type Sentence } from '../../core/sentence';

export const scopes: Readonly<Record<ScopeName, Sentence>> = {
  step: sentence`This step`,
  gradients: sentence`Gradients`,
  parameters: sentence`Parameters`,
  jacobian: sentence`Jacobian`,
};

export const troubles: Readonly<
  Record<TroubleName, { readonly label: Sentence; readonly description: Sentence }>
> = {
  notFinite: {
    label: sentence`Not finite`,
    description: sentence`A value or a gradient is NaN or infinite.`,
  },
  overflow: {
    label: sentence`Overflow of float32`,
    description: sentence`A value is larger than float32 can hold.`,
  },
  vanished: {
    label: sentence`Gradient vanished`,
    description: sentence`The gradient with respect to a state is below 1e-6 of that at lag 0.`,
  },
  exploded: {
    label: sentence`Gradient exploded`,
    description: sentence`The gradient with respect to a state is above 1000 times that at lag 0.`,
  },
  saturated: {
    label: sentence`Saturated`,
    description: sentence`More than half of the units of a tanh or a sigmoid are saturated.`,
  },
};

/** Where there is nothing more in this direction. */
export const stopDescriptions = {
  turn: sentence`Here the forward pass ends and the backward pass begins.`,
  start: sentence`This is the first step.`,
  end: sentence`The backward pass is over. Continue once more to end, or go back.`,
} as const;
