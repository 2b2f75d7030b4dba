import { expectShortLife } from '../constructs/short-lived';

// A module of its own, so that it runs before whatever main.ts imports after it.
expectShortLife();
