import { frameOwner } from './frame-owner';

/** Turns a stack into the value of `error.stack`; a loader such as ts-node or vitest installs its own, which maps positions. */
export type StackFormatter = (error: Error, callSites: NodeJS.CallSite[]) => unknown;

/** The frame that runs a statement, still unread: finding its line costs more than finding the frame. */
export interface UserCall {
  readonly callSite: NodeJS.CallSite;
  /** The formatter that was installed when the statement ran. */
  readonly formatter: StackFormatter | undefined;
}

/** Where a statement is in the code that runs, which need not be the code that was written. */
export interface RunningPosition {
  /** As V8 names it: a path or a `file:` URL. */
  readonly scriptName: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

/** The position of a call that `userCall` found. */
export function runningPosition(callSite: NodeJS.CallSite): RunningPosition {
  return {
    scriptName: callSite.getFileName() ?? '',
    line: callSite.getLineNumber() ?? 1,
    column: callSite.getColumnNumber() ?? 1,
  };
}

/**
 * How many frames to look at, attempt after attempt. Nearly all statements are found in the first few frames, and the
 * cost of a capture grows with its frames.
 */
const depths = [2, 8, 32, 256];

/**
 * The first frame of the user's own code above the function `callee`, or of a dependency's if the user has none on the
 * stack.
 * Undefined if neither has a frame that is in a file.
 */
export function userCall(callee: () => unknown): UserCall | undefined {
  for (const depth of depths) {
    const { callSites, formatter } = captureStack(callee, depth);
    const complete = callSites.length < depth || depth === depths.at(-1);
    const callSite = first(callSites, 'user') ?? (complete ? first(callSites, 'dependency') : undefined);
    if (callSite) return { callSite, formatter };
    if (complete) return undefined;
  }
  return undefined;
}

function first(callSites: readonly NodeJS.CallSite[], owner: 'user' | 'dependency'): NodeJS.CallSite | undefined {
  for (const callSite of callSites) {
    if (frameOwner(callSite.getFileName()) === owner && !isImplicitConstructor(callSite)) return callSite;
  }
  return undefined;
}

/**
 * Whether it is the constructor of a class that has none written, which V8 (until Node 22) shows as a call at the start
 * of the class; all instances of the class would share that one line.
 */
function isImplicitConstructor(callSite: NodeJS.CallSite): boolean {
  return (
    callSite.isConstructor() &&
    callSite.getLineNumber() === callSite.getEnclosingLineNumber() &&
    callSite.getColumnNumber() === callSite.getEnclosingColumnNumber()
  );
}

const asCallSites: StackFormatter = (_error, callSites) => callSites;

/** Raw call sites, since a formatted stack costs several times as much. */
function captureStack(callee: () => unknown, depth: number) {
  const hadFormatter = Object.hasOwn(Error, 'prepareStackTrace');
  const hadLimit = Object.hasOwn(Error, 'stackTraceLimit');
  const { prepareStackTrace: formatter, stackTraceLimit: limit } = Error;
  try {
    Error.stackTraceLimit = depth;
    Error.prepareStackTrace = asCallSites;
    const holder: { stack?: unknown } = {};
    Error.captureStackTrace(holder, callee);
    const callSites: readonly NodeJS.CallSite[] = Array.isArray(holder.stack) ? holder.stack : [];
    return { callSites, formatter };
  } finally {
    if (hadFormatter) Error.prepareStackTrace = formatter;
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
    if (hadLimit) Error.stackTraceLimit = limit;
    else Reflect.deleteProperty(Error, 'stackTraceLimit');
  }
}
