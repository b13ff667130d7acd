import { formatFor } from '../../../../src/protocol/format';
import type { Writing } from '../../../../webview/views/gradients/contents';

export const writing: Writing = {
  format: formatFor('en'),
  name: (qualified) => qualified.split('.')[1]!,
};
