import type { Disposable } from 'vscode';
import { l10n, QuickInputButtons, window, type QuickInput, type QuickPickItem } from 'vscode';
import { meantBy } from './meant';

/** What the back button answers. */
export const back = Symbol('back');

/** What is taken where there is an answer: the value, the step before, or nothing, with Esc. */
export type Answer<T> = T | typeof back | undefined;

/** Where a question stands among several. */
export interface Place {
  /** From 1; undefined where it stands alone. */
  readonly step?: number;
  readonly total?: number;
  readonly canGoBack: boolean;
}

/** An answer that is offered. */
export interface Choice<T> extends QuickPickItem {
  readonly value?: T;
}

/** What typed text comes to: an answer, or a sentence about what is wrong with it. */
export type Reading<T> = Choice<T> | string;

export interface Question<T> extends Place {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice<T>[] | Promise<readonly Choice<T>[]>;
  /** Which choice is the one that Enter takes at once. */
  readonly isActive: (value: T) => boolean;
  /** Is told of each value that the user moves to before one is chosen. */
  readonly onActive?: (value: T) => void;
  /** Makes an answer of what is typed; without it only what is offered can be chosen. */
  readonly read?: (typed: string) => Reading<T>;
}

/** Offers answers and takes others that are typed, checked as they are. */
export async function choose<T>(question: Question<T>): Promise<Answer<T>> {
  const { placeholder, isActive, onActive, read } = question;
  const pick = window.createQuickPick<Choice<T>>();
  pick.placeholder = placeholder;
  pick.matchOnDetail = true;
  pick.busy = true;
  let offered: readonly Choice<T>[] = [];

  function show(first: Choice<T> | undefined, active: Choice<T> | undefined) {
    pick.items = first ? [first, ...offered] : offered;
    if (active) pick.activeItems = [active];
  }

  /** What is offered, with the one that is meant as long as nothing is typed. */
  function offer() {
    show(
      undefined,
      offered.find(({ value }) => value !== undefined && isActive(value)),
    );
  }

  /** VS Code filters what is offered: what is active should be what is meant, also if it came after the words. */
  function follow(words: string) {
    const meant = meantBy(words, offered);
    if (meant && meant !== pick.activeItems[0]) pick.activeItems = [meant];
  }

  function readTyped(typed: string) {
    const wanted = typed.trim();
    if (wanted === '') {
      offer();
      return;
    }
    if (!read) {
      follow(wanted);
      return;
    }
    const reading = read(wanted);
    // Half of what is offered may be typed: then that is meant.
    const meant =
      typeof reading === 'string'
        ? meantBy(wanted, offered)
        : offered.find(({ label }) => label === reading.label);
    if (meant) {
      show(undefined, meant);
      return;
    }
    const typedOne = typeof reading === 'string' ? { label: `$(error) ${reading}` } : reading;
    const first = { ...typedOne, alwaysShow: true };
    show(first, first);
  }

  return asked(pick, question, async (answer) => {
    pick.onDidChangeValue(readTyped);
    pick.onDidChangeActive(([active]) => {
      if (active?.value !== undefined) onActive?.(active.value);
    });
    pick.onDidAccept(() => {
      const value = pick.activeItems[0]?.value;
      if (value !== undefined) answer(value);
    });
    offered = await question.choices;
    pick.busy = false;
    pick.items = offered;
    readTyped(pick.value);
  });
}

export interface TextQuestion extends Place {
  readonly title: string;
  readonly prompt: string;
  readonly value: string;
  readonly placeholder?: string;
  /** A sentence about what is wrong with what is typed; undefined: nothing. */
  readonly check: (typed: string) => string | undefined;
}

/** Asks for a text. */
export function askText(question: TextQuestion): Promise<Answer<string>> {
  const { prompt, value, placeholder, check } = question;
  const input = window.createInputBox();
  input.prompt = prompt;
  input.value = value;
  input.placeholder = placeholder;
  return asked(input, question, (answer) => {
    const validate = () => (input.validationMessage = check(input.value));
    input.onDidChangeValue(validate);
    input.onDidAccept(() => {
      if (validate() === undefined) answer(input.value);
    });
  });
}

/** What both kinds of questions have in common: title, place, back button, Esc. */
async function asked<T>(
  input: QuickInput & {
    buttons: readonly unknown[];
    onDidTriggerButton: (listener: (button: unknown) => void) => Disposable;
  },
  { title, step, total, canGoBack }: Place & { readonly title: string },
  listen: (answer: (value: T) => void) => unknown,
): Promise<Answer<T>> {
  input.title = title;
  input.step = step;
  input.totalSteps = total;
  // One may look at the text between two questions; only Esc cancels.
  input.ignoreFocusOut = true;
  input.buttons = canGoBack ? [QuickInputButtons.Back] : [];
  try {
    return await new Promise<Answer<T>>((resolve, reject) => {
      input.onDidTriggerButton((button) => {
        if (button === QuickInputButtons.Back) resolve(back);
      });
      input.onDidHide(() => resolve(undefined));
      input.show();
      Promise.resolve(listen(resolve)).catch(reject);
    });
  } finally {
    input.dispose();
  }
}

/** One question of several: gives the answers with its own, or goes back, or ends them all. */
export type Step<A> = (answers: A, place: Required<Place>) => Promise<Answer<A>>;

/** Asks one after the other, and back again; undefined: cancelled. */
export async function askAll<A>(first: A, steps: readonly Step<A>[]): Promise<A | undefined> {
  let answers = first;
  for (let index = 0; index < steps.length;) {
    const place = { step: index + 1, total: steps.length, canGoBack: index > 0 };
    const answer = await steps[index]!(answers, place);
    if (answer === undefined) return undefined;
    if (answer === back) index--;
    else {
      answers = answer;
      index++;
    }
  }
  return answers;
}

/** What is marked as the last answer. */
export function lastUsed(): string {
  return l10n.t('last used');
}
