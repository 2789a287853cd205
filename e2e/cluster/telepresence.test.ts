/** Pull requests on a real cluster with intercept backend telepresence; a stand-in for Telepresence does the stealing. */

import { describe } from 'vitest';
import { declareTapTests } from './stand-ins/declare-tap-tests.ts';
import { useTapShop } from './stand-ins/use-tap-shop.ts';

const openRig = useTapShop('telepresence');

describe('with backend telepresence', () => {
  declareTapTests(openRig);
});
