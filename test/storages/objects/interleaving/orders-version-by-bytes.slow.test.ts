import { testAllOrders } from './all-orders.js';
import { SERVICES } from './scenes.js';

testAllOrders(SERVICES[1]!);
