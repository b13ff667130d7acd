import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';

/** Where the bundled script and style of the panel are, seen from the extension's folder. */
export function webviewFolder(extension: Uri): Uri {
  return Uri.joinPath(extension, 'dist', 'webview');
}

/** The panel's page: one script, one style sheet, and nothing else that could run or load. */
export function panelHtml(
  webview: Webview,
  extension: Uri,
  language: string,
  title: string,
): string {
  const nonce = randomBytes(16).toString('base64');
  const file = (name: string) =>
    webview.asWebviewUri(Uri.joinPath(webviewFolder(extension), name)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    // Heatmaps within drawings.
    'img-src data:',
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!doctype html>
<html lang="${escape(language)}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <!-- The toolkit's own style element carries it. -->
    <meta property="csp-nonce" content="${nonce}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escape(title)}</title>
    <link rel="stylesheet" href="${file('main.css')}">
  </head>
  <body>
    <script nonce="${nonce}" src="${file('main.js')}"></script>
  </body>
</html>`;
}

function escape(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (character) => entities[character]!);
}
