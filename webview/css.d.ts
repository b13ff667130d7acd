/** A style sheet; esbuild bundles it beside the script. */
declare module '*.css';
