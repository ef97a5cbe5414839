export const name = 'named';
