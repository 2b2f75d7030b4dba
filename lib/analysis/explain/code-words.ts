/** As a key of an object. */
export function keyCode(text: string): string {
  return /^[A-Za-z_]\w*$/.test(text) ? text : quoted(text);
}

/** As a string of TypeScript. */
export function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
