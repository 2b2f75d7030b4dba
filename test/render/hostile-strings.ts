import * as fc from 'fast-check';

const words = split(' ', [
  'y n Y N yes no Yes NO on off On OFF true false True FALSE null Null NULL ~ undefined nil None .inf',
  '-.INF +.Inf .nan .NaN inf nan',
]);
const numbers = split('¦', [
  '0¦1¦-1¦+1¦00¦007¦010¦0o7¦0O7¦0o8¦-0o7¦0x1F¦0X1F¦0xg¦0b1¦0B1¦0b2¦0b+1¦0b-1¦0o-7¦0x-1¦0b_1¦0_X1F',
  '0X_1¦-_1¦_1¦1_000¦1__0¦1_¦1,000¦1.¦.1¦1.5¦1_0.5¦1.5.0¦.¦..¦._¦1e3¦1E3¦1e+3¦1e-3¦1e¦e1¦E-1¦.e1¦1.e1',
  '1e1_0¦1e999¦1.0e+400¦-.5¦+.5¦-¦+¦0.0¦-0¦12345678901234567890¦9007199254740993¦0X7FFFFFFFFFFFFFFF',
  '0XFFFFFFFFFFFFFFFF¦0XFFFFFFFFFFFFFFFFF¦0o777777777777777777777¦0o1777777777777777777777',
  '0o7777777777777777777777777777777777777777¦0O0000777777777777777777777¦12:30:45¦12:30¦1:60',
  '190:20:30.15¦-1:30¦0:0¦1.2.3.4¦10.0.0.0/8¦1.2.3¦::1¦2001:db8::/32¦2001-01-01¦2001-1-1',
  '2001-01-01T00:00:00Z¦2001-12-14 21:59:43.10 -5¦2001-13-45¦20010101',
]);
const syntax = split('¦', [
  '=¦<<¦<¦<<:¦==¦#¦# a¦ #¦a #b¦a#b¦a # b¦:¦: ¦ :¦a:¦a: b¦a:b¦:a¦::¦-¦- ¦- a¦-a¦--¦---¦--- a¦---a¦...',
  '... a¦?¦? ¦? a¦?a¦,¦a,b¦a, b¦!¦!!str¦!!str a¦!a b¦&¦&a¦&a b¦*¦*a¦|¦|-¦| a¦>¦>-¦%¦%YAML 1.1¦@¦@a¦`',
  "`a`¦\"¦\"a\"¦a\"b¦'¦'a'¦it's¦''¦\\¦\\n¦a\\¦{¦}¦{}¦{a}¦{{ a }}¦[¦]¦[]¦[a]¦{a: b}¦a]¦a}¦__proto__",
  'constructor¦toString¦key¦k8s.io/name¦$1¦$&¦${a}',
]);
const blanks = split('¦', [
  '¦ ¦  ¦ a¦a ¦ a ¦a  b¦\t¦\ta¦a\t¦a\tb¦a\t#¦a:\tb¦-\ta¦ \t¦\t ¦1\t¦\n¦\n\n¦\n\n\n¦a\n¦a\n\n¦\na',
  '\n\na¦a\nb¦a\n\nb¦a\nb\n¦a\nb\n\n¦ a\nb¦a\n b¦a \nb¦a\n ¦a\n\n ¦\n ¦ \n¦ \n\n¦\t\n¦\n\t¦\ta\nb',
  '\n\ta¦a\n\tb¦a\t\nb¦a\n\t\nb¦ \n\ta¦\r¦a\r¦\ra¦a\rb¦a\r\nb¦\r\n¦a\n\rb¦on\n¦1\n¦0o7\n¦=\n¦# a\nb',
  '- a\n- b¦a: 1\nb: 2¦---\na¦a\n---\nb¦...\n¦a\n...\nb¦%YAML 1.1\n---¦a\n# b¦  a\n b\nc¦\u00a0',
  '\u3000a¦a\u2003',
]);
const characters = split('¦', [
  '\0¦a\0b¦\x07¦\x08¦\x0b¦\x0c¦\u001b¦a\u001bb\tc¦\u007f¦a\u007f¦\u0080¦a\u009fb¦\u0085¦a\u0085b',
  '\u0085\n¦\u2028¦a\u2028b¦\u2029¦a\u2029b¦a\u2028\nb¦\ufeff¦\ufeffa¦a\ufeff¦a\n\ufeffb¦\ufffd',
  '\ufffe¦a\uffff¦\ue000¦\u00ad¦\u200b¦\u202e¦é¦e\u0301¦日本語¦😀¦a😀: b¦\u{10ffff}¦\u{1fffe}',
]);
const sentence = 'word '.repeat(60);
const long = [
  ...[`0B${'1'.repeat(64)}`, `0o${'7'.repeat(400)}`, 'a'.repeat(200), '\n'.repeat(30)],
  ...[
    sentence,
    sentence.trim(),
    `# ${sentence}`,
    `\t${sentence}`,
    `${sentence}\n${sentence}`,
    `a\n${'  word'.repeat(60)}`,
  ],
  ...['- word: '.repeat(60), 'é '.repeat(100)],
  // A key of more than 1,024 characters has to be written in another form.
  ...[1021, 1022, 1023, 1024, 1025].flatMap((n) => ['a'.repeat(n), '#'.repeat(n), 'é'.repeat(n), '😀'.repeat(n / 2)]),
];

