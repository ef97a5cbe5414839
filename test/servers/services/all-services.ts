import path from 'node:path';
import type { Servers } from '../global-setup.js';
import { azureService } from './azure.js';
import { folderService } from './folder.js';
import { gcsService } from './gcs.js';
import { rsyncService } from './rsync.js';
import { s3Service } from './s3.js';
import type { Service } from './service.js';

/** Returns every service, each on its server. */
export function allServices(servers: Servers): readonly Service[] {
  return [
    folderService(path.join(servers.folder, 'disk')),
    s3Service(servers.s3),
    azureService(servers.azure),
    gcsService(servers.gcs),
    rsyncService(servers.ssh),
  ];
}
