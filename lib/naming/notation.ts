/** How help and messages explain what a command takes. */
export const sourcesHelp =
  'files, folders, patterns, `-` for standard input, `REV:path` of a git revision, as in main:deploy/, or `cluster:CONTEXT`, live';
export const partyHelp =
  'shop/web, web (in any namespace), shop/*, Job/shop/import, DaemonSet, 10.0.0.0/8 or address:10.1.2.3';
export const portHelp = 'grpc, 8080, 53/UDP or 8000-8999/TCP';
