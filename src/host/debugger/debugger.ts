/** The debugger of `.rnn` files: launch configurations, an adapter for each session, what the editor shows. */
import type { Uri } from 'vscode';
import {
  debug,
  DebugAdapterInlineImplementation,
  Disposable,
  l10n,
  window,
  workspace,
  type DebugAdapter,
  type DebugConfiguration,
  type DebugConfigurationProvider,
  type Event,
} from 'vscode';
import { goToError } from '../commands/cell-file';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Engine } from '../engine';
import { cellLanguage } from '../language/language';
import { UserError, type Notifier } from '../notify';
import { messageOf, translated } from '../translate';
import type { RnnDebugSession } from './adapter';
import { createTokenMarks, registerValues } from './editor';

export const debugType = 'rnn';

/** @param engine goes through models; it has nothing else to do that takes long */
export function registerDebugger(engine: Engine, notifier: Notifier): Disposable {
  const marks = createTokenMarks();
  const configurations: DebugConfigurationProvider = {
    provideDebugConfigurations: () => [launchOf('${file}')],
    resolveDebugConfiguration(_, given) {
      // F5 without launch.json asks with nothing.
      if (given.type) return given;
      const document = window.activeTextEditor?.document;
      return document?.languageId === cellLanguage ? launchOf(document.uri) : undefined;
    },
    async resolveDebugConfigurationWithSubstitutedVariables(_, given) {
      try {
        await refuseErrors(given);
        return given;
      } catch (error) {
        notifier.error(error);
        return undefined;
      }
    },
  };
  return Disposable.from(
    marks,
    registerValues(),
    debug.registerDebugConfigurationProvider(debugType, configurations),
    debug.registerDebugAdapterDescriptorFactory(debugType, {
      async createDebugAdapterDescriptor(session) {
        const [{ RnnDebugSession }, { openLaunch }] = await Promise.all([
          import('./adapter'),
          import('./open'),
        ]);
        const adapter = new RnnDebugSession({
          ...{ engine, messageOf, say: translated },
          read: (text, row, isBatch) => marks.show(session, text, row, isBatch),
          async open(configuration) {
            const { opened, place } = await openLaunch(configuration);
            if (place) await marks.follow(session, place);
            return opened;
          },
        });
        return new DebugAdapterInlineImplementation(new InlineAdapter(adapter));
      },
    }),
  );
}

/** An adapter that runs in the extension. */
class InlineAdapter extends Disposable implements DebugAdapter {
  readonly onDidSendMessage: Event<DebugProtocol.ProtocolMessage>;
  readonly #session: RnnDebugSession;

  constructor(session: RnnDebugSession) {
    super(() => {
      session.dispose();
    });
    this.#session = session;
    this.onDidSendMessage = (listener) =>
      Disposable.from(
        session.onDidSendMessage(
          (message) => void listener(message as DebugProtocol.ProtocolMessage),
        ),
      );
  }

  handleMessage(message: DebugProtocol.ProtocolMessage): void {
    this.#session.handleMessage(message);
  }
}

/** A launch of a `.rnn` file, over the text that is open. */
export function launchOf(program: Uri | string): DebugConfiguration {
  const isFile = typeof program === 'string' || program.scheme === 'file';
  const name = l10n.t('Debug this cell');
  const shown =
    typeof program === 'string' ? program : isFile ? program.fsPath : program.toString();
  return { type: debugType, request: 'launch', name, program: shown };
}

/** A cell with an error is not begun with. @throws UserError */
async function refuseErrors({ program }: DebugConfiguration): Promise<void> {
  if (typeof program !== 'string' || !program.endsWith('.rnn')) return;
  const document = workspace.textDocuments.find(
    ({ uri }) => uri.fsPath === program || uri.toString() === program,
  );
  if (!document) return;
  const { diagnoseCell } = await import('../../core/equations/parse');
  const [error] = diagnoseCell(document.getText(), workspace.asRelativePath(document.uri)).problems;
  if (error) throw new UserError(translated(error.whole), [goToError(document, error)]);
}
