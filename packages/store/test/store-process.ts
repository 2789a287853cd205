/** A process that opens the store of the URL in its first argument, stores one delivery, and tells its id on stdout. */

import { openStore } from '../src/index.ts';
import { newDelivery } from '../src/testing/new-delivery.ts';

const [, , url = ''] = process.argv;
await using store = await openStore({ url });
const delivery = newDelivery();
await store.deliveries.insert(delivery);
process.stdout.write(delivery.id);
