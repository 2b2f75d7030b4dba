import { onlineBoutique } from './app';

onlineBoutique().app.synth();
