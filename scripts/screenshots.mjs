// npm run screenshots [-- --only=SCENE,… --steps N]: makes the pictures of the READMEs from a real VS Code that trains.
import { parseArgs } from 'node:util';
import { build } from './run.mjs';
import { createCamera, publish } from './screenshots/camera.mjs';
import { SCENES, takeScenes } from './screenshots/scenes.mjs';

const { values } = parseArgs({
  options: { only: { type: 'string' }, steps: { type: 'string', default: '2000' } },
});
const names = values.only?.split(',') ?? SCENES;
const unknown = names.filter((name) => !SCENES.includes(name));
if (unknown.length > 0) {
  console.error(`No scene is called ${unknown.join(', ')}. There are ${SCENES.join(', ')}.`);
  process.exit(2);
}
await build(['extension', 'worker', 'webview', 'renderer', 'cli']);
const take = await createCamera();
await takeScenes(names, take, Number(values.steps));
publish({ all: values.only === undefined });
