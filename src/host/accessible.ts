/** What screen readers say: the words of what the eye sees, without its icons, Markdown and colours. */
import {
  l10n,
  window,
  type AccessibilityInformation,
  type StatusBarAlignment,
  type StatusBarItem,
} from 'vscode';
import { plainText } from './plain-text';

/** The name of an item from its parts, in order; what is empty is left out. */
export function spoken(parts: readonly string[]): AccessibilityInformation {
  const words = parts.map(plainText).filter((part) => part !== '');
  return { label: words.join(l10n.t(', ')) };
}

/** What a status bar item shows. */
export interface StatusContent extends Pick<StatusBarItem, 'text' | 'tooltip' | 'command'> {
  /** What is spoken after its name and text, such as what a picture in the tooltip tells. */
  readonly details?: readonly string[];
  readonly backgroundColor?: StatusBarItem['backgroundColor'];
}

export interface StatusItem {
  show(content: StatusContent): void;
  hide(): void;
  dispose(): void;
}

/** Every status bar item of the extension. */
const made = new Set<Readonly<StatusBarItem>>();
export const statusItems: ReadonlySet<Readonly<StatusBarItem>> = made;

/** @param name what it is called in the status bar's menu, and by screen readers before its text */
export function createStatusItem(
  id: string,
  name: string,
  alignment: StatusBarAlignment,
  priority: number,
): StatusItem {
  const item = window.createStatusBarItem(id, alignment, priority);
  item.name = name;
  made.add(item);
  return {
    show({ text, tooltip, command, backgroundColor, details = [] }) {
      item.text = text;
      item.tooltip = tooltip;
      item.command = command;
      item.backgroundColor = backgroundColor;
      item.accessibilityInformation = spoken([name, text, ...details]);
      item.show();
    },
    hide: () => item.hide(),
    dispose() {
      made.delete(item);
      item.dispose();
    },
  };
}
