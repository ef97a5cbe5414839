import { even } from './even.js';

onmessage = ({ data }) => postMessage(even(data) ? data * 2 : 0);
