import type { ExampleApp } from './app';
import { type InitFile, plainFile } from './init-file';

/** Tests of the example. @param folder of the app, with a slash at its end, or nothing */
export function networkTest(folder: string, { namespace }: ExampleApp): InitFile {
  return plainFile(`${folder}network.test.ts`, textFor(namespace));
}

const textFor = (shop: string) => `import { networkOfApp } from 'tierwall/vitest';
import { expect, test } from 'vitest';
import { declareNetwork } from './network';

const network = networkOfApp(declareNetwork());

test('the frontend talks to the cart', () => expect(network).toAllow('${shop}/frontend', '${shop}/cart', 'grpc'));
test('only the cart talks to redis', () => expect(network).toBeReachableOnlyFrom('${shop}/redis', ['${shop}/cart']));
test('redis sends to nobody', () => expect(network).toReachOnly('${shop}/redis', []));
test('staging cannot reach production', () => expect(network).toDeny('${shop}-staging{}', '${shop}{}'));
test('whatever pod comes, it is denied by default', () => expect(network).toBeIsolated('${shop}{}'));
test('the policies mean what is declared', () => expect(network).toBeProved());
`;
