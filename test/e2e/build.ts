/** Builds what the suite needs on this machine before any test has a clock running. */
import { built, type GoModule } from './support/binaries';
import { apiServer, dataplane, missing } from './support/requirements';

const needed: readonly GoModule[] = [
  ...(missing(apiServer).length === 0 ? (['apiserver', 'argocd'] as const) : []),
  ...(missing(dataplane).length === 0 ? (['pods', 'felix'] as const) : []),
];
for (const module of needed) built(module);
