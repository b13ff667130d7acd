/** Path data of the panel's icons, 16 × 16, filled. */
export const icons = {
  play: 'M4 2.5v11l9-5.5z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  stop: 'M3.5 3.5h9v9h-9z',
  sample:
    'M2 3h12v1.5H2zM2 6.5h9V8H2zM2 10h5v1.5H2zM11.2 8.6l.9 2.3 2.3.9-2.3.9-.9 2.3-.9-2.3-2.3-.9 2.3-.9z',
  check: 'M6.3 12.6 2.2 8.5l1.3-1.3 2.8 2.8 6.2-6.2 1.3 1.3z',
  cross:
    'M8 6.7l3.6-3.6 1.3 1.3L9.3 8l3.6 3.6-1.3 1.3L8 9.3l-3.6 3.6-1.3-1.3L6.7 8 3.1 4.4l1.3-1.3z',
  dot: 'M8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z',
  broken: 'M3 7.2h3.6v1.6H3zM9.4 7.2H13v1.6H9.4zM7.2 3h1.6v2.6H7.2zM7.2 10.4h1.6V13H7.2z',
  info: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM7.2 4v1.6h1.6V4zM7.2 7v5h1.6V7z',
  warning: 'M8 1.5 15 14H1zM7.2 6v4h1.6V6zM7.2 11v1.6h1.6V11z',
  save: 'M7.3 2h1.4v6.2l2.1-2.1 1 1L8 10.9 4.2 7.1l1-1 2.1 2.1zM2.5 10H4v2.5h8V10h1.5v4h-11z',
} as const;
