// Stands for what a real pipeline does with the collected files: rsync to a server, or an upload.
import fs from 'node:fs';

fs.cpSync('staticfiles', 'deployed/static', { recursive: true, preserveTimestamps: true });
console.log('Deployed to deployed/static.');
