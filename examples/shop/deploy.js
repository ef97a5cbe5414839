// A real pipeline would send the collected files to a server or a service. This copies them.
import fs from 'node:fs';

fs.cpSync('staticfiles', 'deployed/static', { recursive: true, preserveTimestamps: true });
console.log('Deployed to deployed/static.');
