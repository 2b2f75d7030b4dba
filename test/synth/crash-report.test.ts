import { describe, expect, it, test } from 'vitest';
import { issueToString } from '../../lib/model/issue';
import { CrashReport } from '../../lib/synth/crash-report';

function reported(text: string, outcome: 'fine' | 'failed' = 'failed') {
  let printed = '';
  const report = new CrashReport('/work/app', (part) => {
    printed += part;
  });
  // As it comes, in pieces.
  for (let i = 0; i < text.length; i += 7) report.add(text.slice(i, i + 7));
  const issues = report.end(outcome).map(issueToString);
  return { issues, printed };
}

describe('an app that cannot be compiled', () => {
  test.for([
    [
      'under tsx',
      `node:internal/modules/run_main:123
    triggerUncaughtException(
    ^

Error: Transform failed with 1 error:
/work/app/main.ts:3:7: ERROR: Expected ";" but found "error"
    at failureErrorWithLog (/work/app/node_modules/esbuild/lib/main.js:1752:15) {
  name: 'TransformError'
}

Node.js v20.20.2
`,
      ['main.ts:3: Expected ";" but found "error"'],
    ],
    [
      'under ts-node',
      `/work/app/node_modules/ts-node/src/index.ts:859
    return new TSError(diagnosticText, diagnosticCodes, diagnostics);
           ^
TSError: ⨯ Unable to compile TypeScript:
main.ts(1,8): error TS2552: Cannot find name 'error'. Did you mean 'Error'?
main.ts(2,1): error TS1005: ')' expected.

    at createTSError (/work/app/node_modules/ts-node/src/index.ts:859:12)
`,
      ["main.ts:1: TS2552: Cannot find name 'error'. Did you mean 'Error'?", "main.ts:2: TS1005: ')' expected."],
    ],
    [
      'under jiti',
      '[Error: ParseError: Missing semicolon.  \n /work/app/main.ts:1:6]\n',
      ['main.ts:1: Missing semicolon.'],
    ],
    [
      'under Node',
      `file:///work/app/main.mjs:2
const x = ;
          ^

SyntaxError: Unexpected token ';'
    at compileSourceTextModule (node:internal/modules/esm/utils:346:16)

Node.js v20.20.2
`,
      ["main.mjs:2: Unexpected token ';'"],
    ],
  ] as const)('%s names file, line and message alone', ([, text, issues]) => {
    expect(reported(`mine\n${text}`)).toEqual({ issues, printed: 'mine\n' });
  });
});

it('leaves of other errors what the user wrote', () => {
  const text = `one of mine
/work/app/main.js:3
null.x;
     ^

TypeError: Cannot read properties of null (reading 'x')
    at Object.<anonymous> (/work/app/main.js:3:6)
    at Module._compile (node:internal/modules/cjs/loader:1521:14)
    at something (/work/app/node_modules/cdk8s/lib/app.js:1:1)

Node.js v20.20.2
`;
  expect(reported(text)).toEqual({
    issues: [],
    printed:
      "one of mine\n/work/app/main.js:3\nnull.x;\n     ^\n\nTypeError: Cannot read properties of null (reading 'x')\n    at Object.<anonymous> (/work/app/main.js:3:6)\n",
  });
});

it('leaves of what Node throws itself the message', () => {
  const text = `node:internal/modules/cjs/loader:1210
  const err = new Error(message);
              ^

Error: Cannot find module './part'
Require stack:
- /work/app/main.ts
    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15) {
  code: 'MODULE_NOT_FOUND'
}

Node.js v20.20.2
`;
  const { printed } = reported(text);
  expect(printed).toBe(
    "Error: Cannot find module './part'\nRequire stack:\n- /work/app/main.ts\n  code: 'MODULE_NOT_FOUND'\n}\n",
  );
});

it('passes on whatever an app prints that ends well', () => {
  const text = 'Error: not really\n    at work (node:internal/x:1:1)\nand on';
  expect(reported(text, 'fine')).toEqual({ issues: [], printed: `${text}\n` });
});