/** Text that some reader or writer of YAML takes, or once took, for something else; none with half a character. */
export const hostileStrings: readonly string[] = [
  ...new Set([...words, ...numbers, ...syntax, ...blanks, ...characters, ...long]),
];

/** Half characters (lone surrogates), which no UTF-8 file can hold. */
export const halfCharacters: readonly string[] = split(' ', ['\ud800 \udfff a\ud83d \ude00b a\n\ud83d \ude00\ud83d']);

const digits = /^[-+]?[0-9_.]{0,3}[eExXoObB]?[-+]?[0-9a-fA-F_.:]{0,5}$/;
const pieces = [...words, ...numbers, ...syntax, ...blanks, ...characters].filter((text) => text.length < 12);

/** Any text, mostly made of what means something in YAML; none with half a character. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...hostileStrings), weight: 2 },
  { arbitrary: joined(pieces, 4), weight: 4 },
  { arbitrary: joined([...' \t\n\r#:-a"\'|'], 8), weight: 3 },
  { arbitrary: fc.stringMatching(digits), weight: 2 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 8 }), weight: 1 },
  { arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }), weight: 1 },
);

/** JSON knows no negative zero. */
const number = fc
  .oneof(fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((n) => n + 0);

/** Anything that JSON can say, of hostile strings. */
export const anyDocument: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    { arbitrary: hostileText, weight: 2 },
    { arbitrary: fc.constantFrom(null, true, false, [], {}), weight: 1 },
    { arbitrary: number, weight: 1 },
    { arbitrary: fc.array(tie('value'), { maxLength: 4 }), weight: 4 },
    { arbitrary: fc.dictionary(hostileText, tie('value'), { maxKeys: 4, noNullPrototype: true }), weight: 4 },
  ),
})).value;

function joined(units: readonly string[], maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...units), { minLength: 1, maxLength }).map((parts) => parts.join(''));
}

/** One document with the text in every place that a Kubernetes object has for one: keys and values, in maps and lists. */
export function documentWith(text: string): unknown {
  return {
    [text]: text,
    aValue: text,
    aMap: { before: 'a', [text]: { [text]: [text] }, after: text },
    aList: [text, { [text]: text, after: text }, { before: 'a', [text]: [] }, [text, [text]]],
    last: { [text]: text },
  };
}

/** Lines of several texts each. */
function split(separator: string, lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(separator));
}
