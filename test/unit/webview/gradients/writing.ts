import { formatFor } from '../../../../src/protocol/format';
import { panelStringNames, type PanelStrings } from '../../../../src/protocol/strings';
import type { Writing } from '../../../../webview/views/gradients/contents';

/** Every text is its name and the values it has places for: `claimFalls(9)`. */
export const strings = Object.fromEntries(
  panelStringNames.map((name) => [name, `${name}({0}|{1})`]),
) as PanelStrings;

export const writing: Writing = {
  strings,
  format: formatFor('en'),
  name: (qualified) => qualified.split('.')[1]!,
};
