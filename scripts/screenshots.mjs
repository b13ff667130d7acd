// npm run screenshots [-- --steps N]: makes the pictures of the READMEs from a real VS Code that trains on Hamlet.
import { parseArgs } from 'node:util';
import { build } from './run.mjs';
import { createCamera, publish } from './screenshots/camera.mjs';
import { files, takeAll } from './screenshots/scenes.mjs';
import { openWindow } from './screenshots/window.mjs';

const { values } = parseArgs({ options: { steps: { type: 'string', default: '2000' } } });
await build(['extension', 'worker', 'webview']);
const take = await createCamera();
const window = await openWindow(files);
try {
  await takeAll(window, take, Number(values.steps));
} finally {
  await window.close();
}
publish();
