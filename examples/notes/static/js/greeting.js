export const greeting = (name) => `Notes of a ${name}`;
