// npm run typecheck: the types of every folder, as the stage `checks` of npm test has them checked.
import { runCheck } from './stages/checks.mjs';

process.exitCode = await runCheck('types');
