import { borrowVSCode, discardVSCode } from './shared';
import { closeBrowser, openVSCode, type Options, type VSCode } from './window';

// One for all suites: each has a context of its own in it, which shares nothing with the others.
after(async () => {
  await discardVSCode();
  await closeBrowser();
});

/**
 * Declares that the suite around this call uses a VS Code, which leaves a screenshot and its logs where a test fails.
 * Suites that want files and settings only have the same, one after the other.
 *
 * @returns the VS Code; its members may be used inside tests and hooks only
 */
export function useVSCode(options: Options = {}): Omit<VSCode, 'close' | 'keepEvidence'> {
  const isShared = !('locale' in options || 'vsix' in options || 'env' in options);
  let opened: VSCode | undefined;
  let linesBefore = 0;
  let passed = 0;
  let failed = 0;

  before(async function () {
    this.timeout(300_000);
    opened = await (isShared ? borrowVSCode : openVSCode)(options);
    linesBefore = opened.consoleLines().length;
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') {
      passed++;
      return;
    }
    failed++;
    await opened?.keepEvidence(this.currentTest.titlePath().join(' '));
  });

  after(async function () {
    // A hook that fails has no `afterEach`.
    const isHook = passed + failed === 0;
    if (isHook) await opened?.keepEvidence(this.test?.titlePath().join(' ') ?? '');
    // Whatever went wrong must not go wrong for others too.
    if (!isShared) await opened?.close();
    else if (failed > 0 || isHook) await discardVSCode();
  });

  function current(): VSCode {
    if (!opened) {
      throw new Error('VS Code is not open yet: use it inside a test or a hook.');
    }
    return opened;
  }

  return {
    get page() {
      return current().page;
    },
    get workspace() {
      return current().workspace;
    },
    get data() {
      return current().data;
    },
    reopen: () => current().reopen(),
    consoleLines: () => current().consoleLines().slice(linesBefore),
  };
}
